// Names computed for tenants: no two tenants, hosts or uses share one, however their names are put together.
import { tenantKeyName } from "../../lib/attestation/google/google-trust-domain";
import { releaseKeyName } from "../../lib/attestation/azure/azure-attestation";
import { tenantNamespace, tenantStorageClassName } from "../../lib/core/names";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { tenantDiskEncryptionSetId, tenantResourceName } from "../../lib/host-cluster/aks-names";
import { driverRoleName, nodeRoleName, roleArn } from "../../lib/host-cluster/eks-policies";
import { awsScopeOf, secretsKeyAlias, workloadRoleArn } from "../../lib/keys/aws-attested-key";
import {
  certificatesMount,
  loginMount,
  PLATFORM_OWNER,
  policyName,
  roleName,
  secretsMount,
  spiffeId,
} from "../../lib/vault/vault-names";
import { exampleHost } from "../support/host";

const LONG = "a".repeat(39);
/** Names that are parts of one another, end as the library's own do, and differ in their last character alone. */
const NAMES = [
  "a",
  "a-b",
  "b",
  "b-a",
  "a-secrets",
  "secrets",
  "a-volumes",
  "volumes",
  "workload",
  "a-workload",
];
const TENANTS = [...NAMES, `${LONG}x`, `${LONG}y`];
/** EKS takes 32 characters. */
const HOSTS = [...NAMES, `${LONG.slice(0, 31)}x`, `${LONG.slice(0, 31)}y`].map((name) =>
  exampleHost({ name }),
);
const aks = ({ name }: HostReference): Parameters<typeof tenantResourceName>[0] => ({
  name,
  account: "s",
  resourceGroup: "g",
});

/** Names of one kind, of everything that has one. */
const KINDS: Readonly<Record<string, string[]>> = {
  "KMS aliases": HOSTS.flatMap(({ name }) => TENANTS.map((tenant) => secretsKeyAlias(name, tenant))),
  "IAM roles": HOSTS.flatMap((host) => {
    const role = (name: string): string => roleArn(awsScopeOf(host), name);
    const { location, name } = host;
    return [
      role(driverRoleName(location, name)),
      ...TENANTS.flatMap((one) => [workloadRoleArn(host, one), role(nodeRoleName(location, name, one))]),
    ];
  }),
  "keys in Azure's release vault": TENANTS.map(releaseKeyName),
  "identities on Azure": HOSTS.flatMap((host) =>
    TENANTS.flatMap((tenant) =>
      ["workload", "volumes"].map((kind) => tenantResourceName(aks(host), kind, tenant)),
    ),
  ),
  "disk encryption sets": HOSTS.flatMap((host) =>
    TENANTS.map((tenant) => tenantDiskEncryptionSetId(aks(host), tenant)),
  ),
  "Google's keys": HOSTS.flatMap((host) =>
    TENANTS.flatMap((tenant) =>
      (["secrets", "volumes"] as const).map((use) => tenantKeyName("project", host, tenant, use)),
    ),
  ),
  "Vault's mounts": [
    ...[...TENANTS, PLATFORM_OWNER].flatMap((owner) => [secretsMount(owner), certificatesMount(owner)]),
    ...TENANTS.map(loginMount),
  ],
  "Vault's roles": [...TENANTS, PLATFORM_OWNER].flatMap((owner) =>
    TENANTS.map((workload) => roleName(owner, workload)),
  ),
  "Vault's policies": [...TENANTS, PLATFORM_OWNER].flatMap((owner) =>
    TENANTS.map((workload) => policyName(owner, workload)),
  ),
  "SPIFFE IDs": [...TENANTS, PLATFORM_OWNER].flatMap((owner) =>
    TENANTS.map((workload) => spiffeId("example.com", owner, workload)),
  ),
  StorageClasses: TENANTS.map(tenantStorageClassName),
  namespaces: TENANTS.map(tenantNamespace),
};

test.each(Object.entries(KINDS))("%s: none stands twice", (_, names) => {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  expect(twice).toEqual([]);
});

test("IAM roles, keys and vaults keep to what their clouds take", () => {
  for (const arn of KINDS["IAM roles"]!) expect(arn.split("/")[1]!.length).toBeLessThanOrEqual(64);
  for (const name of KINDS["identities on Azure"]!) expect(name.length).toBeLessThanOrEqual(80);
  for (const name of KINDS["Google's keys"]!) expect(name.split("/").pop()!.length).toBeLessThanOrEqual(63);
});
