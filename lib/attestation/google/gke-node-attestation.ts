// Attestation of GKE nodes by Google: what a token of a confidential node lets somebody decrypt.
import type { Construct } from "../../core/cdk";
import { ConfigurationError } from "../../core/errors";
import { scopeOf, shape } from "../../core/option-shape";
import { serviceAccountEmail, serviceAccountId } from "../../host-cluster/gke-names";
import { assertCloud } from "../../host-cluster/host-checks";
import type { HostReference } from "../../host-cluster/host-cluster";
import type { GoogleKeyUse } from "../../keys/google-tenant-key";
import type { PoolReference } from "../../node-pool/node-pool";
import { Tee } from "../../tee/tee";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { GOOGLE_HARDWARE, type GoogleHardware } from "./google-claims";
import { acceptedFacts, assertCondition, hardwareOf, type GoogleCondition } from "./google-condition";
import { attributeMembers } from "./google-trust-domain";
import {
  assertProjectNumber,
  assertTrustOptions,
  credentialConfiguration,
  DECRYPTER,
  GoogleVerifier,
  trustShape,
  type GoogleTrustOptions,
} from "./google-verifier";
import type { TenantContext, TenantPlace } from "../verifier";
import { Wiring } from "../wiring";

export interface GkeNodeAttestationOptions extends GoogleTrustOptions {
  /** The host whose nodes are attested. Fails with HOST_CLOUD. */
  readonly host: HostReference;
  /** Number of the host's project, digits. Fails with GOOGLE_TRUST. */
  readonly hostProjectNumber: string;
  /**
   * Names of the pools whose nodes are attested. Fails with GOOGLE_CONDITION when one is plain, unknown, or of a TEE
   * that Google does not attest.
   * @default - all confidential pools of the host
   */
  readonly pools?: readonly string[];
}

/** What a token of a GKE node must say. Nothing about images, and nothing about debugging: it carries neither. */
export function gkeNodeCondition(
  hardware: readonly GoogleHardware[],
  host: { readonly project: string; readonly projectNumber: string },
  extra?: string,
): GoogleCondition {
  return {
    evidence: "gke-node",
    all: [
      { claim: "swname", is: "GCE" },
      { claim: "hwmodel", is: [...new Set(hardware.map(({ hwmodel }) => hwmodel))] },
      { claim: "secboot", is: true },
      { claim: "submods.gce.project_id", is: host.project },
      { claim: "submods.gce.project_number", is: host.projectNumber },
    ],
    ...(extra === undefined ? {} : { extra }),
  };
}

/**
 * Google attests a node, and Cloud KMS decrypts for nodes of one pool: hardware, and the service account of the pool's
 * own.
 *
 * Every pod that gets the device has the same token, so a key is made only for a tenant with a pool of its own
 * (`dedicated: true`); on a shared one neighbours have the same evidence (GOOGLE_CONDITION). Tenants' pods get no
 * device: the quota for it is zero. Only an agent of the platform can ask, so what is released is the platform's to hand
 * on, and no tier is granted.
 */
export class GkeNodeAttestation extends GoogleVerifier {
  /** Fails with OPTION_TYPE, NAME, REASON, HOST_CLOUD, GOOGLE_TRUST and GOOGLE_CONDITION. */
  public static of(options: GkeNodeAttestationOptions): GkeNodeAttestation {
    const scope = scopeOf("verifier", options);
    assertTrustOptions(
      scope,
      trustShape({
        host: shape.open({
          name: shape.text,
          cloud: shape.text,
          account: shape.text,
          pools: shape.objects("pools"),
        }),
        hostProjectNumber: shape.text,
        pools: shape.texts.optional(),
      }),
      options,
    );
    const { host, hostProjectNumber, acceptUnproven } = options;
    assertCloud(scope, "GkeNodeAttestation", "google", host);
    assertProjectNumber(scope, "hostProjectNumber", hostProjectNumber);
    const pools = attestedPools(scope, host, options.pools);
    const tees = [...new Set(pools.map(({ tee }) => Tee.find(tee)!))];
    const hardware = hardwareOf(scope, tees, acceptUnproven);
    const place = { project: host.account, projectNumber: hostProjectNumber };
    const condition = gkeNodeCondition(hardware, place, options.extraCondition);
    assertCondition(scope, condition, acceptUnproven);
    return new GkeNodeAttestation(
      options,
      condition,
      hardware,
      pools.map(({ name }) => name),
    );
  }

