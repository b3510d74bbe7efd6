// A platform for the lane: tenants, log-ins and the signers behind them. What Vault gets of it is what our stack says.
import { createHash } from "node:crypto";
import { IntelTrustAuthority } from "../../../lib/attestation/intel-trust-authority";
import { Wiring } from "../../../lib/attestation/wiring";
import type { CheckedTenant } from "../../../lib/tenant/tenant-checks";
import { VaultAudit, VaultKeys, VaultLogin, VaultTrust } from "../../../lib/vault";
import { attestedTenant } from "../../support/vault";
import { ecSigner, rsaSigner, token, type Signer } from "../support/vault/tokens";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Claim `init_data` of each workload's releases. */
export const DIGESTS = {
  acmeWeb: sha256("acme web 1.0"),
  acmeWebNext: sha256("acme web 1.1"),
  acmeWorker: sha256("acme worker 1.0"),
  globexWeb: sha256("globex web 1.0"),
  umbrellaTrain: sha256("umbrella train 1.0"),
  nobody: sha256("on no list"),
} as const;
export const IMAGE = `sha256:${sha256("hooli image")}`;
const INTEL_POLICY = "749dd9b1-234f-41f5-a6ca-42c4312dd4f1";
export const TRUST_DOMAIN = "platform.example.com";
export const ISSUERS = {
  trustee: "https://trustee.example.com",
  gpu: "https://trustee-gpu.example.com",
  node: "https://trustee-node.example.com",
  google: "https://confidentialcomputing.googleapis.com",
  intel: "https://portal.eu.trustauthority.intel.com",
} as const;

/** Whoever signs, the attacker last. */
export type SignerName = keyof typeof ISSUERS | "mallory" | "malloryRsa";
export type Signers = Readonly<Record<SignerName, Signer>>;

export function newSigners(): Signers {
  return {
    trustee: ecSigner(),
    gpu: ecSigner(),
    node: ecSigner(),
    google: rsaSigner(),
    intel: rsaSigner(),
    mallory: ecSigner(),
    malloryRsa: rsaSigner(),
  };
}

/** Tenants as their files say. */
export function tenants(): CheckedTenant[] {
  const release = (initData: string, name = "1.0") => ({ release: name, values: { initData } });
  const certificate = (...dnsNames: string[]) => ({ dnsNames, minutes: 30 });
  return [
    attestedTenant("acme", [
      {
        name: "web",
        referenceValues: [release(DIGESTS.acmeWeb), release(DIGESTS.acmeWebNext, "1.1")],
        certificate: certificate("web.acme.internal", "api.acme.internal"),
      },
      {
        name: "worker",
        referenceValues: [release(DIGESTS.acmeWorker)],
        certificate: certificate("worker.acme.internal"),
      },
    ]),
    attestedTenant("globex", [
      {
        name: "web",
        referenceValues: [release(DIGESTS.globexWeb)],
        certificate: { dnsNames: ["web.globex.internal"], minutes: 15 },
      },
    ]),
    attestedTenant(
      "umbrella",
      [{ name: "train", referenceValues: [release(DIGESTS.umbrellaTrain)] }],
      "trustee-gpu",
    ),
    attestedTenant(
      "hooli",
      [{ name: "batch", referenceValues: [{ release: "1.0", values: { imageDigest: IMAGE } }] }],
      "google",
    ),
  ];
}

/** What the lane has that a platform gets from elsewhere. */
export interface Ground {
  readonly address: string;
  readonly signers: Signers;
  /** Key set of the Trustee, served over TLS. */
  readonly jwksUrl: string;
  readonly jwksCa: string;
  readonly auditFile: string;
}

export function trust({ address, signers, jwksUrl, jwksCa, auditFile }: Ground): VaultTrust {
  const trustee = (name: string, wiring: Wiring, issuer: string, keys: VaultKeys, gpu = 0): VaultLogin =>
    VaultLogin.trustee({
      verifier: { name, wiring },
      issuer,
      keys,
      policyId: wiring === Wiring.TRUSTEE_NODE ? "tenclave-node" : "tenclave-pod",
      devices: { gpu },
    });
  return VaultTrust.of({
    address,
    trustDomain: TRUST_DOMAIN,
    tokenMinutes: 2,
    boundCidrs: ["127.0.0.0/8"],
    audit: VaultAudit.devices({ file: auditFile }),
    logins: [
      trustee("trustee", Wiring.TRUSTEE_POD, ISSUERS.trustee, VaultKeys.jwks(jwksUrl, jwksCa)),
      trustee("trustee-gpu", Wiring.TRUSTEE_POD, ISSUERS.gpu, VaultKeys.publicKeys(signers.gpu.pem), 1),
      trustee("trustee-node", Wiring.TRUSTEE_NODE, ISSUERS.node, VaultKeys.publicKeys(signers.node.pem)),
      VaultLogin.confidentialSpace({
        verifier: { name: "google", wiring: Wiring.CONFIDENTIAL_SPACE },
        audience: "https://vault.example.com:8200",
        projects: ["hooli-prod"],
      }),
      VaultLogin.of(
        IntelTrustAuthority.of({
          name: "intel",
          region: "eu",
          tee: "sevsnp",
          policyIds: [INTEL_POLICY],
          apiKey: { secret: "kv/platform/trust-authority", region: "eu" },
          tokenMinutes: 5,
        }),
      ),
    ],
    platform: [
      { name: "agent", login: "trustee-node" },
      { name: "collector", login: "intel" },
    ],
  });
}

