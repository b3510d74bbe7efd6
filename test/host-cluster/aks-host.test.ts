import {
  AksCni,
  AksEgress,
  AksHost,
  AksNetwork,
  AksNodeOsChannel,
  type AksHostOptions,
} from "../../lib/azure";
import {
  DiskEncryptionSet,
  KeyVault,
  KeyVaultKey,
  KubernetesCluster,
  KubernetesClusterNodePool,
  LogAnalyticsWorkspace,
  MonitorDiagnosticSetting,
  NatGateway,
  PublicIp,
  ResourceGroup,
  RoleAssignment,
  Subnet,
  SubnetNatGatewayAssociation,
  UserAssignedIdentity,
  VirtualNetwork,
} from "../../lib/core/bindings/azurerm";
import { warningsOf } from "../../lib/core/notes";
import { Retention, Tee } from "../../lib";
import { Template } from "../../lib/testing";
import { AksHostStack } from "../../stacks/azure";
import { AKS_ATTRIBUTES, AKS_SNP, AKS_SYSTEM, aksOptions, exampleAks, id } from "../support/aks";
import { exampleHost } from "../support/host";
import { app, stack } from "../support/scope";

function synthesized(change: Partial<AksHostOptions> = {}): { template: Template; stack: AksHostStack } {
  const hostStack = new AksHostStack(app(), "host", aksOptions(change));
  return { template: Template.of(hostStack), stack: hostStack };
}

function clusterOf(change: Partial<AksHostOptions> = {}): Record<string, unknown> {
  return synthesized(change).template.only(KubernetesCluster);
}

const PREFIX = `/subscriptions/${id(1)}/resourceGroups/tenclave-prod/providers`;
const SUBNET = `${PREFIX}/Microsoft.Network/virtualNetworks/spoke/subnets/aks`;
const TAGS = { "tenclave.dev-host": "prod" };

