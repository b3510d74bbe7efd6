// Every admission rule, in the order docs list them.
import type { AdmissionRule } from "./rule";
import { CHART_SERVICES } from "./rules/chart-services";
import { CONTROL_PLANE_WORKLOADS } from "./rules/control-plane-workloads";
import { ENDPOINT_ADDRESSES } from "./rules/endpoint-addresses";
import { EXTERNAL_IPS } from "./rules/external-ips";
import { EXTERNAL_NAME } from "./rules/external-name";
import { FINALIZERS } from "./rules/finalizers";
import { HELM_RECORDS } from "./rules/helm-records";
import { NODE_NAME } from "./rules/node-name";
import { OWN_NAMESPACE } from "./rules/own-namespace";
import { PLATFORM_GUARDRAILS } from "./rules/platform-guardrails";
import { PLATFORM_NAMESPACES } from "./rules/platform-namespaces";
import { PLATFORM_OBJECTS } from "./rules/platform-objects";
import { PLATFORM_RECORDS } from "./rules/platform-records";
import { PLATFORM_SECRETS } from "./rules/platform-secrets";
import { RUNTIME_CLASS } from "./rules/runtime-class";
import { SERVICE_ANNOTATIONS } from "./rules/service-annotations";
import { SERVICE_TYPE } from "./rules/service-type";
import { STORAGE_CLASS_RULE } from "./rules/storage-class";
import { TENANT_GRANTS } from "./rules/tenant-grants";
import { TOKEN_SECRETS } from "./rules/service-account-tokens";
import { VOLUME_BINDING } from "./rules/volume-binding";
import { VOLUME_SOURCE } from "./rules/volume-source";

/** All rules. Each guards every tenant of a host. */
export const ADMISSION_RULES: readonly AdmissionRule[] = [
  NODE_NAME,
  RUNTIME_CLASS,
  SERVICE_TYPE,
  EXTERNAL_IPS,
  EXTERNAL_NAME,
  SERVICE_ANNOTATIONS,
  ENDPOINT_ADDRESSES,
  STORAGE_CLASS_RULE,
  VOLUME_BINDING,
  VOLUME_SOURCE,
  OWN_NAMESPACE,
  HELM_RECORDS,
  TOKEN_SECRETS,
  PLATFORM_SECRETS,
  CONTROL_PLANE_WORKLOADS,
  CHART_SERVICES,
  FINALIZERS,
  PLATFORM_NAMESPACES,
  PLATFORM_GUARDRAILS,
  PLATFORM_OBJECTS,
  PLATFORM_RECORDS,
  TENANT_GRANTS,
];

/** The rule with this id; undefined when there is none. */
export function findRule(id: string): AdmissionRule | undefined {
  return ADMISSION_RULES.find((rule) => rule.id === id);
}
