// Sizes of a virtual control plane, and what it costs the host. All run one replica on SQLite.

/** What a virtual control plane asks for. */
export interface ControlPlaneSize {
  /** CPU request, millicores. There is no CPU limit. */
  readonly milliCpu: number;
  /** Memory request, MiB. */
  readonly memoryMiB: number;
  /** Memory limit, MiB. */
  readonly memoryLimitMiB: number;
  /** Where the figures come from. */
  readonly source: string;
}

/**
 * The presets. There is no highly available one: it needs deployed etcd, whose pods cannot take a RuntimeClass in chart
 * 0.36.1, so a tenant's data would lie on nodes outside its pool.
 */
export const CONTROL_PLANE_SIZES: Readonly<Record<string, ControlPlaneSize>> = {
  small: { milliCpu: 200, memoryMiB: 256, memoryLimitMiB: 4096, source: "chart 0.36.1 values" },
  medium: { milliCpu: 1000, memoryMiB: 2048, memoryLimitMiB: 4096, source: "vendor sizing P1; limit ours" },
  large: { milliCpu: 2000, memoryMiB: 4096, memoryLimitMiB: 8192, source: "vendor sizing P2; limit ours" },
  xlarge: {
    milliCpu: 4000,
    memoryMiB: 8192,
    memoryLimitMiB: 16384,
    source: "vendor sizing P3, one replica of its three; limit ours",
  },
};

/** Volume of the control plane's store. SOURCE: chart 0.36.1 values. */
export const CONTROL_PLANE_VOLUME_MIB = 5 * 1024;

/** What every virtual cluster has beside its control plane. SOURCE: chart 0.36.1 values and templates. */
export const SYSTEM_SHARE = {
  /** CoreDNS, one replica. */
  coreDns: { milliCpu: 20, memoryMiB: 64, memoryLimitMiB: 170 },
  /** Control plane and CoreDNS. */
  pods: 2,
  /** API server, its headless twin, and CoreDNS. */
  services: 3,
  /** Configuration, kubeconfig, certificates, and six Helm records. */
  secrets: 12,
  /** CoreDNS' own two, and the root certificate of each virtual namespace that runs pods. */
  configMaps: 10,
  persistentVolumeClaims: 1,
} as const;
