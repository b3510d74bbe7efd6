// docs/attacks-inside.md: what a tenant's admin tries from inside, and what becomes of it.
import { INSIDE_ATTACKS, type Expectation } from "../test/real/attacks/inside";
import { WORKLOADS } from "../test/real/attacks/inside-legitimate";

/** The page. */
export function insidePage(): string {
  const outcome = ({ verdict, stoppedBy }: Expectation): string =>
    `${verdict}: ${stoppedBy.map((control) => `\`${control}\``).join(" or ")}`;
  return [
    "# Attacks from inside a virtual cluster",
    "",
    "Generated from `test/real/attacks/inside.ts` and `inside-legitimate.ts` by `npm run generate`.",
    "",
    "The lane `vcluster` carries each through two real control planes of vCluster to a live API server and judges what " +
      "arrives on the host: one runs with the values our stacks hold, of the other the tenant has switched off Pod Security, the " +
      "forced class, tolerations and selector. `refused`: nothing arrives, by whichever of these speaks first, and the tenant reads " +
      "why in an event, in the answer of its API server, or, for ephemeral containers alone, only in the control plane's log. " +
      "`harmless`: it arrives without what would be harm.",
    "",
    "| control | is |",
    "| --- | --- |",
    "| `rule:<id>` | an [admission rule](admission.md) of the host |",
    "| `pod-security` | Pod Security `restricted` of the tenant's namespace on the host |",
    "| `pod-security-inside` | the same inside: the syncer labels namespaces, and checks itself |",
    "| `runtime-class` | the host's RuntimeClass admission: overhead and selectors that contradict the class |",
    "| `class-scheduling` | the selector that the RuntimeClass adds on the host |",
    "| `forced-class` | the class, selector and tolerations our values force |",
    "| `quota` | the ResourceQuota |",
    "| `translation` | what the syncer renames, drops or deletes, whatever its values |",
    "| `never-synced` | the syncer keeps the change back for good, and tells nobody |",
    "",
    "| id | on | what | why | our values | taken over |",
    "| --- | --- | --- | --- | --- | --- |",
    ...INSIDE_ATTACKS.map(
      ({ id, on, does, why, expect }) =>
        `| \`${id}\` | ${on} | ${does} | ${why} | ${outcome(expect.ours)} | ${outcome(expect["taken-over"])} |`,
    ),
    "",
    "## What has to arrive",
    "",
    "| id | what |",
    "| --- | --- |",
    ...WORKLOADS.map(({ id, does }) => `| \`${id}\` | ${does} |`),
    "| `core-dns` | the virtual cluster's own CoreDNS |",
    "",
  ].join("\n");
}
