// Refused combinations on azure.
import type { Refused } from "./refused";

export const REFUSED_ON_AZURE: readonly Refused[] = [];
