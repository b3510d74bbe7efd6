// docs/machines.md: which machine for which TEE, from the catalogue.
import { MachineType } from "../lib/node-pool/machine-type";
import type { MachineTypeRow } from "../lib/node-pool/machine-type-row";
import { Tee } from "../lib/tee/tee";

/** Clouds with the name of their Kubernetes, and its page. */
const CLOUDS: readonly (readonly [cloud: string, name: string, page: string])[] = [
  ["azure", "AKS", "aks.md"],
  ["google", "GKE", "gke.md"],
  ["aws", "EKS", "eks.md"],
];

/** What is said of a row beside its size. One line above the table when all rows agree, else a column. */
const REMARKS: readonly (readonly [heading: string, of: (row: MachineTypeRow) => string])[] = [
  ["processor", ({ arch }) => arch],
  ["regions", ({ regions }) => regions?.join(", ") ?? "the vendor publishes no list that was found"],
  ["no pool, because", ({ notForPools }) => notForPools ?? ""],
  ["unproven, needs `acceptUnproven`", unprovenOf],
  ["retires", ({ retires }) => retires ?? ""],
  ["source", ({ source, date }) => `${source} (${date})`],
];

/** The page. */
export function machinesPage(): string {
  const { ALL } = MachineType;
  const groups = CLOUDS.flatMap(([cloud, name]) =>
    Tee.ALL.map((tee) => ({ name, tee, rows: ALL.filter((row) => row.cloud === cloud && row.tee === tee) })),
  ).filter(({ rows }) => rows.length > 0);
  return [
    "# Which machine for which TEE",
    "",
    "Generated from the catalogue (`MachineType.ALL`, `lib/node-pool`) by `npm run generate`.",
    "",
    `${ALL.length} rows: one for each cloud, machine type and TEE. Plain machines are not in it. What a TEE is and is not: ` +
      "[tees.md](tees.md); what each cloud cannot do: [limits.md](limits.md).",
    "",
    "## At a glance",
    "",
    ...table(
      ["cloud", "TEE", "machine types", "from", "to", "pools"],
      groups.map(({ name, tee, rows }) => {
        const sorted = [...rows].sort((a, b) => a.vcpus - b.vcpus || a.memoryGiB - b.memoryGiB);
        return [
          name,
          tee.label,
          String(rows.length),
          sizeOf(sorted[0]!),
          sizeOf(sorted[sorted.length - 1]!),
          poolsOf(rows),
        ];
      }),
    ),
    "",
    "Numbers are vCPUs / GiB.",
    "",
    "## Search",
    "",
    "```ts",
    'import { MachineType, Tee } from "tenclave";',
    "",
    "const { candidates, fellOut } = MachineType.find({",
    '  cloud: "google",',
    "  tee: Tee.TDX,",
    "  vcpu: 8,",
    "  memory: 32,",
    '  region: "europe-west4",',
    "});",
    "console.log(candidates[0]?.name, fellOut[0]?.reasons);",
    "```",
    "",
    "Candidates come smallest first, by vCPUs, then memory. Everything else comes back with the reasons why it fell out. " +
      "Where no list of regions is known, a region is not checked.",
    "",
    ...CLOUDS.flatMap(([, name, page]) => [
      `## ${name}`,
      "",
      `What a pool of each needs: [${page}](${page}).`,
      "",
      ...groups.filter((group) => group.name === name).flatMap(section),
    ]),
  ].join("\n");
}

function section({ name, tee, rows }: { name: string; tee: Tee; rows: readonly MachineTypeRow[] }): string[] {
  const differs = REMARKS.filter(([, of]) => rows.some((row) => of(row) !== of(rows[0]!)));
  const common = REMARKS.filter((remark) => !differs.includes(remark));
  return [
    `### ${tee.label} on ${name}`,
    "",
    ...common.flatMap(([heading, of]) => (of(rows[0]!) ? [`- ${heading}: ${of(rows[0]!)}`] : [])),
    "",
    ...table(
      ["family", "vCPUs / GiB", ...differs.map(([heading]) => heading)],
      families(rows).map((family) => [
        family[0]!.family + (family[0]!.gpu ? ` with ${family[0]!.gpu}` : ""),
        family.map(sizeOf).join(", "),
        ...differs.map(([, of]) => of(family[0]!)),
      ]),
    ),
    "",
  ];
}

/** Rows of a family together; sizes that differ in what is said of them stand apart. */
function families(rows: readonly MachineTypeRow[]): MachineTypeRow[][] {
  const found = new Map<string, MachineTypeRow[]>();
  for (const row of rows) {
    const key = [row.family, row.gpu, ...REMARKS.map(([, of]) => of(row))].join("|");
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()];
}

function sizeOf({ name, vcpus, memoryGiB }: MachineTypeRow): string {
  return `\`${name}\` ${vcpus} / ${memoryGiB}`;
}

/** Facts without the machine's own name, so that machines that share one stand together. */
function unprovenOf({ name, unproven = [] }: MachineTypeRow): string {
  return unproven.map((fact) => fact.replaceAll(name, "it")).join("; ");
}

function poolsOf(rows: readonly MachineTypeRow[]): string {
  if (rows.every(({ notForPools }) => notForPools)) return "no";
  const unproven = rows.filter((row) => row.unproven).length;
  if (unproven === 0) return "yes";
  return unproven === rows.length
    ? "with `acceptUnproven`"
    : `yes; ${unproven} of them with \`acceptUnproven\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
  );
}
