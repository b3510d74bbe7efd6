// Names on Google Cloud that several layers must agree on, as plain text known at synth.
import { createHash } from "node:crypto";
import { fitted } from "../core/names";
import type { HostReference } from "./host-cluster";

/** Where a host lives on Google Cloud. */
export interface GkeScope {
  /** Project id. */
  readonly project: string;
  readonly region: string;
}

/** What a host's keys encrypt. */
export type GkeKey = "etcd" | "nodes" | "volumes";

/** Resource name of a key. */
export function gkeKeyName({ project, region }: GkeScope, ring: string, key: GkeKey): string {
  return `projects/${project}/locations/${region}/keyRings/${ring}/cryptoKeys/${key}`;
}

/** Parameter of the StorageClass that names the volumes' key; the other keys lie beside it. */
export const KMS_PARAMETER = "disk-encryption-kms-key";

/** Resource name of a host's key, from its reference alone. */
export function gkeHostKey(reference: HostReference, key: GkeKey): string {
  const volumes = reference.storageClass.parameters[KMS_PARAMETER]!;
  return `${volumes.slice(0, volumes.lastIndexOf("/") + 1)}${key}`;
}

/** Google's own account that GKE works as in a project: it opens etcd's key. */
export function gkeAgent(projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@container-engine-robot.iam.gserviceaccount.com`;
}

/** Google's own account that Compute Engine works as in a project: it opens disks' keys. */
export function computeAgent(projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@compute-system.iam.gserviceaccount.com`;
}

/** Eight characters that stand for the parts, whatever they hold. */
export function shortHash(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 8);
}

/**
 * Id of a service account: at most 30 characters, unique in the project. The hash keeps apart what dashes do not.
 */
export function serviceAccountId(region: string, host: string, part: string): string {
  const hash = shortHash(region, host, part);
  return `${`tc-${host}-${part}`.slice(0, 21)}-${hash}`;
}

/** E-mail address of a service account of the project. */
export function serviceAccountEmail(project: string, id: string): string {
  return `${id}@${project}.iam.gserviceaccount.com`;
}

/** Name of a network resource: networks are global in a project, so the region is part of it. */
export function networkName(region: string, host: string): string {
  return fitted(`tenclave-${region}-${host}`, 63);
}
