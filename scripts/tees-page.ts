// docs/tees.md, made from the comparison of TEEs.
import { recommendTee, type TeeQuestion } from "../lib/tee/recommend-tee";
import { Sensitivity } from "../lib/tee/sensitivity";
import { Tee } from "../lib/tee/tee";
import {
  OUTSIDE_EVERY_TEE,
  TEE_COMPARISON,
  type TeeComparison,
  type TeeFact,
} from "../lib/tee/tee-comparison";
import { TEE_CLOUDS, TEE_OFFERS, type TeeOffer } from "../lib/tee/tee-offers";
import { Party, type Distances } from "../lib/tee/trust-tier";

/** The rows of a TEE's own table. */
const PROPERTIES: readonly (readonly [heading: string, of: (row: TeeComparison) => TeeFact])[] = [
  ["confidentiality", (row) => row.confidentiality],
  ["integrity", (row) => row.integrity],
  ["attestability", (row) => row.attestability],
  ["recoverability (sealing)", (row) => row.recoverability],
  ["isolation unit", (row) => row.isolationUnit],
  ["changes to code", (row) => row.codeChanges],
  ["sold by", (row) => row.soldBy],
  ["evidence", (row) => row.evidence],
  ["verifiers", (row) => row.verifiers],
];

/** The page. */
export function teesPage(): string {
  const rows = [...TEE_COMPARISON.values()];
  const sources = new Sources();
  const fact = ({ text, sources: pages, unsure }: TeeFact): string =>
    [text, ...(unsure ? ["**(unsure)**"] : []), ...pages.map((page) => sources.mark(page))].join(" ");
  const body = [
    ...whichSection(),
    ...overviewSection(rows),
    ...reachSection(rows),
    ...offersSection(rows, sources),
    "## One by one",
    "",
    ...rows.flatMap((row) => [
      `### ${row.tee.label}`,
      "",
      ...table(
        ["property", row.tee.label],
        PROPERTIES.map(([heading, of]) => [heading, fact(of(row))]),
      ),
      "",
      ...(row.limits.length > 0
        ? ["What it does not give:", "", ...row.limits.map((limit) => `- ${fact(limit)}`), ""]
        : []),
    ]),
  ];
  return [
    "# TEEs: what each is and is not",
    "",
    "Generated from `lib/tee/tee-comparison.ts` and `lib/tee/tee-offers.ts` by `npm run generate`.",
    "",
    "Numbers in brackets name the [sources](#sources). **(unsure)** marks what no source that was read settles, or what " +
      "sources contradict each other on: do not rely on it.",
    "",
    OUTSIDE_EVERY_TEE,
    "",
    ...body,
    "## Sources",
    "",
    ...sources.list(),
    "",
  ].join("\n");
}

/** Pages in the order they are first named. */
class Sources {
  private readonly pages: string[] = [];

  public mark(page: string): string {
    if (!this.pages.includes(page)) this.pages.push(page);
    return `[${this.pages.indexOf(page) + 1}]`;
  }

