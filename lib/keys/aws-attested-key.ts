// One tenant's KMS key that opens for evidence, and the role its pods call with.
import { EksPodIdentityAssociation, IamRole, KmsAlias, KmsKey } from "../core/bindings/aws";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { after } from "../core/depend";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { tenantNamespace } from "../core/names";
import { Retention, RETENTION_SHAPE } from "../core/retention";
import { shape } from "../core/option-shape";
import { ensureAwsProvider } from "../host-cluster/aws-provider";
import {
  assumedByPods,
  iamName,
  keyAliasArn,
  partitionOf,
  roleArn,
  type AwsScope,
} from "../host-cluster/eks-policies";
import type { HostReference } from "../host-cluster/host-cluster";
import type { TenantContext, WorkloadHints } from "../attestation/verifier";
import {
  attestedKeyPolicy,
  type AttestedKeyPolicyOptions,
  type AttestedRelease,
  type KeyPolicyDocument,
} from "./aws-enclave-key-policy";
import { kmsEndpoint } from "./aws-kms-endpoint";
import { deletionDays, type DeletionWindow } from "./tenant-key";

/** Who may do what with tenants' keys. */
export interface AwsKeyOptions {
  /**
   * IAM roles and users that manage the keys, by ARN: policy, rotation, deletion. Nobody else of the account does, so
   * whoever deploys the tenants stack must be among them: KMS refuses a key whose maker cannot change its policy. They
   * cannot decrypt. At least one. Fails with KEY_ADMIN.
   */
  readonly keyAdministrators: readonly string[];
  /**
   * IAM roles and users that encrypt secrets for tenants, by ARN. They cannot decrypt. Fails with KEY_ADMIN.
   * @default - nobody: the workload makes data keys by itself
   */
  readonly encrypters?: readonly string[];
  /** Days a deleted key can be brought back, 7 to 30. Fails with KEY_DELETION. @default 30, or the retention's */
  readonly deletionWindowDays?: number;
  /** Whether keys carry `prevent_destroy`. @default Retention.KEEP */
  readonly retention?: Retention;
}

/** The shape of these options. */
export const AWS_KEY_SHAPE = {
  keyAdministrators: shape.texts,
  encrypters: shape.texts.optional(),
  deletionWindowDays: shape.number.optional(),
  retention: RETENTION_SHAPE,
};

/** What AWS allows. SOURCE: AWS KMS API Reference, ScheduleKeyDeletion, 2026. */
export const AWS_DELETION: DeletionWindow = { least: 7, most: 30, default: 30 };

/** Service account of a tenant's pods on the host. SOURCE: vCluster's chart 0.36.1, workload service account. */
export function workloadServiceAccount(tenant: string): string {
  return `vc-workload-${tenant}`;
}

/** ARN of a role or user; not the account's root, which stands for all of them, and no role of a service. */
const PRINCIPAL = /^arn:aws(-us-gov)?:iam::\d{12}:(role|user)\/(?!aws-service-role\/)[\w+=,.@/-]+$/;

/** Throws KEY_ADMIN, KEY_DELETION. */
export function assertKeyOptions(scope: ErrorScope, options: AwsKeyOptions): void {
  const { keyAdministrators, encrypters = [] } = options;
  for (const [prop, arns] of Object.entries({ keyAdministrators, encrypters })) {
    const stranger = arns.find((arn, index) => !PRINCIPAL.test(arn) || arns.indexOf(arn) !== index);
    if (stranger === undefined && (arns.length > 0 || prop === "encrypters")) continue;
    throw new ConfigurationError(
      "KEY_ADMIN",
      scope,
      `${prop} must be ARNs of IAM roles or users, each once and never the account's root, because it stands for ` +
        `everybody in the account, got ${stranger === undefined ? "none" : `'${stranger}'`}; ` +
        "name the role that deploys the tenants stack, like arn:aws:iam::123456789012:role/platform",
    );
  }
  windowOf(scope, options);
}

