// One way to raise every error code: a code without one does not compile.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EksHost, EksNetwork } from "../../lib/aws";
import {
  CHARTS,
  ChartSource,
  ClusterAccess,
  GivenHost,
  HostFile,
  ManifestRelease,
  Retention,
  Tee,
  Tenant,
  TenantDirectory,
} from "../../lib";
import { assertImagesReachable } from "../../lib/core/charts";
import type { ErrorCode } from "../../lib/core/errors";
import { deletionDays } from "../../lib/keys/tenant-key";
import { assertName } from "../../lib/core/names";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { lockPath } from "../../lib/tenant/tenant-lock";
import { vclusterValues, withOwnValues } from "../../lib/tenant/vcluster-values";
import { CniStack, EksPoolsStack, PlatformStack } from "../../stacks/aws";
import { AWS_CASES } from "./error-cases-aws";
import { AWS_KEY_CASES } from "./error-cases-aws-keys";
import { AZURE_CASES } from "./error-cases-azure";
import { GOOGLE_CASES } from "./error-cases-google";
import { REGO_CASES } from "./error-cases-rego";
import { TEE_CASES } from "./error-cases-tee";
import { WORKLOAD_CASES } from "./error-cases-workload";
import { TRUSTEE_CASES } from "./error-cases-trustee";
import { TIER_CASES } from "./error-cases-tier";
import { VAULT_CASES } from "./error-cases-vault";
import { lock, namedTenants, tenantsDirectory } from "./files";
import { exampleHost, exampleTenant, hostOptions, tenantInput } from "./host";
import { app, ATTRIBUTES, stack } from "./scope";

const POOL = { name: "p", instanceType: "m6a.large", minNodes: 1, maxNodes: 2 };
const SYSTEM = { name: "system", instanceType: "m7i.large", minNodes: 1, maxNodes: 1, system: true };

const host = exampleHost();

/** Loads a directory of one changed tenant. */
function load(change: Record<string, unknown>): unknown {
  return TenantDirectory.load(tenantsDirectory({ "acme.json": { ...tenantInput(), ...change } }), { host });
}

/** Describes a host with one changed pool beside the system pool. */
function pool(change: Record<string, unknown>): unknown {
  return EksHost.reference(hostOptions({ pools: [SYSTEM, { ...POOL, ...change }] }));
}

function oidc(change: Record<string, unknown>): Record<string, unknown> {
  return {
    issuer: "https://login.example.com",
    clientId: "acme",
    groups: { admin: ["acme-admins"] },
    ...change,
  };
}

function values(own: Record<string, unknown>): unknown {
  const tenant = checkTenant(exampleTenant(), host);
  return withOwnValues(
    "vcluster",
    vclusterValues({ tenant, host, keepVolumes: true, licensed: false }),
    own,
    false,
  );
}

