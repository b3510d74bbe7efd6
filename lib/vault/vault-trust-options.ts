// What VaultTrust is told, and what is refused before anything is made.
import type { CertificateSpec } from "../attestation/attested-workload";
import type { ClaimValue } from "../attestation/vault-login";
import { ConfigurationError, throwTogether } from "../core/errors";
import { isHostName } from "../core/formats";
import { assertName } from "../core/names";
import { assertShape, shape } from "../core/option-shape";
import { RETENTION_SHAPE, type Retention } from "../core/retention";
import * as z from "../core/zod";
import { parseCidr } from "../network/cidr";
import type { VaultAudit } from "./vault-audit";
import { certificateFaults } from "./vault-certificates";
import { assertAddress } from "./vault-endpoint";
import type { VaultLogin } from "./vault-login";

/** A workload of the platform's own, on nodes whose evidence names a machine and no workload. */
export interface PlatformWorkload {
  /** DNS-1123. Its secrets are `kv-platform/<name>/`. */
  readonly name: string;
  /** Name of the log-in: a verifier whose evidence names machines. */
  readonly login: string;
  /** More claims its token must have, by name or JSON pointer. @default - the log-in's own */
  readonly claims?: Readonly<Record<string, ClaimValue>>;
  /** @default - no certificates */
  readonly certificate?: CertificateSpec;
}

export interface VaultTrustOptions {
  /** Address of Vault or OpenBao: https, host and port alone. Fails with VAULT_ENDPOINT. */
  readonly address: string;
  /** Path of a PEM file with the CA of its certificate, on the machine that runs Terraform. @default - the machine's CAs */
  readonly caCertFile?: string;
  /** Trust domain of the names in certificates, like `acme.example.com`. A change replaces certificates of all workloads. Fails with CERTIFICATE_NAME. */
  readonly trustDomain: string;
  /** One for each verifier. Fails with VAULT_LOGIN when a verifier has two. */
  readonly logins: readonly VaultLogin[];
  /** The platform's own workloads. Fails with VAULT_LOGIN for log-ins that name workloads. @default - none */
  readonly platform?: readonly PlatformWorkload[];
  /** Life of Vault's token in whole minutes, 2 to 5. Nothing renews it. Fails with VAULT_TOKEN. @default 5 */
  readonly tokenMinutes?: number;
  /** IPv4 ranges log-ins and tokens may come from. Fails with VAULT_TOKEN. @default - from anywhere */
  readonly boundCidrs?: readonly string[];
  /** @default VaultAudit.devices() */
  readonly audit?: VaultAudit;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
  /** Day whose reference values are good, `YYYY-MM-DD`. @default - the machine's day */
  readonly today?: string;
}

/** A claim's value: of a list, one is enough. */
const CLAIM = z.custom<ClaimValue>(
  (value) =>
    ["string", "boolean"].includes(typeof value) ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")),
  { error: "a text, a number, true or false, or a list of texts" },
);

const SHAPE = shape.object({
  address: shape.text,
  caCertFile: shape.text.optional(),
  trustDomain: shape.text,
  logins: z.array(shape.withMember("absent", "made by VaultLogin"), { error: "a list of log-ins" }),
  platform: z
    .array(
      shape.object({
        name: shape.text,
        login: shape.text,
        claims: shape.byName(CLAIM).optional(),
        certificate: shape.object({ dnsNames: shape.texts, minutes: shape.number }).optional(),
      } satisfies Record<keyof PlatformWorkload, z.ZodType>),
      { error: "a list of workloads" },
    )
    .optional(),
  tokenMinutes: shape.number.optional(),
  boundCidrs: shape.texts.optional(),
  audit: shape.withMember("define", "made by VaultAudit").optional(),
  retention: RETENTION_SHAPE,
  today: shape.day.optional(),
} satisfies Record<keyof VaultTrustOptions, z.ZodType>);

/** Life of Vault's tokens, minutes. */
export const TOKEN_MINUTES = { least: 2, most: 5 } as const;

/** Throws what is wrong with options by themselves. */
export function assertVaultTrust(options: VaultTrustOptions): void {
  assertShape("vault", SHAPE, options);
  assertAddress("vault", "address", options.address);
  const { trustDomain, logins, platform = [], tokenMinutes, boundCidrs = [] } = options;
  if (!isHostName(trustDomain))
    throw new ConfigurationError(
      "CERTIFICATE_NAME",
      "vault",
      `trustDomain must be a name in lower case, like acme.example.com, got '${trustDomain}'; write one`,
    );
  const { least, most } = TOKEN_MINUTES;
  const minutes = tokenMinutes ?? most;
  if (!Number.isInteger(minutes) || minutes < least || minutes > most)
    throw new ConfigurationError(
      "VAULT_TOKEN",
      "vault",
      `tokenMinutes must be ${least} to ${most} whole minutes, because a log-in is the only new attestation, got ${minutes}; ` +
        "use 5",
    );
  const range = boundCidrs.find((one) => parseCidr(one) === undefined || one.endsWith("/0"));
  if (range !== undefined)
    throw new ConfigurationError(
      "VAULT_TOKEN",
      "vault",
      `boundCidrs must be IPv4 ranges, none of them everything, got '${range}'; write them like 10.42.0.0/16, or leave them out`,
    );
  const twice = logins.map(({ name }) => name).find((name, index, names) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new ConfigurationError(
      "VAULT_LOGIN",
      `logins.${twice}`,
      "a verifier must have one log-in, got two; remove one",
    );
  throwTogether(platform.flatMap((workload) => platformFaults(workload, options)));
}

function platformFaults(
  workload: PlatformWorkload,
  { logins, platform = [] }: VaultTrustOptions,
): ConfigurationError[] {
  const { name, login: named, certificate } = workload;
  const place = `platform.${name}`;
  assertName(place, "name", name);
  const login = logins.find((one) => one.name === named);
  const more = platform.filter((one) => one.name === name).length > 1;
  return [
    ...(login !== undefined && login.digest === undefined
      ? []
      : [
          new ConfigurationError(
            "VAULT_LOGIN",
            place,
            "a platform's workload must log in with evidence of machines, got " +
              `'${named}' (${login?.wiring.id ?? "no such log-in"}); name one of ${
                logins
                  .filter(({ digest }) => digest === undefined)
                  .map((one) => one.name)
                  .join(", ") || "none here"
              }`,
          ),
        ]),
    ...(more
      ? [new ConfigurationError("VAULT_ROLE", place, "a workload must stand once, got it again; remove one")]
      : []),
    ...(certificate === undefined ? [] : certificateFaults(`${place}.certificate`, certificate)),
  ];
}
