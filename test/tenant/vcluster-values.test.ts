import { vclusterValues, type Values } from "../../lib";
import { CONTROL_PLANE_SIZES } from "../../lib/tenant/control-plane-size";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { LICENSED_KEYS, withOwnValues } from "../../lib/tenant/vcluster-values";
import { exampleHost, exampleTenant } from "../support/host";

const host = exampleHost({ gatewayNamespace: "gateway" });

function values(
  change: Partial<TenantSpecInput> = {},
  options: { keepVolumes?: boolean; licensed?: boolean; imageRegistry?: string } = {},
): Values {
  const tenant = checkTenant(exampleTenant(change), host);
  return vclusterValues({ tenant, host, keepVolumes: true, licensed: false, ...options });
}

function flags(all: Values): string[] {
  return (all as { controlPlane: { distro: { k8s: { apiServer: { extraArgs: string[] } } } } }).controlPlane
    .distro.k8s.apiServer.extraArgs;
}

test("synced pods and the control plane are forced onto the tenant's pool", () => {
  expect(values()).toMatchObject({
    controlPlane: { statefulSet: { runtimeClassName: "tenclave-snp" } },
    sync: {
      toHost: {
        pods: { runtimeClassName: "tenclave-snp", enforceTolerations: ["tenclave.dev/pool=snp:NoSchedule"] },
      },
      fromHost: {
        nodes: { selector: { labels: { "tenclave.dev/pool": "snp", "tenclave.dev/tee": "sev-snp" } } },
      },
    },
  });
});

test("tokens live in Secrets, not in annotations", () => {
  expect(values()).toMatchObject({ sync: { toHost: { pods: { useSecretsForSATokens: true } } } });
});

test("nothing of the host is read: no nodes, no classes, no drivers", () => {
  const off = { enabled: false };
  expect(values()).toMatchObject({
    sync: {
      fromHost: {
        nodes: { enabled: false, clearImageStatus: true },
        storageClasses: off,
        csiDrivers: off,
        csiNodes: off,
        csiStorageCapacities: off,
        ingressClasses: off,
        priorityClasses: off,
        runtimeClasses: off,
      },
      toHost: {
        namespaces: off,
        networkPolicies: off,
        persistentVolumes: off,
        priorityClasses: off,
        serviceAccounts: off,
        storageClasses: off,
      },
    },
    networking: { advanced: { proxyKubelets: { byHostname: false, byIP: false } } },
  });
});

test("guardrails own network policy, quota and limits; the syncer keeps Pod Security", () => {
  expect(values().policies).toEqual({
    podSecurityStandard: "restricted",
    networkPolicy: { enabled: false },
    resourceQuota: { enabled: false },
    limitRange: { enabled: false },
  });
});

