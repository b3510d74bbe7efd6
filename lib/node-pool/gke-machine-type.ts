// Google machine types with a TEE. Data and look-ups only.
import type { MachineTypeRow } from "./machine-type";

/** The catalogue's rows for Google: one for each machine type and TEE. */
export const GKE_TEE_TYPES: readonly MachineTypeRow[] = [];
