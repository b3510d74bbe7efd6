// AWS NitroTPM: KMS judges the boot of the whole instance. It names no workload, so it adds nothing to a tenant's tier.
import type { Construct } from "../../core/cdk";
import { reasonOf } from "../../core/errors";
import { assertName } from "../../core/names";
import { assertShape, scopeOf, shape } from "../../core/option-shape";
import {
  assertKeyOptions,
  attestedKey,
  attestedKeyPolicyOf,
  AWS_KEY_SHAPE,
  type AwsKeyOptions,
} from "../../keys/aws-attested-key";
import type { TrustTier } from "../../tee/trust-tier";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf } from "../attested-workload";
import { awsProblems, keyUsers } from "./nitro-problems";
import { attestedReleases } from "./nitro-releases";
import type { AttestationBinding, IVerifier, TenantContext, TenantPlace } from "../verifier";
import { Wiring } from "../wiring";

/** Fails with OPTION_TYPE when a value has another type. */
export interface NitroTpmOptions extends AwsKeyOptions {
  /** What a tenant's file names. DNS-1123, at most 40 characters. Fails with NAME. */
  readonly name: string;
  /**
   * Why this is used although no attestable image for EKS nodes is documented, and no pool of this library boots one: with
   * the images EKS brings, the key never opens. A reason, which shows as a warning. Fails with REASON.
   */
  readonly acceptUnproven: string;
}

const SHAPE = shape.object({ ...AWS_KEY_SHAPE, name: shape.text, acceptUnproven: shape.text });

/** Registers that together say how an instance booted. SOURCE: AWS KMS Developer Guide, NitroTPM condition keys, 2026. */
const BOOTS: readonly (readonly string[])[] = [["NitroTPMPCR4", "NitroTPMPCR12"], ["NitroTPMPCR7"]];

/**
 * Releases a tenant's KMS key to instances that booted an attestable image on the tenant's list, under the tenant's role.
 * Every pod of the instance has the same evidence. A plain object, made before `new App()`.
 */
export class NitroTpm implements IVerifier {
  /** Fails with the codes named in the options. */
  public static of(options: NitroTpmOptions): NitroTpm {
    const scope = scopeOf("verifier", options);
    assertShape(scope, SHAPE, options);
    assertName(scope, "name", options.name);
    assertKeyOptions(scope, options);
    return new NitroTpm(options, reasonOf(scope, "acceptUnproven", options.acceptUnproven));
  }

  public readonly name: string;
  public readonly wiring = Wiring.NITRO_TPM;
  public readonly warnings: readonly string[];

  private constructor(
    private readonly options: NitroTpmOptions,
    reason: string,
  ) {
    this.name = options.name;
    this.warnings = [
      `no attestable image for EKS nodes is documented, and no pool of this library boots one: ${reason}`,
    ];
  }

  public problems(spec: TenantSpec, place: TenantPlace): SpecProblem[] {
    const policy = attestedKeyPolicyOf(place.host, spec.name, attestedReleases(spec), this.options);
    return [
      ...awsProblems(spec, place, this.options, policy),
      ...workloadsOf(spec).flatMap(({ referenceValues }, workload) =>
        referenceValues.flatMap(({ values }, release): SpecProblem[] =>
          BOOTS.some((boot) => boot.every((register) => values[register] !== undefined))
            ? []
            : [
                {
                  code: "ATTESTATION_REFERENCE",
                  path: ["attestation", "workloads", workload, "referenceValues", release, "values"],
                  text:
                    `a release must have ${BOOTS.map((boot) => boot.join(" and ")).join(", or ")}, ` +
                    `got [${Object.keys(values).join(", ")}]; copy what the image's build printed`,
                },
              ],
        ),
      ),
    ];
  }

  /** Never a tier: evidence of an instance names no workload, and AWS reads its memory. */
  public grants(): TrustTier | undefined {
    return undefined;
  }

  /** Defines key, alias, role and pod identity below `scope`. */
  public bind(scope: Construct, context: TenantContext): AttestationBinding {
    const { tenant } = context;
    const { workload, ready } = attestedKey(scope, context, attestedReleases(tenant.spec), this.options);
    return {
      grants: tenant.tier,
      proves: this.wiring.cases,
      workload,
      stillTrusted: [...keyUsers(this.wiring, this.options)],
      ready,
    };
  }
}
