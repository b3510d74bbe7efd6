// User data of AL2023 nodes: a nodeadm configuration as one MIME part. EKS adds its own part when it merges.
import { EKS_MAX_PODS } from "./eks-instance-type";

const BOUNDARY = "tenclave";

/**
 * User data that raises the pod limit, base64.
 *
 * EKS writes its own `maxPods` for the interfaces of the VPC CNI, which an overlay does not use. A kubelet flag beats
 * the configuration file whatever order the parts are merged in.
 */
export function eksUserData(): string {
  const nodeConfig = [
    "apiVersion: node.eks.aws/v1alpha1",
    "kind: NodeConfig",
    "spec:",
    "  kubelet:",
    "    flags:",
    `      - --max-pods=${EKS_MAX_PODS}`,
  ];
  return mime([{ contentType: "application/node.eks.aws", lines: nodeConfig }]);
}

interface Part {
  readonly contentType: string;
  readonly lines: readonly string[];
}

/** A MIME multi-part document, base64, as EC2 takes it. */
function mime(parts: readonly Part[]): string {
  const lines = [
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
  ];
  return Buffer.from(lines.join("\n")).toString("base64");
}
