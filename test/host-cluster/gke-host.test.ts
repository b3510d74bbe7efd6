import {
  ComputeNetwork,
  ComputeRouter,
  ComputeRouterNat,
  ComputeSubnetwork,
  ContainerCluster,
  ContainerNodePool,
  KmsCryptoKey,
  KmsCryptoKeyIamMember,
  KmsKeyRing,
  ServiceAccount,
} from "../../lib/core/bindings/google";
import { Retention } from "../../lib";
import { warningsOf } from "../../lib/core/notes";
import { GkeHost, GkeNetwork, type GkeHostOptions } from "../../lib/google";
import { gkeHostKey } from "../../lib/host-cluster/gke-names";
import { Tee } from "../../lib/tee/tee";
import { Template } from "../../lib/testing";
import { GkeHostStack } from "../../stacks/google";
import { exampleGkeHost, GKE_ATTRIBUTES, GKE_SYSTEM, GKE_TDX, gkeHostOptions } from "../support/gke-host";
import { app, stack } from "../support/scope";

function synthesized(change: Partial<GkeHostOptions> = {}): { template: Template; stack: GkeHostStack } {
  const hostStack = new GkeHostStack(app(), "host", gkeHostOptions(change));
  return { template: Template.of(hostStack), stack: hostStack };
}

function cluster(change: Partial<GkeHostOptions> = {}): Record<string, unknown> {
  return synthesized(change).template.only(ContainerCluster);
}