describe("an AKS host, by default", () => {
  const { template, stack: hostStack } = synthesized();
  const cluster = template.only(KubernetesCluster);

  test("is private, without local accounts, and runs no commands from outside", () => {
    expect(cluster).toMatchObject({
      private_cluster_enabled: true,
      private_dns_zone_id: "System",
      private_cluster_public_fqdn_enabled: false,
      local_account_disabled: true,
      run_command_enabled: false,
      role_based_access_control_enabled: true,
      azure_active_directory_role_based_access_control: {
        tenant_id: id(2),
        admin_group_object_ids: [id(3)],
        azure_rbac_enabled: true,
      },
    });
    expect(cluster).not.toHaveProperty("api_server_access_profile");
  });

  test("gives workloads identities, and installs neither policy, Defender nor SGX tooling", () => {
    expect(cluster).toMatchObject({
      oidc_issuer_enabled: true,
      workload_identity_enabled: true,
      azure_policy_enabled: false,
    });
    expect(cluster).not.toHaveProperty("microsoft_defender");
    expect(cluster).not.toHaveProperty("confidential_computing");
  });

  test("has no CNI of its own, and the ranges of the reference", () => {
    expect(cluster.network_profile).toEqual({
      network_plugin: "none",
      pod_cidr: "10.244.0.0/16",
      service_cidr: "172.20.0.0/16",
      dns_service_ip: "172.20.0.10",
      outbound_type: "userAssignedNATGateway",
      load_balancer_sku: "standard",
    });
  });

  test("has the first system pool as its compulsory one, under a name that never changes", () => {
    expect(cluster.default_node_pool).toEqual({
      name: "system",
      temporary_name_for_rotation: "systemtmp",
      vm_size: "Standard_D4s_v5",
      os_sku: "AzureLinux",
      os_disk_type: "Managed",
      os_disk_size_gb: 128,
      max_pods: 110,
      node_count: 3,
      only_critical_addons_enabled: true,
      orchestrator_version: "1.34",
      node_labels: { "tenclave.dev/pool": "system", "tenclave.dev/tee": "none" },
      vnet_subnet_id: expect.stringMatching(/azurerm_subnet\.Host_Network_Nodes/) as string,
      upgrade_settings: { max_surge: "1" },
    });
    expect(template.all(KubernetesClusterNodePool)).toEqual([]);
    const renamed = clusterOf({ pools: [{ ...AKS_SYSTEM, name: "core" }] }).default_node_pool;
    expect(renamed).toMatchObject({ name: "system", node_labels: { "tenclave.dev/pool": "core" } });
  });

  test("takes patches of the minor and node images, once a week", () => {
    const window = {
      frequency: "Weekly",
      interval: 1,
      day_of_week: "Sunday",
      start_time: "02:00",
      utc_offset: "+00:00",
      duration: 4,
    };
    expect(cluster).toMatchObject({
      kubernetes_version: "1.34",
      automatic_upgrade_channel: "patch",
      node_os_upgrade_channel: "NodeImage",
      maintenance_window_auto_upgrade: window,
      maintenance_window_node_os: window,
      image_cleaner_enabled: true,
      image_cleaner_interval_hours: 168,
      sku_tier: "Standard",
    });
  });

  test("offers disks only, no file shares", () => {
    expect(cluster.storage_profile).toEqual({
      disk_driver_enabled: true,
      file_driver_enabled: false,
      blob_driver_enabled: false,
      snapshot_controller_enabled: true,
    });
  });

  test("keeps etcd's key and the disks' key in vaults of their own, which cannot be purged", () => {
    const vaults = template.all(KeyVault);
    expect(vaults.map(({ name }) => String(name).replace(/-[0-9a-f]+$/, ""))).toEqual(["disk", "etcd"]);
    for (const vault of vaults) {
      expect(String(vault.name)).toMatch(/^[a-z]{4}-[0-9a-f]{19}$/);
      expect(vault).toMatchObject({
        location: "westeurope",
        tenant_id: id(2),
        sku_name: "standard",
        rbac_authorization_enabled: true,
        purge_protection_enabled: true,
        soft_delete_retention_days: 90,
        lifecycle: { prevent_destroy: true, ignore_changes: ["soft_delete_retention_days"] },
      });
    }
    const keys = template.all(KeyVaultKey);
    expect(keys.map((key) => [key.key_size, key.key_opts, key.rotation_policy])).toEqual([
      [3072, ["unwrapKey", "wrapKey"], { automatic: { time_after_creation: "P365D" } }],
      [2048, ["decrypt", "encrypt"], undefined],
    ]);
    for (const key of keys) {
      expect(key).toMatchObject({ key_type: "RSA", lifecycle: { prevent_destroy: true } });
      // Whoever makes the key must be allowed to first.
      expect(key.depends_on).toEqual([expect.stringMatching(/azurerm_role_assignment\..*Officer-/)]);
    }
  });

  test("names a key officer's roles by who it is: taking one away moves no other", () => {
    const officers = (ids: string[]): Record<string, unknown> => {
      const { json } = synthesized({ keyOfficers: ids }).template;
      const roles = (json.resource?.azurerm_role_assignment ?? {}) as Record<
        string,
        { principal_id: string; role_definition_name: string }
      >;
      return Object.fromEntries(
        Object.entries(roles)
          .filter(([, role]) => role.role_definition_name === "Key Vault Crypto Officer")
          .map(([address, role]) => [address, role.principal_id]),
      );
    };
    const both = officers([id(4), id(5)]);
    expect(Object.keys(both)).toHaveLength(4);
    expect(officers([id(5)])).toEqual(
      Object.fromEntries(Object.entries(both).filter(([, principal]) => principal === id(5))),
    );
  });

  test("gives each identity what it needs, on one thing", () => {
    const roles = template
      .all(RoleAssignment)
      .map(({ role_definition_name, scope, principal_id }) => [
        role_definition_name,
        reduced(scope),
        reduced(principal_id),
      ]);
    expect(roles.sort()).toEqual([
      ["Contributor", "resource_group.Volumes", "user_assigned_identity.Identity"],
      ["Key Vault Crypto Officer", "key_vault.Keys_DisksVault", id(4)],
      ["Key Vault Crypto Officer", "key_vault.Keys_EtcdVault", id(4)],
      [
        "Key Vault Crypto Service Encryption User",
        "key_vault.Keys_DisksVault",
        "user_assigned_identity.Keys_DiskIdentity",
      ],
      ["Key Vault Crypto User", "key_vault.Keys_EtcdVault", "user_assigned_identity.Identity"],
      ["Network Contributor", "virtual_network.Network", "user_assigned_identity.Identity"],
      ["Reader", "disk_encryption_set.Keys_DiskEncryptionSet", "user_assigned_identity.Identity"],
    ]);
    expect(template.all(UserAssignedIdentity).map(({ name }) => name)).toEqual([
      "tenclave-prod-cluster",
      "tenclave-prod-disks",
    ]);
  });

  test("encrypts disks with a set whose identity may wrap before anybody uses it", () => {
    const set = template.only(DiskEncryptionSet);
    expect(set).toMatchObject({
      name: "tenclave-prod-disks",
      key_vault_key_id: expect.stringMatching(/DiskKey.*\.versionless_id/) as string,
      auto_key_rotation_enabled: true,
      encryption_type: "EncryptionAtRestWithCustomerKey",
      identity: { type: "UserAssigned" },
      lifecycle: { prevent_destroy: true },
    });
    expect(set.depends_on).toEqual([expect.stringMatching(/DiskWrapper/)]);
    expect(cluster).toMatchObject({
      disk_encryption_set_id: expect.stringMatching(/DiskEncryptionSet.*\.id/) as string,
      key_management_service: {
        key_vault_key_id: expect.stringMatching(/EtcdKey.*\.id/) as string,
        key_vault_network_access: "Public",
      },
      identity: { type: "UserAssigned" },
    });
  });

  test("waits for its roles and its way out", () => {
    expect((cluster.depends_on as string[]).map(reduced).sort()).toEqual([
      "nat_gateway_public_ip_association.Network_NatAddressAssociation",
      "role_assignment.Keys_DiskEncryptionSetReader",
      "role_assignment.Keys_EtcdUser",
      "role_assignment.NetworkContributor",
      "role_assignment.VolumesContributor",
      "subnet_nat_gateway_association.Network_NatAssociation",
    ]);
  });

  test("keeps the control plane's logs and the vaults' for a year", () => {
    expect(template.only(LogAnalyticsWorkspace)).toMatchObject({
      retention_in_days: 365,
      local_authentication_enabled: false,
      lifecycle: { prevent_destroy: true },
    });
    const settings = template
      .all(MonitorDiagnosticSetting)
      .map((setting) => [
        reduced(setting.target_resource_id),
        (setting.enabled_log as { category: string }[]).map(({ category }) => category),
      ]);
    expect(Object.fromEntries(settings)).toEqual({
      "kubernetes_cluster.": [
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "cluster-autoscaler",
        "cloud-controller-manager",
        "guard",
        "csi-azuredisk-controller",
        "csi-snapshot-controller",
        "kube-audit-admin",
      ],
      "key_vault.Keys_DisksVault": ["AuditEvent"],
      "key_vault.Keys_EtcdVault": ["AuditEvent"],
    });
  });

  test("asks for a table of their own only where Azure keeps the answer", () => {
    const tables = template
      .all(MonitorDiagnosticSetting)
      .map((setting) => [reduced(setting.target_resource_id), setting.log_analytics_destination_type]);
    expect(Object.fromEntries(tables)).toEqual({
      "kubernetes_cluster.": "Dedicated",
      "key_vault.Keys_DisksVault": undefined,
      "key_vault.Keys_EtcdVault": undefined,
    });
  });

  test("owns a network with one subnet and one way out", () => {
    expect(template.only(VirtualNetwork)).toMatchObject({
      name: "tenclave-prod-network",
      address_space: ["10.42.0.0/16"],
      tags: TAGS,
    });
    expect(template.only(Subnet)).toMatchObject({
      name: "nodes",
      address_prefixes: ["10.42.0.0/17"],
      default_outbound_access_enabled: false,
    });
    expect(template.only(NatGateway).sku_name).toBe("Standard");
    expect(template.only(PublicIp)).toMatchObject({ allocation_method: "Static", sku: "Standard" });
    expect(reduced(template.only(SubnetNatGatewayAssociation).subnet_id)).toBe("subnet.Network_Nodes");
  });

  test("owns a resource group, and one for volumes that outlive the cluster, and is protected against deletion", () => {
    const group = { location: "westeurope", tags: TAGS, lifecycle: { prevent_destroy: true } };
    expect(template.all(ResourceGroup)).toEqual([
      { ...group, name: "tenclave-prod" },
      { ...group, name: "tenclave-prod-volumes" },
    ]);
    expect(cluster.lifecycle).toEqual({ prevent_destroy: true });
  });

  test("needs no data source and warns of nothing", () => {
    expect(template.json).not.toHaveProperty("data");
    expect(warningsOf(hostStack)).toEqual([]);
  });
});

