// Name, namespace and label of an object that guards one tenant.
import { LABELS, tenantNamespace } from "../core/names";
import type { TenantSpec } from "./tenant-spec";

/** Metadata of a guardrail in the tenant's namespace: `tenclave-<name>`. */
export function guardrailMetadata(
  spec: TenantSpec,
  name: string,
): { name: string; namespace: string; labels: Record<string, string> } {
  return {
    name: `tenclave-${name}`,
    namespace: tenantNamespace(spec.name),
    labels: { [LABELS.tenant]: spec.name },
  };
}
