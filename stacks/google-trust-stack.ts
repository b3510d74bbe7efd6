// Layer `trust` on Google Cloud: workload identity pools of attested workloads, rings for tenants' keys, who may not decrypt.
import { IamDenyPolicy, KmsKeyRing } from "../lib/core/bindings/google";
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { after } from "../lib/core/depend";
import { ConfigurationError } from "../lib/core/errors";
import { Retention } from "../lib/core/retention";
import { tenantRing } from "../lib/attestation/google/google-trust-domain";
import type { IGoogleVerifier } from "../lib/attestation/google/google-verifier";
import { ensureGoogleProvider } from "../lib/host-cluster/google-provider";
import type { HostReference, IHostConnection } from "../lib/host-cluster/host-cluster";
import type { GoogleVolumeKeys } from "../lib/keys/google-volume-keys";
import { joinLayer } from "./layer";

export interface GoogleTrustStackProps {
  /** The host whose tenants get keys. Only its reference is read: nothing is asked of the cluster. */
  readonly host: Pick<IHostConnection, "reference">;
  /** All verifiers of the projects they name. Fails with GOOGLE_TRUST when two would share a pool. @default - none */
  readonly verifiers?: readonly IGoogleVerifier[];
  /** Keys for tenants' volumes. @default - none, volumes lie under the host's key */
  readonly keys?: GoogleVolumeKeys;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

/**
 * Once per host, before its tenants. A project of attested keys belongs to one such stack: deny policies add up, and a
 * second one would shut out the first one's workloads.
 *
 * Whoever deploys it needs `roles/iam.denyAdmin`, which Google grants on the organization only.
 */
export class GoogleTrustStack extends TerraformStack {
  public constructor(scope: Construct, id: string, props: GoogleTrustStackProps) {
    super(scope, id);
    const { reference } = props.host;
    const retention = props.retention ?? Retention.KEEP;
    const verifiers = props.verifiers ?? [];
    joinLayer(this, "trust", reference);
    retention.note(this);
    ensureGoogleProvider(this, reference);
    assertOwnPools(this, verifiers);

    for (const verifier of verifiers) verifier.defineTrust(this, reference);
    const attested = [...new Set(verifiers.map(({ project }) => project))];
    for (const project of attested) {
      const members = verifiers.filter((one) => one.project === project).map((one) => one.members);
      const denial = this.denial(project, members, retention);
      // No key before the policy that keeps owners off it.
      after(this.ring(project, reference, retention), denial);
    }
    if (props.keys && !attested.includes(props.keys.project))
      this.ring(props.keys.project, reference, retention);
  }

  /** Keeps everybody but these from decrypting in the project. */
  private denial(project: string, exceptionPrincipals: string[], { lifecycle }: Retention): IamDenyPolicy {
    return new IamDenyPolicy(this, `Deny-${project}`, {
      parent: encodeURIComponent(`cloudresourcemanager.googleapis.com/projects/${project}`),
      name: "tenclave-attested-keys",
      displayName: "Only attested workloads decrypt",
      rules: [
        {
          description: "Owners too: roles/owner can decrypt",
          denyRule: {
            deniedPrincipals: ["principalSet://goog/public:all"],
            exceptionPrincipals,
            deniedPermissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
          },
        },
      ],
      lifecycle,
    });
  }

  private ring(project: string, host: HostReference, { lifecycle }: Retention): KmsKeyRing {
    return new KmsKeyRing(this, `Ring-${project}`, {
      project,
      name: tenantRing(host),
      location: host.location,
      lifecycle,
    });
  }
}

/** A pool has one provider: with two, one could map attributes that the other's evidence would have to prove. */
function assertOwnPools(scope: Construct, verifiers: readonly IGoogleVerifier[]): void {
  const ids = verifiers.map(({ project, poolId }) => `${project}/${poolId}`);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new ConfigurationError(
    "GOOGLE_TRUST",
    scope,
    `verifiers must have a pool each, got '${twice}' twice; give one of them another trustDomain`,
  );
}
