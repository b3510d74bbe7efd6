// What Trustee's pods are put together of: their security contexts, volumes and labels.
import { createHash } from "node:crypto";
import type { PodSecurityContext, SecurityContext, Volume } from "kubernetes-types/core/v1";
import { FOLDERS, partLabels, partName, type Part } from "./names";
import type { CheckedTrustee } from "./options";

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
export interface Mount {
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
/** The one folder a container may write to. */
export const TEMPORARY: Mount = {
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

/** Metadata of a part's object. */
export function metadata(
  options: CheckedTrustee,
  part: Part,
  name = partName(part),
): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: options.namespace, labels: partLabels(part) };
}

/** Parts that run all the time. */
export function runningParts({ jwks }: Pick<CheckedTrustee, "jwks">): readonly Part[] {
  return ["kbs", "as", "rvps", ...(jwks ? (["jwks"] as const) : [])];
}

/** Eight characters that stand for files. */
export function digest(data: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 8);
}
