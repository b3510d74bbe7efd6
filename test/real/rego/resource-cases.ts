// Results and requests: what the resource policies must tell apart.
import type { AttestedKind } from "../../../lib/attestation/trustee/claims";
import { NegativeCase } from "../../../lib/attestation/wiring";
import { read, type KbsRequest, type RegoCase } from "./cases";
import { claimOf, evidenceOf, KINDS, TENANTS, withClaim, type Claims } from "./evidence";
import { appraisal, GOOD, result, resultOf } from "./result";

const OWN = read("acme", "key", "database");

const refused = (
  name: string,
  input: unknown,
  request: KbsRequest = OWN,
  negative?: NegativeCase,
): RegoCase => ({
  name,
  policy: "pod-resource",
  input,
  request,
  passes: false,
  ...(negative === undefined ? {} : { negative }),
});

const cpu = (change: Readonly<Record<string, unknown>>, kind: AttestedKind = "snp"): Claims =>
  result({ cpu0: { ...appraisal(evidenceOf(kind)), ...change } });

const beside = (submods: Readonly<Record<string, unknown>>, kind: AttestedKind = "snp"): Claims =>
  result({ cpu0: appraisal(evidenceOf(kind)), ...submods });

const GPU = appraisal({ report_data: "00", nvidia: { measres: "success" } });

/** Each tenant's pod asks for each tenant's key: the diagonal passes. */
const DIAGONAL: readonly RegoCase[] = KINDS.flatMap((kind) =>
  TENANTS.flatMap((pod) =>
    TENANTS.map((repository): RegoCase => ({
      name: `${kind}: a pod of ${pod} reads of ${repository}`,
      policy: "pod-resource",
      input: resultOf(kind, pod),
      request: read(repository, "key", "database"),
      passes: pod === repository,
      ...(pod === repository ? {} : { negative: NegativeCase.NEIGHBOUR }),
    })),
  ),
);

/** Paths of good results that are not one resource of the tenant's own. */
const PATHS: readonly (readonly [name: string, request: KbsRequest])[] = [
  ["up and over", read("acme", "..", "globex")],
  ["up and over, in one part", read("acme", "../globex", "key")],
  ["up and over, with its slash encoded", read("acme", "..%2fglobex", "key")],
  ["up from the front", read("..", "acme", "key")],
  ["an own name that runs on", read("acme-2", "key", "database")],
  ["a part of the own name", read("acm", "key", "database")],
  ["the own name in upper case", read("ACME", "key", "database")],
  ["the own name with a space", read("acme ", "key", "database")],
  ["the own name with a zero byte", read("acme\u0000", "key", "database")],
  ["the own name last", read("globex", "key", "acme")],
  ["the own name in the middle", read("globex", "acme", "key")],
  ["no path", read()],
  ["an empty part first", read("", "acme", "key")],
  ["the repository alone", read("acme")],
  ["a part too few", read("acme", "key")],
  ["a part too many", read("acme", "key", "database", "globex")],
  ["an empty part last", read("acme", "key", "")],
  ["a hidden name", read("acme", ".key", "database")],
  ["a line feed at the end", read("acme", "key", "database\n")],
  ["a list as a part", read(["acme"], "key", "database")],
  ["a number as a part", read("acme", 7, "database")],
  ["a path that is a text", { ...OWN, "resource-path": "acme/key/database" }],
  ["a path that is an object", { ...OWN, "resource-path": { 0: "acme", 1: "key", 2: "database" } }],
  ["another plugin", { ...OWN, plugin: "pkcs11" }],
  ["the plug-in for certificates", { ...OWN, plugin: "nebula-ca" }],
  ["an external plugin", { ...OWN, plugin: "external" }],
  ["no plugin", { ...OWN, plugin: null }],
  ["a query", { ...OWN, query: { version: "1" } }],
  ["no query at all", { ...OWN, query: null }],
];