describe("a GKE host, by default", () => {
  const { template, stack: hostStack } = synthesized();
  const made = template.only(ContainerCluster);

  test("is exactly this cluster", () => {
    const COMPONENTS = ["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"];
    expect(made).toEqual({
      name: "prod",
      project: "example-platform",
      location: "europe-west4",
      node_locations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      network: expect.stringMatching(/^\$\{google_compute_network\./) as string,
      subnetwork: expect.stringMatching(/^\$\{google_compute_subnetwork\./) as string,
      networking_mode: "VPC_NATIVE",
      ip_allocation_policy: {
        cluster_secondary_range_name: "pods",
        services_secondary_range_name: "services",
        stack_type: "IPV4",
      },
      default_max_pods_per_node: 110,
      min_master_version: "1.34",
      release_channel: { channel: "REGULAR" },
      maintenance_policy: {
        recurring_window: {
          start_time: "2026-01-03T02:00:00Z",
          end_time: "2026-01-03T10:00:00Z",
          recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
        },
        maintenance_exclusion: [
          {
            exclusion_name: "hold-minor",
            start_time: "2026-11-01T00:00:00Z",
            end_time: "2099-12-31T23:59:59Z",
            exclusion_options: { scope: "NO_MINOR_UPGRADES" },
          },
        ],
      },
      deletion_protection: true,
      datapath_provider: "ADVANCED_DATAPATH",
      in_transit_encryption_config: "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT",
      enable_cilium_clusterwide_network_policy: true,
      enable_fqdn_network_policy: false,
      service_external_ips_config: { enabled: false },
      private_cluster_config: {
        enable_private_nodes: true,
        enable_private_endpoint: true,
        master_ipv4_cidr_block: "172.16.0.0/28",
        master_global_access_config: { enabled: false },
      },
      master_authorized_networks_config: {
        gcp_public_cidrs_access_enabled: false,
        private_endpoint_enforcement_enabled: true,
        cidr_blocks: [],
      },
      control_plane_endpoints_config: {
        dns_endpoint_config: { allow_external_traffic: false },
        ip_endpoints_config: { enabled: true },
      },
      master_auth: { client_certificate_config: { issue_client_certificate: false } },
      enable_legacy_abac: false,
      anonymous_authentication_config: { mode: "LIMITED" },
      rbac_binding_config: {
        enable_insecure_binding_system_authenticated: false,
        enable_insecure_binding_system_unauthenticated: false,
      },
      workload_identity_config: { workload_pool: "example-platform.svc.id.goog" },
      database_encryption: {
        state: "ENCRYPTED",
        key_name: expect.stringMatching(/^\$\{google_kms_crypto_key\.Host_Keys_Etcd_Key/) as string,
      },
      binary_authorization: { evaluation_mode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
      logging_config: { enable_components: COMPONENTS },
      monitoring_config: {
        enable_components: COMPONENTS,
        managed_prometheus: { enabled: false },
        advanced_datapath_observability_config: { enable_metrics: true, enable_relay: false },
      },
      addons_config: {
        gce_persistent_disk_csi_driver_config: { enabled: true },
        gcp_filestore_csi_driver_config: { enabled: false },
        gcs_fuse_csi_driver_config: { enabled: false },
        dns_cache_config: { enabled: false },
      },
      enable_shielded_nodes: true,
      remove_default_node_pool: true,
      initial_node_count: 1,
      node_config: {
        machine_type: "e2-standard-2",
        image_type: "COS_CONTAINERD",
        disk_type: "pd-balanced",
        disk_size_gb: 20,
        boot_disk_kms_key: expect.stringMatching(/^\$\{google_kms_crypto_key\.Host_Keys_Nodes_Key/) as string,
        service_account: expect.stringMatching(/^tc-prod-first-[0-9a-f]{8}@example-platform\./) as string,
        oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
        metadata: { "disable-legacy-endpoints": "true" },
        shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
        workload_metadata_config: { mode: "GKE_METADATA" },
        kubelet_config: { insecure_kubelet_readonly_port_enabled: "FALSE" },
      },
      node_pool_defaults: {
        node_config_defaults: { insecure_kubelet_readonly_port_enabled: "FALSE" },
      },
      node_pool_auto_config: {
        node_kubelet_config: { insecure_kubelet_readonly_port_enabled: "FALSE" },
      },
      lifecycle: {
        prevent_destroy: true,
        ignore_changes: ["initial_node_count", "node_config", "node_locations"],
      },
      depends_on: [
        ...["Etcd", "Nodes", "Volumes"].map(
          (key) =>
            expect.stringMatching(
              new RegExp(`^google_kms_crypto_key_iam_member\\.Host_Keys_${key}_Grant`),
            ) as string,
        ),
        expect.stringMatching(/^google_compute_router_nat\./) as string,
        expect.stringMatching(/^google_service_account\.Host_FirstNodes/) as string,
        expect.stringMatching(/^google_project_iam_member\.Host_FirstNodes_Node/) as string,
        expect.stringMatching(/^google_project_iam_member\.Host_FirstNodes_Images/) as string,
      ],
    });
  });

  test("has no cluster-wide confidential nodes, which could not be undone, and no pool of its own", () => {
    expect(made).not.toHaveProperty("confidential_nodes");
    expect(template.all(ContainerNodePool)).toEqual([]);
    expect(template.all(ServiceAccount)).toHaveLength(1);
  });

  test("has three keys in hardware that rotate, each for one of Google's own accounts", () => {
    expect(template.only(KmsKeyRing)).toMatchObject({
      name: "tenclave-prod",
      location: "europe-west4",
      lifecycle: { prevent_destroy: true },
    });
    const names = template.all(KmsCryptoKey).map((key) => {
      expect(key).toEqual({
        name: key.name,
        key_ring: expect.stringMatching(/^\$\{google_kms_key_ring\.Host_Keys_Ring/) as string,
        purpose: "ENCRYPT_DECRYPT",
        rotation_period: "7776000s",
        destroy_scheduled_duration: "2592000s",
        version_template: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protection_level: "HSM" },
        lifecycle: { prevent_destroy: true },
      });
      return key.name;
    });
    expect(names).toEqual(["etcd", "nodes", "volumes"]);
    const agent = (service: string): string =>
      `serviceAccount:service-123456789012@${service}.iam.gserviceaccount.com`;
    expect(
      template
        .all(KmsCryptoKeyIamMember)
        .map(({ crypto_key_id, role, member }) => [
          /Keys_(\w+)_Key/.exec(String(crypto_key_id))?.[1],
          role,
          member,
        ]),
    ).toEqual([
      ["Etcd", "roles/cloudkms.cryptoKeyEncrypterDecrypter", agent("container-engine-robot")],
      ["Nodes", "roles/cloudkms.cryptoKeyEncrypterDecrypter", agent("compute-system")],
      ["Volumes", "roles/cloudkms.cryptoKeyEncrypterDecrypter", agent("compute-system")],
    ]);
  });

  test("lives in a VPC of its own, with ranges for pods and Services, and NAT for its subnet alone", () => {
    // In the host's own project, whatever the stack's provider says.
    for (const type of [ComputeNetwork, ComputeSubnetwork, ComputeRouter, ComputeRouterNat])
      expect(template.only(type)).toMatchObject({ project: "example-platform" });
    expect(template.only(ComputeNetwork)).toEqual({
      project: "example-platform",
      name: "tenclave-europe-west4-prod",
      auto_create_subnetworks: false,
      routing_mode: "REGIONAL",
      mtu: 1460,
    });
    expect(template.only(ComputeSubnetwork)).toMatchObject({
      ip_cidr_range: "10.42.0.0/20",
      private_ip_google_access: true,
      secondary_ip_range: [
        { range_name: "pods", ip_cidr_range: "10.244.0.0/16" },
        { range_name: "services", ip_cidr_range: "172.20.0.0/20" },
      ],
      log_config: { flow_sampling: 0.5 },
    });
    expect(template.only(ComputeRouterNat)).toMatchObject({
      nat_ip_allocate_option: "AUTO_ONLY",
      source_subnetwork_ip_ranges_to_nat: "LIST_OF_SUBNETWORKS",
      subnetwork: [
        {
          name: expect.stringMatching(/google_compute_subnetwork/) as string,
          source_ip_ranges_to_nat: ["ALL_IP_RANGES"],
        },
      ],
    });
  });

  test("has a provider of one project and region that labels what it makes", () => {
    expect(template.json.provider).toEqual({
      google: [
        {
          project: "example-platform",
          region: "europe-west4",
          default_labels: { tenclave_host: "prod" },
        },
      ],
    });
  });

  test("warns of nothing", () => {
    expect(warningsOf(hostStack)).toEqual([]);
  });
});

test("a minor that is not held shows as a warning", () => {
  const { template, stack: hostStack } = synthesized({ holdMinor: undefined });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^GKE raises Kubernetes 1\.34 by itself.*set holdMinor$/),
  ]);
  expect(template.only(ContainerCluster).maintenance_policy).not.toHaveProperty("maintenance_exclusion");
});

test("a hold that is over is none, and shows as a warning", () => {
  const { stack: hostStack } = synthesized({ holdMinor: { from: "2020-01-01", until: "2020-06-30" } });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^GKE raises Kubernetes 1\.34 by itself.*holdMinor ended on 2020-06-30, move it on$/,
    ),
  ]);
});