/** A reference without the provider's prefix, the host's own and the hash: `key_vault.Keys_EtcdVault`. */
function reduced(reference: unknown): string {
  return String(reference)
    .replace(/^\$\{|\}$/g, "")
    .replace(/\.(id|principal_id)$/, "")
    .replace(/^azurerm_/, "")
    .replace(/\.Host_/, ".")
    .replace(/_[0-9A-F]{8}$/, "")
    .replace(/\.[0-9A-F]{8}$/, ".");
}

test("the ids the reference computes are those of what the stack makes", () => {
  const reference = exampleAks();
  expect(reference.network.nodeSubnet).toBe(
    `${PREFIX}/Microsoft.Network/virtualNetworks/tenclave-prod-network/subnets/nodes`,
  );
  expect(reference.storageClass.parameters.diskEncryptionSetID).toBe(
    `${PREFIX}/Microsoft.Compute/diskEncryptionSets/tenclave-prod-disks`,
  );
  expect(AksHost.byAttributes(reference, AKS_ATTRIBUTES).connect(stack()).clusterId).toBe(
    `${PREFIX}/Microsoft.ContainerService/managedClusters/prod`,
  );
  expect(clusterOf().name).toBe("prod");
});

test("vaults of different places have different names", () => {
  const names = [{}, { name: "other" }, { subscription: id(9) }, { resourceGroup: "shared" }].map((change) =>
    synthesized(change)
      .template.all(KeyVault)
      .map(({ name }) => name),
  );
  expect(new Set(names.flat()).size).toBe(8);
});

