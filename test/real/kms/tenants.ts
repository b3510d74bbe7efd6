// Five tenants whose keys open for evidence, and what was synthesized for them.
import { Testing, TerraformStack } from "../../../lib/core/cdk";
import { AwsVolumeKeys, EksHost, NitroTpm, type AwsKeyOptions } from "../../../lib/aws";
import { driverRoleName, nodeRoleName, roleArn } from "../../../lib/host-cluster/eks-policies";
import type { KeyPolicyDocument } from "../../../lib/keys/aws-enclave-key-policy";
import type { IVerifier } from "../../../lib/attestation/verifier";
import type { TenantSpec } from "../../../lib/tenant/tenant-spec";
import { checkedNitroTenant, digest, nitro, nitroHost, nitroTenant, pcrs, role } from "../../support/nitro";
import { ATTRIBUTES } from "../../support/scope";

export const ACCOUNT = "123456789012";
export const OTHER_ACCOUNT = "210987654321";
export const PLATFORM = role("platform");
export const ENCRYPTER = role("secret-writer");
export const HOST = nitroHost();

const AWS = { account: ACCOUNT, region: HOST.location };
export const DRIVER = roleArn(AWS, driverRoleName(HOST.location, HOST.name));

/** The role of a pool's nodes. */
export function nodeRole(pool: string): string {
  return roleArn(AWS, nodeRoleName(HOST.location, HOST.name, pool));
}

/** An image on a tenant's list. */
export interface Image {
  readonly image: string;
  /** Digest of the certificate it was signed with, where the list names it. */
  readonly signer?: string;
  readonly from?: string;
  readonly until?: string;
}

/** What a tenant's file says, in words of this lane. */
export interface KeyTenant {
  readonly name: string;
  readonly pool: string;
  readonly images: readonly Image[];
}

/** `beta` is in the middle of a roll-out, `gamma` signs its image, `delta` runs elsewhere, `epsilon` has two images. */
export const TENANTS: readonly KeyTenant[] = [
  { name: "alpha", pool: "vault", images: [{ image: "alpha 1" }] },
  {
    name: "beta",
    pool: "vault",
    images: [
      { image: "beta 1", until: "2030-01-10" },
      { image: "beta 2", from: "2030-01-05" },
    ],
  },
  { name: "gamma", pool: "vault", images: [{ image: "gamma 1", signer: digest("gamma's certificate") }] },
  { name: "delta", pool: "vault2", images: [{ image: "delta 1" }] },
  { name: "epsilon", pool: "vault", images: [{ image: "epsilon signer" }, { image: "epsilon vault" }] },
];

/** Before the roll-out of `beta`, in it, on its last day, after it. */
export const DAYS = ["2030-01-01", "2030-01-07", "2030-01-10", "2030-01-11"];

/** What was synthesized for a tenant, and names its stack gave. */
export interface SynthesizedKey {
  readonly tenant: KeyTenant;
  /** ARN of its pods' role. */
  readonly role: string;
  /** ARN of its key for secrets, made up: AWS chooses it. */
  readonly key: string;
  readonly policy: KeyPolicyDocument;
  readonly volumesPolicy: KeyPolicyDocument;
  /** Trust policy of the role. */
  readonly trust: KeyPolicyDocument;
}

const KEYS: AwsKeyOptions = { keyAdministrators: [PLATFORM], encrypters: [ENCRYPTER] };

/** Keys that open for enclaves. */
export function enclaveKeys(): SynthesizedKey[] {
  const verifier = nitro(KEYS);
  return TENANTS.map((tenant, index) => synthesized(tenant, index, specOf(tenant), verifier));
}

/** Keys that open for instances. All of them boot one image: it is the nodes'. */
export function instanceKeys(): SynthesizedKey[] {
  const verifier = NitroTpm.of({ ...KEYS, name: "tpm", acceptUnproven: "decided by a simulator alone" });
  return TENANTS.slice(0, 2).map((tenant, index) =>
    synthesized(
      tenant,
      index,
      nitroTenant(
        { name: tenant.name, pool: tenant.pool },
        { referenceValues: [{ release: "node image 1", values: NODE_IMAGE }] },
      ),
      verifier,
    ),
  );
}

/** What NitroTPM says of an instance that booted the platform's image. */
export const NODE_IMAGE = {
  NitroTPMPCR4: digest("node image, boot manager"),
  NitroTPMPCR12: digest("node image, kernel command line"),
};

function specOf({ name, pool, images }: KeyTenant): TenantSpec {
  return nitroTenant(
    { name, pool },
    {
      referenceValues: images.map(({ image, signer, from, until }) => ({
        release: image,
        values: { ...pcrs(image), ...(signer === undefined ? {} : { PCR8: signer }) },
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      })),
    },
  );
}

interface SynthesizedStack {
  readonly resource: {
    readonly aws_kms_key: Readonly<Record<string, { readonly policy: string }>>;
    readonly aws_iam_role: Readonly<
      Record<string, { readonly name: string; readonly assume_role_policy: string }>
    >;
    readonly aws_iam_role_policy?: unknown;
    readonly aws_iam_role_policy_attachment?: unknown;
  };
}

function synthesized(
  tenant: KeyTenant,
  index: number,
  spec: TenantSpec,
  verifier: IVerifier,
): SynthesizedKey {
  const stack = new TerraformStack(Testing.app(), "tenants");
  const host = EksHost.fromAttributes(stack, "Host", HOST, ATTRIBUTES);
  const context = { tenant: checkedNitroTenant(spec, HOST, verifier), host };
  verifier.bind(stack, context);
  AwsVolumeKeys.of({ host: HOST }).volumeKey(stack, context);
  const { resource } = JSON.parse(Testing.synth(stack)) as SynthesizedStack;
  const { aws_kms_key: keys, aws_iam_role: roles } = resource;
  if (resource.aws_iam_role_policy ?? resource.aws_iam_role_policy_attachment)
    throw new Error("the lane takes it that the tenant's role has no policy of its own");
  const { WorkloadRole: workload } = roles;
  return {
    tenant,
    role: role(workload!.name),
    key: `arn:aws:kms:${HOST.location}:${ACCOUNT}:key/00000000-0000-0000-0000-00000000000${index}`,
    policy: JSON.parse(keys.SecretsKey!.policy) as KeyPolicyDocument,
    volumesPolicy: JSON.parse(keys.VolumesKey!.policy) as KeyPolicyDocument,
    trust: JSON.parse(workload!.assume_role_policy) as KeyPolicyDocument,
  };
}
