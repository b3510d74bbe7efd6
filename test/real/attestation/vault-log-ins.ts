// Log-ins at Vault, as data: who brings which result to which role, and whether it gets in.
import { tampered } from "../support/vault/tokens";
import { DIGESTS, ISSUERS, set, type Minter } from "./vault-world";

/** One log-in. */
export interface LogIn {
  /** What is brought. Unique. */
  readonly name: string;
  /** Id of the wiring it attacks, with the negative case it is. @default - none: it is no cell of the table */
  readonly cell?: readonly [wiring: string, negative: string];
  /** Mount without `auth/`. */
  readonly mount: string;
  /** Undefined: the log-in names no role. */
  readonly role: string | undefined;
  readonly refused: boolean;
  token(mint: Minter): string;
}

const POD = "trustee-pod";
const CPU = ["submods", "cpu0"];
const EVIDENCE = [...CPU, "ear.veraison.annotated-evidence"];
type Make = (mint: Minter) => string;

const at =
  (mount: string, role: string | undefined, refused: boolean) =>
  (name: string, make: Make, negative?: string, wiring = POD): LogIn => ({
    name,
    mount,
    role,
    refused,
    token: make,
    ...(negative === undefined ? {} : { cell: [wiring, negative] as const }),
  });

const open = at("jwt-trustee", "acme.web", false);
const shut = at("jwt-trustee", "acme.web", true);
const gpuShut = at("jwt-trustee-gpu", "umbrella.train", true);
const nodeOpen = at("jwt-trustee-node", "platform.agent", false);
const nodeShut = at("jwt-trustee-node", "platform.agent", true);
const googleShut = at("jwt-google", "hooli.batch", true);
const intelOpen = at("jwt-intel", "platform.collector", false);
const intelShut = at("jwt-intel", "platform.collector", true);

/** The header of a real result carries the signer's key; an attacker writes his own there. */
const jwkOf =
  (signer: "trustee" | "mallory") =>
  (mint: Minter): Record<string, unknown> => ({
    jwk: mint.signers[signer].publicKey.export({ format: "jwk" }),
  });