test("a given resource group and subnet are used as they are", () => {
  const subnetId = `/subscriptions/${id(8)}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke/subnets/aks`;
  const network = AksNetwork.given({
    subnetId,
    cidr: "10.42.0.0/16",
    egress: AksEgress.USER_DEFINED_ROUTES,
    internetEgress: false,
  });
  const change = { resourceGroup: "shared", network };
  const { template } = synthesized(change);
  for (const type of [VirtualNetwork, Subnet, NatGateway]) expect(template.all(type)).toEqual([]);
  expect(template.only(ResourceGroup).name).toBe("tenclave-prod-volumes");
  expect(template.only(KubernetesCluster)).toMatchObject({
    resource_group_name: "shared",
    default_node_pool: { vnet_subnet_id: subnetId },
    network_profile: { outbound_type: "userDefinedRouting" },
  });
  expect(
    template.all(RoleAssignment).find((r) => r.role_definition_name === "Network Contributor")!.scope,
  ).toBe(subnetId.replace("/subnets/aks", ""));
  expect(exampleAks(change)).toMatchObject({
    resourceGroup: "shared",
    network: { nodeSubnet: subnetId, internetEgress: false },
  });
});

test("an owned network may leave by the load balancer", () => {
  const { template } = synthesized({
    network: AksNetwork.owned({ cidr: "10.42.0.0/16", egress: AksEgress.LOAD_BALANCER }),
  });
  expect(template.all(NatGateway)).toEqual([]);
  expect(template.only(KubernetesCluster).network_profile).toMatchObject({ outbound_type: "loadBalancer" });
});

test("AKS' own Cilium is in clear between nodes, and says so", () => {
  const change = { cni: AksCni.MANAGED_CILIUM };
  const { template, stack: hostStack } = synthesized(change);
  expect(template.only(KubernetesCluster).network_profile).toMatchObject({
    network_plugin: "azure",
    network_plugin_mode: "overlay",
    network_data_plane: "cilium",
    network_policy: "cilium",
  });
  expect(exampleAks(change).network).toMatchObject({ cni: "azure-cilium", encryptsPodTraffic: false });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([expect.stringMatching(/in clear.*refused/)]);
});

test("a public endpoint is restricted and shows as a warning", () => {
  const { template, stack: hostStack } = synthesized({
    publicEndpoint: { cidrs: ["198.51.100.0/24"], reason: "administrators have no VPN yet" },
  });
  const cluster = template.only(KubernetesCluster);
  expect(cluster).toMatchObject({
    private_cluster_enabled: false,
    api_server_access_profile: {
      authorized_ip_ranges: [
        "198.51.100.0/24",
        expect.stringMatching(/^\$\{azurerm_public_ip\.Host_Network_NatAddress_\w+\.ip_address\}\/32$/),
      ],
    },
  });
  expect(cluster).not.toHaveProperty("private_dns_zone_id");
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([
    "API endpoint is public for 198.51.100.0/24: administrators have no VPN yet",
  ]);
});

test("options reach the cluster", () => {
  const cluster = clusterOf({
    sgx: { quoteHelper: true },
    azurePolicy: true,
    defender: true,
    automaticPatches: false,
    nodeOsChannel: AksNodeOsChannel.SECURITY_PATCH,
    maintenance: { dayOfWeek: "Monday", startTime: "23:30", hours: 6 },
  });
  expect(cluster).toMatchObject({
    confidential_computing: { sgx_quote_helper_enabled: true },
    azure_policy_enabled: true,
    microsoft_defender: { log_analytics_workspace_id: expect.stringMatching(/Logs/) as string },
    node_os_upgrade_channel: "SecurityPatch",
    maintenance_window_node_os: { day_of_week: "Monday", start_time: "23:30", duration: 6 },
  });
  expect(cluster).not.toHaveProperty("automatic_upgrade_channel");
});

test("reads are audited when somebody pays for it", () => {
  const { template } = synthesized({ auditReads: true, logRetentionDays: 730 });
  const categories = template
    .all(MonitorDiagnosticSetting)
    .flatMap(({ enabled_log }) => (enabled_log as { category: string }[]).map(({ category }) => category));
  expect(categories).toContain("kube-audit");
  expect(categories).not.toContain("kube-audit-admin");
  expect(template.only(LogAnalyticsWorkspace).retention_in_days).toBe(730);
});

test("a throw-away host can be destroyed, and says so", () => {
  const { template, stack: hostStack } = synthesized({ retention: Retention.destroy("a test") });
  for (const group of template.all(ResourceGroup)) expect(group).not.toHaveProperty("lifecycle");
  for (const type of [KubernetesCluster, LogAnalyticsWorkspace, DiskEncryptionSet])
    expect(template.only(type)).not.toHaveProperty("lifecycle");
  for (const key of template.all(KeyVaultKey)) expect(key).not.toHaveProperty("lifecycle");
  for (const vault of template.all(KeyVault))
    expect(vault).toMatchObject({
      purge_protection_enabled: true,
      soft_delete_retention_days: 7,
      lifecycle: { ignore_changes: ["soft_delete_retention_days"] },
    });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual(["deletion protection is off: a test"]);
});

