// User data of AL2023 nodes: a nodeadm configuration, and what enclaves need before it, as MIME parts.
import { enclaveBootHook } from "./eks-enclave-boot";
import { EKS_KUBELET_MIB, EKS_MAX_PODS } from "./eks-instance-type";
import type { EnclaveCapacity } from "./node-pool";

const BOUNDARY = "tenclave";

/** What user data depends on. */
export interface EksUserDataInput {
  /** Kubelet's static CPU manager. @default false */
  readonly staticCpuManager?: boolean;
  /** Kubelet's topology manager, `single-numa-node`. @default false */
  readonly numaAligned?: boolean;
  /** @default - no enclaves */
  readonly enclaves?: EnclaveCapacity;
  /** The cluster to join, where EKS does not add it. @default - EKS adds it */
  readonly cluster?: EksClusterDetails;
}

/** What nodeadm must be told on nodes that EKS does not manage. */
export interface EksClusterDetails {
  readonly name: string;
  readonly apiServerEndpoint: string;
  /** Base64. */
  readonly certificateAuthority: string;
  /** Range of Services: without it nodeadm would ask for it, which a node may not (amazon-eks-ami#1678). */
  readonly cidr: string;
  /** What EKS sets by itself on groups it manages. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** Shape: `key=value:Effect`. */
  readonly taints: readonly string[];
}

/** User data of a managed node group, base64. EKS adds its own part when it merges. */
export function eksUserData(input: EksUserDataInput = {}): string {
  return Buffer.from(eksUserDataText(input)).toString("base64");
}

/** The same as text: a MIME multi-part document. */
export function eksUserDataText(input: EksUserDataInput): string {
  return mime([
    ...(input.enclaves
      ? [{ contentType: "text/cloud-boothook", lines: enclaveBootHook(input.enclaves) }]
      : []),
    { contentType: "application/node.eks.aws", lines: nodeConfig(input) },
  ]);
}

/**
 * EKS writes its own `maxPods` for the interfaces of the VPC CNI, which an overlay does not use. A kubelet flag beats
 * the configuration file whatever order the parts are merged in. What nodeadm reserves for kubelet follows from the
 * interfaces, too, flag or not: up to 8 GiB on the largest types, too little on the smallest. So it is said here.
 * SOURCE: awslabs/amazon-eks-ami nodeadm, kubelet/config.go, 2026-07-23.
 */
function nodeConfig({ staticCpuManager, numaAligned, cluster }: EksUserDataInput): string[] {
  const config = [
    "      kubeReserved:",
    `        memory: ${EKS_KUBELET_MIB}Mi`,
    ...(staticCpuManager ? ["      cpuManagerPolicy: static"] : []),
    ...(numaAligned ? ["      topologyManagerPolicy: single-numa-node"] : []),
  ];
  return [
    "apiVersion: node.eks.aws/v1alpha1",
    "kind: NodeConfig",
    "spec:",
    ...(cluster
      ? [
          "  cluster:",
          // Quoted: a host may be called `no`.
          `    name: "${cluster.name}"`,
          `    apiServerEndpoint: "${cluster.apiServerEndpoint}"`,
          `    certificateAuthority: "${cluster.certificateAuthority}"`,
          `    cidr: "${cluster.cidr}"`,
        ]
      : []),
    "  kubelet:",
    "    config:",
    ...config,
    "    flags:",
    `      - --max-pods=${EKS_MAX_PODS}`,
    ...(cluster
      ? [
          `      - --node-labels=${Object.entries(cluster.nodeLabels)
            .map((label) => label.join("="))
            .join(",")}`,
          `      - --register-with-taints=${cluster.taints.join(",")}`,
        ]
      : []),
  ];
}

interface Part {
  readonly contentType: string;
  readonly lines: readonly string[];
}

/** A MIME multi-part document. */
function mime(parts: readonly Part[]): string {
  return [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    "",
    ...parts.flatMap(({ contentType, lines }) => [
      `--${BOUNDARY}`,
      `Content-Type: ${contentType}`,
      "",
      ...lines,
      "",
    ]),
    `--${BOUNDARY}--`,
    "",
  ].join("\n");
}
