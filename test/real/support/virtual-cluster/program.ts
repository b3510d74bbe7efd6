// vCluster's control plane, built from its Go module.
import { join } from "node:path";
import { ROOT } from "../cache";
import { goBuild } from "../go";

const SOURCE = join(ROOT, "test/real/vcluster-tools");
const CONSTANTS = "github.com/loft-sh/vcluster/pkg/constants";

/**
 * Builds the program when it is not in the cache: 500 seconds of CPU. Its two folders are linked to ones beside the
 * working directory, so that one program serves several tenants without mounts.
 */
export function vclusterProgram(): Promise<string> {
  return goBuild(SOURCE, "vcluster", "github.com/loft-sh/vcluster/cmd/vcluster", ["-p=2"], {
    [`${CONSTANTS}.DataDir`]: "/proc/self/cwd/data",
    [`${CONSTANTS}.BinariesDir`]: "/proc/self/cwd/binaries",
  });
}