test("what a system pool accepts without proof shows on the host, with the azurerm it needs", () => {
  const { template, stack: hostStack } = synthesized({
    pools: [
      {
        ...AKS_SNP,
        name: "core",
        system: true,
        minNodes: 2,
        osSku: "Ubuntu2404",
        hostEncryption: true,
        acceptUnproven: "tried in March",
      },
    ],
  });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^pool core: unproven: .*encryption at host.*tried in March/),
    expect.stringMatching(/^pool core: node disks/),
  ]);
  expect(JSON.stringify(template.json.terraform)).toContain(">= 4.67.0, < 5.0.0");
  expect(template.only(KubernetesCluster).default_node_pool).toMatchObject({
    vm_size: "Standard_DC8as_v5",
    host_encryption_enabled: true,
  });
});

/** That many single addresses. */
function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `198.51.100.${index}/32`);
}

/** That many pools. */
function pools(count: number, maxNodes = 1): (typeof AKS_SNP)[] {
  return Array.from({ length: count }, (_, index) => ({ ...AKS_SNP, name: `snp${index}`, maxNodes }));
}

test("as much as AKS takes is taken", () => {
  const network = AksNetwork.owned({ cidr: "10.0.0.0/16" });
  const wide = { network, podCidr: "10.128.0.0/9" };
  expect(exampleAks({ ...wide, pools: [AKS_SYSTEM, ...pools(99)] }).pools).toHaveLength(100);
  expect(
    exampleAks({
      ...wide,
      pools: [AKS_SYSTEM, ...pools(4, 1000), ...pools(1, 997).map((pool) => ({ ...pool, name: "rest" }))],
    }).pools,
  ).toHaveLength(6);
  const publicEndpoint = { cidrs: addresses(199), reason: "for a test" };
  expect(exampleAks({ publicEndpoint }).name).toBe("prod");
  for (const resourceGroup of ["a", "a".repeat(90), "(a).b_c-d"])
    expect(exampleAks({ resourceGroup }).resourceGroup).toBe(resourceGroup);
});

/** What TypeScript would refuse, and JSON or `any` brings all the same. */
test.each<[string, object, string]>([
  ["null for a name", { name: null }, "host: name"],
  ["no location", { location: undefined }, "host.prod: location"],
  ["null for no resource group", { resourceGroup: null }, "host.prod: resourceGroup"],
  ["a number as version", { kubernetesVersion: 1.34 }, "host.prod: kubernetesVersion"],
  ["no network", { network: undefined }, "host.prod: network"],
  ["a network of one's own making", { network: { cidr: "10.0.0.0/16" } }, "host.prod: network"],
  ["the id of a CNI", { cni: "cilium" }, "host.prod: cni"],
  ["the id of a channel", { nodeOsChannel: "NodeImage" }, "host.prod: nodeOsChannel"],
  ["retention as text", { retention: "destroy" }, "host.prod: retention"],
  ["no pools", { pools: null }, "host.prod: pools"],
  ["a pool that is none", { pools: [AKS_SYSTEM, null] }, "host.prod: pools.1"],
  ["one pool for a list", { pools: AKS_SYSTEM }, "host.prod: pools"],
  ["no admins", { admins: null }, "host.prod: admins"],
  ["one admin for a list", { admins: id(3) }, "host.prod: admins"],
  ["days as text", { logRetentionDays: "365" }, "host.prod: logRetentionDays"],
  ["a flag as text", { azurePolicy: "no" }, "host.prod: azurePolicy"],
  ["true for an endpoint", { publicEndpoint: true }, "host.prod: publicEndpoint"],
  ["no reason", { publicEndpoint: { cidrs: ["198.51.100.0/24"] } }, "host.prod: publicEndpoint.reason"],
  ["no ranges", { publicEndpoint: { reason: "for a test" } }, "host.prod: publicEndpoint.cidrs"],
  ["null for no gateway", { gatewayNamespace: null }, "host.prod: gatewayNamespace"],
  ["true for SGX", { sgx: true }, "host.prod: sgx"],
  ["a key nobody knows", { region: "westeurope" }, "host.prod: options"],
  [
    "a window without hours",
    { maintenance: { dayOfWeek: "Sunday", startTime: "02:00" } },
    "host.prod: maintenance.hours",
  ],
  ["SGX without its answer", { sgx: {} }, "host.prod: sgx.quoteHelper"],
])("%s is an OPTION_TYPE", (_, change, place) => {
  expect(() => exampleAks(change as Partial<AksHostOptions>)).toThrow(`[OPTION_TYPE] ${place} must be `);
});

