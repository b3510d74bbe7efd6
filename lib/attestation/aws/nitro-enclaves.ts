// AWS Nitro Enclaves: KMS itself judges the evidence, and answers to the enclave alone.
import type { Construct } from "../../core/cdk";
import { assertName } from "../../core/names";
import { assertShape, scopeOf, shape } from "../../core/option-shape";
import { reasonOf } from "../../core/errors";
import { nodeRoleName, roleArn } from "../../host-cluster/eks-policies";
import {
  assertKeyOptions,
  attestedKey,
  attestedKeyPolicyOf,
  AWS_KEY_SHAPE,
  awsScopeOf,
  type AwsKeyOptions,
} from "../../keys/aws-attested-key";
import type { AttestedRelease } from "../../keys/aws-enclave-key-policy";
import { TrustTier, type Trusted } from "../../tee/trust-tier";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf } from "../attested-workload";
import { parentRolePcr3 } from "./nitro-parent";
import { awsProblems, keyUsers } from "./nitro-problems";
import { attestedReleases } from "./nitro-releases";
import type { AttestationBinding, IVerifier, TenantContext, TenantPlace } from "../verifier";
import { Wiring } from "../wiring";

/** Fails with OPTION_TYPE when a value has another type. */
export interface NitroEnclavesOptions extends AwsKeyOptions {
  /** What a tenant's file names. DNS-1123, at most 40 characters. Fails with NAME. */
  readonly name: string;
  /**
   * Why enclaves may run on nodes of any role: the keys then do not ask for PCR3, and an image that is on the list runs
   * in anybody's account. A reason, which shows as a warning. Fails with REASON.
   * @default - only on nodes of the tenant's pool, by the role this library gives them
   */
  readonly anyParent?: string;
}

const SHAPE = shape.object({ ...AWS_KEY_SHAPE, name: shape.text, anyParent: shape.text.optional() });

/**
 * Releases a tenant's KMS key to enclaves whose image is on the tenant's list, on nodes of its pool, under its role, and
 * to nobody else. A plain object, made before `new App()`.
 */
export class NitroEnclaves implements IVerifier {
  /** Fails with the codes named in the options. */
  public static of(options: NitroEnclavesOptions): NitroEnclaves {
    const scope = scopeOf("verifier", options);
    assertShape(scope, SHAPE, options);
    assertName(scope, "name", options.name);
    assertKeyOptions(scope, options);
    const { anyParent } = options;
    return new NitroEnclaves(
      options,
      anyParent === undefined
        ? []
        : [`keys do not ask for the nodes' role (PCR3): ${reasonOf(scope, "anyParent", anyParent)}`],
    );
  }

  public readonly name: string;
  public readonly wiring = Wiring.NITRO_ENCLAVE;

  private constructor(
    private readonly options: NitroEnclavesOptions,
    public readonly warnings: readonly string[],
  ) {
    this.name = options.name;
  }

  public problems(spec: TenantSpec, place: TenantPlace): SpecProblem[] {
    const { host, pool } = place;
    const { name, quota } = spec;
    const policy = attestedKeyPolicyOf(host, name, this.releasesOf(spec, place), this.options);
    return [
      ...awsProblems(spec, place, this.options, policy),
      ...(pool.capacity.enclaves
        ? []
        : [
            {
              code: "ATTESTATION_VERIFIER" as const,
              path: ["pool"],
              text:
                `verifier '${this.name}' needs a pool with enclaves, got '${pool.name}'; ` +
                `use one of ${
                  host.pools
                    .filter((one) => one.capacity.enclaves)
                    .map((one) => one.name)
                    .join(", ") || "(the host has none)"
                }`,
            },
          ]),
      ...(quota.enclaves > 0
        ? []
        : [
            {
              code: "ATTESTATION_VERIFIER" as const,
              path: ["quota", "enclaves"],
              text: `verifier '${this.name}' needs a tenant that may run enclaves, got ${quota.enclaves}; set how many run at a time`,
            },
          ]),
    ];
  }

  /** `ENCLAVE` where every workload is known by its image; undefined where something is missing. */
  public grants(spec: TenantSpec, { pool }: TenantPlace): TrustTier | undefined {
    const workloads = workloadsOf(spec);
    const measured =
      workloads.length > 0 && workloads.every(({ referenceValues }) => referenceValues.length > 0);
    return measured && pool.capacity.enclaves && spec.quota.enclaves > 0
      ? TrustTier.NITRO_ENCLAVE
      : undefined;
  }

  /** Defines key, alias, role and pod identity below `scope`. */
  public bind(scope: Construct, context: TenantContext): AttestationBinding {
    const { tenant, host } = context;
    const place = { host: host.reference, pool: tenant.pool };
    const { workload, ready } = attestedKey(
      scope,
      context,
      this.releasesOf(tenant.spec, place),
      this.options,
    );
    return {
      grants: this.grants(tenant.spec, place) ?? tenant.tier,
      proves: this.wiring.cases,
      workload,
      stillTrusted: [...keyUsers(this.wiring, this.options), ...VSOCK],
      ready,
    };
  }

  /** What opens the key: each release's image, on the pool's nodes. */
  private releasesOf(spec: TenantSpec, { host, pool }: TenantPlace): AttestedRelease[] {
    const { anyParent } = this.options;
    const parent: Record<string, string> =
      anyParent === undefined
        ? {
            PCR3: parentRolePcr3(
              roleArn(awsScopeOf(host), nodeRoleName(host.location, host.name, pool.name)),
            ),
          }
        : {};
    return attestedReleases(spec, parent);
  }
}

const VSOCK: readonly Trusted[] = [
  {
    who: "enclave image",
    why: "whoever reaches the node's vsock may talk to it; what it answers is its own decision",
  },
];
