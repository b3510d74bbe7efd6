// Intel Trust Authority in front of Vault: evidence of TDX and SEV-SNP machines, for the platform's own secrets.
import { ConfigurationError, type ErrorCode } from "../core/errors";
import { isUuid } from "../core/formats";
import { isName } from "../core/names";
import { assertShape, scopeOf, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import type { SpecProblem } from "../tenant/tenant-rules";
import { MOST_TOKEN_MINUTES, type ClaimValue, type VaultLoginSource } from "./vault-login";
import type { AttestationBinding, IVerifier, WorkloadHints } from "./verifier";
import { Wiring } from "./wiring";

/** Where Intel runs the service. A subscription and its API keys belong to one region. */
export interface TrustAuthorityRegion {
  /** REST API: `/appraisal/v2/nonce` and `/appraisal/v2/attest`. */
  readonly api: string;
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** Keys that sign them. */
  readonly jwksUrl: string;
  readonly source: string;
}

const GLOSSARY = "Intel Trust Authority documentation, glossary (API URL), 2026";

/** By region. */
export const TRUST_AUTHORITY_REGIONS: Readonly<Record<string, TrustAuthorityRegion>> = {
  us: {
    api: "https://api.trustauthority.intel.com",
    issuer: "https://portal.trustauthority.intel.com",
    jwksUrl: "https://portal.trustauthority.intel.com/certs",
    source: GLOSSARY,
  },
  eu: {
    api: "https://api.eu.trustauthority.intel.com",
    issuer: "https://portal.eu.trustauthority.intel.com",
    jwksUrl: "https://portal.eu.trustauthority.intel.com/certs",
    source: GLOSSARY,
  },
};

interface TeeClaims {
  readonly label: string;
  /** What a token of it says when memory is closed to its operator. */
  readonly claims: Readonly<Record<string, ClaimValue>>;
}

/**
 * What tokens of version 2 say, by TEE: claims stand under the attester's own key.
 * SOURCE: Intel Trust Authority, EAT profile 1.0.1, 2025; for SEV-SNP, a decoded token in Intel's Azure sample, 2024-09.
 */
const TEES: Readonly<Record<string, TeeClaims>> = {
  tdx: {
    label: "TDX",
    claims: {
      "/tdx/attester_type": "TDX",
      "/tdx/dbgstat": "disabled",
      "/tdx/attester_tcb_status": "UpToDate",
    },
  },
  sevsnp: {
    label: "SEV-SNP",
    claims: { "/sevsnp/attester_type": "AMD SEV-SNP", "/sevsnp/sevsnp_is_debuggable": false },
  },
};

/** The API key of a subscription, by reference: the key itself is a secret. */
export interface TrustAuthorityApiKey {
  /** Name of the Kubernetes Secret, or path in Vault, that holds it: lower case, like `trust-authority` or `kv/platform/trust-authority`. Fails with ITA_API_KEY. */
  readonly secret: string;
  /** Region of its subscription. Fails with ITA_REGION when it is another than the verifier's. */
  readonly region: string;
}

export interface IntelTrustAuthorityOptions {
  /** Name of the verifier, DNS-1123. Fails with NAME. */
  readonly name: string;
  /** Region of the service: `us` (the global one) or `eu`. Fails with ITA_REGION. */
  readonly region: string;
  /** TEE of the machines: `tdx` or `sevsnp`. Fails with ITA_POLICY. */
  readonly tee: string;
  /**
   * Ids of appraisal policies, each good by itself: the current one first, others for a roll-out. The workload asks for
   * one and `policy_must_match`. Fails with ITA_POLICY when there is none: Intel then says what it saw, and judges nothing.
   */
  readonly policyIds: readonly string[];
  /** The API key, by reference. */
  readonly apiKey: TrustAuthorityApiKey;
  /**
   * Minutes from `iat` to `exp` of your subscription's tokens, 1 to 60: read them off one. Intel publishes no number;
   * tokens printed in public repositories from 2024 to 2026 lived 5. Fails with ITA_TOKEN.
   */
  readonly tokenMinutes: number;
}

const SHAPE = shape.object({
  name: shape.text,
  region: shape.text,
  tee: shape.text,
  policyIds: shape.texts,
  apiKey: shape.object({ secret: shape.text, region: shape.text }),
  tokenMinutes: shape.number,
} satisfies Record<keyof IntelTrustAuthorityOptions, z.ZodType>);

/** A DNS-1123 name, or such names with slashes between. */
const REFERENCE = /^[a-z]([-a-z0-9.]*[a-z0-9])?(\/[a-z]([-a-z0-9.]*[a-z0-9])?)*$/;
/** Longer than any name somebody chose, shorter than any key. */
const LONGEST_PART = 40;

/**
 * Evidence judged by Intel's service, whose token logs in at Vault. On managed nodes it is evidence of the node, which
 * all its pods share: good for the platform's own secrets, and refused as a tenant's verifier.
 */
export class IntelTrustAuthority implements IVerifier {
  /** Checks the options. Fails with OPTION_TYPE, NAME, ITA_REGION, ITA_POLICY, ITA_API_KEY, ITA_TOKEN. */
  public static of(options: IntelTrustAuthorityOptions): IntelTrustAuthority {
    const scope = scopeOf("verifiers", options);
    assertShape(scope, SHAPE, options);
    const broken = faults(options)[0];
    if (broken) throw new ConfigurationError(broken.code, scope, broken.text);
    return new IntelTrustAuthority(options);
  }

  public readonly wiring = Wiring.INTEL_TRUST_AUTHORITY;

  private constructor(private readonly options: IntelTrustAuthorityOptions) {}

  public get name(): string {
    return this.options.name;
  }

  public get warnings(): readonly string[] {
    return [
      `verifier ${this.name}: Intel publishes no life of its tokens; ${this.options.tokenMinutes} minutes is what the ` +
        "platform says, and Vault judges their exp alone",
    ];
  }

  /** Always one: a machine's evidence is no tenant's identity. */
  public problems(): SpecProblem[] {
    return [{ code: "ATTESTATION_VERIFIER", path: ["attestation", "verifier"], text: this.refusal() }];
  }

  /** Nothing: evidence of a node adds nothing to what its pool reaches. */
  public grants(): undefined {
    return undefined;
  }

  /** Fails with ATTESTATION_VERIFIER: there is nothing of a tenant's to bind. */
  public bind(): AttestationBinding {
    throw new ConfigurationError("ATTESTATION_VERIFIER", `verifiers.${this.name}`, this.refusal());
  }

  /** What the platform's own client on a node must be told. `resource` is the Vault role it logs in to. */
  public workload(resource: string): WorkloadHints {
    const { region, policyIds, apiKey } = this.options;
    return {
      url: TRUST_AUTHORITY_REGIONS[region]!.api,
      policyId: policyIds[0]!,
      resource,
      settings: {
        noncePath: "/appraisal/v2/nonce",
        attestPath: "/appraisal/v2/attest",
        policy_must_match: "true",
        token_signing_alg: "PS384",
        apiKeySecret: apiKey.secret,
      },
    };
  }

  /**
   * What Vault binds. A token lists matched policies as objects, so they are bound by place: the first must be one of
   * ours, and a client asks for that one alone.
   */
  public vaultLogin(): VaultLoginSource {
    const { name, region, tee, policyIds, tokenMinutes } = this.options;
    const { issuer, jwksUrl } = TRUST_AUTHORITY_REGIONS[region]!;
    return {
      name,
      issuer,
      jwksUrl,
      algorithms: ["PS384"],
      tokenMinutes,
      userClaim: "/policy_ids_matched/0/id",
      claims: {
        ver: "2.0.0",
        "/policy_ids_matched/0/id": policyIds,
        ...TEES[tee]!.claims,
      },
    };
  }

  private refusal(): string {
    return (
      "a tenant's verifier must judge evidence that names its workload, got " +
      `'${this.name}' (${this.wiring.id}), whose evidence every pod on a node has; name a verifier of another kind, ` +
      "and keep this one for the platform's own secrets"
    );
  }
}

interface Fault {
  readonly code: ErrorCode;
  readonly text: string;
}

function faults(options: IntelTrustAuthorityOptions): Fault[] {
  const { name, region, tee, policyIds, apiKey, tokenMinutes } = options;
  const regions = Object.keys(TRUST_AUTHORITY_REGIONS).join(", ");
  const malformed = policyIds.find((id) => !isUuid(id));
  const rules: readonly { readonly fails: boolean; readonly code: ErrorCode; readonly text: string }[] = [
    {
      fails: !isName(name),
      code: "NAME",
      text: `name must be a DNS-1123 label of at most 40 characters, got '${name}'; choose another name`,
    },
    {
      fails: !Object.hasOwn(TRUST_AUTHORITY_REGIONS, region),
      code: "ITA_REGION",
      text: `region must be one Intel runs the service in, got '${region}'; use one of ${regions}`,
    },
    {
      fails: apiKey.region !== region,
      code: "ITA_REGION",
      text:
        `an API key works in the region of its subscription alone, got a key of '${apiKey.region}' for region '${region}'; ` +
        `subscribe in '${region}', or set region to the key's`,
    },
    {
      fails: !Object.hasOwn(TEES, tee),
      code: "ITA_POLICY",
      text: `tee must be one whose claims are known here, got '${tee}'; use one of ${Object.keys(TEES).join(", ")}`,
    },
    {
      fails: policyIds.length === 0,
      code: "ITA_POLICY",
      text:
        "a verifier must have a policy, got none: Intel then issues a token for any genuine evidence, debug included; " +
        "create an appraisal policy and name its id",
    },
    {
      fails: malformed !== undefined || new Set(policyIds).size < policyIds.length,
      code: "ITA_POLICY",
      text: `policy ids must be lower-case UUIDs, each once, got '${malformed ?? policyIds.join(", ")}'; copy them from Intel's portal`,
    },
    {
      fails: looksLikeKey(apiKey.secret),
      code: "ITA_API_KEY",
      // The value may be the key itself: it is not shown.
      text:
        `apiKey.secret must name where the key is, never the key, got a text of ${apiKey.secret.length} characters; ` +
        "write the name of a Secret, or a path in Vault, like kv/platform/trust-authority",
    },
    {
      fails: !Number.isInteger(tokenMinutes) || tokenMinutes < 1 || tokenMinutes > MOST_TOKEN_MINUTES,
      code: "ITA_TOKEN",
      text:
        `tokens must live 1 to ${MOST_TOKEN_MINUTES} whole minutes, because Vault takes one until it expires, got ${tokenMinutes}; ` +
        "read exp minus iat off a token of your subscription, and use another verifier when it is more",
    },
  ];
  return rules.filter(({ fails }) => fails);
}

/** True for what is no name or path in lower case: keys are long, and of mixed case or hex. */
function looksLikeKey(text: string): boolean {
  return (
    !REFERENCE.test(text) ||
    text.split("/").some((part) => part.length > LONGEST_PART || isUuid(part) || /^[0-9a-f]{16,}$/.test(part))
  );
}
