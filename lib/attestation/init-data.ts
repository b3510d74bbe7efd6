// Initialisation data of a confidential pod: what its guest is told, and the digest the hardware vouches for.
import { createHash } from "node:crypto";
import { Token } from "../core/cdk";
import { ConfigurationError } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import {
  claimOfDigest,
  DIGEST_BYTES,
  EVIDENCE_KINDS,
  INIT_DATA_CLAIMS,
  type EvidenceKind,
  type InitDataAlgorithm,
} from "./evidence-kind";
import { gzip } from "./gzip";
import { tomlText } from "./toml-text";

/** Entries of initialisation data: configuration of attestation agent and data hub, policy of the agent. */
const INIT_DATA_ENTRIES = ["aa.toml", "cdh.toml", "policy.rego"] as const;

/** Name of an entry. */
export type InitDataEntry = (typeof INIT_DATA_ENTRIES)[number];

/** What initialisation data is made of. */
export interface InitDataOptions {
  /** Kind of the evidence that will carry the digest. `se` ignores initialisation data and is refused. */
  readonly evidence: EvidenceKind;
  /** @default - the one whose digest fits whole: sha384 for tdx, else sha256 */
  readonly algorithm?: InitDataAlgorithm;
  /** Text of each entry. `guestConfig` makes the two TOML files; Kata's `genpolicy` makes the policy. */
  readonly data: Readonly<Record<InitDataEntry, string>>;
}

/** Initialisation data. Changing any byte of an entry changes the claim, and so needs a new reference value. */
export interface InitData {
  /** The text itself: what is hashed. */
  readonly toml: string;
  readonly algorithm: InitDataAlgorithm;
  /** Hex of the text's digest. */
  readonly digest: string;
  /** Hex: what a verifier's claim `init_data` says of a pod that was started with it. */
  readonly claim: string;
  /** Value of the pod's annotation, base64 of gzip: the same bytes on every machine. */
  readonly annotation: string;
}

/** Version of the format. SOURCE: confidential-containers, initdata specification, 2026. */
const VERSION = "0.1.0";
/**
 * Most bytes of the annotation. Kubernetes takes 262144 for all annotations of an object together; the rest is for the
 * others. SOURCE: Kubernetes, apimachinery validation, 1.34.
 */
const ANNOTATION = 245_760;
const SCOPE = "initData";

/**
 * Makes initialisation data. Throws OPTION_TYPE, and ATTESTATION_INIT_DATA for evidence that ignores it, a digest that
 * does not fit, text that is not known yet or cannot stand in TOML, and an annotation larger than Kubernetes takes.
 */
export function initData(options: InitDataOptions): InitData {
  const { evidence, data } = checked(options);
  const algorithm = options.algorithm ?? INIT_DATA_CLAIMS[evidence].algorithm;
  if (INIT_DATA_CLAIMS[evidence].extended && DIGEST_BYTES[algorithm] !== INIT_DATA_CLAIMS[evidence].bytes)
    throw fault(
      `the digest for ${evidence} must be sha256, because PCR8 is extended with 32 bytes, got ${algorithm}; leave algorithm out`,
    );
  const toml = tomlOf(algorithm, data);
  const digest = createHash(algorithm).update(toml, "utf8").digest();
  const annotation = gzip(toml).toString("base64");
  if (annotation.length > ANNOTATION)
    throw fault(
      `the annotation must be at most ${ANNOTATION} bytes, because Kubernetes takes no more for an object, ` +
        `got ${annotation.length}; make the agent policy smaller`,
    );
  return {
    toml,
    algorithm,
    digest: digest.toString("hex"),
    claim: claimOfDigest(evidence, digest),
    annotation,
  };
}

/** Where guests find the key broker. */
export interface GuestConfigOptions {
  /** https, host and port alone, like `https://kbs.example.com:8443`. */
  readonly kbsUrl: string;
  /** PEM of the certificate, or of its CA. @default - one of the public roots in the guest image */
  readonly kbsCertificate?: string;
}