export const ERROR_CASES: Readonly<Record<ErrorCode, () => unknown>> = {
  ...AWS_CASES,
  ...AWS_KEY_CASES,
  ...AZURE_CASES,
  ...GOOGLE_CASES,
  ...REGO_CASES,
  ...TEE_CASES,
  ...WORKLOAD_CASES,
  ...TRUSTEE_CASES,
  ...TIER_CASES,
  ...VAULT_CASES,
  CHART_SOURCE: () => ChartSource.oci("registry.example.com"),
  CROSS_STACK: () => {
    const program = app();
    const one = new CniStack(program, "one", { host: EksHost.byAttributes(host, ATTRIBUTES) });
    const two = new CniStack(program, "two", { host: EksHost.byAttributes(host, ATTRIBUTES) });
    return new Tenant(two, "acme", {
      host: EksHost.fromAttributes(one, "Other", host, ATTRIBUTES),
      tenant: checkTenant(exampleTenant(), host),
    });
  },
  EKS_ACCOUNT: () => EksHost.reference(hostOptions({ account: "12345" })),
  EKS_ADMIN: () => EksHost.reference(hostOptions({ admins: [] })),
  EKS_API_CLIENTS: () => EksHost.reference(hostOptions({ apiClientCidrs: ["203.0.113.0/24"] })),
  EKS_GATEWAY: () => EksHost.reference(hostOptions({ gatewayNamespace: "tenant-acme" })),
  EKS_LOGS: () => EksHost.reference(hostOptions({ logRetentionDays: 100 })),
  EKS_POD_RANGE: () => EksHost.reference(hostOptions({ podCidr: "10.244.0.0/21" })),
  EKS_KUBERNETES: () => EksHost.reference(hostOptions({ kubernetesVersion: "1.29" })),
  EKS_NAME: () => EksHost.reference(hostOptions({ name: "Prod_EU" })),
  EKS_NETWORK_CIDR: () =>
    EksHost.reference(hostOptions({ network: EksNetwork.owned({ cidr: "8.8.0.0/16" }) })),
  EKS_NETWORK_OVERLAP: () => EksHost.reference(hostOptions({ podCidr: "10.42.128.0/20" })),
  EKS_NETWORK_SUBNETS: () =>
    EksNetwork.given({
      vpcId: "vpc-1",
      cidr: "10.0.0.0/16",
      privateSubnetIds: ["subnet-1"],
      internetEgress: true,
    }),
  EKS_PUBLIC_ENDPOINT: () =>
    EksHost.reference(hostOptions({ publicEndpoint: { cidrs: ["0.0.0.0/0"], reason: "for everybody" } })),
  EKS_REGION: () => EksHost.reference(hostOptions({ region: "cn-north-1" })),
  EKS_ZONES: () => EksHost.reference(hostOptions({ region: "ap-northeast-1", pools: [SYSTEM] })),
  HOST_ADMIN: () =>
    new PlatformStack(app(), "platform", {
      host: GivenHost.by(
        { ...host, administrators: { users: [], groups: [] } },
        ClusterAccess.kubeconfig("https://api.example.com", "kubeconfig", "prod"),
      ),
    }),
  HOST_FILE: () => HostFile.read(join(tenantsDirectory({}), "host.json")),
  HOST_CLOUD: () => EksHost.fromAttributes(stack(), "Host", { ...host, cloud: "azure" }, ATTRIBUTES),
  HOST_NETWORK: () => {
    const scope = stack();
    const weak = { ...host, network: { ...host.network, enforcesNetworkPolicy: false } };
    return new Tenant(scope, "acme", {
      host: EksHost.fromAttributes(scope, "Host", weak, ATTRIBUTES),
      tenant: checkTenant(exampleTenant(), host),
    });
  },
  IMAGES_UNREACHABLE: () => assertImagesReachable(stack(), CHARTS.cilium, false, undefined),
  LAYER_ORDER: () => {
    const program = app();
    const connection = EksHost.byAttributes(host, ATTRIBUTES);
    new EksPoolsStack(program, "pools", { host: connection, pools: hostOptions().pools });
    return new CniStack(program, "cni", { host: connection });
  },
  KEY_DELETION: () => deletionDays("key", { least: 7, most: 30, default: 30 }, 3),
  MANIFEST_OBJECT: () =>
    new ManifestRelease(stack(), "Release", { releaseName: "r", namespace: "n", objects: [] }),
  NAME: () => {
    assertName("scope", "name", "Not A Name");
  },
  OPTION_TYPE: () => EksHost.reference(hostOptions({ account: 123456789012 as unknown as string })),
  POOL_DEDICATED: () => pool({ dedicated: true }),
  POOL_DUPLICATE: () => EksHost.reference(hostOptions({ pools: [SYSTEM, POOL, POOL] })),
  POOL_INSTANCE_TYPE: () =>
    pool({ instanceType: "m6g.large", tee: Tee.SEV_SNP, acceptUnproven: "tried by hand" }),
  POOL_REFERENCE: () =>
    new EksPoolsStack(app(), "pools", { host: EksHost.byAttributes(host, ATTRIBUTES), pools: [SYSTEM] }),
  POOL_REGION: () => EksHost.reference(hostOptions({ region: "eu-central-1" })),
  POOL_SIZE: () => pool({ minNodes: 3, maxNodes: 2 }),
  POOL_SYSTEM: () => EksHost.reference(hostOptions({ pools: [POOL] })),
  POOL_TEE: () => pool({ tee: Tee.TDX }),
  POOL_UNPROVEN: () => pool({ tee: Tee.SEV_SNP }),
  REASON: () => Retention.destroy(" "),
  TENANT_API: () => load({ api: { via: "gateway" } }),
  TENANT_CAPACITY: () =>
    load({ quota: { ...tenantInput().quota, requests: { cpu: "900", memory: "1Gi", storage: "1Gi" } } }),
  TENANT_DIRECTORY: () => TenantDirectory.load(tenantsDirectory({}), { host }),
  TENANT_DUPLICATE: () =>
    TenantDirectory.load(tenantsDirectory({ "a.json": tenantInput(), "b.json": tenantInput() }), { host }),
  TENANT_EGRESS: () => load({ egress: [{ cidr: "169.254.169.254/32", ports: [80] }] }),
  TENANT_EXCEPTION: () =>
    load({ exceptions: [{ rule: "no-such-rule", reason: "because", owner: "me", expires: "2099-01-01" }] }),
  TENANT_FILE: () => {
    // A folder with a file's name cannot be read by anybody, root included.
    const directory = tenantsDirectory({});
    mkdirSync(join(directory, "acme.json"));
    return TenantDirectory.load(directory, { host });
  },
  TENANT_FQDN: () => load({ egress: [{ fqdn: "*.example.com", ports: [443] }] }),
  TENANT_HOST: () => load({ host: "elsewhere" }),
  TENANT_JSON: () =>
    TenantDirectory.load(tenantsDirectory({ "acme.json": '{\n  "name": "acme",,\n}' }), { host }),
  TENANT_KEY: () => load({ colour: "red" }),
  TENANT_LIMIT: () => load({ quota: { ...tenantInput().quota, limits: { memory: "1Gi" } } }),
  TENANT_LOCK: () => {
    const directory = namedTenants(["acme"]);
    writeFileSync(lockPath(directory), "{}");
    return TenantDirectory.load(directory, { host });
  },
  TENANT_NAME: () => load({ name: "a".repeat(41) }),
  TENANT_NAME_RESERVED: () => load({ name: "kube-system" }),
  TENANT_NEW: () => TenantDirectory.load(namedTenants(["acme"]), { host }),
  TENANT_OIDC: () => load({ api: { oidc: oidc({ issuer: "http://login.example.com" }) } }),
  TENANT_OIDC_GROUPS: () => load({ api: { oidc: oidc({ groups: { admin: ["system:masters"] } }) } }),
  TENANT_POOL: () => load({ pool: "gpu" }),
  TENANT_QUANTITY: () => load({ quota: { ...tenantInput().quota, limits: { memory: "12 GB" } } }),
  TENANT_RETIRED: () => {
    const directory = namedTenants(["acme", "globex"]);
    lock(directory);
    rmSync(join(directory, "globex.json"));
    lock(directory, ["globex"]);
    writeFileSync(join(directory, "globex.json"), JSON.stringify(tenantInput({ name: "globex" })));
    return TenantDirectory.load(directory, { host });
  },
  TENANT_TIER: () => load({ sensitivity: "confidential" }),
  TENANT_TYPE: () => load({ pool: 7 }),
  TENANT_VANISHED: () => {
    const directory = namedTenants(["acme", "globex"]);
    lock(directory);
    rmSync(join(directory, "globex.json"));
    return TenantDirectory.load(directory, { host });
  },
  VCLUSTER_FLAG: () =>
    values({
      controlPlane: {
        distro: { k8s: { apiServer: { extraArgs: ["--service-account-max-token-expiration=87600h"] } } },
      },
    }),
  VCLUSTER_HARDENED: () => values({ sync: { toHost: { pods: { runtimeClassName: "runc" } } } }),
  VCLUSTER_KUBERNETES: () => {
    const old = { ...host, kubernetesVersion: "1.30" };
    return vclusterValues({
      tenant: checkTenant(exampleTenant(), old),
      host: old,
      keepVolumes: true,
      licensed: false,
    });
  },
  VCLUSTER_LICENCE: () => values({ sleep: { auto: { afterInactivity: "1h" } } }),
};
