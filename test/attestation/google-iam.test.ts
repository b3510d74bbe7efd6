// Keys that open for Google's attestation, decided by a real CEL engine on what the stacks synthesize.
import { confidentialSpaceCondition } from "../../lib/attestation/google/confidential-space";
import { GOOGLE_HARDWARE } from "../../lib/attestation/google/google-claims";
import { celOf, type GoogleCondition } from "../../lib/attestation/google/google-condition";
import { gkeNodeCondition } from "../../lib/attestation/google/gke-node-attestation";
import { GOOGLE_MAPPING } from "../../lib/attestation/google/google-trust-domain";
import { NegativeCase, Wiring } from "../../lib/attestation/wiring";
import {
  GOOGLE_CELLS,
  GOOGLE_REFUSED,
  inSpace,
  onNode,
  type GoogleAttack,
} from "../real/attestation/google-cells";
import { evaluate, GoogleIam, MAX_SUBJECT } from "../support/google-iam";
import {
  configurations,
  digest,
  keyOf,
  NODE_TENANTS,
  NOW,
  nodeToken,
  POOL,
  SPACE_TENANTS,
  spaceToken,
} from "../support/google-platform";

const synthesized = configurations();
const iam = new GoogleIam(synthesized);

const opens = (model: GoogleIam, { caller, tenant, at = NOW }: GoogleAttack): boolean =>
  model.decrypts(caller, keyOf(tenant), at);

/** Everything that must be refused. */
const REFUSED: readonly GoogleAttack[] = [
  ...GOOGLE_CELLS.filter(({ refused }) => refused),
  ...GOOGLE_REFUSED,
];

test.each(SPACE_TENANTS)("the image of %s opens its own key and no other", (tenant) => {
  const opened = [...SPACE_TENANTS, ...NODE_TENANTS].filter((other) =>
    iam.decrypts(inSpace(tenant), keyOf(other), NOW),
  );
  expect(opened).toEqual([tenant]);
});

test.each(NODE_TENANTS)("a node of %s opens its own key and no other", (tenant) => {
  const opened = [...SPACE_TENANTS, ...NODE_TENANTS].filter((other) =>
    iam.decrypts(onNode(tenant), keyOf(other), NOW),
  );
  expect(opened).toEqual([tenant]);
});

test.each(GOOGLE_CELLS.map((cell) => [cell.refused ? "refused" : "not proven", cell.name, cell] as const))(
  "%s: %s",
  (_verdict, _name, cell) => {
    expect(opens(iam, cell)).toBe(!cell.refused);
  },
);

test.each(GOOGLE_REFUSED.map((attack) => [attack.name, attack] as const))("refused: %s", (_name, attack) => {
  expect(opens(iam, attack)).toBe(false);
});

