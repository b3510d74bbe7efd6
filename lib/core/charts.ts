// Every chart the library installs: one table, and where the chart comes from.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AssetType, TerraformAsset, TerraformStack, type Construct } from "./cdk";
import { ConfigurationError } from "./errors";

/** One chart at one version. */
export interface Chart {
  /** Name inside the repository. */
  readonly name: string;
  /** Public Helm repository. */
  readonly repository: string;
  /** Exact version: values are written for this one. */
  readonly version: string;
  /** Day the version was released, YYYY-MM-DD. */
  readonly date: string;
  /** Where version and values were read. */
  readonly source: string;
  /** Last day of the vendor's support, YYYY-MM-DD. The summary says when it has passed. */
  readonly supportedUntil?: string;
  /** Registries its images come from: nodes must reach them, or a mirror. */
  readonly imageRegistries: readonly string[];
}

/** The charts. Raising a version is a reviewed change: values are checked against the chart of that version. */
export const CHARTS = {
  vcluster: {
    name: "vcluster",
    repository: "https://charts.loft.sh",
    version: "0.36.1",
    date: "2026-07-29",
    source:
      "loft-sh/vcluster tag v0.36.1; support dates from the vendor's supported-versions page, read 2026-08-21",
    supportedUntil: "2026-10-22",
    imageRegistries: ["ghcr.io", "docker.io", "mirror.gcr.io"],
  },
  cilium: {
    name: "cilium",
    repository: "https://helm.cilium.io",
    version: "1.20.0",
    date: "2026-07-29",
    source:
      "cilium/charts, chart 1.20.0; the vendor publishes no end date, a minor is kept until three newer ones exist",
    imageRegistries: ["quay.io"],
  },
} as const satisfies Record<string, Chart>;

/** The attributes of a Helm release that say where its chart comes from. */
export interface ChartLocation {
  readonly chart: string;
  readonly repository?: string;
  readonly version?: string;
}

/** Where a chart comes from: its public repository, a mirror, or a directory. */
export class ChartSource {
  /** A Helm repository, by URL. Shape: `https://charts.example.com`. Fails with CHART_SOURCE. */
  public static repository(url: string): ChartSource {
    if (!/^https:\/\/\S+$/.test(url)) throw badSource("repository", url, "an https:// URL");
    assertNoCredentials("repository", url);
    return new ChartSource((_, chart) => ({ chart: chart.name, repository: url, version: chart.version }));
  }

  /** A folder of an OCI registry. Shape: `oci://registry.example.com/charts`. Fails with CHART_SOURCE. */
  public static oci(url: string): ChartSource {
    if (!/^oci:\/\/\S+$/.test(url)) throw badSource("oci", url, "an oci:// URL");
    assertNoCredentials("oci", url);
    const folder = url.replace(/\/$/, "");
    return new ChartSource((_, chart) => ({ chart: `${folder}/${chart.name}`, version: chart.version }));
  }

  /**
   * An unpacked chart on disk, copied into the output so that a plan needs neither network nor cluster.
   * Shape: a folder that holds Chart.yaml, relative to the working directory, of the name and version the library writes
   * values for: a chart of another version may ignore them without a word. Fails with CHART_SOURCE.
   */
  public static directory(path: string): ChartSource {
    const folder = resolve(path);
    const file = join(folder, "Chart.yaml");
    if (!existsSync(file)) throw badSource("directory", path, "a folder that holds Chart.yaml");
    const text = readFileSync(file, "utf8");
    const field = (key: string): string =>
      new RegExp(`^${key}:\\s*["']?([^"'\\s]+)`, "m").exec(text)?.[1] ?? "none";
    return new ChartSource((scope, chart) => {
      const found = `${field("name")} ${field("version")}`;
      if (found !== `${chart.name} ${chart.version}`)
        throw badSource("directory", `${path}' with chart '${found}`, `chart ${chart.name} ${chart.version}`);
      return { chart: chartAsset(scope, `Chart-${chart.name}`, folder) };
    });
  }

  private constructor(private readonly place: (scope: Construct, chart: Chart) => ChartLocation) {}

  /** Defines what the stack of `scope` needs, and returns the release's attributes. */
  public locate(scope: Construct, chart: Chart): ChartLocation {
    return this.place(scope, chart);
  }
}

/** Overrides of where charts and their images come from, for mirrors and air gaps. */
export interface ChartOverrides {
  /** @default - the public repository in CHARTS */
  readonly vcluster?: ChartSource;
  /** @default - the public repository in CHARTS */
  readonly cilium?: ChartSource;
  /**
   * Registry that mirrors the images of all charts under their own paths.
   * Shape: `registry.example.com/mirror`. Needed where nodes have no way to the internet.
   * @default - each chart's own registries
   */
  readonly imageRegistry?: string;
}

/** The source of a chart: the override, else its public repository. */
export function chartSource(chart: Chart, override: ChartSource | undefined): ChartSource {
  return override ?? ChartSource.repository(chart.repository);
}

/**
 * A chart folder as one asset of the stack, shared by all its releases.
 * Returns a path relative to the stack's working directory that changes with the content.
 */
export function chartAsset(scope: Construct, id: string, folder: string): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild(id) as TerraformAsset | undefined;
  const asset = known ?? new TerraformAsset(stack, id, { path: folder, type: AssetType.DIRECTORY });
  // Helm reads a relative path as a chart on disk only when it starts with a dot.
  return `./${asset.path}`;
}

/** Throws IMAGES_UNREACHABLE when nodes cannot pull the images of a chart, or of what we install without one. */
export function assertImagesReachable(
  scope: Construct,
  chart: Pick<Chart, "name" | "imageRegistries">,
  internetEgress: boolean,
  imageRegistry: string | undefined,
): void {
  if (internetEgress || imageRegistry) return;
  throw new ConfigurationError(
    "IMAGES_UNREACHABLE",
    scope,
    `nodes without a way to the internet need a mirror for every image, got chart ${chart.name} pulling from ` +
      `${chart.imageRegistries.join(", ")}; ` +
      `set charts.imageRegistry to a mirror inside the network, or give the network NAT`,
  );
}

/** An address lands in plan and state. The error does not repeat it. */
function assertNoCredentials(kind: string, url: string): void {
  const { host, username, password } = new URL(url);
  if (username + password === "") return;
  throw badSource(kind, `***@${host}`, "a URL without credentials, which would lie in plan and state");
}

function badSource(kind: string, got: string, shape: string): ConfigurationError {
  return new ConfigurationError(
    "CHART_SOURCE",
    `ChartSource.${kind}`,
    `takes ${shape}, got '${got}'; give one, or leave the chart's source out`,
  );
}