test.each<[string, () => unknown, string]>([
  ["no host", () => AksHost.reference(null as never), "host: options must be an object, got null"],
  [
    "no owned network",
    () => AksNetwork.owned(undefined as never),
    "AksNetwork.owned: options must be an object, got undefined",
  ],
  [
    "the id of an egress",
    () => AksNetwork.owned({ cidr: "10.0.0.0/16", egress: "loadBalancer" as never }),
    "AksNetwork.owned: egress",
  ],
  [
    "a given network without egress",
    () => AksNetwork.given({ subnetId: SUBNET, cidr: "10.0.0.0/16" } as never),
    "AksNetwork.given: egress",
  ],
  [
    "text for egress to the internet",
    () =>
      AksNetwork.given({
        subnetId: SUBNET,
        cidr: "10.0.0.0/16",
        egress: AksEgress.NAT_GATEWAY,
        internetEgress: "false" as never,
      }),
    "AksNetwork.given: internetEgress",
  ],
])("%s is an OPTION_TYPE, too", (_, make, message) => {
  expect(make).toThrow(`[OPTION_TYPE] ${message}`);
});

/** What azurerm 4.55.0 and Azure take as names: pattern and longest. */
const NAMES: Readonly<Record<string, RegExp>> = {
  azurerm_disk_encryption_set: /^[\w-]{1,80}$/,
  azurerm_key_vault: /^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/,
  azurerm_key_vault_key: /^[0-9a-zA-Z-]{1,127}$/,
  azurerm_kubernetes_cluster: /^[a-z0-9]([\w-]{0,61}[a-z0-9])?$/,
  azurerm_log_analytics_workspace: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  azurerm_monitor_diagnostic_setting: /^[\w-]{1,260}$/,
  azurerm_nat_gateway: /^[a-z0-9][\w.-]{0,78}\w$/,
  azurerm_public_ip: /^[a-z0-9][\w.-]{0,78}\w$/,
  azurerm_resource_group: /^[\w().-]{0,89}[\w()-]$/,
  azurerm_subnet: /^[a-z0-9][\w.-]{0,78}\w$/,
  azurerm_user_assigned_identity: /^[a-zA-Z0-9][\w-]{2,127}$/,
  azurerm_virtual_network: /^[a-z0-9][\w.-]{0,62}\w$/,
};

test("the longest names fit Azure's, also where AKS would join three of them", () => {
  const { template } = synthesized({
    name: `p${"r".repeat(30)}d`,
    location: "germanywestcentral",
    pools: [{ ...AKS_SYSTEM, name: "s".repeat(30) }],
  });
  const resources = template.json.resource as Record<string, Record<string, Record<string, unknown>>>;
  const named = Object.entries(resources).flatMap(([type, all]) =>
    Object.values(all).flatMap(({ name }) => (name === undefined ? [] : [[type, name as string] as const])),
  );
  expect(named.length).toBeGreaterThan(15);
  for (const [type, name] of named) expect([type, name]).toEqual([type, expect.stringMatching(NAMES[type]!)]);
  const cluster = template.only(KubernetesCluster);
  expect(cluster.node_resource_group).toBe(`tenclave-p${"r".repeat(30)}d-nodes`);
  expect(cluster.dns_prefix).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,52}[a-zA-Z0-9]$/);
});

