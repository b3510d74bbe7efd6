// Evidence as Trustee's verifiers hand it to the attestation policy, written by hand: not from the library's table.
//
// SOURCE: confidential-containers/trustee, deps/verifier/src, attestation-service/src/ear_token/broker.rs, 2026-08.
import { initData } from "../../../lib/attestation/init-data";
import type { AttestedKind } from "../../../lib/attestation/trustee/claims";
import type { TrusteeReferenceValue } from "../../../lib/attestation/trustee/reference-values";
import { initDataOptions } from "../../support/init-data";

export const KINDS: readonly AttestedKind[] = ["snp", "tdx", "az-snp-vtpm", "az-tdx-vtpm"];

/** Tenants of these cases; each is its own repository. */
export const TENANTS = ["acme", "globex", "initech", "umbrella", "wayne"] as const;
export type TenantName = (typeof TENANTS)[number];

/** Whole claim of a tenant's initialisation data. */
export function claimOf(tenant: TenantName, kind: AttestedKind): string {
  const { data } = initDataOptions();
  const policy = `${data["policy.rego"]}# of ${tenant}\n`;
  return initData(initDataOptions({ evidence: kind, data: { ...data, "policy.rego": policy } })).claim;
}

const hex = (seed: string, bytes: number): string => Buffer.alloc(bytes, seed).toString("hex");

const MEASUREMENT = hex("measured", 48);
const FIRMWARE = hex("firmware", 48);
const PCR11 = hex("kernel", 32);

const pcrs = (initDataClaim: string): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: 24 }, (_, at) => [
      `pcr${String(at).padStart(2, "0")}`,
      at === 8 ? initDataClaim : at === 11 ? PCR11 : hex(`pcr${at}`, 32),
    ]),
  );

const quote = (mrConfigId: string): Record<string, unknown> => ({
  header: {
    version: "0400",
    att_key_type: "0200",
    tee_type: "81000000",
    vendor_id: "939a7233f79c4ca9940a0db3957f0607",
  },
  body: {
    mr_td: FIRMWARE,
    mr_config_id: mrConfigId,
    rtmr_0: hex("rtmr0", 48),
    rtmr_1: hex("rtmr1", 48),
    rtmr_2: hex("rtmr2", 48),
    rtmr_3: hex("rtmr3", 48),
    xfam: "e742060000000000",
    tcb_svn: "03000500000000000000000000000000",
  },
});

const intel = {
  td_attributes: {
    debug: false,
    septve_disable: true,
    protection_keys: false,
    key_locker: false,
    perfmon: false,
  },
  tcb_status: "UpToDate",
  tcb_date: "2026-05-14T00:00:00Z",
  collateral_expiration_status: "0",
  advisory_ids: [],
};

/** The TEE's own claims. Azure's SNP claims are texts, and its measurement is base64. */
const OWN: Readonly<Record<AttestedKind, (claim: string) => Record<string, unknown>>> = {
  snp: () => ({
    policy_abi_major: 0,
    policy_abi_minor: 0,
    policy_smt_allowed: true,
    policy_migrate_ma: false,
    policy_debug_allowed: false,
    policy_single_socket: false,
    reported_tcb_bootloader: 4,
    reported_tcb_tee: 0,
    reported_tcb_snp: 24,
    reported_tcb_microcode: 219,
    platform_tsme_enabled: true,
    platform_smt_enabled: true,
    measurement: MEASUREMENT,
    chip_id: hex("chip", 64),
  }),
  tdx: (claim) => ({ ...intel, quote: quote(claim), platform_instance_id: hex("platform", 16) }),
  "az-snp-vtpm": (claim) => ({
    policy_abi_major: "0",
    policy_abi_minor: "31",
    policy_smt_allowed: "true",
    policy_migrate_ma: "false",
    policy_debug_allowed: "false",
    policy_single_socket: "false",
    reported_tcb_bootloader: "4",
    reported_tcb_tee: "0",
    reported_tcb_snp: "24",
    reported_tcb_microcode: "219",
    platform_tsme_enabled: "true",
    platform_smt_enabled: "true",
    measurement: Buffer.from(MEASUREMENT, "hex").toString("base64"),
    tpm: pcrs(claim),
  }),
  // MRCONFIGID is Azure's own there: initialisation data is in PCR8 alone.
  "az-tdx-vtpm": (claim) => ({ ...intel, quote: quote(hex("azure", 48)), tpm: pcrs(claim) }),
};

/** What the attestation policy gets as input. */
export type Claims = Record<string, unknown>;

/** Good evidence of a pod of this tenant. */
export function evidenceOf(kind: AttestedKind, tenant: TenantName = "acme"): Claims {
  const init_data = claimOf(tenant, kind);
  return {
    init_data,
    init_data_claims: {
      "aa.toml": { token_configs: { kbs: { url: "https://kbs.example.com:8443" } } },
      agent_policy_claims: {
        containers: [
          {
            OCI: {
              Annotations: { "io.kubernetes.cri.image-name": "registry.example.com/app@sha256:00" },
              Process: { User: { UID: 65534 } },
            },
          },
        ],
      },
    },
    report_data: hex("nonce", 64),
    runtime_data_claims: { nonce: "AAAA", "tee-pubkey": { kty: "EC", crv: "P-256" } },
    [kind]: OWN[kind](init_data),
  };
}

/** A copy with one claim set, or taken away. The path is split at dots. */
export function withClaim(claims: Claims, path: string, value: unknown): Claims {
  const copy = structuredClone(claims);
  const keys = path.split(".");
  const last = keys.pop()!;
  const holder = keys.reduce<Claims>((at, key) => at[key] as Claims, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** Reference values that go with the evidence above. */
export const REFERENCE_VALUES: readonly TrusteeReferenceValue[] = Object.entries({
  snp_launch_measurement: [MEASUREMENT],
  snp_bootloader: [4],
  snp_microcode: [218, 219],
  snp_snp_svn: [24],
  snp_tee_svn: [0],
  snp_smt_enabled: [true],
  snp_tsme_enabled: [true],
  snp_guest_abi_major: [0],
  snp_guest_abi_minor: [0],
  snp_single_socket: [false],
  snp_smt_allowed: [true],
  mr_td: [FIRMWARE],
  rtmr_1: [hex("rtmr1", 48)],
  rtmr_2: [hex("rtmr2", 48)],
  xfam: ["e742060000000000"],
  measurement: [Buffer.from(MEASUREMENT, "hex").toString("base64")],
  snp_pcr11: [PCR11],
  tcb_bootloader: ["4"],
  tcb_microcode: ["219"],
  tcb_snp: ["24"],
  tcb_tee: ["0"],
  smt_enabled: ["true"],
  tsme_enabled: ["true"],
  abi_major: ["0"],
  abi_minor: ["31"],
  single_socket: ["false"],
  smt_allowed: ["true"],
  tdx_pcr11: [PCR11],
}).map(([name, values]) => ({ name, values }));

/** Measurement of a node of this kind, as an operator writes it. */
export function measurementOf(kind: AttestedKind): string {
  return kind === "snp" || kind === "az-snp-vtpm" ? MEASUREMENT : FIRMWARE;
}
