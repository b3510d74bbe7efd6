// Evidence that is good, and evidence that is not: what the attestation policies must tell apart.
import type { AttestedKind } from "../../../lib/attestation/trustee/claims";
import { NegativeCase } from "../../../lib/attestation/wiring";
import type { RegoCase } from "./cases";
import { claimOf, evidenceOf, KINDS, withClaim, type Claims } from "./evidence";

const VTPM: readonly AttestedKind[] = ["az-snp-vtpm", "az-tdx-vtpm"];
const SNP: readonly AttestedKind[] = ["snp", "az-snp-vtpm"];
const TDX: readonly AttestedKind[] = ["tdx", "az-tdx-vtpm"];

const refused = (
  name: string,
  input: Claims,
  more: Pick<RegoCase, "negative" | "references"> = {},
): RegoCase => ({ name, policy: "pod-attestation", input, passes: false, ...more });

/** One claim of good evidence, changed. */
const changed = (kind: AttestedKind, path: string, value: unknown, negative?: NegativeCase): RegoCase =>
  refused(
    `${kind}: ${path} is ${value === undefined ? "missing" : JSON.stringify(value).slice(0, 40)}`,
    withClaim(evidenceOf(kind), path.replace(/^tee\./, `${kind}.`), value),
    negative === undefined ? {} : { negative },
  );

/** Every claim that a reference value decides, of each kind, written by hand. */
const DECIDED: Readonly<Record<AttestedKind, readonly (readonly [path: string, other: unknown])[]>> = {
  snp: [
    ["measurement", "00".repeat(48)],
    ["reported_tcb_bootloader", 3],
    ["reported_tcb_microcode", 115],
    ["reported_tcb_snp", 8],
    ["reported_tcb_tee", 1],
    ["platform_smt_enabled", false],
    ["platform_tsme_enabled", false],
    ["policy_abi_major", 1],
    ["policy_abi_minor", 1],
    ["policy_single_socket", true],
    ["policy_smt_allowed", false],
  ],
  tdx: [
    ["quote.body.rtmr_1", "11".repeat(48)],
    ["quote.body.rtmr_2", "11".repeat(48)],
    ["quote.body.mr_td", "11".repeat(48)],
    ["quote.body.xfam", "ff42060000000000"],
  ],
  "az-snp-vtpm": [
    ["measurement", "AAAA"],
    ["tpm.pcr11", "11".repeat(32)],
    ["reported_tcb_bootloader", "3"],
    ["reported_tcb_microcode", "115"],
    ["reported_tcb_snp", "8"],
    ["reported_tcb_tee", "1"],
    ["platform_smt_enabled", "false"],
    ["platform_tsme_enabled", "false"],
    ["policy_abi_major", "1"],
    ["policy_abi_minor", "1"],
    ["policy_single_socket", "true"],
    ["policy_smt_allowed", "false"],
  ],
  "az-tdx-vtpm": [
    ["tpm.pcr11", "11".repeat(32)],
    ["quote.body.mr_td", "11".repeat(48)],
    ["quote.body.xfam", "ff42060000000000"],
  ],
};

const fewerPcrs = (kind: AttestedKind): Claims => {
  const claims = structuredClone(evidenceOf(kind)) as Record<string, { tpm: Record<string, string> }>;
  // A quote over sixteen registers: the ninth of them stands where PCR8 should.
  for (let at = 16; at < 24; at += 1) delete claims[kind]!.tpm[`pcr${at}`];
  return claims;
};

/** The same evidence under the name of another TEE. */
const renamed = (kind: AttestedKind, other: string): Claims => {
  const { [kind]: own, ...rest } = evidenceOf(kind);
  return { ...rest, [other]: own };
};

