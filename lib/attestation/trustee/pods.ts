// Key broker, attestation service, RVPS and the proxy of the key set: Deployments, Services, budgets.
import { createHash } from "node:crypto";
import type { Deployment } from "kubernetes-types/apps/v1";
import type {
  ConfigMap,
  Container,
  PodSecurityContext,
  PodSpec,
  Probe,
  ResourceRequirements,
  SecurityContext,
  Service,
  Volume,
} from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { KubernetesObject } from "../../core/manifest-release";
import { asConfig, kbsConfig, RUST_LOG, rvpsConfig } from "./configuration";
import { FOLDERS, partLabels, partName, POLICY_MAPS, PORTS, STORAGE, type Part } from "./names";
import type { CheckedTrustee } from "./options";
import { jwksProxyConfig, postgresProxyConfig } from "./proxy";

/** SOURCE: v0.21.0, deployment/helm-chart/values.yaml; proxies are ours. */
const RESOURCES = {
  kbs: requirements("250m", "256Mi", "2", "2Gi"),
  as: requirements("500m", "1Gi", "4", "4Gi"),
  rvps: requirements("100m", "128Mi", "1", "1Gi"),
  proxy: requirements("50m", "64Mi", "500m", "256Mi"),
} as const;

function requirements(
  cpu: string,
  memory: string,
  cpuLimit: string,
  memoryLimit: string,
): ResourceRequirements {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}

/** No part needs an account, a capability or a file of its own. */
export const RESTRICTED: { readonly pod: PodSecurityContext; readonly container: SecurityContext } = {
  pod: {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  },
  container: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

/** Readable by the container's group alone. */
const SECRET_MODE = 0o440;

/** Where a volume comes from, and where it is. */
interface Mount {
  readonly name: string;
  readonly at: string;
  readonly from: Omit<Volume, "name">;
}

export const secretMount = (
  name: string,
  at: string,
  secretName: string,
  keys: readonly string[],
): Mount => ({
  name,
  at,
  from: {
    secret: { secretName, defaultMode: SECRET_MODE, items: keys.map((key) => ({ key, path: key })) },
  },
});
export const mapMount = (name: string, at: string, map: string): Mount => ({
  name,
  at,
  from: { configMap: { name: map } },
});
const TEMPORARY: Mount = {
  name: "temporary",
  at: FOLDERS.temporary,
  from: { emptyDir: { sizeLimit: "64Mi" } },
};

export const volumeOf = ({ name, from }: Mount): Volume => ({ name, ...from });
export const mountOf = ({ name, at }: Mount): { name: string; mountPath: string; readOnly: boolean } => ({
  name,
  mountPath: at,
  readOnly: name !== TEMPORARY.name,
});

/** Everything of the trust stack but its fences. */
export function trusteePods(options: CheckedTrustee): KubernetesObject[] {
  const parts: readonly Part[] = ["kbs", "as", "rvps", ...(options.jwks ? (["jwks"] as const) : [])];
  return [
    ...configMaps(options),
    keyBroker(options),
    attestationService(options),
    referenceValues(options),
    ...(options.jwks ? [keySetProxy(options)] : []),
    ...services(options),
    ...(options.replicas > 1 ? parts.map((part) => budget(options, part)) : []),
  ];
}

function metadata(
  options: CheckedTrustee,
  part: Part,
  name = partName(part),
): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: options.namespace, labels: partLabels(part) };
}

/** Configuration files by part. A pod's annotation holds their digest: no part reads its file again. */
function files(options: CheckedTrustee, part: Part): Record<string, string> {
  switch (part) {
    case "kbs":
      return {
        "kbs-config.toml": kbsConfig(options),
        "postgres-proxy.json": JSON.stringify(postgresProxyConfig(options)),
      };
    case "as":
      return { "config.json": JSON.stringify(asConfig(options)) };
    case "rvps":
      return { "rvps.json": JSON.stringify(rvpsConfig()) };
    default:
      return { "jwks-proxy.json": JSON.stringify(jwksProxyConfig()) };
  }
}

function configMaps(options: CheckedTrustee): ConfigMap[] {
  const parts: readonly Part[] = ["kbs", "as", "rvps", ...(options.jwks ? (["jwks"] as const) : [])];
  return parts.map((part) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(options, part, `${partName(part)}-config`),
    data: files(options, part),
  }));
}

function keyBroker(options: CheckedTrustee): Deployment {
  const config = configMount("kbs");
  const ca = secretMount("postgres-ca", FOLDERS.postgres, options.postgres.caSecret, ["ca.crt"]);
  const own = [
    config,
    secretMount("tls", FOLDERS.tls, options.tlsSecret, ["tls.crt", "tls.key"]),
    // The authority alone: who signs results is not the broker.
    secretMount("signer", FOLDERS.signer, options.signerSecret, ["ca.crt"]),
    TEMPORARY,
  ];
  return deployment(options, "kbs", [...own, ca], {
    // Starts first and stays: a sidecar, as Kubernetes has them since 1.29.
    initContainers: [
      {
        ...envoy(options, "postgres-tls", "postgres-proxy.json", [config, ca, TEMPORARY]),
        restartPolicy: "Always",
      },
    ],
    containers: [
      {
        name: "kbs",
        image: options.images.kbs,
        command: ["/usr/local/bin/kbs", "--config-file", `${FOLDERS.config}/kbs-config.toml`],
        env: [
          { name: "RUST_LOG", value: RUST_LOG },
          {
            name: "POSTGRES_URL",
            valueFrom: { secretKeyRef: { name: options.postgres.secret, key: "kbs-url" } },
          },
        ],
        ports: [{ name: "https", containerPort: PORTS.kbs }],
        ...probes({ httpGet: { path: "/healthz", port: "https", scheme: "HTTPS" } }),
        securityContext: RESTRICTED.container,
        resources: RESOURCES.kbs,
        volumeMounts: own.map(mountOf),
      },
    ],
  });
}

