// docs/machines.md: which machine for which TEE, from the catalogue.
import { MachineType, type MachineTypeRow } from "../lib/node-pool/machine-type";
import { Tee } from "../lib/tee/tee";

const CLOUDS: readonly (readonly [string, string, string])[] = [
  ["azure", "AKS", "aks.md"],
  ["google", "GKE", "gke.md"],
  ["aws", "EKS", "eks.md"],
];

/** The page's text. */
export function machinesPage(): string {
  const { ALL } = MachineType;
  return [
    "# Which machine for which TEE",
    "",
    "Generated from the catalogue (`MachineType.ALL`) by `npm run generate`. Every row there names its vendor's page and date.",
    "",
    `${ALL.length} rows: one for each cloud, machine type and TEE. Plain machines are not in it.`,
    "",
    "```ts",
    'import { MachineType, Tee } from "tenclave";',
    "",
    'const { candidates, fellOut } = MachineType.find({ cloud: "google", tee: Tee.TDX, vcpu: 8, memory: 32, region: "europe-west4" });',
    "console.log(candidates[0]?.name, fellOut[0]?.reasons);",
    "```",
    "",
    "Candidates come smallest first, by vCPUs, then memory. Everything else comes back with the reasons why it fell out.",
    "",
    ...CLOUDS.flatMap(([cloud, name, page]) => [
      `## ${name}`,
      "",
      `What a pool of each needs and what ${name} cannot do: [${page}](${page}).`,
      "",
      "| TEE | family | sizes: vCPU / GiB | regions | mind | source |",
      "| --- | --- | --- | --- | --- | --- |",
      ...Tee.ALL.flatMap((tee) =>
        families(ALL.filter((row) => row.cloud === cloud && row.tee === tee)).map(line),
      ),
      "",
    ]),
  ].join("\n");
}

function families(rows: readonly MachineTypeRow[]): MachineTypeRow[][] {
  const byFamily = new Map<string, MachineTypeRow[]>();
  for (const row of rows) {
    // Sizes of a family that differ in what they need stand in lines of their own.
    const key = [row.family, row.gpu, row.regions?.join(), mind(row), row.source].join("|");
    byFamily.set(key, [...(byFamily.get(key) ?? []), row]);
  }
  return [...byFamily.values()];
}

function line(rows: readonly MachineTypeRow[]): string {
  const [first] = rows as [MachineTypeRow];
  const sizes = rows.map(({ name, vcpus, memoryGiB }) => `\`${name}\` ${vcpus} / ${memoryGiB}`).join(", ");
  const cells = [
    first.tee.label + (first.gpu ? ` + ${first.gpu}` : ""),
    first.family,
    sizes,
    first.regions?.join(", ") ?? "no list",
    mind(first),
    `${first.source} (${first.date})`,
  ];
  return `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
}

function mind({ notForPools, unproven = [], retires }: MachineTypeRow): string {
  return [
    notForPools && `**no pool**: ${notForPools}`,
    retires && `retires on ${retires}`,
    ...unproven.map((fact) => `unproven: ${fact}`),
  ]
    .filter((text) => text)
    .join("; ");
}