test("without NAT there is no way out, and the reference says so", () => {
  const network = GkeNetwork.owned({ cidr: "10.42.0.0/20", nat: false });
  expect(synthesized({ network }).template.all(ComputeRouterNat)).toEqual([]);
  expect(exampleGkeHost({ network }).network.internetEgress).toBe(false);
});

test("a given network is used as it is", () => {
  const network = GkeNetwork.given({
    network: "projects/net/global/networks/shared",
    subnetwork: "projects/net/regions/europe-west4/subnetworks/gke",
    podRangeName: "gke-pods",
    serviceRangeName: "gke-services",
    cidr: "10.60.0.0/20",
    internetEgress: false,
    mtu: 8896,
  });
  const { template } = synthesized({ network });
  expect(template.all(ComputeNetwork)).toEqual([]);
  expect(template.all(ComputeSubnetwork)).toEqual([]);
  expect(template.only(ContainerCluster)).toMatchObject({
    network: "projects/net/global/networks/shared",
    subnetwork: "projects/net/regions/europe-west4/subnetworks/gke",
    ip_allocation_policy: {
      cluster_secondary_range_name: "gke-pods",
      services_secondary_range_name: "gke-services",
    },
  });
  expect(exampleGkeHost({ network }).network).toMatchObject({
    nodeCidr: "10.60.0.0/20",
    mtu: 8896,
    internetEgress: false,
  });
});

