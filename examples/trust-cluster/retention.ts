// Namespaces are protected unless THROWAWAY says why not.
import { Retention } from "tenclave";

export const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;
