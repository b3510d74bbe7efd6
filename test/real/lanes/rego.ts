// Lane `rego`: every policy we generate for Trustee, judged by OPA and by regorus, the engine inside Trustee.
import { createHash } from "node:crypto";
import { attestationPolicies } from "../../../lib/attestation/trustee/attestation-policy";
import { EVIDENCE_KINDS } from "../../../lib/attestation/evidence-kind";
import { initData } from "../../../lib/attestation/init-data";
import { CERTIFICATE, initDataOptions } from "../../support/init-data";
import { REGO_CELLS } from "../attestation/rego-cells";
import { ATTESTATION_CASES } from "../rego/attestation-cases";
import { BREAKS, type PolicyBreak } from "../rego/breaks";
import { read, type RegoCase } from "../rego/cases";
import { evidenceOf, KINDS } from "../rego/evidence";
import { judge, type Judged } from "../rego/judged";
import { mutations } from "../rego/mutations";
import { POLICIES } from "../rego/policies";
import { NODE_CASES, RESOURCE_CASES } from "../rego/resource-cases";
import { appraisal, result } from "../rego/result";
import { check, type Check, type Lane } from "../support/lane";
import { regoJudges, type RegoJudges } from "../support/rego-judges";

const CASES: readonly RegoCase[] = [...ATTESTATION_CASES, ...RESOURCE_CASES, ...NODE_CASES];

/** Documents changed at random. */
const MUTATIONS = 1_000;

export const rego: Lane = {
  name: "rego",
  proves:
    "Trustee's policies say the same in OPA and in Trustee's own engine, and what they should, on every case",
  async run() {
    const judges = await regoJudges();
    const judged = await judge(judges, CASES, POLICIES);
    const checks = [
      ...judged.map(asExpected),
      ...(await mutated(judges)),
      ...(await brokenOnes(judges)),
      ...(await devices(judges)),
      ...(await endToEnd(judges, judged)),
      ...(await readings(judges)),
      ...countedCells(judged),
    ];
    return {
      checks,
      parts: "OPA 1.17.1, regorus 0.10.1 and 0.11.0, toml 1.1.2",
      leftOut: 0,
      notes: [
        `${CASES.length} cases, ${CASES.filter((one) => !one.passes).length} of them refused, each by three engines in two syntaxes`,
        `${MUTATIONS} documents changed at random: the same verdict of all`,
        `${BREAKS.length} weaker policies, each seen to let something through`,
      ],
    };
  },
};

function asExpected({ judged, passes, problems }: Judged): Check {
  return check(`${judged.policy}: ${judged.name}`, [
    ...problems,
    ...(passes === judged.passes ? [] : [passes ? "gets through" : "does not get through"]),
  ]);
}

/** Whatever is asked, all engines say the same. */
async function mutated(judges: RegoJudges): Promise<Check[]> {
  const judged = await judge(judges, mutations(MUTATIONS), POLICIES);
  const through = judged.filter(({ passes }) => passes).length;
  return [
    ...judged.map(({ judged: { name, policy }, problems }) => check(`${policy}, mutation ${name}`, problems)),
    check(
      "mutations: some change the verdict, and some nothing that matters",
      through > 0 && through < MUTATIONS ? [] : [`${through} of ${MUTATIONS} get through`],
    ),
  ];
}

/** A policy without one of its conditions: the case that the condition was for must get through. */
async function brokenOnes(judges: RegoJudges): Promise<Check[]> {
  return Promise.all(BREAKS.map((one) => broken(judges, one)));
}

async function broken(judges: RegoJudges, { name, policy, from, to, lets }: PolicyBreak): Promise<Check> {
  const weaker = POLICIES[policy].replaceAll(
    typeof from === "string" ? from : new RegExp(from.source, [...new Set(`${from.flags}g`)].join("")),
    to,
  );
  const of = CASES.filter((one) => one.policy === policy);
  const judged = await judge(judges, of, { ...POLICIES, [policy]: weaker });
  const through = judged.filter((one) => one.passes && !one.judged.passes).map((one) => one.judged.name);
  return check(`weaker ${policy}: ${name}`, [
    ...(weaker === POLICIES[policy] ? ["nothing was changed"] : []),
    ...(through.includes(lets)
      ? []
      : [`'${lets}' does not get through, only ${through.join(", ") || "none"}`]),
    ...(of.some((one) => one.name === lets && !one.passes) ? [] : [`no refused case is called '${lets}'`]),
  ]);
}