export const ATTESTATION_CASES: readonly RegoCase[] = [
  ...KINDS.map((kind): RegoCase => ({
    name: `${kind}: a tenant's pod`,
    policy: "pod-attestation",
    input: evidenceOf(kind),
    passes: true,
  })),
  {
    name: "snp: the older of two microcode versions, during a roll-out",
    policy: "pod-attestation",
    input: withClaim(evidenceOf("snp"), "snp.reported_tcb_microcode", 218),
    passes: true,
  },
  {
    name: "snp: containers of the agent policy that are a text: for audit alone",
    policy: "pod-attestation",
    input: withClaim(evidenceOf("snp"), "init_data_claims.agent_policy_claims.containers", "app"),
    passes: true,
  },
  // Debug. Trustee's own policy does not look on Azure.
  changed("snp", "tee.policy_debug_allowed", true, NegativeCase.DEBUG),
  changed("az-snp-vtpm", "tee.policy_debug_allowed", "true", NegativeCase.DEBUG),
  changed("tdx", "tee.td_attributes.debug", true, NegativeCase.DEBUG),
  changed("az-tdx-vtpm", "tee.td_attributes.debug", true, NegativeCase.DEBUG),
  ...SNP.flatMap((kind) => [
    changed(kind, "tee.policy_debug_allowed", undefined),
    changed(kind, "tee.policy_debug_allowed", 0),
    changed(kind, "tee.policy_migrate_ma", kind === "snp" ? true : "true"),
  ]),
  ...TDX.flatMap((kind) => [
    changed(kind, "tee.td_attributes", undefined),
    changed(kind, "tee.td_attributes.debug", "false"),
    changed(kind, "tee.tcb_status", "OutOfDate"),
    changed(kind, "tee.tcb_status", undefined),
    changed(kind, "tee.collateral_expiration_status", "1"),
    changed(kind, "tee.collateral_expiration_status", undefined),
    changed(kind, "tee.quote.header.tee_type", "00000000"),
    changed(kind, "tee.quote.header.vendor_id", "00".repeat(16)),
  ]),
  // Initialisation data. Trustee's own policy does not look at all.
  ...KINDS.flatMap((kind) => [
    refused(
      `${kind}: initialisation data nobody listed, with an agent policy that allows anything`,
      withClaim(evidenceOf(kind), "init_data", "5a".repeat(kind === "tdx" ? 48 : 32)),
      { negative: NegativeCase.UNMEASURED_IMAGE },
    ),
    changed(kind, "init_data", undefined),
    changed(kind, "init_data", "00".repeat(kind === "tdx" ? 48 : 32)),
    changed(kind, "init_data", claimOf("acme", kind).toUpperCase()),
    changed(kind, "init_data", claimOf("acme", kind).slice(0, -2)),
    changed(kind, "init_data", `${claimOf("acme", kind)}00`),
    changed(kind, "init_data", [claimOf("acme", kind)]),
    changed(kind, "init_data", null),
  ]),
  refused("snp: initialisation data that is listed for another kind", {
    ...evidenceOf("snp"),
    init_data: claimOf("acme", "az-snp-vtpm"),
  }),
  refused("tdx: the first 32 bytes alone", {
    ...evidenceOf("tdx"),
    init_data: claimOf("acme", "tdx").slice(0, 64),
  }),
  ...VTPM.flatMap((kind) => [
    changed(kind, "tee.tpm", 24),
    changed(kind, "tee.tpm", "a text of 24 characters."),
    changed(kind, "tee.tpm", undefined),
  ]),
  ...VTPM.map((kind) => refused(`${kind}: a quote over sixteen registers`, fewerPcrs(kind))),
  refused("az-snp-vtpm: HOSTDATA in base64, which a quote without PCR8 leaves there", {
    ...evidenceOf("az-snp-vtpm"),
    init_data: Buffer.from(claimOf("acme", "snp"), "hex").toString("base64"),
  }),
  // What runs, and what it runs on.
  ...KINDS.flatMap((kind) =>
    DECIDED[kind].flatMap(([path, other]) => [
      changed(kind, `tee.${path}`, other),
      changed(kind, `tee.${path}`, undefined),
    ]),
  ),
  ...KINDS.map((kind) =>
    refused(`${kind}: no reference values at all`, evidenceOf(kind), { references: {} }),
  ),
  refused("snp: reference values that are a text and not a list", evidenceOf("snp"), {
    references: { snp_launch_measurement: evidenceOf("snp").snp },
  }),
  // TEEs nobody wrote a policy for.
  ...["sample", "tpm", "se", "sgx", "csv", "cca", "hygondcu", "nvidia", "Snp", ""].map((other) =>
    refused(`the claims of snp under the name '${other}'`, renamed("snp", other)),
  ),
  refused("sample: the fake TEE", {
    init_data: claimOf("acme", "snp"),
    report_data: "00",
    sample: { svn: "1", debug: false, launch_digest: "abcde", platform_version: { major: 1, minor: 4 } },
  }),
  refused("snp with claims of the fake TEE beside them", { ...evidenceOf("snp"), sample: { debug: false } }),
  refused("tdx beside snp", { ...evidenceOf("snp"), tdx: evidenceOf("tdx").tdx }),
  refused("snp with a claim beside it that nobody knows", { ...evidenceOf("snp"), extra: true }),
  refused("no TEE at all", { init_data: claimOf("acme", "snp"), report_data: "00" }),
  refused("a TEE whose claims are a text", { ...evidenceOf("snp"), snp: "genuine" }),
  refused("nothing", {}),
  // Nodes: the registers are the cloud's own.
  ...KINDS.map((kind): RegoCase => ({
    name: `${kind}: a node with the cloud's own initialisation data`,
    policy: "node-attestation",
    input: withClaim(evidenceOf(kind), "init_data", "00".repeat(kind === "tdx" ? 48 : 32)),
    passes: true,
  })),
  ...KINDS.map((kind): RegoCase => ({
    name: `${kind}: a node in debug mode`,
    policy: "node-attestation",
    input: SNP.includes(kind)
      ? withClaim(evidenceOf(kind), `${kind}.policy_debug_allowed`, kind === "snp" ? true : "true")
      : withClaim(evidenceOf(kind), `${kind}.td_attributes.debug`, true),
    passes: false,
    negative: NegativeCase.DEBUG,
  })),
];
