// A log-in: whose attestation results Vault takes, and what every one of them must say.
import type { AttestedWorkload } from "../attestation/attested-workload";
import { referenceValuesOn } from "../attestation/reference-values";
import { MOST_TOKEN_MINUTES, type ClaimValue, type VaultLoginSource } from "../attestation/vault-login";
import type { IVerifier } from "../attestation/verifier";
import { Wiring } from "../attestation/wiring";
import { ConfigurationError } from "../core/errors";
import { assertName } from "../core/names";
import { assertShape, scopeOf, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { VaultKeys } from "./vault-keys";

/** A verifier that says itself what Vault must bind, like IntelTrustAuthority. */
export interface VaultVerifier {
  readonly wiring: Wiring;
  vaultLogin(): VaultLoginSource;
}

/** What of a verifier a log-in needs. */
export type LoginVerifier = Pick<IVerifier, "name" | "wiring">;

/** A Trustee, which knows what initialisation data it makes of a workload. */
export interface TrusteeVerifier extends LoginVerifier {
  /** Claim `init_data` of each good release of a workload, hex. @default - `initData` of its reference values */
  initDataClaims?(workload: AttestedWorkload): readonly string[];
}

/** Devices beside the CPU that a pod has, by Trustee's class of their evidence. */
export interface TrusteeDevices {
  readonly gpu?: number;
  readonly switch?: number;
  readonly ppcie?: number;
  readonly dcu?: number;
}

export interface TrusteeLoginOptions {
  /** The verifier tenants name. Its wiring decides: `trustee-pod` is for tenants, `trustee-node` for the platform. */
  readonly verifier: TrusteeVerifier;
  /** `iss` of its results: `issuer_name` of the attestation service. @default - the one Trustee has when none is set */
  readonly issuer?: string;
  /** Keys that sign them: the key set behind its proxy, or the signer's public half. */
  readonly keys: VaultKeys;
  /** Id of the attestation policy, as results carry it in `ear.appraisal-policy-id`. @default "default" */
  readonly policyId?: string;
  /** Devices each pod has. Each must be affirming, too, and one more is refused. @default - none beside the CPU */
  readonly devices?: TrusteeDevices;
}

export interface ConfidentialSpaceLoginOptions {
  /** The verifier tenants name. */
  readonly verifier: LoginVerifier;
  /** Audience the workload asks its token for: Vault's own, never that of Google's token service. */
  readonly audience: string;
  /** Projects whose machines may run the image: anybody can run it in a project of their own, with other arguments. */
  readonly projects: readonly string[];
  /** `hwmodel` of the machines. @default ["GCP_INTEL_TDX"] */
  readonly hardware?: readonly string[];
}

const VERIFIER = shape.open({ name: shape.text, wiring: shape.withMember("cases", "a Wiring") });
const KEYS = shape.withMember("settings", "made by VaultKeys");
const TRUSTEE_SHAPE = shape.object({
  verifier: VERIFIER,
  issuer: shape.text.optional(),
  keys: KEYS,
  policyId: shape.text.optional(),
  devices: shape
    .object({
      gpu: shape.number.optional(),
      switch: shape.number.optional(),
      ppcie: shape.number.optional(),
      dcu: shape.number.optional(),
    } satisfies Record<keyof TrusteeDevices, z.ZodType>)
    .optional(),
} satisfies Record<keyof TrusteeLoginOptions, z.ZodType>);
const SPACE_SHAPE = shape.object({
  verifier: VERIFIER,
  audience: shape.text,
  projects: shape.texts,
  hardware: shape.texts.optional(),
} satisfies Record<keyof ConfidentialSpaceLoginOptions, z.ZodType>);

/** The claim that names a workload, and its good values. */
export interface LoginDigest {
  readonly claim: string;
  /** Good values on a day, `YYYY-MM-DD`. */
  of(workload: AttestedWorkload, today: string | undefined): readonly string[];
}

interface LoginText extends VaultLoginSource {
  readonly wiring: Wiring;
  readonly keys: VaultKeys;
  /** Claims that refuse the log-in when they are there at all. */
  readonly absent: readonly string[];
  readonly digest?: LoginDigest;
}

/** SOURCE: confidential-containers/trustee, attestation-service/src/ear_token/mod.rs, 2026-08. */
const TRUSTEE_ISSUER = "CoCo-Attestation-Service";
const EVIDENCE = "ear.veraison.annotated-evidence";
/** Classes of evidence. SOURCE: confidential-containers/trustee, deps/verifier (snp, nvidia, hygon_dcu), 2026-08. */
const CLASSES = ["cpu", "gpu", "switch", "ppcie", "dcu", "nvidia-dpu"] as const;

/**
 * A verifier's log-in. One JWT auth mount each, so that no token of one can be held against the claims of another.
 */
export class VaultLogin {
  /**
   * Results of Trustee (EAR, ES256). Fails with OPTION_TYPE, and with VAULT_LOGIN for another wiring, an empty issuer or
   * policy, and numbers of devices that are none.
   */
  public static trustee(options: TrusteeLoginOptions): VaultLogin {
    assertShape(scopeOf("logins", { name: verifierName(options) }), TRUSTEE_SHAPE, options);
    const { verifier, issuer = TRUSTEE_ISSUER, keys, policyId = "default", devices = {} } = options;
    const { name, wiring } = verifier;
    if (wiring.id !== Wiring.TRUSTEE_POD.id && wiring.id !== Wiring.TRUSTEE_NODE.id)
      throw fault(
        name,
        `a Trustee's log-in must have a Trustee's verifier, got ${wiring.id}; pass the Trustee`,
      );
    const counts: Record<string, number> = { cpu: 1, ...devices };
    const wrong = Object.entries(counts).find(([, n]) => !Number.isInteger(n) || n < 0 || n > 64);
    if (wrong) throw fault(name, `devices must be counted, 0 to 64, got ${wrong[0]} ${wrong[1]}; count them`);
    const submods = CLASSES.flatMap((one) =>
      Array.from({ length: counts[one] ?? 0 }, (_, index) => `/submods/${one}${index}`),
    );
    const pod = wiring.id === Wiring.TRUSTEE_POD.id;
    return new VaultLogin({
      name,
      wiring,
      issuer,
      keys,
      algorithms: ["ES256"],
      tokenMinutes: wiring.tokenMinutes,
      // The result has no `sub`: the digest is what it says of the workload, and the same for all its replicas.
      userClaim: pod ? INIT_DATA : "/submods/cpu0/ear.appraisal-policy-id",
      claims: Object.fromEntries(
        submods.flatMap((submod) => [
          [`${submod}/ear.status`, "affirming"],
          [`${submod}/ear.appraisal-policy-id`, policyId],
        ]),
      ),
      // Devices are numbered from zero by class: the first one too many stands for all.
      absent: CLASSES.map((one) => `/submods/${one}${counts[one] ?? 0}`),
      ...(pod
        ? {
            digest: {
              claim: INIT_DATA,
              of: (workload, today) =>
                verifier.initDataClaims?.(workload) ?? referenceClaims(workload, "initData", today),
            },
          }
        : {}),
    });
  }

  /**
   * Tokens of Confidential Space (RS256), asked for with an audience of Vault's own. SOURCE: Google Cloud documentation,
   * attestation token claims, 2026. Fails with OPTION_TYPE and VAULT_LOGIN.
   */
  public static confidentialSpace(options: ConfidentialSpaceLoginOptions): VaultLogin {
    assertShape(scopeOf("logins", { name: verifierName(options) }), SPACE_SHAPE, options);
    const { verifier, audience, projects, hardware = ["GCP_INTEL_TDX"] } = options;
    const { name, wiring } = verifier;
    if (wiring.id !== Wiring.CONFIDENTIAL_SPACE.id)
      throw fault(name, `the verifier must be one of Confidential Space, got ${wiring.id}; pass that one`);
    if (projects.length === 0 || hardware.length === 0)
      throw fault(
        name,
        "projects and hardware must be named, got none: anybody runs the image in a project of their own, with other " +
          "arguments; name the projects",
      );
    if (audience === "https://sts.googleapis.com")
      throw fault(
        name,
        "the audience must be Vault's own, got that of Google's token service, which takes the same token; use Vault's address",
      );
    return new VaultLogin({
      name,
      wiring,
      issuer: "https://confidentialcomputing.googleapis.com",
      keys: VaultKeys.discovery("https://confidentialcomputing.googleapis.com"),
      algorithms: ["RS256"],
      boundAudiences: [audience],
      tokenMinutes: wiring.tokenMinutes,
      userClaim: "sub",
      claims: {
        swname: "CONFIDENTIAL_SPACE",
        dbgstat: "disabled-since-boot",
        hwmodel: hardware,
        "/submods/confidential_space/support_attributes": "STABLE",
        "/submods/gce/project_id": projects,
      },
      absent: [],
      digest: {
        claim: "/submods/container/image_digest",
        of: (workload, today) => referenceClaims(workload, "imageDigest", today),
      },
    });
  }

  /** Results of any other verifier, which says itself what must be bound. Fails with OPTION_TYPE, VAULT_LOGIN and VAULT_ENDPOINT. */
  public static of(verifier: VaultVerifier): VaultLogin {
    const scope = scopeOf("logins", verifier);
    assertShape(scope, shape.withMember("vaultLogin", "a verifier with a log-in of its own"), verifier);
    const source = verifier.vaultLogin();
    const { name, jwksUrl, discoveryUrl } = source;
    if ((jwksUrl === undefined) === (discoveryUrl === undefined))
      throw fault(name, "keys must come from one place, got none or two; give jwksUrl or discoveryUrl");
    return new VaultLogin({
      ...source,
      wiring: verifier.wiring,
      keys: jwksUrl === undefined ? VaultKeys.discovery(discoveryUrl!) : VaultKeys.jwks(jwksUrl),
      absent: [],
    });
  }

  private constructor(private readonly text: LoginText) {
    const { name, issuer, algorithms, tokenMinutes, wiring, claims, boundAudiences = [] } = text;
    assertName("logins", "name", name);
    // Vault judges `exp` and never `iat`: the longest life anybody issues is the bound.
    const minutes = Math.max(tokenMinutes, wiring.tokenMinutes);
    if (minutes > MOST_TOKEN_MINUTES)
      throw fault(
        name,
        `results that log in must live at most ${MOST_TOKEN_MINUTES} minutes, because Vault judges exp and never iat, ` +
          `got ${minutes} (${wiring.id}); exchange them for shorter ones, or use another verifier`,
      );
    const texts = [issuer, ...boundAudiences, ...Object.values(claims).flat().map(String)];
    // Terraform's provider splits at commas, and an empty value binds nothing.
    const odd = texts.find((one) => one.trim() === "" || one.includes(","));
    if (odd !== undefined)
      throw fault(
        name,
        `issuer, audience and claims must be texts without commas, got '${odd}'; write them as tokens have them`,
      );
    const weak = algorithms.find((one) => !/^(ES|RS|PS)(256|384|512)$/.test(one));
    if (weak !== undefined || algorithms.length === 0)
      throw fault(name, `algorithms must be signatures with a public key, got '${weak ?? ""}'; use ES256`);
  }

  /** Name of the verifier, which tenants' files name. */
  public get name(): string {
    return this.text.name;
  }

  public get wiring(): Wiring {
    return this.text.wiring;
  }

  public get issuer(): string {
    return this.text.issuer;
  }

  public get keys(): VaultKeys {
    return this.text.keys;
  }

  public get algorithms(): readonly string[] {
    return this.text.algorithms;
  }

  public get audiences(): readonly string[] {
    return this.text.boundAudiences ?? [];
  }

  public get userClaim(): string {
    return this.text.userClaim;
  }

  /** What every token must say. */
  public get claims(): Readonly<Record<string, ClaimValue>> {
    return this.text.claims;
  }

  /** Claims that refuse the log-in when they are there at all. */
  public get absent(): readonly string[] {
    return this.text.absent;
  }

  /** What names a workload; undefined where evidence names a machine alone. */
  public get digest(): LoginDigest | undefined {
    return this.text.digest;
  }
}

const INIT_DATA = `/submods/cpu0/${EVIDENCE}/init_data`;

function referenceClaims(workload: AttestedWorkload, key: string, today: string | undefined): string[] {
  return referenceValuesOn(workload.referenceValues, today).flatMap(({ values }) => values[key] ?? []);
}

function verifierName(options: { readonly verifier?: { readonly name?: unknown } }): unknown {
  return (options as { readonly verifier?: { readonly name?: unknown } } | undefined)?.verifier?.name;
}

function fault(name: string, text: string): ConfigurationError {
  return new ConfigurationError("VAULT_LOGIN", `logins.${name}`, text);
}
