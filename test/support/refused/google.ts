// Refused combinations on google.
import type { Refused } from "./refused";

export const REFUSED_ON_GOOGLE: readonly Refused[] = [];
