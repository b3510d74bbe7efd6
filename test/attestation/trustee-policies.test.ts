// What Trustee's policies are generated from, and what they hold. What they decide: lane `rego`.
import { attestationPolicies, attestationPolicy } from "../../lib/attestation/trustee/attestation-policy";
import { ATTESTED_KINDS, TEE_CLAIMS } from "../../lib/attestation/trustee/claims";
import { nodeResourcePolicy, podResourcePolicy } from "../../lib/attestation/trustee/resource-policy";
import { Wiring } from "../../lib/attestation/wiring";
import { REGO_CELLS } from "../real/attestation/rego-cells";

const DIGEST = "ab".repeat(32);
const LONG = "cd".repeat(48);
const ENTRY = { evidence: "snp", initData: DIGEST, repository: "acme" } as const;
const NODE = { evidence: "snp", measurement: LONG, repository: "platform" } as const;

/** The object a policy holds under this name: Rego's objects are JSON with a comma too many. */
function held(policy: string, name: string): unknown {
  const text = new RegExp(`^${name} := (\\{\\}|\\{[\\s\\S]*?^\\})$`, "m").exec(policy)![1]!;
  return JSON.parse(text.replace(/,(\s*[}\]])/g, "$1"));
}

describe("podResourcePolicy", () => {
  it("holds each digest of each kind with its repository", () => {
    const policy = podResourcePolicy({
      entries: [
        ENTRY,
        { ...ENTRY, initData: "ef".repeat(32), repository: "globex" },
        { evidence: "tdx", initData: LONG, repository: "acme" },
      ],
    });
    expect(held(policy, "repositories")).toEqual({
      snp: { [DIGEST]: "acme", ["ef".repeat(32)]: "globex" },
      tdx: { [LONG]: "acme" },
    });
  });

  it("is the same whatever the order of entries, and takes one twice", () => {
    const other = { ...ENTRY, initData: "ef".repeat(32), repository: "globex" };
    const policy = podResourcePolicy({ entries: [ENTRY, other] });
    expect(podResourcePolicy({ entries: [other, ENTRY, other] })).toBe(policy);
  });

  it("lets nobody in without entries", () => {
    const policy = podResourcePolicy({ entries: [] });
    expect(held(policy, "repositories")).toEqual({});
    expect(policy).toContain("default allow := false");
  });

  it.each([
    [
      "a short digest",
      { initData: DIGEST.slice(2) },
      /initData of snp must be <hex>, 64 lower-case hex digits/,
    ],
    ["upper case", { initData: DIGEST.toUpperCase() }, /initData of snp must be/],
    ["zeros", { initData: "0".repeat(64) }, /must not be all zeros/],
    ["no text", { initData: 7 as never }, /must be a text, 64 hex digits, got '7'/],
    ["a digest of tdx for snp", { initData: LONG }, /64 lower-case hex digits/],
    ["a digest of snp for tdx", { evidence: "tdx" as const }, /96 lower-case hex digits/],
    ["the fake TEE", { evidence: "sample" as never }, /evidence must be of a TEE.*got 'sample'/],
    ["a TPM alone", { evidence: "tpm" as never }, /evidence must be of a TEE.*got 'tpm'/],
    ["a kind that every object has", { evidence: "constructor" as never }, /evidence must be of a TEE/],
    ["a repository with a path", { repository: "acme/key" }, /repository must be a DNS-1123 label/],
    ["a repository that breaks out of its quotes", { repository: 'a", "x": "b' }, /repository must be/],
    [
      "the platform's repository",
      { repository: "platform" },
      /must get its tenant's repository, got 'platform'/,
    ],
  ])("refuses %s", (_, change, words) => {
    const make = (): string =>
      podResourcePolicy({ entries: [{ ...ENTRY, ...change }], platformRepositories: ["platform"] });
    expect(make).toThrow(words);
    expect(make).toThrow(/^\[TRUSTEE_POLICY\]/);
  });

  it("refuses one digest for two tenants", () => {
    expect(() => podResourcePolicy({ entries: [ENTRY, { ...ENTRY, repository: "globex" }] })).toThrow(
      /TRUSTEE_POLICY.*must open one repository, got 'acme' and 'globex'/,
    );
  });

  it("refuses options of another shape", () => {
    expect(() => podResourcePolicy({ entries: "acme" as never })).toThrow(/OPTION_TYPE/);
  });
});