export const RESOURCE_CASES: readonly RegoCase[] = [
  ...DIAGONAL,
  ...PATHS.map(([name, request]) => refused(`path: ${name}`, resultOf("snp"), request)),
  {
    name: "path: dots and dashes that the key broker takes",
    policy: "pod-resource",
    input: resultOf("snp"),
    request: read("acme", "tls_v1.2", "server-key.pem"),
    passes: true,
  },
  {
    name: "an affirming device beside the processor",
    policy: "pod-resource",
    input: beside({ gpu0: GPU }),
    request: OWN,
    passes: true,
  },
  // Verdicts. Trustee's own policy refuses the fake TEE alone.
  ...(["none", "warning", "contraindicated", "Affirming", "affirming ", "", null, 2, true] as const).map(
    (status) =>
      refused(
        `status ${JSON.stringify(status)}`,
        cpu({ "ear.status": status }),
        OWN,
        NegativeCase.ADMINISTRATOR,
      ),
  ),
  refused("no status", cpu({ "ear.status": undefined })),
  refused("no policy id", cpu({ "ear.appraisal-policy-id": undefined })),
  refused(
    "another policy's verdict",
    cpu({ "ear.appraisal-policy-id": "permissive" }),
    OWN,
    NegativeCase.ADMINISTRATOR,
  ),
  ...(["executables", "hardware", "configuration"] as const).flatMap((name) =>
    [0, 1, 32, 96, -1, "3", null, undefined].map((value) =>
      refused(
        `affirming, though ${name} is ${String(JSON.stringify(value))}`,
        cpu({ "ear.trustworthiness-vector": { ...GOOD, [name]: value } }),
      ),
    ),
  ),
  refused("affirming without a vector", cpu({ "ear.trustworthiness-vector": undefined })),
  // Submodules.
  refused(
    "an unaffirmed device beside an affirming processor",
    beside({ gpu0: { ...GPU, "ear.status": "none" } }),
  ),
  refused("a contraindicated device", beside({ gpu0: { ...GPU, "ear.status": "contraindicated" } })),
  refused("a device in warning", beside({ gpu0: { ...GPU, "ear.status": "warning" } })),
  refused(
    "one of eight devices unaffirmed",
    beside({
      ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((at) => [`gpu${at}`, GPU])),
      gpu7: { ...GPU, "ear.status": "none" },
    }),
  ),
  refused("a device without a status", beside({ switch0: { "ear.appraisal-policy-id": "default" } })),
  refused("a device that is a text", beside({ gpu0: "affirming" })),
  refused(
    "two processors: a second guest lends its name",
    beside({ cpu1: appraisal(evidenceOf("snp", "globex")) }),
  ),
  refused(
    "two processors: a neighbour's first",
    result({
      cpu0: appraisal(evidenceOf("snp", "globex")),
      cpu1: appraisal(evidenceOf("snp", "acme")),
    }),
  ),
  refused("the processor under another number", result({ cpu1: appraisal(evidenceOf("snp")) })),
  refused("the processor's name in upper case", result({ CPU0: appraisal(evidenceOf("snp")) })),
  refused("a device alone", result({ gpu0: GPU })),
  refused("a device that claims a tenant's digest", result({ gpu0: appraisal(evidenceOf("snp")) })),
  refused(
    "a neighbour's processor and a device with the own digest",
    result({
      cpu0: appraisal(evidenceOf("snp", "globex")),
      gpu0: appraisal(evidenceOf("snp", "acme")),
    }),
  ),
  refused("no submodules", result({})),
  refused("submodules missing", result(undefined)),
  refused("submodules that are null", result(null)),
  refused("submodules that are a list", result([appraisal(evidenceOf("snp"))])),
  refused("submodules that are a text", result("affirming")),
  refused("a result that is empty", {}),
  refused("a result that is a list", []),
  refused("a result that is null", null),
  // Digests. Trustee's own policy does not look at them.
  ...KINDS.flatMap((kind) => {
    const claim = claimOf("acme", kind);
    const digest = (name: string, value: unknown, negative?: NegativeCase): RegoCase =>
      refused(
        `${kind}: ${name}`,
        result({ cpu0: appraisal(withClaim(evidenceOf(kind), "init_data", value)) }),
        OWN,
        negative,
      );
    return [
      digest(
        "an affirming guest with initialisation data nobody listed",
        "5a".repeat(claim.length / 2),
        NegativeCase.UNMEASURED_IMAGE,
      ),
      digest("no initialisation data", undefined),
      digest("initialisation data of zeros", "00".repeat(claim.length / 2)),
      digest("the digest in upper case", claim.toUpperCase()),
      digest("the digest without its last byte", claim.slice(0, -2)),
      digest("the first half of the digest", claim.slice(0, claim.length / 2)),
      digest("the digest with a byte more", `${claim}00`),
      digest("the digest with a space", `${claim} `),
      digest(
        "the digest with one digit changed",
        claim.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ),
      digest("the digest with its algorithm", `sha256:${claim}`),
      digest("the digest in base64", Buffer.from(claim, "hex").toString("base64")),
      digest("the digest in a list", [claim]),
      digest("the digest as a key", { [claim]: true }),
      digest("the repository's name", "acme"),
      digest("an empty digest", ""),
      digest("a digest that is null", null),
    ];
  }),
  refused(
    "the digest of another kind",
    result({
      cpu0: appraisal({ ...evidenceOf("snp"), init_data: claimOf("acme", "az-snp-vtpm") }),
    }),
  ),
  refused(
    "a claim in the initialisation data's own words",
    result({
      cpu0: appraisal({
        ...evidenceOf("snp", "globex"),
        init_data_claims: { tenant: "acme", init_data: claimOf("acme", "snp") },
      }),
    }),
    OWN,
    NegativeCase.NEIGHBOUR,
  ),
  refused(
    "the digest beside the annotated evidence",
    cpu({
      "ear.veraison.annotated-evidence": { snp: evidenceOf("snp").snp },
      init_data: claimOf("acme", "snp"),
    }),
  ),
  refused(
    "the digest inside the TEE's claims",
    result({
      cpu0: appraisal({ snp: { ...(evidenceOf("snp").snp as Claims), init_data: claimOf("acme", "snp") } }),
    }),
  ),
  refused("no annotated evidence", cpu({ "ear.veraison.annotated-evidence": undefined })),
  refused(
    "annotated evidence that is a text",
    cpu({ "ear.veraison.annotated-evidence": claimOf("acme", "snp") }),
  ),
  // TEEs.
  refused(
    "the fake TEE with a tenant's digest",
    result({
      cpu0: appraisal({ init_data: claimOf("acme", "snp"), sample: { svn: "1" } }),
    }),
  ),
  refused(
    "the fake TEE beside a real one",
    result({ cpu0: appraisal({ ...evidenceOf("snp"), sample: {} }) }),
  ),
  refused(
    "a TPM alone with a tenant's digest",
    result({
      cpu0: appraisal({ init_data: claimOf("acme", "az-snp-vtpm"), tpm: { pcr11: "00" } }),
    }),
  ),
  refused("a digest without a TEE", result({ cpu0: appraisal({ init_data: claimOf("acme", "snp") }) })),
  refused(
    "a TEE whose claims are a text",
    result({ cpu0: appraisal({ ...evidenceOf("snp"), snp: "genuine" }) }),
  ),
  refused(
    "the digest of snp under tdx",
    result({
      cpu0: appraisal({ init_data: claimOf("acme", "snp"), tdx: evidenceOf("tdx").tdx }),
    }),
  ),
  // The platform's own repository.
  ...KINDS.map((kind) =>
    refused(`${kind}: a pod reads of the platform`, resultOf(kind), read("platform", "key", "disk")),
  ),
];

