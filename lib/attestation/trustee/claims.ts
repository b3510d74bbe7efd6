// Claims that Trustee's verifiers make of evidence, and the reference values they are held against: one table.

/** How a value is written in a claim. */
export type ClaimFormat =
  "hex48" | "base64of48" | "number" | "flag" | "numberText" | "flagText" | "hex32" | "hex8";

/** A claim that must be one of a reference value's. */
export interface ReferenceClaim {
  /** Name of the reference value. */
  readonly name: string;
  /** Where the claim stands below the TEE's own. */
  readonly path: readonly string[];
  readonly format: ClaimFormat;
  /** A half sentence: what it is. */
  readonly of: string;
}

/** What one kind of evidence must say. */
export interface TeeClaims {
  /** What runs. */
  readonly executables: readonly ReferenceClaim[];
  /** What it runs on. */
  readonly hardware: readonly ReferenceClaim[];
  readonly configuration: readonly ReferenceClaim[];
  /** Rego about `tee`, the TEE's claims, that no reference value decides. */
  readonly always: { readonly hardware: readonly string[]; readonly configuration: readonly string[] };
}

const claim = (name: string, path: string, format: ClaimFormat, of: string): ReferenceClaim => ({
  name,
  path: path.split("."),
  format,
  of,
});

/** A switch that must be off. Azure's claims are texts. */
const OFF = (path: string): string => `tee.${path} in [false, "false"]`;
const SNP_SAFE = [OFF("policy_debug_allowed"), OFF("policy_migrate_ma")];
/** A quote over fewer registers has others at the places of PCR8 and PCR11, and Trustee does not look which were quoted. */
const ALL_PCRS = ["is_object(tee.tpm)", "count(tee.tpm) == 24"];
/** A TD quote by Intel's quoting enclave, on a platform Intel calls up to date by collateral that has not expired. */
const INTEL = [
  'tee.quote.header.tee_type == "81000000"',
  'tee.quote.header.vendor_id == "939a7233f79c4ca9940a0db3957f0607"',
  'tee.tcb_status == "UpToDate"',
  'tee.collateral_expiration_status == "0"',
];
const NO_TDX_DEBUG = ["tee.td_attributes.debug == false"];

const snpTcb = (prefix: string, snp: string, tee: string, format: ClaimFormat): ReferenceClaim[] => [
  claim(`${prefix}_bootloader`, "reported_tcb_bootloader", format, "version of the boot loader"),
  claim(`${prefix}_microcode`, "reported_tcb_microcode", format, "version of the microcode"),
  claim(`${prefix}_${snp}`, "reported_tcb_snp", format, "version of the SNP firmware"),
  claim(`${prefix}_${tee}`, "reported_tcb_tee", format, "version of the security processor's system"),
];

const snpConfiguration = (
  names: { readonly prefix: string; readonly abi: string },
  number: ClaimFormat,
  flag: ClaimFormat,
): ReferenceClaim[] => [
  claim(`${names.prefix}smt_enabled`, "platform_smt_enabled", flag, "whether SMT is on"),
  claim(`${names.prefix}tsme_enabled`, "platform_tsme_enabled", flag, "whether TSME is on"),
  claim(`${names.prefix}${names.abi}_major`, "policy_abi_major", number, "least ABI, major"),
  claim(`${names.prefix}${names.abi}_minor`, "policy_abi_minor", number, "least ABI, minor"),
  claim(`${names.prefix}single_socket`, "policy_single_socket", flag, "whether one socket is demanded"),
  claim(`${names.prefix}smt_allowed`, "policy_smt_allowed", flag, "whether SMT is allowed"),
];

/**
 * By kind of evidence. Others are refused: `sample` is no TEE, `tpm` alone says nothing of memory, and the rest nobody
 * wrote a policy for.
 * SOURCE: confidential-containers/trustee, deps/verifier (snp, tdx, az_snp_vtpm, az_tdx_vtpm, intel_dcap) and the names
 * in attestation-service/src/ear_token/ear_default_policy_cpu.rego, 2026-08.
 */
export const TEE_CLAIMS = {
  snp: {
    executables: [claim("snp_launch_measurement", "measurement", "hex48", "the launch measurement")],
    hardware: snpTcb("snp", "snp_svn", "tee_svn", "number"),
    configuration: snpConfiguration({ prefix: "snp_", abi: "guest_abi" }, "number", "flag"),
    always: { hardware: [], configuration: SNP_SAFE },
  },
  tdx: {
    executables: [
      claim("rtmr_1", "quote.body.rtmr_1", "hex48", "kernel and boot loader"),
      claim("rtmr_2", "quote.body.rtmr_2", "hex48", "command line and boot RAM disk"),
    ],
    hardware: [claim("mr_td", "quote.body.mr_td", "hex48", "the firmware")],
    configuration: [claim("xfam", "quote.body.xfam", "hex8", "extended features")],
    always: { hardware: INTEL, configuration: NO_TDX_DEBUG },
  },
  "az-snp-vtpm": {
    executables: [
      claim("measurement", "measurement", "base64of48", "the launch measurement of Azure's paravisor"),
      claim("snp_pcr11", "tpm.pcr11", "hex32", "the unified kernel image"),
    ],
    hardware: snpTcb("tcb", "snp", "tee", "numberText"),
    configuration: snpConfiguration({ prefix: "", abi: "abi" }, "numberText", "flagText"),
    always: { hardware: ALL_PCRS, configuration: SNP_SAFE },
  },
  "az-tdx-vtpm": {
    executables: [claim("tdx_pcr11", "tpm.pcr11", "hex32", "the unified kernel image")],
    hardware: [claim("mr_td", "quote.body.mr_td", "hex48", "the firmware")],
    configuration: [claim("xfam", "quote.body.xfam", "hex8", "extended features")],
    always: { hardware: [...INTEL, ...ALL_PCRS], configuration: NO_TDX_DEBUG },
  },
} as const satisfies Record<string, TeeClaims>;

/** A kind of evidence our attestation policy takes. */
export type AttestedKind = keyof typeof TEE_CLAIMS;

/** All of them. */
export const ATTESTED_KINDS = Object.keys(TEE_CLAIMS) as readonly AttestedKind[];

/** Where a node's launch measurement stands, and how. */
export const MEASURED_KINDS = {
  snp: { path: ["measurement"], inClaim: (hex: string): string => hex },
  tdx: { path: ["quote", "body", "mr_td"], inClaim: (hex: string): string => hex },
  "az-snp-vtpm": {
    path: ["measurement"],
    inClaim: (hex: string): string => Buffer.from(hex, "hex").toString("base64"),
  },
  "az-tdx-vtpm": { path: ["quote", "body", "mr_td"], inClaim: (hex: string): string => hex },
} as const satisfies Record<AttestedKind, unknown>;