function windowOf(
  scope: ErrorScope,
  { deletionWindowDays, retention = Retention.KEEP }: AwsKeyOptions,
): number {
  return deletionDays(scope, AWS_DELETION, deletionWindowDays ?? retention.keyWaitingDays);
}

/** Where a host lives on AWS. */
export function awsScopeOf({ account, location }: HostReference): AwsScope {
  return { account, region: location };
}

/** Alias of a tenant's key for secrets. */
export function secretsKeyAlias(host: string, tenant: string): string {
  return `alias/tenclave/${host}/tenants/${tenant}/secrets`;
}

/** ARN of the role that a tenant's pods get. */
export function workloadRoleArn(host: HostReference, tenant: string): string {
  return roleArn(awsScopeOf(host), workloadRoleName(host, tenant));
}

function workloadRoleName({ location, name }: HostReference, tenant: string): string {
  return iamName(location, name, tenant, "workload");
}

/** The key's policy, as KMS gets it. */
export function attestedKeyPolicyOf(
  host: HostReference,
  tenant: string,
  releases: readonly AttestedRelease[],
  { keyAdministrators, encrypters = [] }: AwsKeyOptions,
): KeyPolicyDocument {
  const policy: AttestedKeyPolicyOptions = {
    ...awsScopeOf(host),
    roleArn: workloadRoleArn(host, tenant),
    releases,
    administrators: keyAdministrators,
    encrypters,
  };
  return attestedKeyPolicy(policy);
}

/** Principals of another partition than the host's: KMS would not find them. */
export function strangersOf(
  host: HostReference,
  { keyAdministrators, encrypters = [] }: AwsKeyOptions,
): string[] {
  const start = `arn:${partitionOf(host.location)}:`;
  return [...keyAdministrators, ...encrypters].filter((arn) => !arn.startsWith(start));
}

/** What was made for a tenant. */
export interface AttestedKey {
  readonly workload: WorkloadHints;
  readonly ready: ITerraformDependable[];
}

/**
 * Makes key, alias, role and EKS Pod Identity in the stack of `scope`. The role has no policy of its own: it may do what
 * the key's policy says, and nothing else. All names are known at synth.
 */
export function attestedKey(
  scope: Construct,
  { tenant, host }: TenantContext,
  releases: readonly AttestedRelease[],
  options: AwsKeyOptions,
): AttestedKey {
  const { reference } = host;
  const { name } = tenant.spec;
  const { retention = Retention.KEEP } = options;
  const aws = awsScopeOf(reference);
  const namespace = tenantNamespace(name);
  const serviceAccount = workloadServiceAccount(name);
  ensureAwsProvider(scope, reference);
  const role = new IamRole(scope, "WorkloadRole", {
    name: workloadRoleName(reference, name),
    description: `Pods of tenant ${name} of host ${reference.name}`,
    assumeRolePolicy: assumedByPods(aws, reference.name, namespace, serviceAccount),
  });
  const identity = new EksPodIdentityAssociation(scope, "PodIdentity", {
    clusterName: reference.name,
    namespace,
    serviceAccount,
    roleArn: role.arn,
  });
  const key = new KmsKey(scope, "SecretsKey", {
    description: `Secrets of tenant ${name} of host ${reference.name}, released on evidence`,
    enableKeyRotation: true,
    deletionWindowInDays: windowOf(scope, options),
    policy: JSON.stringify(attestedKeyPolicyOf(reference, name, releases, options)),
    lifecycle: retention.lifecycle,
  });
  // KMS refuses a policy that names a role it cannot find.
  after(key, role);
  const alias = new KmsAlias(scope, "SecretsKeyAlias", {
    name: secretsKeyAlias(reference.name, name),
    targetKeyId: key.keyId,
  });
  const endpoint = kmsEndpoint(aws.region);
  return {
    workload: {
      url: `https://${endpoint}`,
      resource: keyAliasArn(aws, secretsKeyAlias(reference.name, name)),
      settings: {
        region: aws.region,
        role: workloadRoleArn(reference, name),
        serviceAccount,
        vsockProxy: `${endpoint}:443`,
      },
    },
    ready: [identity, alias],
  };
}