test.each<[Partial<AksHostOptions>, string]>([
  [{ name: "a".repeat(33) }, "HOST_NAME"],
  [{ name: "Prod" }, "HOST_NAME"],
  [{ location: "West Europe" }, "HOST_LOCATION"],
  [{ location: "chinaeast2" }, "HOST_LOCATION"],
  [{ location: "usgovvirginia" }, "HOST_LOCATION"],
  [{ subscription: "prod" }, "HOST_SCOPE"],
  [{ tenant: id(2).toUpperCase().replace("2", "A") }, "HOST_SCOPE"],
  [{ resourceGroup: "no spaces please" }, "HOST_SCOPE"],
  [{ resourceGroup: "" }, "HOST_SCOPE"],
  [{ kubernetesVersion: "1.33" }, "HOST_KUBERNETES"],
  [{ admins: [] }, "AKS_ADMIN"],
  [{ admins: ["platform-admins"] }, "AKS_ADMIN"],
  [{ keyOfficers: [] }, "AKS_ADMIN"],
  [{ logRetentionDays: 29 }, "AKS_LOGS"],
  [{ logRetentionDays: 731 }, "AKS_LOGS"],
  [{ resourceGroup: "a".repeat(91) }, "HOST_SCOPE"],
  [{ resourceGroup: "ends-with-a-dot." }, "HOST_SCOPE"],
  [{ admins: [id(3), id(3)] }, "AKS_ADMIN"],
  [{ keyOfficers: [id(4), id(5), id(4)] }, "AKS_ADMIN"],
  [{ publicEndpoint: { cidrs: ["10.1.0.0/16"], reason: "for a test" } }, "HOST_PUBLIC_ENDPOINT"],
  [
    { publicEndpoint: { cidrs: ["198.51.100.0/24", "198.51.100.0/24"], reason: "for a test" } },
    "HOST_PUBLIC_ENDPOINT",
  ],
  [{ publicEndpoint: { cidrs: addresses(200), reason: "for a test" } }, "HOST_PUBLIC_ENDPOINT"],
  [{ podCidr: "10.128.0.0/9", pools: [AKS_SYSTEM, ...pools(100)] }, "POOL_SIZE"],
  [{ podCidr: "10.128.0.0/9", pools: [AKS_SYSTEM, ...pools(5, 1000)] }, "POOL_SIZE"],
  [{ maintenance: { dayOfWeek: "sunday", startTime: "02:00", hours: 4 } }, "AKS_MAINTENANCE"],
  [{ maintenance: { dayOfWeek: "Sunday", startTime: "24:00", hours: 4 } }, "AKS_MAINTENANCE"],
  [{ maintenance: { dayOfWeek: "Sunday", startTime: "02:00", hours: 25 } }, "AKS_MAINTENANCE"],
  [{ gatewayNamespace: "tenant-acme" }, "HOST_GATEWAY"],
  [{ gatewayNamespace: "kube-system" }, "HOST_GATEWAY"],
  [{ gatewayNamespace: "default" }, "HOST_GATEWAY"],
  [{ publicEndpoint: { cidrs: ["0.0.0.0/0"], reason: "for a test" } }, "HOST_PUBLIC_ENDPOINT"],
  [{ podCidr: "10.42.0.0/17" }, "HOST_RANGES"],
  [{ podCidr: "172.30.0.0/16" }, "HOST_RANGES"],
  [{ podCidr: "10.244.0.0/21" }, "HOST_RANGES"],
  [{ serviceCidr: "10.96.0.0/12" }, "HOST_RANGES"],
  [{ serviceCidr: "172.20.0.0/25" }, "HOST_RANGES"],
  [{ network: AksNetwork.owned({ cidr: "10.0.0.0/15" }) }, "HOST_RANGES"],
  [{ network: AksNetwork.owned({ cidr: "10.42.0.0/23" }) }, "HOST_RANGES"],
  [{ network: AksNetwork.owned({ cidr: "172.31.0.0/16" }) }, "HOST_RANGES"],
  [{ pools: [AKS_SNP] }, "POOL_SYSTEM"],
  [{ pools: [AKS_SYSTEM, AKS_SYSTEM] }, "POOL_DUPLICATE"],
])("%j is refused", (change, code) => {
  expect(() => exampleAks(change)).toThrow(new RegExp(`\\[${code}\\] host\\.`));
});

test("the pod range and the subnet hold each node and one more of each pool", () => {
  // 3 + 4 + 6 nodes, and one more of three pools: 16.
  expect(exampleAks({ podCidr: "10.244.0.0/20" }).network.podCidr).toBe("10.244.0.0/20");
  const many = [AKS_SYSTEM, { ...AKS_SNP, maxNodes: 503 }];
  const network = (cidr: string): Partial<AksHostOptions> => ({
    network: AksNetwork.owned({ cidr }),
    podCidr: "10.64.0.0/10",
    pools: many,
  });
  expect(() => exampleAks(network("10.42.0.0/22"))).toThrow(/\[HOST_RANGES\].*508 nodes.*holds 507/);
  expect(exampleAks(network("10.0.0.0/21")).network.nodeCidr).toBe("10.0.0.0/21");
});

test.each([
  () => AksNetwork.given({ subnetId: "aks-subnet", cidr: "10.0.0.0/16", egress: AksEgress.NAT_GATEWAY }),
  () => AksNetwork.owned({ cidr: "10.0.0.0/16", egress: AksEgress.USER_DEFINED_ROUTES }),
])("a network that cannot be is refused at once: %#", (make) => {
  expect(make).toThrow(/\[HOST_(SCOPE|RANGES)\]/);
});

test("a GPU size takes each channel that patches it", () => {
  const h100 = { ...AKS_SNP, vmSize: "Standard_NCC40ads_H100_v5", acceptUnproven: "tried by hand" };
  const channel = AksNodeOsChannel.SECURITY_PATCH;
  expect(exampleAks({ pools: [AKS_SYSTEM, h100] }).pools).toHaveLength(2);
  expect(exampleAks({ nodeOsChannel: channel, pools: [AKS_SYSTEM, AKS_SNP] }).pools).toHaveLength(2);
  const ubuntu = { ...h100, osSku: "Ubuntu" };
  expect(exampleAks({ nodeOsChannel: channel, pools: [AKS_SYSTEM, ubuntu] }).pools).toHaveLength(2);
});

