// docs/attacks.md: every attack with whom, what, why, verdict and control, from the data that the lanes run.
import { FAMILIES } from "../lib/testing/attacks";
import { BENCHMARKS } from "../lib/testing/attacks/benchmarks";
import type { Attack } from "../lib/testing/attack";
import { INSIDE_ATTACKS, type InsideAttack } from "../test/real/attacks/inside";

const ALL = Object.values(FAMILIES).flat();

/** The page. */
export function attacksPage(): string {
  const attacks = ALL.filter(({ expect }) => expect !== "allowed");
  const legitimate = ALL.filter(({ expect }) => expect === "allowed");
  return [
    "# Attacks",
    "",
    "Generated from `lib/testing/attacks` and `test/real/attacks` by `npm run generate`.",
    "",
    `Lane \`api-server\` sends ${attacks.length} attacks and ${legitimate.length} legitimate requests to a live API server that holds the synthesized stacks of every example; lane \`vcluster\` tries ${INSIDE_ATTACKS.length} more from inside a virtual cluster. An attack passes the test only when the control that should refuse it does: a refusal for a typing error fails.`,
    "",
    "*stopped by* names every control that refuses the attack alone: the lane removes each and sees what then gets through. `rule:` is an [admission rule](admission.md), `api-server` what Kubernetes itself refuses whatever we install.",
    "",
    "`attack(stacks)` of `tenclave/testing` runs the same against your stacks: [testing.md](testing.md).",
    "",
    "## Multi-Tenancy Benchmarks",
    "",
    "The nineteen checks, with what was expected before the first run. Two carry the same id.",
    "",
    ...rows(
      ["id", "check", "expected", "attack"],
      BENCHMARKS.map(({ id, title, expected, attack }) => [id, title, expected, `\`${attack}\``]),
    ),
    ...Object.entries(FAMILIES).flatMap(([family, own]) => section(family, own)),
    "## From inside a virtual cluster",
    "",
    "Judged by what arrives on the host, once with a control plane that runs our values and once with one that the tenant has taken over.",
    "",
    ...rows(
      ["id", "what", "why", "our values", "taken over"],
      INSIDE_ATTACKS.map((attack) => [
        `\`${attack.id}\``,
        attack.does,
        attack.why,
        inside(attack, "ours"),
        inside(attack, "taken-over"),
      ]),
    ),
    "## Legitimate",
    "",
    "Just on the allowed side of a rule, or what the real syncer, Kubernetes' controllers and administrators do. None may be refused.",
    "",
    ...rows(
      ["id", "as", "what", "who needs it"],
      legitimate.map(({ id, as, does, why }) => [`\`${id}\``, as.label, does, why]),
    ),
  ].join("\n");
}

function section(family: string, attacks: readonly Attack[]): string[] {
  return [
    `## ${family}`,
    "",
    ...rows(
      ["id", "as", "what", "why", "verdict", "stopped by"],
      attacks
        .filter(({ expect }) => expect !== "allowed")
        .map((attack) => [
          `\`${attack.id}\``,
          attack.as.label,
          attack.does,
          attack.why,
          verdict(attack),
          attack.stoppedBy.map((control) => `\`${control}\``).join(", "),
        ]),
    ),
  ];
}

function verdict({ expect }: Attack): string {
  return typeof expect === "string" ? expect : `harmless: ${expect.harmless}`;
}

function inside({ expect }: InsideAttack, syncer: keyof InsideAttack["expect"]): string {
  const { verdict: text, stoppedBy } = expect[syncer];
  return `${text} by ${stoppedBy.map((control) => `\`${control}\``).join(", ")}`;
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...body.map(line), ""];
}
