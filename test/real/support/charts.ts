// The real charts and the program that judges values by them.
import { join } from "node:path";
import { ROOT } from "./cache";
import { must, which } from "./exec";
import type { ChartFolders } from "./examples";
import { goBuild, UNOPTIMISED } from "./go";
import { NotHere } from "./lane";

const SOURCE = join(ROOT, "test/real/chart-judge");

/** One set of values to judge. */
export interface ChartCase {
  readonly id: string;
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly values: unknown;
  readonly chartPath?: string;
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Volume claims a tenant makes, to be translated by the real syncer. */
  readonly claims?: readonly VolumeClaim[];
}

/** A PersistentVolumeClaim, as far as it matters here. */
export interface VolumeClaim {
  readonly name: string;
  readonly namespace: string;
  readonly storageClassName?: string;
}

/** A Kubernetes object as the chart rendered it. */
export interface RenderedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [key: string]: unknown;
}

/** The verdict on a case. */
export interface ChartVerdict {
  readonly id: string;
  readonly errors: readonly string[];
  readonly licence: boolean;
  readonly identityLabels?: readonly string[];
  /** The claims as they arrive on the host. */
  readonly claims?: readonly VolumeClaim[];
  /** Configuration of the tenant's CoreDNS, as the syncer writes it. */
  readonly corefile?: string;
  readonly objects: readonly RenderedObject[];
}

/** Where the charts lie in the Go module cache. Throws NotHere without Go. */
export async function chartFolders(): Promise<ChartFolders> {
  if (!which("go")) throw new NotHere("Go is not on PATH");
  const { stdout } = await must("sh", ["charts.sh"], { cwd: SOURCE, env: { GOTOOLCHAIN: "local" } });
  const lines = new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split("=") as [string, string]),
  );
  return { vcluster: lines.get("VCLUSTER_CHART")!, cilium: lines.get("CILIUM_CHART")! };
}

/** Judges cases by the real parts. */
export async function judge(
  charts: ChartFolders,
  cases: readonly ChartCase[],
): Promise<{ results: ChartVerdict[]; mtu: Record<string, number> }> {
  const binary = await goBuild(SOURCE, "chart-judge", ".", UNOPTIMISED);
  const { stdout } = await must(binary, [], {
    env: { VCLUSTER_CHART: charts.vcluster, CILIUM_CHART: charts.cilium },
    stdin: JSON.stringify({ cases }),
  });
  return JSON.parse(stdout) as { results: ChartVerdict[]; mtu: Record<string, number> };
}
