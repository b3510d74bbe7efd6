// Hosts and pools with every option on, on each cloud: what the examples do not use. For lane `schema` only.
import {
  App,
  IntelTrustAuthority,
  LocalBackend,
  Retention,
  run,
  Tee,
  Wiring,
  type TerraformStack,
} from "tenclave";
import { EksHost, EksNetwork, type EksHostOptions } from "tenclave/aws";
import {
  AksCni,
  AksEgress,
  AksHost,
  AksNetwork,
  AksNodeOsChannel,
  AzureTrust,
  type AksHostOptions,
} from "tenclave/azure";
import { GkeHost, GkeNetwork, type GkeHostOptions } from "tenclave/google";
import { TrustPolicyStack } from "tenclave/stacks";
import { EksHostStack, EksPoolsStack } from "tenclave/stacks/aws";
import { AksHostStack, AksPoolsStack, AzureTrustStack } from "tenclave/stacks/azure";
import { GkeHostStack, GkePoolsStack } from "tenclave/stacks/google";
import { VaultAudit, VaultKeys, VaultLogin, VaultTrust } from "tenclave/vault";
import { attestedTenant, digest, trusteeLogin, workload } from "../../support/vault";

const REASON = "synthesized by a test";
const ONE = { minNodes: 1, maxNodes: 1, acceptUnproven: REASON };
const PUBLIC = { cidrs: ["203.0.113.0/24"], reason: REASON };
/** As long as names may be. */
const HOST = "a".repeat(32);
const POOL = "b".repeat(30);

const AZURE_ID = (digit: number): string => `00000000-0000-0000-0000-00000000000${digit}`;

/** A tenant in Confidential Space. */
const hooli = attestedTenant(
  "hooli",
  [{ name: "batch", referenceValues: [{ release: "1", values: { imageDigest: `sha256:${digest(3)}` } }] }],
  "google",
);

/** Every kind of log-in and of key, and what else Vault takes. */
const vault = VaultTrust.of({
  address: "https://vault.example.com:8200",
  caCertFile: "/etc/ssl/vault.pem",
  trustDomain: "example.com",
  boundCidrs: ["10.42.0.0/16"],
  audit: VaultAudit.devices({ socket: "collector.example.com:9090" }),
  retention: Retention.destroy(REASON),
  logins: [
    trusteeLogin({ devices: { gpu: 1 } }),
    VaultLogin.trustee({
      verifier: { name: "nodes", wiring: Wiring.TRUSTEE_NODE },
      keys: VaultKeys.publicKeys("-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n"),
    }),
    VaultLogin.confidentialSpace({
      verifier: { name: "google", wiring: Wiring.CONFIDENTIAL_SPACE },
      audience: "https://vault.example.com:8200",
      projects: ["example-platform"],
    }),
    VaultLogin.of(
      IntelTrustAuthority.of({
        name: "intel",
        region: "eu",
        tee: "sevsnp",
        policyIds: ["749dd9b1-234f-41f5-a6ca-42c4312dd4f1"],
        apiKey: { secret: "trust-authority", region: "eu" },
        tokenMinutes: 5,
      }),
    ),
  ],
  platform: [
    { name: "agent", login: "nodes", certificate: { dnsNames: ["agent.example.com"], minutes: 60 } },
    { name: "collector", login: "intel" },
  ],
});