  public readonly wiring = Wiring.GKE_NODE;
  public readonly warnings: readonly string[];

  private constructor(
    options: GkeNodeAttestationOptions,
    condition: GoogleCondition,
    hardware: readonly GoogleHardware[],
    private readonly pools: readonly string[],
  ) {
    super(options, condition);
    this.warnings = [
      "evidence of a GKE node names no pod and no image, and does not say that debugging is off",
      ...acceptedFacts(condition, hardware, options.acceptUnproven),
    ];
  }

  protected ownProblems(spec: TenantSpec, { pool }: TenantPlace): SpecProblem[] {
    const path = ["attestation", "verifier"];
    if (pool.owner?.tenant !== spec.name)
      return [
        {
          code: "GOOGLE_CONDITION",
          path,
          text:
            `evidence of a node must be one tenant's: neighbours on a pool have the same, got verifier '${this.name}' on pool '${pool.name}'; ` +
            "give the tenant a pool of its own (dedicated: true), or use Confidential Space",
        },
      ];
    if (this.pools.includes(pool.name)) return [];
    return [
      {
        code: "GOOGLE_CONDITION",
        path,
        text:
          `the tenant's pool must be one that '${this.name}' attests (${this.pools.join(", ")}), or nobody gets in, got '${pool.name}'; ` +
          "add it to pools of the verifier",
      },
    ];
  }

  protected uses(_scope: Construct, { tenant, host }: TenantContext): GoogleKeyUse[] {
    return [
      {
        id: "Nodes",
        role: DECRYPTER,
        member: attributeMembers(this.names, "node", nodeAttribute(host.reference, tenant.pool)),
      },
    ];
  }

  protected settings({ tenant, host }: TenantContext): Readonly<Record<string, string>> {
    return {
      runs: "in an agent of the platform with the device: tenants' pods get none",
      nodeServiceAccount: nodeAccount(host.reference, tenant.pool),
      credentialConfiguration: credentialConfiguration(this.names, AGENT_TOKEN_FILE),
    };
  }
}

/** Where the platform's agent keeps the token it asked for. Ours to choose. */
const AGENT_TOKEN_FILE = "/run/tenclave/attestation-token";

/** Hardware and service account of a pool's nodes, as the provider maps them out of a token. */
export function nodeAttribute(host: HostReference, pool: PoolReference): string {
  const { hwmodel } = GOOGLE_HARDWARE.find(({ tee }) => tee.id === pool.tee)!;
  return `${hwmodel}/${nodeAccount(host, pool)}`;
}

/** E-mail address of a pool's own service account. */
function nodeAccount({ account, location, name }: HostReference, pool: PoolReference): string {
  return serviceAccountEmail(account, serviceAccountId(location, name, pool.name));
}

function attestedPools(
  scope: string,
  host: HostReference,
  names: readonly string[] | undefined,
): readonly PoolReference[] {
  const confidential = host.pools.filter(({ tee }) => tee !== Tee.NONE.id);
  const wanted = names ?? confidential.map(({ name }) => name);
  const stranger = wanted.find((name) => !confidential.some((pool) => pool.name === name));
  if (wanted.length > 0 && stranger === undefined)
    return confidential.filter(({ name }) => wanted.includes(name));
  throw new ConfigurationError(
    "GOOGLE_CONDITION",
    scope,
    `pools must be confidential ones of host ${host.name}, at least one, got ${stranger === undefined ? "none" : `'${stranger}'`}; ` +
      `use ${confidential.map(({ name }) => name).join(", ") || "another host: this one has none"}`,
  );
}
