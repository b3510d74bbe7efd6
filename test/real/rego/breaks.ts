// Ways to weaken a policy: each must let through a case that is refused, or nothing here proves anything.
//
// The first are the weak spots of Trustee's own policies.
import type { PolicyName } from "./cases";

export interface PolicyBreak {
  readonly name: string;
  readonly policy: PolicyName;
  /** Text taken out, every place of it, and what stands there instead. */
  readonly from: string | RegExp;
  readonly to: string;
  /** Name of a case that must get through now. */
  readonly lets: string;
}

const line = (text: string): RegExp =>
  new RegExp(`^\\t+${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}.*\\n`, "gm");

const resource = (name: string, from: PolicyBreak["from"], to: string, lets: string): PolicyBreak => ({
  name,
  policy: "pod-resource",
  from,
  to,
  lets,
});

const attestation = (name: string, from: PolicyBreak["from"], to: string, lets: string): PolicyBreak => ({
  name,
  policy: "pod-attestation",
  from,
  to,
  lets,
});

export const BREAKS: readonly PolicyBreak[] = [
  attestation(
    "initialisation data is not looked at",
    line("input.init_data in"),
    "",
    "snp: initialisation data nobody listed, with an agent policy that allows anything",
  ),
  attestation(
    "Azure's SNP debug flag is not looked at",
    'tee.policy_debug_allowed in [false, "false"]',
    'tee.policy_debug_allowed in [false, "false", "true"]',
    'az-snp-vtpm: tee.policy_debug_allowed is "true"',
  ),
  attestation(
    "TDX's debug flag is not looked at",
    line("tee.td_attributes.debug == false"),
    "",
    "az-tdx-vtpm: tee.td_attributes.debug is true",
  ),
  attestation(
    "expired collateral is taken",
    line("tee.collateral_expiration_status"),
    "",
    'az-tdx-vtpm: tee.collateral_expiration_status is "1"',
  ),
  attestation(
    "the fake TEE is taken",
    'tees == {"snp"}',
    'tees in [{"snp"}, {"snp", "sample"}]',
    "snp with claims of the fake TEE beside them",
  ),
  resource(
    "a verdict is not asked for, the fake TEE alone is refused",
    line('appraisal["ear.status"] == "affirming"'),
    "",
    'status "contraindicated"',
  ),
  resource(
    "any path is taken",
    line("granted == path[0]"),
    "\tgranted\n",
    "snp: a pod of acme reads of globex",
  ),
  resource(
    "the digest is not looked at",
    "repository := repositories[kind][evidence.init_data]",
    "repository := path[0]",
    "snp: an affirming guest with initialisation data nobody listed",
  ),
  attestation("SNP may migrate", line("tee.policy_migrate_ma in"), "", "snp: tee.policy_migrate_ma is true"),
  attestation(
    "any TCB status will do",
    line('tee.tcb_status == "UpToDate"'),
    "",
    'tdx: tee.tcb_status is "OutOfDate"',
  ),
  attestation(
    "any vTPM quote will do",
    line("count(tee.tpm) == 24"),
    "",
    "az-snp-vtpm: a quote over sixteen registers",
  ),
  attestation(
    "Azure's kernel is not measured",
    line("tee.tpm.pcr11 in"),
    "",
    `az-snp-vtpm: tee.tpm.pcr11 is ${JSON.stringify("11".repeat(32)).slice(0, 40)}`,
  ),
  attestation(
    "a digest of any kind will do",
    /input\.init_data in init_data\["snp"\]/,
    'input.init_data in init_data["az-snp-vtpm"]',
    "snp: initialisation data that is listed for another kind",
  ),
  resource(
    "the processor alone is looked at",
    "every _, appraisal in input.submods {",
    "every _, appraisal in {0: input.submods.cpu0} {",
    "an unaffirmed device beside an affirming processor",
  ),
  resource(
    "any policy's verdict will do",
    line('appraisal["ear.appraisal-policy-id"]'),
    "",
    "another policy's verdict",
  ),
  resource(
    "two processors will do",
    line("one_processor"),
    "",
    "two processors: a second guest lends its name",
  ),
  resource("claims nobody made will do", line("vouched_for"), "", "affirming, though executables is 0"),
  resource("any plugin will do", line('data.plugin == "resource"'), "", "path: another plugin"),
  resource("paths of any length will do", line("count(path) == 3"), "", "path: a part too many"),
  resource("parts of any form will do", line("regex.match"), "", "path: up and over"),
  resource("queries are taken", line("data.query == {}"), "", "path: a query"),
  resource(
    "a prefix of the digest will do",
    "repository := repositories[kind][evidence.init_data]",
    "some digest, repository in repositories[kind]\n\tstartswith(digest, evidence.init_data)",
    "snp: the first half of the digest",
  ),
  resource(
    "case does not matter",
    "repositories[kind][evidence.init_data]",
    "repositories[kind][lower(evidence.init_data)]",
    "snp: the digest in upper case",
  ),
  resource(
    "the digest may stand in any submodule",
    "repository := repositories[kind][evidence.init_data]",
    'some _, one in input.submods\n\trepository := repositories[kind][one["ear.veraison.annotated-evidence"].init_data]\n\trepository == path[0]',
    "a neighbour's processor and a device with the own digest",
  ),
  resource(
    "a digest of any kind will do",
    "repositories[kind][evidence.init_data]",
    'repositories["az-snp-vtpm"][evidence.init_data]',
    "the digest of another kind",
  ),
  resource(
    "claims beside the TEE's will do",
    line("count(kinds) == 1"),
    "",
    "the fake TEE beside a real one",
  ),
  {
    name: "a node's measurement is not looked at",
    policy: "node-resource",
    from: /repository := repositories\[kind\]\[.*\]/,
    to: 'repository := "platform"',
    lets: "snp: another measurement",
  },
  {
    name: "a node's debug flag is not looked at",
    policy: "node-attestation",
    from: line("tee.td_attributes.debug == false"),
    to: "",
    lets: "tdx: a node in debug mode",
  },
];