describe("nodeResourcePolicy", () => {
  it("holds each measurement as the claim has it", () => {
    const policy = nodeResourcePolicy({
      entries: [NODE, { ...NODE, evidence: "az-snp-vtpm" }],
      tenantRepositories: [],
    });
    expect(held(policy, "repositories")).toEqual({
      snp: { [LONG]: "platform" },
      "az-snp-vtpm": { [Buffer.from(LONG, "hex").toString("base64")]: "platform" },
    });
  });

  it("refuses a tenant's repository", () => {
    expect(() =>
      nodeResourcePolicy({ entries: [{ ...NODE, repository: "acme" }], tenantRepositories: ["acme"] }),
    ).toThrow(/TRUSTEE_POLICY.*a node must never get a tenant's repository.*got 'acme'/);
  });

  it.each([
    ["a short measurement", { measurement: DIGEST }, /96 lower-case hex digits/],
    ["zeros", { measurement: "0".repeat(96) }, /must not be all zeros/],
    ["a TPM alone", { evidence: "tpm" as never }, /evidence must be of a TEE/],
    ["a repository with dots", { repository: ".." }, /repository must be/],
  ])("refuses %s", (_, change, words) => {
    expect(() => nodeResourcePolicy({ entries: [{ ...NODE, ...change }], tenantRepositories: [] })).toThrow(
      words,
    );
  });

  it("must be told of tenants' repositories", () => {
    expect(() => nodeResourcePolicy({ entries: [NODE] } as never)).toThrow(/OPTION_TYPE.*tenantRepositories/);
  });

  it("does not look at initialisation data, and the one for pods does not look at measurements", () => {
    expect(nodeResourcePolicy({ entries: [NODE], tenantRepositories: [] })).not.toContain(
      "evidence.init_data",
    );
    expect(podResourcePolicy({ entries: [ENTRY] })).not.toContain("measurement");
  });
});

describe("attestationPolicy", () => {
  it.each(ATTESTED_KINDS)("holds every claim of %s against its reference values", (kind) => {
    const policy = attestationPolicy({ kinds: [kind] });
    const { executables, hardware, configuration } = TEE_CLAIMS[kind];
    for (const { name, path } of [...executables, ...hardware, ...configuration])
      expect(policy).toContain(`\ttee.${path.join(".")} in query_reference_value("${name}")\n`);
    expect(policy.match(/query_reference_value/g)).toHaveLength(
      executables.length + hardware.length + configuration.length,
    );
  });

  it("says each of the three claims it judges, so that none is left at Trustee's default", () => {
    const claims = /^trust_claims := \{$([\s\S]*?)^\}$/m.exec(attestationPolicy())![1]!;
    for (const name of ["executables", "hardware", "configuration"])
      expect(claims).toContain(`\t"${name}": ${name},\n`);
  });

  it("takes all kinds by default, and those that are named", () => {
    const kindsOf = (policy: string): string[] =>
      [...new Set([...policy.matchAll(/tees == \{"([^"]+)"\}/g)].map((match) => match[1]!))].sort();
    expect(kindsOf(attestationPolicy())).toEqual(["az-snp-vtpm", "az-tdx-vtpm", "snp", "tdx"]);
    expect(kindsOf(attestationPolicy({ kinds: ["tdx"] }))).toEqual(["tdx"]);
  });

  it("asks for debug in every kind", () => {
    for (const kind of ["az-snp-vtpm", "az-tdx-vtpm", "snp", "tdx"] as const)
      expect(attestationPolicy({ kinds: [kind] })).toMatch(/debug/);
  });

  it("looks at initialisation data for pods, of kinds nobody has too, and not for nodes", () => {
    const pods = attestationPolicy({ initData: { snp: [DIGEST] } });
    expect(held(pods, "init_data")).toEqual({ snp: [DIGEST], tdx: [], "az-snp-vtpm": [], "az-tdx-vtpm": [] });
    expect(pods.match(/input\.init_data in/g)).toHaveLength(4);
    expect(attestationPolicy()).not.toContain("input.init_data in");
  });

  it("is the same whatever the order", () => {
    const other = "ef".repeat(32);
    expect(attestationPolicy({ kinds: ["tdx", "snp"], initData: { snp: [DIGEST, other, other] } })).toBe(
      attestationPolicy({ kinds: ["snp", "tdx"], initData: { snp: [other, DIGEST] } }),
    );
  });

  it.each([
    [{ kinds: [] }, /TRUSTEE_POLICY.*must take a kind of evidence, got none/],
    [{ kinds: ["sample"] as never }, /TRUSTEE_POLICY.*got 'sample'/],
    [{ initData: { snp: ["ab"] } }, /TRUSTEE_POLICY.*initData of snp/],
    [{ initData: { sample: [DIGEST] } as never }, /TRUSTEE_POLICY.*got 'sample'/],
    [{ kinds: "snp" as never }, /OPTION_TYPE/],
    [{ debug: true } as never, /OPTION_TYPE/],
  ])("refuses %j", (options, words) => {
    expect(() => attestationPolicy(options)).toThrow(words);
  });

  it("comes with the policies of all devices, so that Trustee fills in none of its own", () => {
    const policies = attestationPolicies({ kinds: ["snp"] });
    expect(Object.keys(policies)).toEqual(["default_cpu", "default_gpu", "default_switch", "default_ppcie"]);
    expect(policies.default_cpu).toBe(attestationPolicy({ kinds: ["snp"] }));
    expect(policies.default_gpu).toContain('"hardware": 97');
  });
});

describe("the table of wirings", () => {
  it.each([Wiring.TRUSTEE_POD, Wiring.TRUSTEE_NODE])("is what the cases of %s show", (wiring) => {
    // Age is judged with the signature, before any policy.
    const judged = wiring.cases.filter(({ case: { id } }) => id !== "staleEvidence");
    for (const { case: negative, refused } of judged) {
      const verdicts = REGO_CELLS.filter(
        (one) => one.wiring === wiring.id && one.negative === negative.id,
      ).map((one) => one.refused);
      expect([wiring.id, negative.id, [...new Set(verdicts)]]).toEqual([wiring.id, negative.id, [refused]]);
    }
  });

  it("has cases with names of their own", () => {
    expect(new Set(REGO_CELLS.map(({ name }) => name)).size).toBe(REGO_CELLS.length);
  });
});
