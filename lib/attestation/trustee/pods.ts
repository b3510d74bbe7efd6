// Key broker, attestation service, RVPS and the proxy of the key set: configuration files and Deployments.
import type { Deployment } from "kubernetes-types/apps/v1";
import type { ConfigMap, Container, PodSpec, Probe, ResourceRequirements } from "kubernetes-types/core/v1";
import type { KubernetesObject } from "../../core/manifest-release";
import { asConfig, kbsConfig, RUST_LOG, rvpsConfig } from "./configuration";
import { FOLDERS, partLabels, partName, POLICY_MAPS, PORTS, STORAGE, type Part } from "./names";
import type { CheckedTrustee } from "./options";
import {
  digest,
  mapMount,
  metadata,
  mountOf,
  RESTRICTED,
  runningParts,
  secretMount,
  TEMPORARY,
  volumeOf,
  type Mount,
} from "./pod-parts";
import { jwksProxyConfig, postgresProxyConfig } from "./proxy";
import { budgets, services } from "./services";

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

/** Everything of the trust stack but its fences. */
export function trusteePods(options: CheckedTrustee): KubernetesObject[] {
  return [
    ...configMaps(options),
    keyBroker(options),
    attestationService(options),
    referenceValues(options),
    ...(options.jwks ? [keySetProxy(options)] : []),
    ...services(options),
    ...budgets(options),
  ];
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
  return runningParts(options).map((part) => ({
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
