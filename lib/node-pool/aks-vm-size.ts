// Azure VM sizes with a TEE. Data and look-ups only.
import type { MachineTypeRow } from "./machine-type";

/** The catalogue's rows for Azure: one for each size and TEE. */
export const AKS_VM_SIZES: readonly MachineTypeRow[] = [];