test("the API is opened in writing only", () => {
  const { template, stack: hostStack } = synthesized({
    apiClientCidrs: ["10.8.0.0/24"],
    publicEndpoint: { cidrs: ["198.51.100.0/24"], reason: "administrators have no VPN yet" },
    dnsEndpoint: { reason: "runners live outside" },
    clusterwidePolicies: false,
  });
  expect(template.only(ContainerCluster)).toMatchObject({
    private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: false },
    master_authorized_networks_config: {
      cidr_blocks: [{ cidr_block: "10.8.0.0/24" }, { cidr_block: "198.51.100.0/24" }],
    },
    control_plane_endpoints_config: { dns_endpoint_config: { allow_external_traffic: true } },
  });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([
    "API endpoint is public for 198.51.100.0/24: administrators have no VPN yet",
    "API is open by its DNS name to whom IAM lets in: runners live outside",
    "no clusterwide policies: whoever may write a policy in a tenant's namespace opens its fence",
  ]);
  expect(() => synthesized({ dnsEndpoint: { reason: " " } })).toThrow(/\[REASON\]/);
});

test("what is asked for reaches the cluster", () => {
  expect(
    cluster({
      securityGroup: "gke-security-groups@example.com",
      releaseChannel: "EXTENDED",
      clusterwidePolicies: false,
      maintenanceWindow: {
        start: "2026-02-01T00:00:00Z",
        end: "2026-02-01T12:00:00Z",
        recurrence: "FREQ=DAILY",
      },
    }),
  ).toMatchObject({
    authenticator_groups_config: { security_group: "gke-security-groups@example.com" },
    release_channel: { channel: "EXTENDED" },
    enable_cilium_clusterwide_network_policy: false,
    maintenance_policy: {
      recurring_window: {
        start_time: "2026-02-01T00:00:00Z",
        end_time: "2026-02-01T12:00:00Z",
        recurrence: "FREQ=DAILY",
      },
    },
  });
});

test("a throw-away host can be destroyed, but for its keys, and says so", () => {
  const { template, stack: hostStack } = synthesized({ retention: Retention.destroy("a test") });
  const made = template.only(ContainerCluster);
  expect(made.deletion_protection).toBe(false);
  expect(made.lifecycle).toEqual({ ignore_changes: ["initial_node_count", "node_config", "node_locations"] });
  for (const key of template.all(KmsCryptoKey)) {
    // As on a host that is kept: lifting the protection must not replace, and so destroy, the keys.
    expect(key.destroy_scheduled_duration).toBe("2592000s");
    expect(key).not.toHaveProperty("lifecycle");
  }
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual(["deletion protection is off: a test"]);
});