test("SGX pools need the host's tooling", () => {
  const pools = [
    AKS_SYSTEM,
    { name: "sgx", vmSize: "Standard_DC4s_v3", tee: Tee.SGX, minNodes: 0, maxNodes: 1, today: "2026-11-21" },
  ];
  expect(() => exampleAks({ pools })).toThrow(/\[POOL_FEATURE\] pools\.sgx/);
  expect(exampleAks({ pools, sgx: { quoteHelper: false } }).pools).toHaveLength(2);
});

test("the reference carries version, network facts and pools, and is plain data", () => {
  const reference = exampleAks({ gatewayNamespace: "gateway" });
  expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
  expect(reference).toMatchObject({
    cloud: "azure",
    name: "prod",
    location: "westeurope",
    account: id(1),
    resourceGroup: "tenclave-prod",
    kubernetesVersion: "1.34",
    gatewayNamespace: "gateway",
    network: {
      cni: "cilium",
      podCidr: "10.244.0.0/16",
      serviceCidr: "172.20.0.0/16",
      nodeCidr: "10.42.0.0/16",
      mtu: 1500,
      nodeResolvers: ["168.63.129.16"],
      enforcesNetworkPolicy: true,
      encryptsPodTraffic: true,
      apiServerReachesPods: true,
      internetEgress: true,
    },
    storageClass: {
      name: "tenclave-encrypted",
      provisioner: "disk.csi.azure.com",
      refused: expect.arrayContaining(["default", "managed-csi", "azurefile"]) as string[],
      parameters: {
        skuName: "Premium_LRS",
        networkAccessPolicy: "DenyAll",
        resourceGroup: "tenclave-prod-volumes",
      },
    },
  });
  expect(reference.pools.map(({ name, tier, system }) => [name, tier, system])).toEqual([
    ["system", "SHARED", true],
    ["plain", "SHARED", false],
    ["snp", "CONFIDENTIAL_NODE", false],
  ]);
});

describe("a host of another stack", () => {
  const reference = exampleAks();

  test("is looked up by name and group, and logged in to by kubelogin", () => {
    const scope = stack();
    const host = AksHost.lookup(scope, "Host", reference);
    host.access.helmProvider(scope);
    const { json } = Template.of(scope);
    expect(json.data).toEqual({
      azurerm_kubernetes_cluster: { Host: { name: "prod", resource_group_name: "tenclave-prod" } },
    });
    expect(json.provider).toMatchObject({
      azurerm: [{ subscription_id: id(1) }],
      helm: [
        {
          kubernetes: {
            host: "${data.azurerm_kubernetes_cluster.Host.kube_config[0].host}",
            cluster_ca_certificate:
              "${base64decode(data.azurerm_kubernetes_cluster.Host.kube_config[0].cluster_ca_certificate)}",
            exec: {
              command: "kubelogin",
              args: [
                "get-token",
                "--login",
                "azurecli",
                "--server-id",
                "6dae42f8-4368-4678-94ff-3960e28e3630",
              ],
            },
          },
        },
      ],
    });
  });

  test("is given by values: no data source, no azurerm provider", () => {
    const scope = stack();
    AksHost.byAttributes(reference, AKS_ATTRIBUTES).connect(scope).access.kubernetesProvider(scope);
    const { json } = Template.of(scope);
    expect(json).not.toHaveProperty("data");
    expect(Object.keys(json.provider as object)).toEqual(["kubernetes"]);
  });

  test("is given by two Terraform variables", () => {
    const scope = stack();
    AksHost.byVariables(reference).connect(scope).access.helmProvider(scope);
    const { json } = Template.of(scope);
    expect(Object.keys(json.variable as object).sort()).toEqual([
      "host_certificate_authority",
      "host_endpoint",
    ]);
    expect(json.provider).toMatchObject({ helm: [{ kubernetes: { host: "${var.host_endpoint}" } }] });
  });

  test("is the same host in every form", () => {
    const forms = [
      AksHost.byLookup(reference),
      AksHost.byAttributes(reference, AKS_ATTRIBUTES),
      AksHost.byVariables(reference),
    ];
    for (const form of forms) {
      expect(form.reference).toBe(reference);
      expect(form.connect(stack())).toMatchObject({
        reference,
        network: reference.network,
        nodeSubnetId: reference.network.nodeSubnet,
        workloadIdentity: { kind: "azure-workload-identity" },
      });
    }
    const owned = new AksHostStack(app(), "host", aksOptions()).host;
    expect(owned.reference).toEqual(reference);
    expect(owned.workloadIdentity.kind).toBe("azure-workload-identity");
  });

  test("is no host of another cloud", () => {
    expect(() => AksHost.byAttributes(exampleHost(), AKS_ATTRIBUTES).connect(stack())).toThrow(
      /\[HOST_CLOUD\].*'aws'/,
    );
  });
});
