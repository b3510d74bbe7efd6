// Installs synthesized `helm_release` blocks with the real Helm.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../cache";
import { chartFolders } from "../charts";
import { releaseValues } from "../configuration";
import { releasedCharts } from "../examples";
import { exec, must, type Ran } from "../exec";
import type { HostApi } from "./host-api";
import { tool } from "./tools";

/** A `helm_release` block, as far as Helm needs it. */
export interface ReleaseBlock {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly [argument: string]: unknown;
}

/** Helm against one host, with folders of its own. */
export class Helm {
  private constructor(
    private readonly program: string,
    private readonly kubeconfig: string,
    private readonly folder: string,
    private readonly charts: string,
  ) {}

  /** Logs in as administrator, or by another kubeconfig. */
  public static async on(api: HostApi, login = api.kubeconfig): Promise<Helm> {
    return new Helm(await tool("helm"), login, scratch("helm"), await charts());
  }

  /** Installs or upgrades a release of a synthesized stack. Throws with Helm's words. */
  public async install(stackFolder: string, release: ReleaseBlock): Promise<Ran> {
    const { name, namespace, chart } = release;
    const values = join(this.folder, `${name}.json`);
    writeFileSync(values, JSON.stringify(releaseValues(release)));
    const what = ["upgrade", "--install", name, this.chartPath(stackFolder, chart), "--values", values];
    const where = ["--namespace", namespace, `--history-max=${Number(release.max_history ?? 10)}`];
    // Without nodes nothing becomes ready, so nothing is waited for.
    return must(this.program, [...what, ...where], { env: this.env() });
  }

  /** Any other command, such as `list --all-namespaces`. */
  public run(...args: string[]): Promise<Ran> {
    return exec(this.program, args, { env: this.env() });
  }

  /** A chart that travels with the stack; public ones come from their Go modules. */
  private chartPath(stackFolder: string, chart: string): string {
    const path = chart.startsWith(".") ? join(stackFolder, chart) : join(this.charts, chart);
    if (!existsSync(path)) throw new Error(`no chart ${chart} here`);
    return path;
  }

  private env(): Record<string, string | undefined> {
    const { folder, kubeconfig } = this;
    return {
      KUBECONFIG: kubeconfig,
      HELM_CONFIG_HOME: folder,
      HELM_CACHE_HOME: folder,
      HELM_DATA_HOME: folder,
      HELM_PLUGINS: folder,
      HELM_NAMESPACE: undefined,
    };
  }
}

let released: Promise<string> | undefined;

/** The public charts, copied once a run. */
function charts(): Promise<string> {
  return (released ??= chartFolders().then(releasedCharts));
}