describe("the reference", () => {
  test("carries version, network facts and pools, and is plain data", () => {
    const reference = exampleGkeHost({ gatewayNamespace: "gateway" });
    expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
    expect(reference).toEqual({
      cloud: "google",
      name: "prod",
      location: "europe-west4",
      account: "example-platform",
      kubernetesVersion: "1.34",
      network: {
        cni: "gke-dataplane-v2",
        podCidr: "10.244.0.0/16",
        serviceCidr: "172.20.0.0/20",
        nodeCidr: "10.42.0.0/20",
        mtu: 1460,
        nodeResolvers: ["169.254.169.254"],
        enforcesNetworkPolicy: true,
        encryptsPodTraffic: true,
        clusterwidePolicies: true,
        apiServerCidr: "172.16.0.0/28",
        apiServerReachesPods: true,
        internetEgress: true,
      },
      pools: expect.anything() as unknown,
      storageClass: {
        name: "tenclave-encrypted",
        provisioner: "pd.csi.storage.gke.io",
        refused: ["standard", "standard-rwo", "premium-rwo", "dynamic-rwo"],
        parameters: {
          type: "pd-balanced",
          "disk-encryption-kms-key":
            "projects/example-platform/locations/europe-west4/keyRings/tenclave-prod/cryptoKeys/volumes",
        },
      },
      administrators: { users: ["platform@example.com"], groups: [] },
      gatewayNamespace: "gateway",
    });
    expect(reference.pools.map(({ name, tier, system }) => [name, tier, system])).toEqual([
      ["system", "SHARED", true],
      ["plain", "SHARED", false],
      ["tdx", "CONFIDENTIAL_NODE", false],
      ["snp", "CONFIDENTIAL_NODE", false],
    ]);
  });

  test("names volumes that every tenant's pool can attach", () => {
    const type = (...pools: GkeHostOptions["pools"]): unknown =>
      exampleGkeHost({ pools: [GKE_SYSTEM, ...pools] }).storageClass.parameters.type;
    const c4 = { name: "c4", machineType: "c4-standard-8", tee: Tee.TDX, minNodes: 0, maxNodes: 2 };
    const c3d = { ...c4, name: "c3d", machineType: "c3d-standard-8", tee: Tee.SEV };
    expect(type()).toBe("pd-balanced");
    expect(type(GKE_TDX, c3d)).toBe("pd-balanced");
    expect(type(c4)).toBe("hyperdisk-balanced");
    expect(type(c4, c3d)).toBe("hyperdisk-balanced");
    expect(() => type(c4, GKE_TDX)).toThrow(/\[POOL_DISK\]/);
  });

  test("leads to the other keys, whatever the ring is called", () => {
    const reference = exampleGkeHost({ keyRing: "prod-second" });
    expect(gkeHostKey(reference, "nodes")).toBe(
      "projects/example-platform/locations/europe-west4/keyRings/prod-second/cryptoKeys/nodes",
    );
    expect(synthesized({ keyRing: "prod-second" }).template.only(KmsKeyRing).name).toBe("prod-second");
  });
});

describe("ranges", () => {
  test.each([
    [{ podCidr: "10.42.0.0/17" }, /common address/],
    [{ serviceCidr: "172.16.0.0/20" }, /common address/],
    [{ controlPlaneCidr: "172.16.0.0/27" }, /\/28/],
    [{ controlPlaneCidr: "34.0.0.0/28" }, /private/],
    [{ serviceCidr: "172.20.0.0/28" }, /\/16 to a \/27/],
    [{ serviceCidr: "172.20.0.0/15" }, /private IPv4 range|\/16 to a \/27/],
    [{ network: GkeNetwork.owned({ cidr: "10.42.0.0/28" }) }, /hold 23 nodes/],
  ])("%j are refused", (change, words) => {
    expect(() => exampleGkeHost(change)).toThrow(/\[HOST_RANGES\]/);
    expect(() => exampleGkeHost(change)).toThrow(words);
  });

  test("of pods hold a /24 for each node, one more of each pool, and three that GKE starts with", () => {
    // 3 + 4 + 6 + 3 nodes, one more of four pools, and three: 23.
    expect(exampleGkeHost({ podCidr: "10.244.0.0/19" }).network.podCidr).toBe("10.244.0.0/19");
    expect(() => exampleGkeHost({ podCidr: "10.244.0.0/20" })).toThrow(/\[HOST_RANGES\].*each of 23 nodes/);
  });
});

test.each<[Partial<GkeHostOptions>, string]>([
  [{ region: "europe-west4-a" }, "HOST_LOCATION"],
  [{ region: "eu-west-1" }, "HOST_LOCATION"],
  [{ project: "Example" }, "HOST_SCOPE"],
  [{ projectNumber: "example-platform" }, "HOST_SCOPE"],
  [{ kubernetesVersion: "1.33" }, "HOST_KUBERNETES"],
  [{ name: "a".repeat(33) }, "HOST_NAME"],
  [{ gatewayNamespace: "tenclave-system" }, "HOST_GATEWAY"],
  [{ publicEndpoint: { cidrs: [], reason: "for a test" } }, "HOST_PUBLIC_ENDPOINT"],
  [{ apiClientCidrs: ["198.51.100.0/24"] }, "HOST_PUBLIC_ENDPOINT"],
  [{ securityGroup: "admins@example.com" }, "GKE_SECURITY_GROUP"],
  [{ releaseChannel: "RAPID" }, "GKE_RELEASE_CHANNEL"],
  [{ holdMinor: { from: "2026-11", until: "2027-02-28" } }, "GKE_MAINTENANCE"],
  [{ maintenanceWindow: { start: "now", end: "then", recurrence: "FREQ=DAILY" } }, "GKE_MAINTENANCE"],
  [{ keyRing: "no spaces" }, "NAME"],
  [{ pools: [GKE_TDX] }, "POOL_SYSTEM"],
  [{ pools: [GKE_SYSTEM, GKE_SYSTEM] }, "POOL_DUPLICATE"],
])("%j fails with %s before anything exists", (change, code) => {
  expect(() => exampleGkeHost(change)).toThrow(new RegExp(`^\\[${code}\\] host\\.`));
});