/** Policies of devices: nothing is affirmed. */
async function devices(judges: RegoJudges): Promise<Check[]> {
  const { default_cpu: _, ...others } = attestationPolicies();
  return Promise.all(
    Object.entries(others).map(async ([id, policy]) => {
      const cases = KINDS.map((kind): RegoCase => ({
        name: `${id} on ${kind}`,
        policy: "pod-attestation",
        input: evidenceOf(kind),
        passes: false,
      }));
      const judged = await judge(judges, cases, { ...POLICIES, "pod-attestation": policy });
      return check(
        `${id} affirms nothing`,
        judged.flatMap((one) => [
          ...one.problems,
          ...(one.passes ? [`${one.judged.name} is affirming`] : []),
        ]),
      );
    }),
  );
}

/** Evidence through both policies: the vector of the first is in the result that the second judges. */
async function endToEnd(judges: RegoJudges, judged: readonly Judged[]): Promise<Check[]> {
  const pods = judged.filter(({ judged: { policy } }) => policy === "pod-attestation");
  const cases = pods.map(({ judged: one, vector }): RegoCase => ({
    ...one,
    policy: "pod-resource",
    input: result({ cpu0: appraisal(one.input as Record<string, unknown>, vector) }),
    request: read("acme", "key", "database"),
  }));
  const later = await judge(judges, cases, POLICIES);
  return later.map(({ judged: { name }, passes, problems }, at) =>
    check(`end to end: ${name}`, [
      ...problems,
      ...(passes === pods[at]!.judged.passes
        ? []
        : [passes ? "reads the tenant's key" : "does not read its key"]),
    ]),
  );
}

/** Initialisation data, read by the parser Trustee has, with the digest it computes. */
async function readings(judges: RegoJudges): Promise<Check[]> {
  const { data } = initDataOptions();
  const texts = [
    data["policy.rego"],
    "x := '''three quotes'''\n",
    "# ends in a quote'",
    '\n\nstarts with line feeds, has """ and \\ and \t\n',
    "no line feed at the end",
  ];
  const made = EVIDENCE_KINDS.flatMap((evidence) =>
    texts.map((policy) => ({ evidence, data: { ...data, "policy.rego": policy } })),
  );
  const seen = await judges.read(made.map((options) => initData(options).toml));
  return made.map((options, at) => {
    const { digest, algorithm, toml } = initData(options);
    const reading = seen[at]!;
    const facts: Readonly<Record<string, boolean>> = {
      "it is read": reading.error === undefined,
      "every entry is read as it was given": same(reading.data, options.data),
      "the digest is Trustee's": reading.digest === digest,
      "the digest is Node's": digest === createHash(algorithm).update(toml).digest("hex"),
      "the key broker stands in both": same(reading.tables, {
        "aa.toml": {
          token_configs: { kbs: { url: "https://kbs.example.com:8443", cert: `${CERTIFICATE}\n` } },
        },
        "cdh.toml": {
          kbc: { name: "cc_kbc", url: "https://kbs.example.com:8443", kbs_cert: `${CERTIFICATE}\n` },
        },
      }),
    };
    return check(
      `initialisation data for ${options.evidence}, policy ${JSON.stringify(options.data["policy.rego"].slice(0, 20))}`,
      [
        ...(reading.error === undefined ? [] : [reading.error]),
        ...Object.entries(facts)
          .filter(([, holds]) => !holds)
          .map(([fact]) => `not so: ${fact}`),
      ],
    );
  });
}

function same(one: unknown, other: unknown): boolean {
  const sorted = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    );
  return sorted(one) === sorted(other);
}

/** Every cell that is claimed was judged here, with that verdict. */
function countedCells(judged: readonly Judged[]): Check[] {
  return REGO_CELLS.map(({ name, refused }) => {
    const one = judged.find((row) => `${row.judged.policy}: ${row.judged.name}` === name);
    return check(`cell ${name}`, one !== undefined && one.passes !== refused ? [] : ["not judged so"]);
  });
}
