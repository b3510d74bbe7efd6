// Confidential Space: one container on a confidential virtual machine of its own, outside the cluster.
import type { Construct } from "../../core/cdk";
import { ConfigurationError } from "../../core/errors";
import { scopeOf, shape } from "../../core/option-shape";
import type { GoogleKeyUse } from "../../keys/google-tenant-key";
import { Tee } from "../../tee/tee";
import type { SpecProblem } from "../../tenant/tenant-rules";
import { workloadsOf } from "../attested-workload";
import type { GoogleHardware } from "./google-claims";
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
import { MEASUREMENTS } from "../measurement";
import type { TenantContext } from "../verifier";
import { Wiring } from "../wiring";

export interface ConfidentialSpaceOptions extends GoogleTrustOptions {
  /**
   * Number of the project in which the workloads' machines run, digits. Fails with GOOGLE_TRUST.
   * @default - projectNumber
   */
  readonly workloadProjectNumber?: string;
  /**
   * Hardware the machines may have: TDX, SEV, or SEV-SNP with acceptUnproven. Fails with GOOGLE_CONDITION.
   * @default [Tee.TDX]
   */
  readonly tees?: readonly Tee[];
}

/** Where the launcher keeps the token in the container. SOURCE: Google Cloud documentation, Confidential Space, 2026. */
const TOKEN_FILE = "/run/container_launcher/attestation_verifier_claims_token";

/** What a token of Confidential Space must say. */
export function confidentialSpaceCondition(
  hardware: readonly GoogleHardware[],
  workloadProjectNumber: string,
  extra?: string,
): GoogleCondition {
  return {
    evidence: "confidential-space",
    all: [
      { claim: "swname", is: "CONFIDENTIAL_SPACE" },
      { claim: "hwmodel", is: hardware.map(({ hwmodel }) => hwmodel) },
      { claim: "dbgstat", is: "disabled-since-boot" },
      { claim: "secboot", is: true },
      { claim: "submods.confidential_space.support_attributes", has: "STABLE" },
      { claim: "submods.gce.project_number", is: workloadProjectNumber },
    ],
    ...(extra === undefined ? {} : { extra }),
  };
}

/**
 * Google attests a container by its image's digest, and Cloud KMS decrypts for that digest alone.
 *
 * The container runs on a machine of its own that somebody starts outside the cluster: nothing here starts it, and it
 * says nothing about the tenant's pods, so no tier is granted. Digests belong to one tenant each: the same image under
 * two tenants would open both keys (GOOGLE_TRUST); a label with the tenant's name makes another digest of it.
 */
export class ConfidentialSpace extends GoogleVerifier {
  /** Fails with OPTION_TYPE, NAME, REASON, GOOGLE_TRUST and GOOGLE_CONDITION. */
  public static of(options: ConfidentialSpaceOptions): ConfidentialSpace {
    const scope = scopeOf("verifier", options);
    assertTrustOptions(
      scope,
      trustShape({ workloadProjectNumber: shape.text.optional(), tees: shape.objects("TEEs").optional() }),
      options,
    );
    const { acceptUnproven, workloadProjectNumber: number = options.projectNumber } = options;
    assertProjectNumber(scope, "workloadProjectNumber", number);
    const hardware = hardwareOf(scope, options.tees ?? [Tee.TDX], acceptUnproven);
    const condition = confidentialSpaceCondition(hardware, number, options.extraCondition);
    return new ConfidentialSpace(options, assertCondition(scope, condition, acceptUnproven), hardware);
  }

  public readonly wiring = Wiring.CONFIDENTIAL_SPACE;
  public readonly warnings: readonly string[];

  private constructor(
    options: GoogleTrustOptions,
    condition: GoogleCondition,
    hardware: readonly GoogleHardware[],
  ) {
    super(options, condition);
    this.warnings = acceptedFacts(condition, hardware, options.acceptUnproven);
  }

  /** Values are checked where all verifiers' are. */
  protected ownProblems(): SpecProblem[] {
    return [];
  }

  /** One grant for each release, for its days: Google holds the clock, not the machine that synthesizes. */
  protected uses(scope: Construct, { tenant }: TenantContext): GoogleKeyUse[] {
    const [measurement] = MEASUREMENTS.confidentialSpace;
    const uses = workloadsOf(tenant.spec).flatMap(({ referenceValues }) =>
      referenceValues.map(({ from, until, values }): GoogleKeyUse => {
        // There, and well formed: tenants are checked against the wiring before.
        const digest = values[measurement.key]!;
        assertOwnDigest(scope, this.members, digest, tenant.spec.name);
        return {
          id: `Image-${digest.slice("sha256:".length, "sha256:".length + 12)}-${from ?? ""}-${until ?? ""}`,
          role: DECRYPTER,
          member: attributeMembers(this.names, "image_digest", digest),
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
        };
      }),
    );
    // Two workloads may be of one image.
    return [...new Map(uses.map((use) => [use.id, use])).values()];
  }

  protected settings(): Readonly<Record<string, string>> {
    return {
      runs: "on a Confidential Space machine outside the cluster, which somebody else starts",
      tokenFile: TOKEN_FILE,
      credentialConfiguration: credentialConfiguration(this.names, TOKEN_FILE),
    };
  }
}

/** Owners of digests, by app: what is synthesized together shares a pool. */
const OWNERS = new WeakMap<object, Map<string, string>>();

/** Throws GOOGLE_TRUST when another tenant of the app names the digest in the same pool. */
function assertOwnDigest(scope: Construct, pool: string, digest: string, tenant: string): void {
  const { root } = scope.node;
  const owners = OWNERS.get(root) ?? new Map<string, string>();
  OWNERS.set(root, owners);
  const key = `${pool} ${digest}`;
  const owner = owners.get(key) ?? tenant;
  owners.set(key, owner);
  if (owner === tenant) return;
  throw new ConfigurationError(
    "GOOGLE_TRUST",
    scope,
    `an image must belong to one tenant, because its digest alone opens the key, got '${digest}' of '${owner}' and '${tenant}'; ` +
      "build one image a tenant: a label with its name makes another digest",
  );
}
