// Trustee's resource policy, generated: which evidence reads which repository of the key broker. Two shapes, never mixed.
import { assertShape, shape } from "../../core/option-shape";
import { INIT_DATA_CLAIMS } from "../evidence-kind";
import { assertDigest, assertKind, POLICY_SCOPE, policyFault as fault } from "./policy-checks";
import { ATTESTED_KINDS, MEASURED_KINDS, type AttestedKind } from "./claims";
import { regoSet, regoValue, SIDE_CLAIMS } from "./rego-text";

/** One tenant's pod: initialisation data opens a repository. */
export interface PodResourceEntry {
  readonly evidence: AttestedKind;
  /** Claim `init_data`, whole: lower-case hex, 96 digits for tdx, else 64. `InitData.claim`. */
  readonly initData: string;
  /** First part of the path of what it may read. The tenant's own. */
  readonly repository: string;
}

/** One kind of node: its measurement opens a repository of the platform. */
export interface NodeResourceEntry {
  readonly evidence: AttestedKind;
  /** Launch measurement (SNP) or MRTD (TDX): lower-case hex, 96 digits. */
  readonly measurement: string;
  readonly repository: string;
}

/** What the policy for pods is made of. No entries: nobody reads anything. */
export interface PodResourcePolicyOptions {
  readonly entries: readonly PodResourceEntry[];
  /** Repositories of the platform: no pod gets one. @default - none */
  readonly platformRepositories?: readonly string[];
}

/** What the policy for nodes is made of. */
export interface NodeResourcePolicyOptions {
  readonly entries: readonly NodeResourceEntry[];
  /** Repositories of all tenants: no node gets one, because every pod on it has its evidence. */
  readonly tenantRepositories: readonly string[];
}

const REPOSITORY = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * Rego for a key broker whose clients are tenants' pods. A read passes when every submodule is affirming, `cpu0` is the
 * one processor among them and vouches for executables, hardware and configuration, and its whole `init_data` is mapped
 * to the first part of the path. Throws OPTION_TYPE and TRUSTEE_POLICY.
 */
export function podResourcePolicy(options: PodResourcePolicyOptions): string {
  assertShape(
    POLICY_SCOPE,
    shape.object({ entries: shape.objects("entries"), platformRepositories: shape.texts.optional() }),
    options,
  );
  const map = new RepositoryMap("initialisation data");
  for (const { evidence, initData, repository } of options.entries) {
    assertKind(evidence);
    const { bytes, register } = INIT_DATA_CLAIMS[evidence];
    assertDigest(evidence, "initData", initData, bytes, register);
    assertRepository(repository);
    if (options.platformRepositories?.includes(repository))
      throw fault(
        `a pod must get its tenant's repository, got '${repository}', which is the platform's; name the tenant's`,
      );
    map.add(evidence, initData, repository);
  }
  return policyText("granted := repositories[kind][evidence.init_data]", map);
}

/**
 * Rego for a key broker whose clients are nodes: a read passes when all of the above holds and the node's measurement is
 * mapped to the first part of the path. Never a tenant's repository. Throws OPTION_TYPE and TRUSTEE_POLICY.
 */
export function nodeResourcePolicy(options: NodeResourcePolicyOptions): string {
  assertShape(
    POLICY_SCOPE,
    shape.object({ entries: shape.objects("entries"), tenantRepositories: shape.texts }),
    options,
  );
  const map = new RepositoryMap("a measurement");
  for (const { evidence, measurement, repository } of options.entries) {
    assertKind(evidence);
    assertDigest(evidence, "measurement", measurement, 48, "launch measurement");
    assertRepository(repository);
    if (options.tenantRepositories.includes(repository))
      throw fault(
        `a node must never get a tenant's repository, because every pod on it has its evidence, got '${repository}'; ` +
          "give the tenant pods of its own evidence, or name a repository of the platform",
      );
    map.add(evidence, MEASURED_KINDS[evidence].inClaim(measurement), repository);
  }
  const paths = Object.fromEntries(ATTESTED_KINDS.map((kind) => [kind, MEASURED_KINDS[kind].path]));
  return policyText(
    "granted := repositories[kind][object.get(evidence[kind], measurement_paths[kind], null)]",
    map,
    `# Where each kind of evidence has its launch measurement.\nmeasurement_paths := ${regoValue(paths)}\n\n`,
  );
}

/** Whole values of evidence, by kind, and the one repository each opens. */
class RepositoryMap {
  public readonly entries: Record<string, Record<string, string>> = {};

  public constructor(private readonly what: string) {}

  public add(kind: string, value: string, repository: string): void {
    const ofKind = (this.entries[kind] ??= {});
    const other = ofKind[value];
    if (other !== undefined && other !== repository)
      throw fault(
        `${this.what} must open one repository, got '${other}' and '${repository}' for ${kind} ${value}; ` +
          "two tenants with the same text are one to a verifier: let their texts differ",
      );
    ofKind[value] = repository;
  }
}

/**
 * The policy around one rule `granted`.
 * SOURCE: confidential-containers/trustee, kbs/src/api_server.rs (data, rule, that writing takes an administrator and
 * never comes here), kbs/src/plugins/implementations/resource/backend.rs (form of a path), 2026-08.
 */
function policyText(granted: string, map: RepositoryMap, more = ""): string {
  return `package policy

import rego.v1

# Kind of evidence -> whole value -> the one repository it opens.
repositories := ${regoValue(map.entries)}

${more}# Claims beside the TEE's own.
side_claims := ${regoSet(SIDE_CLAIMS)}

path := data["resource-path"]

evidence := input.submods.cpu0["ear.veraison.annotated-evidence"]

vector := input.submods.cpu0["ear.trustworthiness-vector"]

default allow := false

allow if {
	one_resource
	all_affirming
	one_processor
	vouched_for
	granted == path[0]
}

# A resource by its whole path. Writing takes an administrator and is not judged here.
one_resource if {
	data.plugin == "resource"
	data.query == {}
	is_array(path)
	count(path) == 3
	every part in path {
		is_string(part)
		regex.match(\`^[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$\`, part)
	}
}

# Every device of the guest, by the policy that was written for it.
all_affirming if {
	is_object(input.submods)
	every _, appraisal in input.submods {
		appraisal["ear.status"] == "affirming"
		appraisal["ear.appraisal-policy-id"] == "default"
	}
}

# Two processors would be two guests.
one_processor if {
	processors := {name | some name, _ in input.submods; startswith(name, "cpu")}
	processors == {"cpu0"}
}

# A status is the worst claim that was made: claims that matter must have been made.
vouched_for if {
	every claim in ["executables", "hardware", "configuration"] {
		value := vector[claim]
		is_number(value)
		value >= 2
		value <= 31
	}
}

# One TEE with nothing beside it that this policy does not know.
granted := repository if {
	is_object(evidence)
	kinds := object.keys(evidence) - side_claims
	count(kinds) == 1
	some kind in kinds
	is_object(evidence[kind])
	repository := ${granted.replace("granted := ", "")}
}
`;
}

function assertRepository(repository: unknown): void {
  if (typeof repository !== "string" || !REPOSITORY.test(repository))
    throw fault(
      `a repository must be a DNS-1123 label, like a tenant's name, got '${String(repository)}'; write it so`,
    );
}
