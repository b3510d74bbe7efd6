// Signed tokens for a lane, honest and forged: a test verifier's results, and what an attacker makes of them.
import { createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { constants } from "node:crypto";

/** A key pair of a test verifier, or of somebody who would like to be one. */
export interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** PEM of the public half. */
  readonly pem: string;
}

export function ecSigner(): Signer {
  return withPem(generateKeyPairSync("ec", { namedCurve: "P-256" }));
}

export function rsaSigner(): Signer {
  return withPem(generateKeyPairSync("rsa", { modulusLength: 2048 }));
}

function withPem(pair: { privateKey: KeyObject; publicKey: KeyObject }): Signer {
  return { ...pair, pem: pair.publicKey.export({ type: "spki", format: "pem" }).toString() };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** How each algorithm signs. */
const SIGN: Readonly<Record<string, (text: Buffer, signer: Signer) => Buffer>> = {
  ES256: (text, { privateKey }) => sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" }),
  RS256: (text, { privateKey }) => sign("sha256", text, privateKey),
  PS256: (text, { privateKey }) => sign("sha256", text, pss(privateKey, 32)),
  PS384: (text, { privateKey }) => sign("sha384", text, pss(privateKey, 48)),
  /** The public key as a shared secret: what a verifier falls for that lets the token choose. */
  HS256: (text, { pem }) => createHmac("sha256", pem).update(text).digest(),
  none: () => Buffer.alloc(0),
};

function pss(key: KeyObject, saltLength: number): { key: KeyObject; padding: number; saltLength: number } {
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}

export interface TokenOptions {
  readonly signer: Signer;
  readonly algorithm: string;
  /** Beside `alg`. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A compact JWS. */
export function token({ signer, algorithm, header = {}, claims }: TokenOptions): string {
  const text = `${part({ typ: "JWT", alg: algorithm, ...header })}.${part(claims)}`;
  return `${text}.${SIGN[algorithm]!(Buffer.from(text), signer).toString("base64url")}`;
}

/** The same token with other claims under the old signature. */
export function tampered(jwt: string, change: (claims: Record<string, unknown>) => void): string {
  const [header, claims, signature] = jwt.split(".") as [string, string, string];
  const parsed = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
  change(parsed);
  return [header, part(parsed), signature].join(".");
}

export const nonce = (): string => randomBytes(16).toString("hex");