const aks: AksHostOptions = {
  name: HOST,
  location: "westeurope",
  subscription: AZURE_ID(1),
  tenant: AZURE_ID(2),
  resourceGroup: "given-group",
  kubernetesVersion: "1.34",
  network: AksNetwork.given({
    subnetId: `/subscriptions/${AZURE_ID(1)}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks`,
    cidr: "10.42.0.0/16",
    egress: AksEgress.LOAD_BALANCER,
  }),
  admins: [AZURE_ID(3)],
  keyOfficers: [AZURE_ID(4)],
  logRetentionDays: 90,
  auditReads: true,
  publicEndpoint: PUBLIC,
  gatewayNamespace: "gateway",
  sgx: { quoteHelper: true },
  azurePolicy: true,
  defender: true,
  nodeOsChannel: AksNodeOsChannel.SECURITY_PATCH,
  maintenance: { dayOfWeek: "Sunday", startTime: "02:00", hours: 6 },
  retention: Retention.destroy(REASON),
  pools: [
    {
      ...ONE,
      name: "system",
      vmSize: "Standard_DC4as_v5",
      tee: Tee.SEV_SNP,
      minNodes: 2,
      maxNodes: 3,
      system: true,
      zones: ["1", "2"],
      staticCpuManager: true,
    },
    {
      ...ONE,
      name: POOL,
      vmSize: "Standard_DC8ads_v5",
      tee: Tee.SEV_SNP,
      ephemeralOsDisk: true,
      numaAligned: true,
      staticCpuManager: true,
    },
    {
      ...ONE,
      name: "ubuntu",
      vmSize: "Standard_EC8as_v6",
      tee: Tee.SEV_SNP,
      osSku: "Ubuntu2404",
      autoscaled: true,
    },
    { ...ONE, name: "gpu", vmSize: "Standard_NCC40ads_H100_v5", tee: Tee.SEV_SNP, osSku: "Ubuntu" },
    { ...ONE, name: "sgx", vmSize: "Standard_DC4s_v3", tee: Tee.SGX },
    { ...ONE, name: "sandboxed", vmSize: "Standard_D4s_v5", sandbox: true },
    { ...ONE, name: "plain", vmSize: "Standard_D4ds_v5", hostEncryption: true, fips: true },
  ],
};

/** The cloud's own Cilium, and nothing that has a default. */
const managed: AksHostOptions = {
  name: "managed",
  location: "westeurope",
  subscription: AZURE_ID(1),
  tenant: AZURE_ID(2),
  kubernetesVersion: "1.34",
  network: AksNetwork.owned({ cidr: "10.42.0.0/16" }),
  cni: AksCni.MANAGED_CILIUM,
  admins: [AZURE_ID(3)],
  keyOfficers: [AZURE_ID(4)],
  automaticPatches: false,
  pools: [{ name: "system", vmSize: "Standard_D4s_v5", minNodes: 2, maxNodes: 2, system: true }],
};

const gke: GkeHostOptions = {
  name: HOST,
  region: "europe-west4",
  project: "example-platform",
  projectNumber: "123456789012",
  admins: ["platform@example-platform.iam.gserviceaccount.com"],
  kubernetesVersion: "1.34",
  network: GkeNetwork.given({
    network: "vpc",
    subnetwork: "nodes",
    podRangeName: "pods",
    serviceRangeName: "services",
    cidr: "10.42.0.0/20",
    internetEgress: true,
    mtu: 8896,
  }),
  apiClientCidrs: ["10.8.0.0/24"],
  publicEndpoint: PUBLIC,
  dnsEndpoint: { reason: REASON },
  securityGroup: "gke-security-groups@example.com",
  releaseChannel: "STABLE",
  holdMinor: { from: "2026-11-01", until: "2099-02-28" },
  clusterwidePolicies: true,
  keyRing: "given-ring",
  gatewayNamespace: "gateway",
  retention: Retention.destroy(REASON),
  pools: [
    {
      name: "system",
      machineType: "e2-standard-4",
      minNodes: 3,
      maxNodes: 6,
      system: true,
      expectLiveMigration: true,
    },
    {
      ...ONE,
      name: POOL,
      machineType: "n2d-standard-8",
      tee: Tee.SEV_SNP,
      zones: ["europe-west4-a"],
      staticCpuManager: true,
    },
    {
      ...ONE,
      name: "sev",
      machineType: "n2d-standard-8",
      tee: Tee.SEV,
      zones: ["europe-west4-a"],
      imageType: "UBUNTU_CONTAINERD",
      reservation: "r1",
    },
    {
      ...ONE,
      name: "storage",
      machineType: "c3d-standard-8",
      tee: Tee.SEV,
      zones: ["europe-west4-a"],
      confidentialStorage: true,
      diskType: "hyperdisk-balanced",
    },
    {
      ...ONE,
      name: "lssd",
      machineType: "c3-standard-8-lssd",
      tee: Tee.TDX,
      zones: ["europe-west4-a"],
      localSsdEncryption: "EPHEMERAL_KEY_ENCRYPTION",
    },
    {
      ...ONE,
      name: "gpu",
      machineType: "a3-highgpu-1g",
      tee: Tee.TDX,
      zones: ["europe-west4-b"],
      spot: true,
    },
    {
      ...ONE,
      name: "alone",
      machineType: "n2d-standard-8",
      zones: ["europe-west4-a"],
      soleTenantNodeGroup: "group",
    },
  ],
};

