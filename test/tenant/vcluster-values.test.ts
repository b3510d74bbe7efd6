import { vclusterValues, type Values } from "../../lib";
import { checkTenant } from "../../lib/tenant/tenant-directory";
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

describe("values of the platform's own", () => {
  const base = values();

  test("are merged over", () => {
    const own = {
      controlPlane: { distro: { k8s: { apiServer: { extraArgs: ["--max-requests-inflight=100"] } } } },
    };
    const merged = withOwnValues("s", base, own, false);
    expect(merged).toMatchObject(own);
    expect(merged).toMatchObject({ controlPlane: { distro: { k8s: { image: { tag: "v1.34.0" } } } } });
  });

  test.each([
    [{ sync: { toHost: { pods: { runtimeClassName: "runc" } } } }, "sync.toHost.pods.runtimeClassName"],
    [{ sync: { fromHost: { nodes: { enabled: true } } } }, "sync.fromHost.nodes.enabled"],
    [{ policies: { podSecurityStandard: "baseline" } }, "policies.podSecurityStandard"],
    [{ sync: { fromHost: { nodes: {} } } }, "sync.fromHost.nodes"],
    [{ telemetry: true }, "telemetry"],
  ])("may not open the fence: %j", (own, path) => {
    expect(() => withOwnValues("s", base, own, true)).toThrow(
      new RegExp(`\\[VCLUSTER_HARDENED\\].*'${path}'`),
    );
  });

  test("may repeat what holds already", () => {
    expect(withOwnValues("s", base, { telemetry: { enabled: false } }, false)).toEqual(base);
  });

  test.each(LICENSED_KEYS.map(({ path, tier }) => [path, tier]))("%s needs a licence (%s)", (path, tier) => {
    const own = path!
      .replace("sync.*.*.patches", "sync.toHost.secrets.patches")
      .split(".")
      .reduceRight<unknown>((inner, key) => ({ [key]: inner }), { enabled: true }) as Values;
    // Some are held by the fence already, licence or not.
    expect(() => withOwnValues("s", {}, own, false)).toThrow(
      new RegExp(`\\[VCLUSTER_LICENCE\\].*tier ${tier}`),
    );
    expect(() => withOwnValues("s", {}, own, true)).not.toThrow();
  });
});