test("the control plane is rootless from the first install, init container included", () => {
  const container = {
    runAsNonRoot: true,
    runAsUser: 12345,
    runAsGroup: 12345,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  expect(values()).toMatchObject({
    controlPlane: {
      distro: { k8s: { securityContext: container } },
      statefulSet: {
        security: {
          podSecurityContext: { runAsNonRoot: true, runAsUser: 12345, runAsGroup: 12345, fsGroup: 12345 },
          containerSecurityContext: container,
        },
      },
    },
  });
});

test.each([
  ["1.34", "v1.34.0"],
  ["1.35", "v1.35.0"],
])("on host %s the virtual cluster runs %s", (kubernetesVersion, tag) => {
  const other = exampleHost({ kubernetesVersion });
  const tenant = checkTenant(exampleTenant(), other);
  expect(vclusterValues({ tenant, host: other, keepVolumes: true, licensed: false })).toMatchObject({
    controlPlane: { distro: { k8s: { image: { tag } } } },
  });
});

test("the store's volume is encrypted by the host's class, and kept unless told otherwise", () => {
  const claim = (all: Values): unknown =>
    (all as { controlPlane: { statefulSet: { persistence: { volumeClaim: unknown } } } }).controlPlane
      .statefulSet.persistence.volumeClaim;
  expect(claim(values())).toEqual({
    enabled: true,
    size: "5120Mi",
    storageClass: "tenclave-encrypted",
    retentionPolicy: "Retain",
  });
  expect(claim(values({}, { keepVolumes: false }))).toMatchObject({ retentionPolicy: "Delete" });
});

test("the image is the open-source one, the Pro one with a licence", () => {
  const image = (all: Values): unknown =>
    (all as { controlPlane: { statefulSet: { image: unknown } } }).controlPlane.statefulSet.image;
  expect(image(values())).toEqual({ repository: "loft-sh/vcluster-oss" });
  expect(image(values({}, { licensed: true }))).toEqual({ repository: "loft-sh/vcluster-pro" });
});

test("telemetry is off, and TLS is verified", () => {
  expect(values()).toMatchObject({ telemetry: { enabled: false }, exportKubeConfig: { insecure: false } });
});

test("images come from a mirror when there is one", () => {
  expect(values({}, { imageRegistry: "registry.example.com" })).toMatchObject({
    controlPlane: { advanced: { defaultImageRegistry: "registry.example.com" } },
  });
  expect(values().controlPlane).not.toHaveProperty("advanced");
});

test("a host name becomes a SAN; by gateway it is also the kubeconfig's server", () => {
  const hostname = "acme.example.com";
  expect(values({ api: { hostname, via: "gateway" } })).toMatchObject({
    controlPlane: { proxy: { extraSANs: [hostname] } },
    exportKubeConfig: { context: "acme", server: "https://acme.example.com" },
  });
  expect(values({ api: { hostname } })).toMatchObject({
    controlPlane: { proxy: { extraSANs: [hostname] } },
    exportKubeConfig: { server: "https://localhost:8443" },
  });
  expect(values()).toMatchObject({ controlPlane: { proxy: { extraSANs: [] } } });
});

test("tokens live for a year at most, whatever the syncer asks for", () => {
  expect(flags(values())).toEqual(["--service-account-max-token-expiration=8760h"]);
});

test("the kubeconfig's Secret holds a token that can be taken back, not a certificate of system:masters", () => {
  expect(values()).toMatchObject({
    exportKubeConfig: {
      serviceAccount: {
        name: "tenclave-kubeconfig",
        namespace: "kube-system",
        clusterRole: "cluster-admin",
      },
    },
  });
});

describe("log-in by an identity provider", () => {
  const oidc = {
    issuer: "https://login.example.com/acme",
    clientId: "acme",
    groups: { admin: ["ops"], developer: ["dev", "qa"], viewer: ["audit"] },
  };
  const all = values({ api: { oidc } });

  test("prefixes names and groups, so that no token says system:masters", () => {
    expect(flags(all)).toEqual([
      "--service-account-max-token-expiration=8760h",
      "--oidc-issuer-url=https://login.example.com/acme",
      "--oidc-client-id=acme",
      "--oidc-username-claim=sub",
      "--oidc-username-prefix=oidc:",
      "--oidc-groups-claim=groups",
      "--oidc-groups-prefix=oidc:",
    ]);
    expect(flags(values({ api: { oidc: { ...oidc, groupsClaim: "roles" } } }))).toContain(
      "--oidc-groups-claim=roles",
    );
  });

  test("binds each persona's groups inside", () => {
    const { manifests } = (all as { experimental: { deploy: { vcluster: { manifests: string } } } })
      .experimental.deploy.vcluster;
    const bindings = manifests.split("\n---\n").map((text) => JSON.parse(text) as Values);
    expect(bindings).toMatchObject([
      { roleRef: { name: "cluster-admin" }, subjects: [{ kind: "Group", name: "oidc:ops" }] },
      { roleRef: { name: "edit" }, subjects: [{ name: "oidc:dev" }, { name: "oidc:qa" }] },
      { roleRef: { name: "view" }, subjects: [{ name: "oidc:audit" }] },
    ]);
  });

  test("leaves the kubeconfig's token reading only, once admins log in themselves", () => {
    const role = (groups: Values): unknown =>
      (
        values({ api: { oidc: { ...oidc, groups } } }) as {
          exportKubeConfig: { serviceAccount: { clusterRole: string } };
        }
      ).exportKubeConfig.serviceAccount.clusterRole;
    expect(role({ admin: ["ops"] })).toBe("view");
    expect(role({ viewer: ["audit"] })).toBe("cluster-admin");
  });

  test("is not there unless asked for", () => {
    expect(values()).not.toHaveProperty("experimental");
  });
});

describe("values of the platform's own", () => {
  const base = values();

  test("are merged over", () => {
    const own = {
      controlPlane: { distro: { k8s: { apiServer: { extraArgs: ["--max-requests-inflight=100"] } } } },
    };
    const merged = withOwnValues("s", base, own, false);
    expect(flags(merged)).toEqual([...flags(base), "--max-requests-inflight=100"]);
    expect(merged).toMatchObject({ controlPlane: { distro: { k8s: { image: { tag: "v1.34.0" } } } } });
  });

  const withFlags = (extraArgs: unknown, on: Values = base): Values =>
    withOwnValues("s", on, { controlPlane: { distro: { k8s: { apiServer: { extraArgs } } } } }, false);

  test("shorten the life of tokens", () => {
    expect(flags(withFlags(["--service-account-max-token-expiration=720h"]))).toEqual([
      "--service-account-max-token-expiration=720h",
    ]);
  });

  test.each([
    [["--service-account-max-token-expiration=8761h"], "tokens must live 1h to 8760h"],
    [["--service-account-max-token-expiration=0h"], "tokens must live"],
    [["--service-account-max-token-expiration", "87600h"], "tokens must live"],
    [["--service_account_max_token_expiration=87600h"], "tokens must live"],
    ["--profiling=true", "a list of texts"],
    [[1], "a list of texts"],
  ])("may not lengthen it, nor hide a flag: %j", (extraArgs, rule) => {
    expect(() => withFlags(extraArgs)).toThrow(new RegExp(`\\[VCLUSTER_FLAG\\] s: .*${rule}`));
  });

  test.each([
    ["--oidc-groups-prefix=", "must not change this library's"],
    ["--oidc_username_prefix=-", "must not change this library's"],
    ["--authentication-config=/etc/auth.yaml", "logs in one way"],
  ])("may not change how a tenant logs in: %s", (flag, rule) => {
    const oidc = {
      issuer: "https://login.example.com",
      clientId: "acme",
      groups: { admin: ["ops"] },
    };
    expect(() => withFlags([flag], values({ api: { oidc } }))).toThrow(new RegExp(`VCLUSTER_FLAG.*${rule}`));
    expect(flags(withFlags([flag]))).toContain(flag);
  });

  test.each([
    [{ sync: { toHost: { pods: { runtimeClassName: "runc" } } } }, "sync.toHost.pods.runtimeClassName"],
    [{ sync: { fromHost: { nodes: { enabled: true } } } }, "sync.fromHost.nodes.enabled"],
    [{ sync: { fromHost: { secrets: { enabled: true } } } }, "sync.fromHost.secrets.enabled"],
    [{ policies: { podSecurityStandard: "baseline" } }, "policies.podSecurityStandard"],
    [{ rbac: { clusterRole: { extraRules: [{}] } } }, "rbac.clusterRole.extraRules"],
    [{ networking: { replicateServices: { fromHost: [{}] } } }, "networking.replicateServices.fromHost"],
    [{ experimental: { deploy: { host: { manifests: "x" } } } }, "experimental.deploy.host.manifests"],
    [{ controlPlane: { service: { spec: { type: "LoadBalancer" } } } }, "controlPlane.service.spec.type"],
    [{ controlPlane: { statefulSet: {} } }, "controlPlane.statefulSet"],
    [{ plugins: { mine: { image: "x" } } }, "plugins.mine.image"],
    [{ telemetry: { enabled: true } }, "telemetry.enabled"],
    [{ loggings: true }, "loggings"],
  ])("may not open the fence: %j", (own, path) => {
    expect(() => withOwnValues("s", base, own, true)).toThrow(
      new RegExp(`\\[VCLUSTER_HARDENED\\] s: chart value '${path}'`),
    );
  });

  test.each(LICENSED_KEYS.map(({ path, tier }) => [path, tier]))("%s needs a licence (%s)", (path, tier) => {
    const own = path
      .replace("sync.*.*.patches", "sync.toHost.secrets.patches")
      .split(".")
      .reduceRight<unknown>((inner, key) => ({ [key]: inner }), { enabled: true }) as Values;
    expect(() => withOwnValues("s", base, own, false)).toThrow(
      new RegExp(`\\[VCLUSTER_LICENCE\\].*tier ${tier}`),
    );
  });

  test("with a licence, those that leave the fence closed are accepted", () => {
    const own = { sleep: { auto: { afterInactivity: "1h" } }, platform: { apiKey: { secretName: "key" } } };
    expect(withOwnValues("s", base, own, true)).toMatchObject(own);
    expect(() =>
      withOwnValues("s", base, { sync: { toHost: { namespaces: { enabled: true } } } }, true),
    ).toThrow(/VCLUSTER_HARDENED/);
  });
});

test.each(Object.entries(CONTROL_PLANE_SIZES))(
  "size %s sets the control plane's resources",
  (size, sizes) => {
    expect(values({ size })).toMatchObject({
      controlPlane: {
        statefulSet: {
          resources: {
            requests: { cpu: `${sizes.milliCpu}m`, memory: `${sizes.memoryMiB}Mi` },
            limits: { memory: `${sizes.memoryLimitMiB}Mi` },
          },
        },
        coredns: {
          deployment: {
            resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "170Mi" } },
          },
        },
        backingStore: { database: { embedded: { enabled: true } } },
      },
    });
  },
);