export const LOG_INS: readonly LogIn[] = [
  open("the right digest", (mint) => mint.ear()),
  open("the next release's digest, during a roll-out", (mint) => mint.ear({ digest: DIGESTS.acmeWebNext })),
  open("the verifier's key in the header, as Trustee sends it", (mint) =>
    mint.ear({ header: jwkOf("trustee")(mint) }),
  ),
  open("a result that ended 20 seconds ago, within the skew of clocks", (mint) =>
    mint.ear({ iat: -320, exp: -20 }),
  ),
  at(
    "jwt-trustee",
    "acme.worker",
    false,
  )("the worker's digest at the worker's role", (mint) => mint.ear({ digest: DIGESTS.acmeWorker })),
  at(
    "jwt-trustee",
    "globex.web",
    false,
  )("the neighbour at its own role", (mint) => mint.ear({ digest: DIGESTS.globexWeb })),
  at("jwt-trustee-gpu", "umbrella.train", false)("a pod with the GPU it must have", (mint) => mint.gpuEar()),

  shut("the neighbour's digest", (mint) => mint.ear({ digest: DIGESTS.globexWeb }), "neighbour"),
  at("jwt-trustee", "globex.web", true)(
    "our digest at the neighbour's role",
    (mint) => mint.ear(),
    "neighbour",
  ),
  shut("the tenant's other workload", (mint) => mint.ear({ digest: DIGESTS.acmeWorker }), "neighbour"),
  shut(
    "the neighbour's digest, ours in the claims of its initialisation data",
    (mint) =>
      mint.ear({
        digest: DIGESTS.globexWeb,
        edit: set([...EVIDENCE, "init_data_claims"], { init_data: DIGESTS.acmeWeb, tenant: "acme" }),
      }),
    "neighbour",
  ),
  shut(
    "the neighbour's digest, ours on top of the token",
    (mint) => mint.ear({ digest: DIGESTS.globexWeb, edit: set(["init_data"], DIGESTS.acmeWeb) }),
    "neighbour",
  ),
  shut(
    "the neighbour's digest, ours under a key that looks like a path",
    (mint) =>
      mint.ear({
        digest: DIGESTS.globexWeb,
        edit: set(["/submods/cpu0/ear.veraison.annotated-evidence/init_data"], DIGESTS.acmeWeb),
      }),
    "neighbour",
  ),
  shut(
    "the neighbour's digest on the first processor, ours on a second",
    (mint) =>
      mint.ear({
        digest: DIGESTS.globexWeb,
        edit: (claims) => {
          const submods = claims.submods as Record<string, Record<string, unknown>>;
          submods.cpu1 = {
            ...submods.cpu0,
            "ear.veraison.annotated-evidence": { init_data: DIGESTS.acmeWeb },
          };
        },
      }),
    "neighbour",
  ),
  shut("a digest on no list", (mint) => mint.ear({ digest: DIGESTS.nobody }), "unmeasuredImage"),
  shut(
    "the first half of the digest",
    (mint) => mint.ear({ digest: DIGESTS.acmeWeb.slice(0, 32) }),
    "unmeasuredImage",
  ),
  shut(
    "the digest and two digits more",
    (mint) => mint.ear({ digest: `${DIGESTS.acmeWeb}00` }),
    "unmeasuredImage",
  ),
  shut(
    "the digest in capitals",
    (mint) => mint.ear({ digest: DIGESTS.acmeWeb.toUpperCase() }),
    "unmeasuredImage",
  ),
  shut(
    "both good digests in one text",
    (mint) => mint.ear({ digest: `${DIGESTS.acmeWeb},${DIGESTS.acmeWebNext}` }),
    "unmeasuredImage",
  ),
  shut(
    "the digest in a list",
    (mint) => mint.ear({ digest: [DIGESTS.nobody, DIGESTS.acmeWeb] }),
    "unmeasuredImage",
  ),
  shut("a star for the digest", (mint) => mint.ear({ digest: "*" }), "unmeasuredImage"),
  shut("an empty digest", (mint) => mint.ear({ digest: "" }), "unmeasuredImage"),
  shut("a digest of zeros", (mint) => mint.ear({ digest: "0".repeat(64) }), "unmeasuredImage"),
  shut(
    "no digest",
    (mint) => mint.ear({ edit: set([...EVIDENCE, "init_data"], undefined) }),
    "unmeasuredImage",
  ),
  shut("no evidence", (mint) => mint.ear({ edit: set(EVIDENCE, undefined) }), "unmeasuredImage"),
  shut(
    "a TEE in debug mode, which the policy contraindicates",
    (mint) => mint.ear({ status: "contraindicated" }),
    "debug",
  ),
  shut("status warning", (mint) => mint.ear({ status: "warning" })),
  shut("status none", (mint) => mint.ear({ status: "none" })),
  shut("status in capitals", (mint) => mint.ear({ status: "AFFIRMING" })),
  shut("status as its number", (mint) => mint.ear({ status: 2 })),
  shut("no status", (mint) => mint.ear({ edit: set([...CPU, "ear.status"], undefined) })),
  shut("no appraisal", (mint) => mint.ear({ edit: set(["submods"], {}) })),
  shut("an affirming result of another policy", (mint) => mint.ear({ policy: "default" })),
  shut("a result that names no policy", (mint) =>
    mint.ear({ edit: set([...CPU, "ear.appraisal-policy-id"], undefined) }),
  ),
  shut("a contraindicated GPU nobody expects", (mint) => mint.ear({ submods: { gpu0: "contraindicated" } })),
  shut("an affirming GPU nobody expects", (mint) => mint.ear({ submods: { gpu0: "affirming" } })),
  shut("a contraindicated second processor", (mint) => mint.ear({ submods: { cpu1: "contraindicated" } })),
  shut("a switch nobody expects", (mint) => mint.ear({ submods: { switch0: "contraindicated" } })),
  shut("a DPU nobody expects", (mint) => mint.ear({ submods: { "nvidia-dpu0": "contraindicated" } })),
  gpuShut("a pod without the GPU it must have", (mint) => mint.gpuEar({ submods: {} })),
  gpuShut("a pod whose GPU is contraindicated", (mint) =>
    mint.gpuEar({ submods: { gpu0: "contraindicated" } }),
  ),
  gpuShut("a pod with a second GPU, contraindicated", (mint) =>
    mint.gpuEar({ submods: { gpu0: "affirming", gpu1: "contraindicated" } }),
  ),

  shut("expired 31 seconds ago", (mint) => mint.ear({ iat: -331, exp: -31 }), "staleEvidence"),
  shut("an hour old", (mint) => mint.ear({ iat: -3600, exp: -3300 }), "staleEvidence"),
  shut("no end, a minute old", (mint) => mint.ear({ iat: -60, exp: null }), "staleEvidence"),
  shut("neither beginning nor end", (mint) => mint.ear({ iat: null, exp: null }), "staleEvidence"),
  shut("from the future", (mint) => mint.ear({ iat: 120, exp: 420 })),
  shut("not yet good", (mint) => mint.ear({ edit: (claims) => (claims.nbf = (claims.iat as number) + 120) })),

  shut("another signer", (mint) => mint.ear({ signer: "mallory" })),
  shut("another signer, whose key is in the header", (mint) =>
    mint.ear({ signer: "mallory", header: jwkOf("mallory")(mint) }),
  ),
  shut("another signer, who names a key set of his own", (mint) =>
    mint.ear({ signer: "mallory", header: { jku: "https://127.0.0.1/keys.json", kid: "1" } }),
  ),
  shut("alg none", (mint) => mint.ear({ algorithm: "none" })),
  shut("HS256 with the public key as the secret", (mint) => mint.ear({ algorithm: "HS256" })),
  shut("RS256 of another signer", (mint) => mint.ear({ algorithm: "RS256", signer: "malloryRsa" })),
  shut("PS256 of another signer", (mint) => mint.ear({ algorithm: "PS256", signer: "malloryRsa" })),
  shut("a neighbour's result with our digest written in", (mint) =>
    tampered(mint.ear({ digest: DIGESTS.globexWeb }), set([...EVIDENCE, "init_data"], DIGESTS.acmeWeb)),
  ),
  shut("an old result with a new end written in", (mint) =>
    tampered(
      mint.ear({ iat: -3600, exp: -3300 }),
      (claims) => (claims.exp = Math.floor(Date.now() / 1000) + 300),
    ),
  ),
  shut("a result without its signature", (mint) => mint.ear().replace(/[^.]*$/, "")),
  shut("no issuer", (mint) => mint.ear({ edit: set(["iss"], undefined) })),
  shut("another issuer under the same key", (mint) =>
    mint.ear({ edit: set(["iss"], "https://trustee.example.com/") }),
  ),
  shut("an audience, where results have none", (mint) =>
    mint.ear({ edit: set(["aud"], "https://vault.example.com:8200") }),
  ),
  shut("a result of the other Trustee", (mint) => mint.gpuEar({ digest: DIGESTS.acmeWeb })),
  shut("a node's result", (mint) => mint.nodeEar({ digest: DIGESTS.acmeWeb }), "administrator"),
  shut(
    "a pod of a host administrator's own",
    (mint) => mint.ear({ digest: DIGESTS.nobody }),
    "administrator",
  ),
  shut("nothing at all", () => ""),
  shut("no token", () => "administrator"),
  at("jwt-trustee", undefined, true)("no role", (mint) => mint.ear()),
  at("jwt-trustee", "acme.*", true)("a star for the role", (mint) => mint.ear()),
  at("jwt-trustee", "acme.nobody", true)("a role that does not exist", (mint) => mint.ear()),
  at(
    "jwt-trustee",
    "umbrella.train",
    true,
  )("a role of another log-in", (mint) => mint.ear({ digest: DIGESTS.umbrellaTrain })),

  nodeOpen("a node's affirming result", (mint) => mint.nodeEar(), "neighbour", "trustee-node"),
  nodeOpen("a pod with any image on that node", (mint) => mint.nodeEar(), "unmeasuredImage", "trustee-node"),
  nodeOpen(
    "a pod of a host administrator's on that node",
    (mint) => mint.nodeEar(),
    "administrator",
    "trustee-node",
  ),
  nodeShut(
    "a node in debug mode, contraindicated",
    (mint) => mint.nodeEar({ status: "contraindicated" }),
    "debug",
    "trustee-node",
  ),
  nodeShut(
    "a node's result, expired",
    (mint) => mint.nodeEar({ iat: -400, exp: -100 }),
    "staleEvidence",
    "trustee-node",
  ),
  nodeShut("a node's result of the pods' policy", (mint) => mint.nodeEar({ policy: "tenclave-pod" })),

  at("jwt-google", "hooli.batch", false)("the right image in Confidential Space", (mint) => mint.google()),
  googleShut("another image", (mint) =>
    mint.google({ edit: set(["submods", "container", "image_digest"], `sha256:${DIGESTS.nobody}`) }),
  ),
  googleShut("the audience of Google's token service", (mint) =>
    mint.google({ edit: set(["aud"], "https://sts.googleapis.com") }),
  ),
  googleShut("no audience", (mint) => mint.google({ edit: set(["aud"], undefined) })),
  googleShut("the image in another project", (mint) =>
    mint.google({ edit: set(["submods", "gce", "project_id"], "mallory") }),
  ),
  googleShut("the debug image", (mint) =>
    mint.google({
      edit: (claims) => {
        set(["dbgstat"], "enabled")(claims);
        set(["submods", "confidential_space", "support_attributes"], undefined)(claims);
      },
    }),
  ),
  googleShut("debug alone", (mint) => mint.google({ edit: set(["dbgstat"], "enabled") })),
  googleShut("an image of Google's that is not stable", (mint) =>
    mint.google({ edit: set(["submods", "confidential_space", "support_attributes"], ["USABLE"]) }),
  ),
  googleShut("a GKE node, which has no image", (mint) =>
    mint.google({
      edit: (claims) => {
        claims.swname = "GCE";
        set(["submods", "container"], undefined)(claims);
      },
    }),
  ),
  googleShut("another processor", (mint) => mint.google({ edit: set(["hwmodel"], "GCP_SHIELDED_VM") })),
  googleShut("an expired token", (mint) => mint.google({ iat: -4000, exp: -400 })),
  googleShut("the key used with another algorithm", (mint) => mint.google({ algorithm: "PS256" })),
  googleShut("the right claims, signed by Trustee", (mint) =>
    mint.google({ signer: "trustee", algorithm: "ES256" }),
  ),

  intelOpen("a machine whose policy matched", (mint) => mint.intel(), "neighbour", "intel-trust-authority"),
  intelOpen(
    "a pod with any image on that machine",
    (mint) => mint.intel(),
    "unmeasuredImage",
    "intel-trust-authority",
  ),
  intelOpen(
    "a host administrator's pod on that machine",
    (mint) => mint.intel(),
    "administrator",
    "intel-trust-authority",
  ),
  intelShut(
    "a machine in debug mode, though its policy matched",
    (mint) => mint.intel({ edit: set(["sevsnp", "sevsnp_is_debuggable"], true) }),
    "debug",
    "intel-trust-authority",
  ),
  intelShut(
    "a machine whose debug flag is a text",
    (mint) => mint.intel({ edit: set(["sevsnp", "sevsnp_is_debuggable"], "false") }),
    "debug",
    "intel-trust-authority",
  ),
  intelOpen(
    "a token of eight hours, seven hours old: Vault judges its end alone",
    (mint) => mint.intel({ iat: -25_200, exp: 3600 }),
    "staleEvidence",
    "intel-trust-authority",
  ),
  intelShut("an Intel token, expired", (mint) => mint.intel({ iat: -400, exp: -100 })),
  intelShut("no policy matched", (mint) => mint.intel({ edit: set(["policy_ids_matched"], null) })),
  intelShut("another policy matched first", (mint) =>
    mint.intel({ edit: set(["policy_ids_matched", "0", "id"], "1f1f13e0-9fb1-4a57-ba42-361d86157fa3") }),
  ),
  intelShut("a token of the other region", (mint) =>
    mint.intel({ edit: set(["iss"], "https://portal.trustauthority.intel.com") }),
  ),
  intelShut("RS256, which the service offers too", (mint) => mint.intel({ algorithm: "RS256" })),
  intelShut("version 1, whose claims lie flat", (mint) => mint.intel({ edit: set(["ver"], "1.0.0") })),
  intelShut("an issuer that only begins like Intel's", (mint) =>
    mint.intel({ edit: set(["iss"], `${ISSUERS.intel}.example.com`) }),
  ),
];