const node = (kind: AttestedKind, name: string, more: Partial<RegoCase>): RegoCase => ({
  name: `${kind}: ${name}`,
  policy: "node-resource",
  input: result({ cpu0: appraisal(withClaim(evidenceOf(kind), "init_data", "00".repeat(32))) }),
  request: read("platform", "key", "disk"),
  passes: false,
  ...more,
});

/** Path of the measurement below the TEE's claims, written by hand. */
const MEASURED = (kind: AttestedKind): string =>
  kind === "snp" || kind === "az-snp-vtpm" ? `${kind}.measurement` : `${kind}.quote.body.mr_td`;

/** Nodes: the evidence is the node's, whoever asks on it. */
export const NODE_CASES: readonly RegoCase[] = KINDS.flatMap((kind) => [
  node(kind, "a node reads of the platform", { passes: true }),
  ...[NegativeCase.NEIGHBOUR, NegativeCase.UNMEASURED_IMAGE, NegativeCase.ADMINISTRATOR].map((negative) =>
    node(kind, `${negative.label}, on a node, reads of the platform: nothing tells it apart`, {
      input: resultOf(kind, "globex"),
      passes: true,
      negative,
    }),
  ),
  ...TENANTS.map((tenant) =>
    node(kind, `a node reads of ${tenant}`, { request: read(tenant, "key", "database") }),
  ),
  node(kind, "a pod of a tenant, on the node's policy, reads of its tenant", {
    input: resultOf(kind),
    request: OWN,
  }),
  node(kind, "another measurement", {
    input: result({ cpu0: appraisal(withClaim(evidenceOf(kind), MEASURED(kind), "11".repeat(48))) }),
  }),
  node(kind, "no measurement", {
    input: result({ cpu0: appraisal(withClaim(evidenceOf(kind), MEASURED(kind), undefined)) }),
  }),
  node(kind, "an unaffirmed node", {
    input: result({ cpu0: { ...appraisal(evidenceOf(kind)), "ear.status": "contraindicated" } }),
  }),
  node(kind, "up and over", { request: read("platform", "..", "acme") }),
]);