/**
 * The two entries that point a guest to its key broker. Throws OPTION_TYPE, and ATTESTATION_INIT_DATA for anything but
 * https and for a certificate that is none. SOURCE: confidential-containers/guest-components, 2026-08.
 */
export function guestConfig(options: GuestConfigOptions): Record<"aa.toml" | "cdh.toml", string> {
  assertShape(SCOPE, shape.object({ kbsUrl: shape.text, kbsCertificate: shape.text.optional() }), options);
  const { kbsUrl, kbsCertificate } = options;
  for (const [what, text] of Object.entries({ kbsUrl, kbsCertificate })) assertKnown(what, text ?? "");
  if (!/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(kbsUrl))
    throw fault(
      `kbsUrl must be https with host and port alone, got '${kbsUrl}'; write it like https://kbs.example.com:8443`,
    );
  const certificate = kbsCertificate?.trim();
  if (certificate !== undefined && !CERTIFICATES.test(certificate))
    throw fault("kbsCertificate must be certificates in PEM, got something else; give the file's text");
  const cert = (key: string): string =>
    certificate === undefined ? "" : `${key} = """\n${certificate.replace(/\r\n/g, "\n")}\n"""\n`;
  return {
    "aa.toml": `[token_configs]\n[token_configs.kbs]\nurl = "${kbsUrl}"\n${cert("cert")}`,
    "cdh.toml": `[kbc]\nname = "cc_kbc"\nurl = "${kbsUrl}"\n${cert("kbs_cert")}`,
  };
}

const CERTIFICATES =
  /^(-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----\s*)+$/;

function checked(options: InitDataOptions): InitDataOptions {
  assertShape(
    SCOPE,
    shape.object({
      evidence: shape.text,
      algorithm: shape.text.optional(),
      data: shape.object(Object.fromEntries(INIT_DATA_ENTRIES.map((name) => [name, shape.text]))),
    }),
    options,
  );
  const { evidence, algorithm, data } = options;
  if (!EVIDENCE_KINDS.includes(evidence))
    throw fault(
      `initialisation data must go with evidence that carries its digest (${EVIDENCE_KINDS.join(", ")}), ` +
        `got '${String(evidence)}'${String(evidence) === "se" ? ", which ignores it" : ""}; use another TEE`,
    );
  if (algorithm !== undefined && !Object.hasOwn(DIGEST_BYTES, algorithm))
    throw fault(
      `algorithm must be one of ${Object.keys(DIGEST_BYTES).join(", ")}, got '${String(algorithm)}'; leave it out`,
    );
  for (const name of INIT_DATA_ENTRIES) {
    assertKnown(name, data[name]);
    if (data[name].trim() === "")
      throw fault(
        `${name} must say something, got an empty text; ${
          name === "policy.rego"
            ? "without a policy the host runs any command in the pod: make one with genpolicy"
            : "take guestConfig's"
        }`,
      );
  }
  return options;
}

/** The digest is computed now: a text that Terraform fills in later would have another one. */
function assertKnown(what: string, text: string): void {
  if (Token.isUnresolved(text))
    throw fault(
      `${what} must be known when stacks are synthesized, because its digest is, got a value of a later deployment; ` +
        "write the value itself",
    );
}

function tomlOf(algorithm: InitDataAlgorithm, data: InitDataOptions["data"]): string {
  const entries = INIT_DATA_ENTRIES.map((name) => {
    const text = tomlText(data[name]);
    if (text === undefined)
      throw fault(
        `${name} must be text with line feeds and tabs, got other control characters or half a character; ` +
          "save it as UTF-8 with LF line ends",
      );
    return `"${name}" = ${text}\n`;
  });
  return [`version = "${VERSION}"\n`, `algorithm = "${algorithm}"\n`, "\n[data]\n", ...entries].join("");
}

function fault(text: string): ConfigurationError {
  return new ConfigurationError("ATTESTATION_INIT_DATA", SCOPE, text);
}