const eks: EksHostOptions = {
  name: HOST,
  region: "us-east-2",
  account: "123456789012",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "10.42.0.0/16", nat: false }),
  admins: ["arn:aws:iam::123456789012:role/admin", "arn:aws:iam::123456789012:user/breakglass"],
  apiClientCidrs: ["10.8.0.0/24"],
  publicEndpoint: PUBLIC,
  gatewayNamespace: "gateway",
  logRetentionDays: 30,
  volumesKeyArn: "arn:aws:kms:us-east-2:123456789012:key/11111111-2222-3333-4444-555555555555",
  retention: Retention.destroy(REASON),
  pools: [
    { name: "system", instanceType: "m7g.large", minNodes: 2, maxNodes: 3, system: true },
    {
      ...ONE,
      name: POOL,
      instanceType: "c6a.4xlarge",
      tee: Tee.SEV_SNP,
      staticCpuManager: true,
      numaAligned: true,
      diskGiB: 200,
    },
    { ...ONE, name: "own", instanceType: "m6a.xlarge", tee: Tee.SEV_SNP, selfManaged: true },
    {
      ...ONE,
      name: "nitro",
      instanceType: "c6g.2xlarge",
      tee: Tee.NITRO_ENCLAVES,
      enclaves: { memoryMiB: 2048, vcpus: 2 },
      autoscaled: true,
      rootVolumeKeyArn: "arn:aws:kms:us-east-2:123456789012:key/11111111-2222-3333-4444-555555555555",
    },
  ],
};

run(() => {
  const variables = process.env.CONNECT === "variables";
  const [a, m] = [AksHost.reference(aks), AksHost.reference(managed)];
  const g = GkeHost.reference(gke);
  const trust = AzureTrust.of({
    host: a,
    tenant: AZURE_ID(2),
    keyOfficers: [AZURE_ID(4), AZURE_ID(5)],
    vaultAccess: { subnets: [a.network.nodeSubnet!], ranges: ["203.0.113.0/24"] },
    shared: { region: "eastus2", consent: REASON },
    deletionDays: 7,
    logs: `/subscriptions/${AZURE_ID(1)}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/all`,
    retention: Retention.destroy(REASON),
  });
  const e = EksHost.reference(eks);
  const app = new App();
  const stacks: TerraformStack[] = [
    new AksHostStack(app, "azure-host", aks),
    new AksPoolsStack(app, "azure-pools", {
      host: variables ? AksHost.byVariables(a) : AksHost.byLookup(a),
      pools: aks.pools,
    }),
    new AzureTrustStack(app, "azure-trust", trust),
    new AksHostStack(app, "managed-host", managed),
    new AksPoolsStack(app, "managed-pools", {
      host: variables ? AksHost.byVariables(m) : AksHost.byLookup(m),
      pools: managed.pools,
    }),
    new GkeHostStack(app, "google-host", gke),
    new GkePoolsStack(app, "google-pools", {
      host: variables ? GkeHost.byVariables(g) : GkeHost.byLookup(g),
      pools: gke.pools,
    }),
    new EksHostStack(app, "aws-host", eks),
    new EksPoolsStack(app, "aws-pools", {
      host: variables ? EksHost.byVariables(e) : EksHost.byLookup(e),
      pools: eks.pools,
    }),
    new TrustPolicyStack(app, "vault", {
      host: variables ? EksHost.byVariables(e) : EksHost.byLookup(e),
      tenants: [attestedTenant("acme", [workload("web", 1), workload("worker", 2)]), hooli],
      policies: [vault],
    }),
  ];
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app };
});
