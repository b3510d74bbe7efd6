// Guardrails of 50 tenants, installed as our stacks have them, beside plain charts of the same objects.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../../real/support/cache";
import { readConfiguration, releaseValues } from "../../real/support/configuration";
import { ciliumDefinitions } from "../../real/support/host-api/cilium-definitions";
import type { KubeMetadata } from "../../real/support/host-api/client";
import { Helm, type ReleaseBlock } from "../../real/support/host-api/helm";
import { startHostApi } from "../../real/support/host-api/host-api";
import { median, type Answer } from "./figures";
import { platformWith } from "./platform";

const TENANTS = 50;

/** Pairs, tenant by tenant: who goes first changes. The platform's own releases are in before. */
export async function install(say: (text: string) => void): Promise<Answer[]> {
  const api = await startHostApi();
  try {
    const stacks = await platformWith(TENANTS);
    await ciliumDefinitions(api.client);
    for (const stack of stacks)
      for (const { metadata } of blocks<{ metadata: KubeMetadata }>(stack.folder, "kubernetes_namespace_v1"))
        await api.client.apply({ apiVersion: "v1", kind: "Namespace", metadata });
    const helm = await Helm.on(api);
    const releases = stacks.flatMap(({ stack, folder }) =>
      blocks<ReleaseBlock>(folder, "helm_release")
        .filter(({ name }) => /^tenants/.test(stack) && name.startsWith("guardrails-"))
        .map((release) => ({ folder, release })),
    );
    if (releases.length !== TENANTS) throw new Error(`${releases.length} guardrails of ${TENANTS} tenants`);
    const times: { ours: number; plain: number }[] = [];
    for (const [index, { folder, release }] of releases.entries()) {
      const plain = { folder: plainChart(release), release: { ...release, ...PLAIN } };
      const measured = { ours: 0, plain: 0 };
      for (const side of index % 2 === 0 ? (["ours", "plain"] as const) : (["plain", "ours"] as const)) {
        const what = side === "ours" ? { folder, release } : plain;
        const began = process.hrtime.bigint();
        await helm.install(what.folder, what.release);
        measured[side] = Number(process.hrtime.bigint() - began) / 1e6;
        const { code, output } = await helm.run("uninstall", release.name, "--namespace", release.namespace);
        if (code !== 0) throw new Error(output);
      }
      times.push(measured);
    }
    const sum = (side: "ours" | "plain"): number =>
      times.reduce((total, time) => total + time[side], 0) / 1000;
    say(
      `install, ${TENANTS} tenants: ours ${sum("ours").toFixed(1)} s, plain charts ${sum("plain").toFixed(1)} s`,
    );
    return [
      {
        what: `guardrails of ${TENANTS} tenants installed, by plain charts of the same objects`,
        sides: [
          `ours ${median(times.map(({ ours }) => ours)).toFixed(0)} ms a tenant`,
          `plain ${median(times.map(({ plain }) => plain)).toFixed(0)} ms`,
        ],
        // One ratio a tenant would fill the page.
        ratios: tenths(times).map((part) => median(part.map(({ ours, plain }) => ours / plain))),
        limit: { atMost: 1.5, kind: "bar" },
        notes: ["each ratio is the median of five tenants; Terraform's own time is not in it"],
      },
    ];
  } finally {
    await api.stop();
  }
}

/** What differs in the plain chart's release: the objects stand in templates. */
const PLAIN = { chart: "./plain", values: ["{}"] };

/** A chart whose templates are the objects themselves, one file each. */
function plainChart(release: ReleaseBlock): string {
  const folder = scratch("plain-chart");
  const templates = join(folder, "plain", "templates");
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(folder, "plain", "Chart.yaml"), "apiVersion: v2\nname: plain\nversion: 1.0.0\n");
  const { objects } = releaseValues(release) as { readonly objects: readonly object[] };
  for (const [index, object] of objects.entries())
    writeFileSync(join(templates, `${index}.yaml`), JSON.stringify(object));
  return folder;
}

function blocks<T>(folder: string, type: string): T[] {
  return Object.values(readConfiguration(folder).resource?.[type] ?? {}) as T[];
}

function tenths<T>(values: readonly T[]): T[][] {
  const size = values.length / 10;
  return Array.from({ length: 10 }, (_, index) => values.slice(index * size, (index + 1) * size));
}