function attestationService(options: CheckedTrustee): Deployment {
  const mounts = [
    configMount("as"),
    secretMount("signer", FOLDERS.signer, options.signerSecret, ["tls.crt", "tls.key"]),
    mapMount("policies", `${FOLDERS.storage}/${STORAGE.attestationPolicies}`, POLICY_MAPS.attestation),
    TEMPORARY,
  ];
  return deployment(options, "as", mounts, {
    containers: [
      {
        name: "as",
        image: options.images.as,
        command: [
          "grpc-as",
          "--socket",
          `0.0.0.0:${PORTS.as}`,
          "--config-file",
          `${FOLDERS.config}/config.json`,
        ],
        env: [{ name: "RUST_LOG", value: RUST_LOG }],
        ports: [{ name: "grpc", containerPort: PORTS.as }],
        // Checking a TDX quote keeps it from answering for seconds.
        ...probes({ grpc: { port: PORTS.as }, timeoutSeconds: 10, failureThreshold: 6 }),
        securityContext: RESTRICTED.container,
        resources: RESOURCES.as,
        volumeMounts: mounts.map(mountOf),
      },
    ],
  });
}

function referenceValues(options: CheckedTrustee): Deployment {
  const mounts = [
    configMount("rvps"),
    mapMount("values", `${FOLDERS.storage}/${STORAGE.referenceValues}`, POLICY_MAPS.reference),
    TEMPORARY,
  ];
  return deployment(options, "rvps", mounts, {
    containers: [
      {
        name: "rvps",
        image: options.images.rvps,
        command: ["rvps", "--config", `${FOLDERS.config}/rvps.json`, "--address", `0.0.0.0:${PORTS.rvps}`],
        env: [{ name: "RUST_LOG", value: RUST_LOG }],
        ports: [{ name: "grpc", containerPort: PORTS.rvps }],
        ...probes({ grpc: { port: PORTS.rvps }, timeoutSeconds: 5 }),
        securityContext: RESTRICTED.container,
        resources: RESOURCES.rvps,
        volumeMounts: mounts.map(mountOf),
      },
    ],
  });
}

function keySetProxy(options: CheckedTrustee): Deployment {
  const mounts = [
    configMount("jwks"),
    secretMount("tls", FOLDERS.tls, options.jwks!.tlsSecret, ["tls.crt", "tls.key"]),
    TEMPORARY,
  ];
  return deployment(options, "jwks", mounts, {
    containers: [
      {
        ...envoy(options, "jwks", "jwks-proxy.json", mounts),
        ports: [{ name: "https", containerPort: PORTS.jwks }],
        ...probes({ tcpSocket: { port: "https" } }),
      },
    ],
  });
}

const configMount = (part: Part): Mount => mapMount("config", FOLDERS.config, `${partName(part)}-config`);

/** Without an admin interface, hot restart or files of its own. */
function envoy(options: CheckedTrustee, name: string, file: string, mounts: readonly Mount[]): Container {
  return {
    name,
    image: options.images.proxy,
    command: ["/usr/local/bin/envoy", "--config-path", `${FOLDERS.config}/${file}`, "--disable-hot-restart"],
    securityContext: RESTRICTED.container,
    resources: RESOURCES.proxy,
    volumeMounts: mounts.map(mountOf),
  };
}

function probes(probe: Probe): Pick<Container, "livenessProbe" | "readinessProbe"> {
  return {
    readinessProbe: { periodSeconds: 10, ...probe },
    livenessProbe: { initialDelaySeconds: 30, periodSeconds: 20, ...probe },
  };
}

function deployment(
  options: CheckedTrustee,
  part: Part,
  mounts: readonly Mount[],
  pod: Pick<PodSpec, "containers" | "initContainers">,
): Deployment {
  const labels = partLabels(part);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(options, part),
    spec: {
      replicas: options.replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { "tenclave.dev/configuration": digest(files(options, part)) } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Names with a dot are asked for as they are: the fence lets no other be asked for.
          dnsConfig: { options: [{ name: "ndots", value: "1" }] },
          ...(options.runtimeClassName === undefined ? {} : { runtimeClassName: options.runtimeClassName }),
          securityContext: RESTRICTED.pod,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: labels },
            },
          ],
          ...pod,
          volumes: mounts.map(volumeOf),
        },
      },
    },
  };
}

/** Eight characters that stand for files. */
export function digest(data: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 8);
}

/** Broker and key set by load balancers that keep the client's address, which the fence judges; the others inside alone. */
function services(options: CheckedTrustee): Service[] {
  const inside = (part: Part, port: number): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(options, part),
    spec: { type: "ClusterIP", selector: partLabels(part), ports: [{ name: "grpc", port }] },
  });
  const outside = (part: Part, port: string, clients: readonly string[]): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      ...metadata(options, part),
      ...(options.serviceAnnotations ? { annotations: { ...options.serviceAnnotations } } : {}),
    },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: [...clients],
      selector: partLabels(part),
      ports: [{ name: "https", port: 443, targetPort: port }],
    },
  });
  return [
    outside("kbs", "https", options.clients),
    inside("as", PORTS.as),
    inside("rvps", PORTS.rvps),
    ...(options.jwks ? [outside("jwks", "https", options.jwks.clients)] : []),
  ];
}

function budget(options: CheckedTrustee, part: Part): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(options, part),
    spec: { minAvailable: 1, selector: { matchLabels: partLabels(part) } },
  };
}
