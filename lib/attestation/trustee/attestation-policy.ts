// Trustee's attestation policy, generated: what evidence must say before its result is affirming.
import { assertShape, shape } from "../../core/option-shape";
import { INIT_DATA_CLAIMS } from "../evidence-kind";
import { ATTESTED_KINDS, TEE_CLAIMS, type AttestedKind, type ReferenceClaim, type TeeClaims } from "./claims";
import { assertDigest, assertKind, POLICY_SCOPE, policyFault } from "./policy-checks";
import { regoSet, regoValue, SIDE_CLAIMS } from "./rego-text";

/** What the policy is made of. */
export interface AttestationPolicyOptions {
  /** Kinds of evidence it takes; all others are contraindicated. @default - snp, tdx, az-snp-vtpm, az-tdx-vtpm */
  readonly kinds?: readonly AttestedKind[];
  /**
   * Pods: claims `init_data` that any tenant may have, by kind; a kind without any is contraindicated. Leave it out for
   * nodes, whose registers the cloud writes. @default - nodes
   */
  readonly initData?: Partial<Readonly<Record<AttestedKind, readonly string[]>>>;
}

/** Classes of devices Trustee has a policy for besides the processor. */
const DEVICES = ["gpu", "switch", "ppcie"] as const;

/**
 * Trustee's four policies by id, as its storage names them. `default_cpu` is the hardened one; the others contraindicate
 * every device, because nobody wrote down what a good one says. All four, since Trustee fills in its own for one that is
 * missing. Throws OPTION_TYPE and TRUSTEE_POLICY. Changing one changes what results already handed out do not show:
 * they live five minutes.
 */
export function attestationPolicies(options: AttestationPolicyOptions = {}): Record<string, string> {
  return {
    default_cpu: attestationPolicy(options),
    ...Object.fromEntries(DEVICES.map((device) => [`default_${device}`, CONTRAINDICATED])),
  };
}

/** Rego of `default_cpu`. Every claim of `TEE_CLAIMS` must be one of its reference values: no value, no result. */
export function attestationPolicy(options: AttestationPolicyOptions = {}): string {
  assertShape(
    POLICY_SCOPE,
    shape.object({ kinds: shape.texts.optional(), initData: shape.open({}).optional() }),
    options,
  );
  const { kinds = ATTESTED_KINDS, initData } = options;
  if (kinds.length === 0)
    throw policyFault(
      "a policy must take a kind of evidence, got none; name one, or leave kinds out for all",
    );
  kinds.forEach(assertKind);
  for (const [kind, claims] of Object.entries(initData ?? {})) {
    assertKind(kind);
    const { bytes, register } = INIT_DATA_CLAIMS[kind as AttestedKind];
    for (const one of claims) assertDigest(kind, "initData", one, bytes, register);
  }
  const sorted = [...new Set(kinds)].sort();
  return [
    HEAD,
    initData === undefined ? "" : `${INIT_DATA_OF}${regoValue(sets(sorted, initData))}\n\n`,
    ...sorted.map((kind) => rulesOf(kind, initData !== undefined)),
    EXTENSIONS,
  ].join("");
}

function sets(
  kinds: readonly AttestedKind[],
  initData: NonNullable<AttestationPolicyOptions["initData"]>,
): Record<string, readonly string[]> {
  return Object.fromEntries(kinds.map((kind) => [kind, [...new Set(initData[kind] ?? [])].sort()]));
}

/** Values of AR4SI. SOURCE: IETF, draft-ietf-rats-ar4si, section 2.3. */
const AR4SI = {
  /** Approved executables alone were loaded during the boot. */
  executables: 3,
  /** Genuine hardware and firmware. */
  hardware: 2,
  /** A known and approved configuration. */
  configuration: 2,
} as const;

/** Unknown executables, unknown hardware, a configuration that security policy does not take. */
const DEFAULTS = { executables: 33, hardware: 97, configuration: 96 } as const;

const NO_ASSERTION = ["file-system", "instance-identity", "runtime-opaque", "sourced-data", "storage-opaque"];

const HEAD = `package policy

import rego.v1

# What nobody affirmed below is contraindicated.
default executables := ${DEFAULTS.executables}

default hardware := ${DEFAULTS.hardware}

default configuration := ${DEFAULTS.configuration}

trust_claims := {
	"executables": executables,
	"hardware": hardware,
	"configuration": configuration,
${NO_ASSERTION.map((name) => `	"${name}": 0,\n`).join("")}}

# Claims beside the TEE's own.
side_claims := ${regoSet(SIDE_CLAIMS)}

# The one TEE the evidence is of.
tees := object.keys(input) - side_claims

`;

const INIT_DATA_OF =
  "# Whole claims of initialisation data that were handed to tenants, by kind.\ninit_data := ";

function rulesOf(kind: AttestedKind, pods: boolean): string {
  const claims: TeeClaims = TEE_CLAIMS[kind];
  const rules = (Object.keys(AR4SI) as (keyof typeof AR4SI)[]).map((name) => {
    const lines = [
      ...(name === "executables" ? [] : claims.always[name]),
      ...(name === "configuration" && pods ? [`input.init_data in init_data[${JSON.stringify(kind)}]`] : []),
      ...claims[name].map(reference),
    ];
    return `${name} := ${AR4SI[name]} if {
	tees == {${JSON.stringify(kind)}}
	tee := input[${JSON.stringify(kind)}]
${lines.map((line) => `	${line}\n`).join("")}}
`;
  });
  return `# ${kind}\n${rules.join("\n")}\n`;
}

/** A name without values answers null, which holds nothing. */
function reference({ name, path }: ReferenceClaim): string {
  return `tee.${path.join(".")} in query_reference_value(${JSON.stringify(name)})`;
}

/** For audit: what the agent policy in the initialisation data lets run. Nothing here decides anything. */
const EXTENSIONS = `# What the agent policy lets run, for audit.
listed := input.init_data_claims.agent_policy_claims.containers

containers := [one | is_array(listed); some one in listed]

images := [image |
	some one in containers
	image := one.OCI.Annotations["io.kubernetes.cri.image-name"]
	is_string(image)
]

users := [user |
	some one in containers
	user := one.OCI.Process.User.UID
	is_number(user)
]

extensions := [{
	"name": "ear.trustee.identifiers",
	"key": -18,
	"value": {"validated": {"container_images": images, "container_uids": users}},
}]
`;

const CONTRAINDICATED = `package policy

import rego.v1

trust_claims := {
	"executables": ${DEFAULTS.executables},
	"hardware": ${DEFAULTS.hardware},
	"configuration": ${DEFAULTS.configuration},
}

extensions := []
`;