describe("a host of another stack", () => {
  const reference = exampleGkeHost();

  test("is looked up by name", () => {
    const scope = stack();
    GkeHost.lookup(scope, "Host", reference).access.helmProvider(scope);
    const { json } = Template.of(scope);
    expect(json.data).toMatchObject({
      google_container_cluster: {
        Host: { name: "prod", location: "europe-west4", project: "example-platform" },
      },
    });
    expect(json.provider).toMatchObject({
      google: [{ project: "example-platform" }],
      helm: [
        {
          kubernetes: {
            host: "https://${data.google_container_cluster.Host.endpoint}",
            cluster_ca_certificate:
              "${base64decode(data.google_container_cluster.Host.master_auth[0].cluster_ca_certificate)}",
            exec: {
              api_version: "client.authentication.k8s.io/v1beta1",
              command: "gke-gcloud-auth-plugin",
              args: [],
            },
          },
        },
      ],
    });
  });

  test("is looked up by its DNS name, whose certificate everybody trusts", () => {
    const scope = stack();
    GkeHost.byLookup(reference, { byDnsName: true }).connect(scope).access.kubernetesProvider(scope);
    const { kubernetes } = Template.of(scope).json.provider as { kubernetes: [Record<string, unknown>] };
    expect(kubernetes[0].host).toBe(
      "https://${data.google_container_cluster.Host.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint}",
    );
    expect(kubernetes[0]).not.toHaveProperty("cluster_ca_certificate");
  });

  test("is given by values: no data source, no Google provider", () => {
    const scope = stack();
    GkeHost.byAttributes(reference, GKE_ATTRIBUTES).connect(scope).access.kubernetesProvider(scope);
    const { json } = Template.of(scope);
    expect(json).not.toHaveProperty("data");
    expect(Object.keys(json.provider as object)).toEqual(["kubernetes"]);
  });

  test("is given by two Terraform variables and no more", () => {
    const scope = stack();
    GkeHost.byVariables(reference).connect(scope).access.helmProvider(scope);
    const { json } = Template.of(scope);
    expect(json.variable).toEqual({
      host_endpoint: expect.objectContaining({ type: "string" }) as unknown,
      host_certificate_authority: expect.objectContaining({ type: "string" }) as unknown,
    });
    expect(json.provider).toMatchObject({ helm: [{ kubernetes: { host: "${var.host_endpoint}" } }] });
  });

  test("is the same host in every form", () => {
    const forms = [
      GkeHost.byLookup(reference),
      GkeHost.byAttributes(reference, GKE_ATTRIBUTES),
      GkeHost.byVariables(reference),
    ];
    for (const form of forms) {
      expect(form.reference).toBe(reference);
      expect(form.connect(stack())).toMatchObject({
        reference,
        network: reference.network,
        clusterName: "prod",
        workloadIdentity: { kind: "gke-workload-identity" },
      });
    }
    const owned = new GkeHostStack(app(), "host", gkeHostOptions()).host;
    expect(owned.reference).toEqual(reference);
    expect(owned.workloadIdentity).toEqual({ kind: "gke-workload-identity" });
    expect(owned.network).toEqual(reference.network);
  });

  test("of another cloud is refused", () => {
    const other = { ...reference, cloud: "aws" };
    expect(() => GkeHost.lookup(stack(), "Host", other)).toThrow(/\[HOST_CLOUD\]/);
    expect(() => GkeHost.fromAttributes(stack(), "Host", other, GKE_ATTRIBUTES)).toThrow(/\[HOST_CLOUD\]/);
  });
});
