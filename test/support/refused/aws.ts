// Refused combinations on aws.
import type { Refused } from "./refused";

export const REFUSED_ON_AWS: readonly Refused[] = [];