  public list(): string[] {
    return this.pages.map((page, index) => `${index + 1}. ${page}`);
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function distances({ provider, hostAdmin, neighbours }: Distances): string[] {
  return [provider.name, hostAdmin.name, neighbours.name];
}

/** Questions people come with. */
const CASES: readonly (readonly [heading: string, question: TeeQuestion])[] = [
  ...Sensitivity.ALL.map((sensitivity) => [`\`${sensitivity}\``, { sensitivity }] as const),
  [
    "`internal`, application unchanged, with a GPU",
    { sensitivity: Sensitivity.INTERNAL, unmodifiedApp: true, gpu: true },
  ],
  [
    "`public`, but host-cluster administrators distrusted",
    { sensitivity: Sensitivity.PUBLIC, distrust: [Party.HOST_ADMIN] },
  ],
  [
    "the same, application unchanged",
    { sensitivity: Sensitivity.PUBLIC, distrust: [Party.HOST_ADMIN], unmodifiedApp: true },
  ],
];

/** What `recommendTee` says first, cloud by cloud. */
function whichSection(): string[] {
  return [
    "## Which one for what",
    "",
    "What `recommendTee` puts first on each cloud. _Short_ means that nothing in this release reaches it there, and that " +
      "this is the nearest; _unproven_ that a pool needs `acceptUnproven`. The call names every shortfall, every reason, and what fell out.",
    "",
    ...table(
      ["needed", ...TEE_CLOUDS],
      CASES.map(([heading, question]) => [
        heading,
        ...TEE_CLOUDS.map((cloud) => firstAnswer({ ...question, cloud })),
      ]),
    ),
    "",
  ];
}

function firstAnswer(question: TeeQuestion): string {
  const { candidates, reached } = recommendTee(question);
  const [best] = candidates;
  if (!best) return "nothing";
  if (best.tee === Tee.NONE) return "a plain pool";
  return `${reached ? "" : "_short:_ "}${best.tee.label}, \`${best.machineType}\`${best.unproven ? ", unproven" : ""}`;
}

function overviewSection(rows: readonly TeeComparison[]): string[] {
  const yes = (value: boolean): string => (value ? "yes" : "no");
  return [
    "## At a glance",
    "",
    ...table(
      ["TEE", "id", "pools on", "application unchanged", "memory integrity", "covers a GPU"],
      rows.map(({ tee, clouds, notForPools, unmodifiedApp, keepsIntegrity, gpu }) => [
        tee.label,
        `\`${tee.id}\``,
        notForPools ? `none: ${notForPools}` : clouds.join(", "),
        yes(unmodifiedApp),
        yes(keepsIntegrity),
        yes(gpu),
      ]),
    ),
    "",
    "Memory integrity means: software on the host cannot change or swap memory unnoticed.",
    "",
  ];
}

function reachSection(rows: readonly TeeComparison[]): string[] {
  const parties = Party.ALL.map(({ label }) => `${label}, at best`);
  return [
    "## How far it keeps whom",
    "",
    "At best means with everything wired that can be. Today is the [trust tier](concepts.md#trust-tiers) that ordinary pods " +
      "on a pool reach in this release.",
    "",
    ...table(
      ["TEE", ...parties, "wired by", "today"],
      rows.map(({ tee, reach }) => [
        tee.label,
        ...distances(reach.atBest),
        reach.wiredBy,
        reach.today ? `\`${reach.today}\`` : "no pool",
      ]),
    ),
    "",
  ];
}

function offersSection(rows: readonly TeeComparison[], sources: Sources): string[] {
  return [
    "## On which cloud's nodes",
    "",
    ...table(
      ["TEE", ...TEE_CLOUDS],
      rows.map(({ tee }) => [tee.label, ...TEE_CLOUDS.map((cloud) => offerCell(cloud, tee, sources))]),
    ),
    "",
    ...TEE_CLOUDS.flatMap((cloud) => [
      `What ${cloud} takes away:`,
      "",
      ...TEE_OFFERS.filter((offer) => offer.cloud === cloud).flatMap(limitLines),
      "",
    ]),
  ];
}

function offerCell(cloud: string, tee: Tee, sources: Sources): string {
  const offer = TEE_OFFERS.find((one) => one.cloud === cloud && one.tee === tee)!;
  const { machines, example, gpu, notForPools, unproven, source } = offer;
  const words = notForPools
    ? `no: ${notForPools}`
    : [
        `${machines}; like \`${example}\``,
        ...(gpu ? [`with a GPU \`${gpu.machineType}\`${gpu.unproven ? ", unproven" : ""}`] : []),
        ...(unproven ? ["unproven, needs `acceptUnproven`"] : []),
      ].join("; ");
  return `${words} ${sources.mark(source)}`;
}

function limitLines({ tee, limits, gpu }: TeeOffer): string[] {
  return [
    ...limits.map((limit) => `- ${tee.label}: ${limit}`),
    ...(gpu?.limits ?? []).map((limit) => `- ${tee.label} with a GPU: ${limit}`),
  ];
}
