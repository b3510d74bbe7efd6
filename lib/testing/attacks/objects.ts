// Everything but pods that a tenant, or somebody beside the platform, writes on the host.
import type { Attack } from "../attack";
import { SERVICE_ATTACKS, ENDPOINT_ATTACKS } from "./object-services";
import { STORAGE_ATTACKS } from "./object-storage";
import { RECORD_ATTACKS, CREDENTIAL_ATTACKS } from "./object-secrets";
import { CONTROL_PLANE_ATTACKS } from "./object-control-plane";
import { FINALIZER_ATTACKS, ELSEWHERE_ATTACKS, NAMESPACE_ATTACKS, PLATFORM_ATTACKS } from "./object-platform";

/** Objects beside pods. */
export const OBJECT_ATTACKS: readonly Attack[] = [
  ...SERVICE_ATTACKS,
  ...ENDPOINT_ATTACKS,
  ...STORAGE_ATTACKS,
  ...RECORD_ATTACKS,
  ...CREDENTIAL_ATTACKS,
  ...CONTROL_PLANE_ATTACKS,
  ...FINALIZER_ATTACKS,
  ...ELSEWHERE_ATTACKS,
  ...NAMESPACE_ATTACKS,
  ...PLATFORM_ATTACKS,
];