/** Seconds from now, for claims. */
export interface Times {
  readonly iat?: number | null;
  readonly exp?: number | null;
}

/** What a token has other than the honest one. */
export interface TokenChange extends Times {
  readonly signer?: SignerName;
  readonly algorithm?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Changes the claims in place. */
  readonly edit?: (claims: Record<string, unknown>) => void;
}

export interface EarChange extends TokenChange {
  readonly digest?: unknown;
  readonly status?: unknown;
  readonly policy?: unknown;
  /** Further appraisals, by name, with their status. */
  readonly submods?: Readonly<Record<string, string>>;
}

/** Makes tokens, honest unless told otherwise. */
export class Minter {
  public constructor(public readonly signers: Signers) {}

  /** A result of Trustee. SOURCE: confidential-containers/trustee, ear_token/broker.rs, 2026-08. */
  public ear(change: EarChange = {}): string {
    const { digest = DIGESTS.acmeWeb, status = "affirming", policy = "tenclave-pod", submods = {} } = change;
    const appraisal = (state: unknown, evidence: Record<string, unknown>): Record<string, unknown> => ({
      "ear.status": state,
      "ear.appraisal-policy-id": policy,
      "ear.trustworthiness-vector": { configuration: 2, executables: 3, hardware: 2 },
      "ear.veraison.annotated-evidence": evidence,
    });
    const cpu = {
      init_data: digest,
      init_data_claims: { agent_policy_claims: {} },
      report_data: "00".repeat(64),
      snp: { measurement: "ab".repeat(48), policy_debug_allowed: false },
    };
    return this.sign("trustee", "ES256", change, {
      eat_profile: "tag:github.com,2024:confidential-containers/Trustee",
      "ear.verifier-id": { build: "v0.21.0", developer: "confidential-containers" },
      iss: ISSUERS.trustee,
      submods: {
        cpu0: appraisal(status, cpu),
        ...Object.fromEntries(
          Object.entries(submods).map(([name, state]) => [name, appraisal(state, { nvidia: {} })]),
        ),
      },
    });
  }

  /** A pod with one GPU, of the other Trustee. */
  public gpuEar(change: EarChange = {}): string {
    return this.ear({
      digest: DIGESTS.umbrellaTrain,
      signer: "gpu",
      submods: { gpu0: "affirming" },
      ...change,
      edit: (claims) => {
        claims.iss = ISSUERS.gpu;
        change.edit?.(claims);
      },
    });
  }

  /** A node, of the third Trustee. */
  public nodeEar(change: EarChange = {}): string {
    return this.ear({
      digest: "00".repeat(32),
      signer: "node",
      policy: "tenclave-node",
      ...change,
      edit: (claims) => {
        claims.iss = ISSUERS.node;
        change.edit?.(claims);
      },
    });
  }

  /** A token of Confidential Space. SOURCE: Google Cloud documentation, attestation token claims, 2026. */
  public google(change: TokenChange = {}): string {
    return this.sign(
      "google",
      "RS256",
      { exp: 3600, ...change },
      {
        iss: ISSUERS.google,
        aud: "https://vault.example.com:8200",
        sub: "https://www.googleapis.com/compute/v1/projects/hooli-prod/zones/europe-west4-a/instances/batch-1",
        swname: "CONFIDENTIAL_SPACE",
        dbgstat: "disabled-since-boot",
        hwmodel: "GCP_INTEL_TDX",
        secboot: true,
        submods: {
          confidential_space: { support_attributes: ["LATEST", "STABLE", "USABLE"] },
          container: { image_digest: IMAGE, args: [], env: {} },
          gce: { project_id: "hooli-prod", zone: "europe-west4-a" },
        },
      },
    );
  }

  /** A token of Intel Trust Authority, version 2. SOURCE: Intel Trust Authority, EAT profile 1.0.1, 2025. */
  public intel(change: TokenChange = {}): string {
    return this.sign("intel", "PS384", change, {
      iss: ISSUERS.intel,
      ver: "2.0.0",
      policy_ids_matched: [{ id: INTEL_POLICY, version: "v2", hash: "aGFzaA==" }],
      policy_ids_unmatched: null,
      sevsnp: { attester_type: "AMD SEV-SNP", sevsnp_is_debuggable: false },
    });
  }

  private sign(
    signer: SignerName,
    algorithm: string,
    change: TokenChange,
    claims: Record<string, unknown>,
  ): string {
    const now = Math.floor(Date.now() / 1000);
    const { iat = 0, exp = 300 } = change;
    const all: Record<string, unknown> = {
      ...claims,
      ...(iat === null ? {} : { iat: now + iat }),
      ...(exp === null ? {} : { exp: now + exp }),
    };
    change.edit?.(all);
    return token({
      signer: this.signers[change.signer ?? signer],
      algorithm: change.algorithm ?? algorithm,
      header: change.header,
      claims: all,
    });
  }
}

type Path = readonly string[];

/** Sets a claim by its path; undefined removes it. */
export function set(path: Path, value: unknown): (claims: Record<string, unknown>) => void {
  return (claims) => {
    const parent = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, claims);
    const last = path[path.length - 1]!;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  };
}
