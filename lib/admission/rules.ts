// Every admission rule, in the order docs list them.
import type { AdmissionRule } from "./rule";
import { APP_ARMOR } from "./rules/app-armor";
import { CAPABILITIES } from "./rules/capabilities";
import { CHART_SERVICES } from "./rules/chart-services";
import { CONFIDENTIAL_ACCESS } from "./rules/confidential-access";
import { CONFIDENTIAL_PREREQUISITES } from "./rules/confidential-prerequisites";
import { CONTROL_PLANE_POD } from "./rules/control-plane-pod";
import { CONTROL_PLANE_WORKLOADS } from "./rules/control-plane-workloads";
import { ENDPOINT_ADDRESSES } from "./rules/endpoint-addresses";
import { EXTERNAL_IPS } from "./rules/external-ips";
import { EXTERNAL_NAME } from "./rules/external-name";
import { FINALIZERS } from "./rules/finalizers";
import { GRACE_PERIOD } from "./rules/grace-period";
import { HELM_RECORDS } from "./rules/helm-records";
import { HOST_ANNOTATIONS } from "./rules/host-annotations";
import { HOST_NAMESPACES } from "./rules/host-namespaces";
import { HOST_PORTS } from "./rules/host-ports";
import { HOST_PROBES } from "./rules/host-probes";
import { IMAGE_DIGESTS } from "./rules/image-digests";
import { IMAGE_REGISTRIES } from "./rules/image-registries";
import { NODE_NAME } from "./rules/node-name";
import { NODE_SELECTOR } from "./rules/node-selector";
import { OWN_NAMESPACE } from "./rules/own-namespace";
import { PLATFORM_GUARDRAILS } from "./rules/platform-guardrails";
import { PLATFORM_NAMESPACES } from "./rules/platform-namespaces";
import { PLATFORM_OBJECTS } from "./rules/platform-objects";
import { PLATFORM_RECORDS } from "./rules/platform-records";
import { PLATFORM_SECRETS } from "./rules/platform-secrets";
import { POD_AFFINITY } from "./rules/pod-affinity";
import { POD_LABELS } from "./rules/pod-labels";
import { POD_STATUS } from "./rules/pod-status";
import { PRIORITY_CLASS } from "./rules/priority-class";
import { PRIVILEGED } from "./rules/privileged";
import { PROC_MOUNT } from "./rules/proc-mount";
import { RESOURCE_CLAIMS } from "./rules/resource-claims";
import { RUN_AS_NON_ROOT } from "./rules/run-as-non-root";
import { RUNTIME_ANNOTATIONS } from "./rules/runtime-annotations";
import { RUNTIME_CLASS } from "./rules/runtime-class";
import { SCHEDULER } from "./rules/scheduler";
import { SE_LINUX } from "./rules/se-linux";
import { SECCOMP } from "./rules/seccomp";
import { SERVICE_ACCOUNT } from "./rules/service-account";
import { SERVICE_ACCOUNT_TOKEN } from "./rules/service-account-token";
import { TOKEN_SECRETS } from "./rules/service-account-tokens";
import { SERVICE_ANNOTATIONS } from "./rules/service-annotations";
import { SERVICE_TYPE } from "./rules/service-type";
import { STORAGE_CLASS_RULE } from "./rules/storage-class";
import { SYSCTLS } from "./rules/sysctls";
import { TENANT_GRANTS } from "./rules/tenant-grants";
import { POD_TOLERATIONS } from "./rules/tolerations";
import { VOLUME_BINDING } from "./rules/volume-binding";
import { VOLUME_SOURCE } from "./rules/volume-source";
import { VOLUME_TYPES } from "./rules/volumes";
import { WINDOWS } from "./rules/windows";

/** All rules. Each guards every tenant of a host. */
export const ADMISSION_RULES: readonly AdmissionRule[] = [
  NODE_NAME,
  RUNTIME_CLASS,
  NODE_SELECTOR,
  POD_TOLERATIONS,
  SCHEDULER,
  POD_AFFINITY,
  PRIORITY_CLASS,
  HOST_NAMESPACES,
  HOST_PORTS,
  HOST_PROBES,
  WINDOWS,
  PRIVILEGED,
  CAPABILITIES,
  PROC_MOUNT,
  SYSCTLS,
  SECCOMP,
  APP_ARMOR,
  SE_LINUX,
  RUN_AS_NON_ROOT,
  VOLUME_TYPES,
  SERVICE_ACCOUNT,
  SERVICE_ACCOUNT_TOKEN,
  CONTROL_PLANE_POD,
  POD_LABELS,
  POD_STATUS,
  RUNTIME_ANNOTATIONS,
  HOST_ANNOTATIONS,
  RESOURCE_CLAIMS,
  GRACE_PERIOD,
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
  IMAGE_REGISTRIES,
  IMAGE_DIGESTS,
  CONFIDENTIAL_PREREQUISITES,
  CONFIDENTIAL_ACCESS,
];

/** The rule with this id; undefined when there is none. */
export function findRule(id: string): AdmissionRule | undefined {
  return ADMISSION_RULES.find((rule) => rule.id === id);
}