test("every cell of the two wirings is attacked, with the verdict of the table", () => {
  for (const wiring of [Wiring.CONFIDENTIAL_SPACE, Wiring.GKE_NODE])
    for (const { case: negative, refused } of wiring.cases)
      expect([
        wiring.id,
        negative.id,
        ...new Set(
          GOOGLE_CELLS.filter((cell) => cell.wiring === wiring.id && cell.negative === negative.id).map(
            (cell) => cell.refused,
          ),
        ),
      ]).toEqual([wiring.id, negative.id, refused]);
  expect(new Set(GOOGLE_CELLS.map(({ negative }) => negative))).toEqual(
    new Set(NegativeCase.ALL.map(({ id }) => id)),
  );
  const names = [...GOOGLE_CELLS, ...GOOGLE_REFUSED].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("during a roll-out the old and the new image open, on their days", () => {
  const image =
    (release: number) =>
    (day: string): boolean =>
      iam.decrypts(
        inSpace("acme", {
          "submods.container.image_digest": digest("acme", release),
          nbf: 0,
          exp: Number.MAX_SAFE_INTEGER,
        }),
        keyOf("acme"),
        `${day}T23:59:59Z`,
      );
  const days = ["2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01", "2027-05-31", "2027-06-01"];
  expect(days.map(image(0))).toEqual([true, true, true, false, false, false]);
  expect(days.map(image(1))).toEqual([false, true, true, true, true, true]);
  expect(days.map(image(2))).toEqual([false, false, false, false, false, true]);
});

/** The model with texts of the configurations changed. */
function mutated(...changes: (readonly [from: string, to: string])[]): GoogleIam {
  const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
  const texts = changes.reduce(
    (all, [from, to]) => {
      if (!all.some((text) => text.includes(quoted(from)))) throw new Error(`nothing says ${from}`);
      return all.map((text) => text.replaceAll(quoted(from), quoted(to)));
    },
    synthesized.map((json) => JSON.stringify(json)),
  );
  return new GoogleIam(texts.map((text) => JSON.parse(text) as (typeof synthesized)[number]));
}

describe("an attack succeeds without", () => {
  const space = confidentialSpaceCondition([GOOGLE_HARDWARE[0]!], "987654321098");
  const node = gkeNodeCondition([GOOGLE_HARDWARE[0]!], {
    project: "example-platform",
    projectNumber: "123456789012",
  });
  const hardware = "assertion.hwmodel + '/' + ";
  // The nodes' attribute holds the hardware a second time.
  const again: readonly (readonly [string, string])[] = [
    [hardware, ""],
    ["attribute.node/GCP_INTEL_TDX/", "attribute.node/"],
  ];
  const conjuncts = (condition: GoogleCondition): (readonly [string, (readonly [string, string])[]])[] =>
    condition.all.map((one) => [
      `${condition.evidence}: ${celOf({ all: [one] })}`,
      [
        [celOf(condition), celOf({ all: condition.all.filter((other) => other !== one) })],
        ...(condition === node && one.claim === "hwmodel" ? again : []),
      ],
    ]);

  test.each([...conjuncts(space), ...conjuncts(node)])("%s", (_conjunct, changes) => {
    const model = mutated(...changes);
    expect(REFUSED.filter((attack) => opens(model, attack)).length).toBeGreaterThan(0);
  });

  test("the deny policy: all administrators that hold a role", () => {
    const model = mutated(["principalSet://goog/public:all", "principalSet://goog/nobody"]);
    expect(REFUSED.filter((attack) => opens(model, attack)).map(({ name }) => name)).toEqual([
      "confidential-space: the owner of the project",
      "confidential-space: somebody who granted himself decryption on the project",
      "confidential-space: the workload's own service account, impersonated",
      "the owner of the project, for a node's key",
    ]);
  });

  test("the digest in the grant: every neighbour", () => {
    const model = mutated([
      `${POOL["confidential-space"]}/attribute.image_digest/${digest("acme")}`,
      "example-space/*",
    ]);
    const neighbours = REFUSED.filter((attack) => opens(model, attack) && attack.tenant === "acme");
    expect(neighbours.map(({ name }) => name)).toEqual(
      expect.arrayContaining(
        ["globex", "hooli", "initech", "umbrella"].map(
          (one) => `confidential-space: ${one} asks for acme's key`,
        ),
      ),
    );
  });

  test("the audience", () => {
    const model = mutated(["https://sts.googleapis.com", "https://vault.example.com"]);
    expect(REFUSED.filter((attack) => opens(model, attack)).map(({ name }) => name)).toEqual([
      "acme: a token for another audience",
      "aperture: a token for another audience",
    ]);
  });
});

test("the conditions of the stacks are the ones that were taken apart", () => {
  const said = JSON.stringify(synthesized);
  expect(said).toContain(
    "assertion.swname == 'CONFIDENTIAL_SPACE' && assertion.hwmodel in ['GCP_INTEL_TDX']",
  );
  expect(said).toContain("assertion.swname == 'GCE' && assertion.hwmodel in ['GCP_INTEL_TDX']");
  expect(said).not.toContain('google.subject":"assertion.sub"');
});

test("subjects stay short with the longest numbers Google has", () => {
  const longest = { "submods.gce.instance_id": "9".repeat(20), "submods.gce.project_number": "9".repeat(19) };
  const subject = (evidence: keyof typeof GOOGLE_MAPPING, assertion: object): unknown =>
    evaluate(GOOGLE_MAPPING[evidence]["google.subject"]!, { assertion });
  for (const text of [
    subject("confidential-space", spaceToken("acme", longest)),
    subject("gke-node", nodeToken("aperture", longest)),
  ]) {
    expect(text).toMatch(/9{20}$/);
    expect(Buffer.byteLength(String(text))).toBeLessThanOrEqual(MAX_SUBJECT);
  }
});
