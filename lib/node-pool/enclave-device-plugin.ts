// The device plug-in that offers Nitro Enclaves to pods: one DaemonSet for each pool with enclaves.
import type { DaemonSet } from "kubernetes-types/apps/v1";
import { fitted, LABELS } from "../core/names";
import { poolSelector, type EnclaveCapacity, type PoolReference } from "./node-pool";

/**
 * The plug-in's image. SOURCE: aws/aws-nitro-enclaves-k8s-device-plugin, tag v0.4.1, 2026-04-22.
 */
export const ENCLAVE_PLUGIN = {
  name: "aws-nitro-enclaves-k8s-device-plugin",
  imageRegistries: ["public.ecr.aws"],
  repository: "aws-nitro-enclaves/aws-nitro-enclaves-k8s-device-plugin",
  version: "0.4.1",
} as const;

/** A pool whose nodes have enclaves. */
export type EnclavePool = PoolReference & { readonly capacity: { readonly enclaves: EnclaveCapacity } };

/** True for a pool whose nodes have enclaves. */
export function hasEnclaves(pool: PoolReference): pool is EnclavePool {
  return pool.capacity.enclaves !== undefined;
}

/** Folders the plug-in works on. SOURCE: its own DaemonSet, 2026-05-05. */
const FOLDERS = {
  "device-plugin": "/var/lib/kubelet/device-plugins",
  "dev-dir": "/dev",
  "sys-dir": "/sys",
} as const;

/**
 * The plug-in on one pool's nodes. Its settings are of a DaemonSet, and pools differ in how many enclaves a node runs,
 * so each pool has its own. `imageRegistry` is a mirror that keeps the image under its own path.
 */
export function enclaveDevicePlugin(pool: EnclavePool, imageRegistry?: string): DaemonSet {
  const name = fitted(`tenclave-enclaves-${pool.name}`, 63);
  const labels = { "app.kubernetes.io/name": name, [LABELS.pool]: pool.name };
  const { repository, version, imageRegistries } = ENCLAVE_PLUGIN;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: "kube-system", labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: poolSelector(pool),
          tolerations: pool.placement.taints.map(({ key, value, effect }) => ({
            key,
            operator: "Equal",
            value,
            effect,
          })),
          priorityClassName: "system-node-critical",
          automountServiceAccountToken: false,
          containers: [
            {
              name: "device-plugin",
              image: `${imageRegistry ?? imageRegistries[0]}/${repository}:${version}`,
              imagePullPolicy: "IfNotPresent",
              env: [
                { name: "MAX_ENCLAVES_PER_NODE", value: `${pool.capacity.enclaves.nodeEnclaves}` },
                { name: "ENCLAVE_CPU_ADVERTISEMENT", value: "false" },
              ],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              resources: {
                requests: { cpu: "10m", memory: "15Mi" },
                limits: { cpu: "100m", memory: "15Mi" },
              },
              volumeMounts: Object.entries(FOLDERS).map(([volume, mountPath]) => ({
                name: volume,
                mountPath,
              })),
            },
          ],
          volumes: Object.entries(FOLDERS).map(([volume, path]) => ({ name: volume, hostPath: { path } })),
          terminationGracePeriodSeconds: 30,
        },
      },
    },
  };
}
