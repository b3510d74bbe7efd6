// Where Vault gets the public keys that sign attestation results.
import { ConfigurationError } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import { assertHttps } from "./vault-endpoint";

const PUBLIC_KEY =
  /^-----BEGIN (PUBLIC KEY|CERTIFICATE)-----\n([A-Za-z0-9+/=]+\n)+-----END (PUBLIC KEY|CERTIFICATE)-----\n?$/;

const KEY_SET = shape.object({ jwks: shape.text, caPem: shape.text.optional() });

/** Arguments of a JWT auth mount. */
export interface VaultKeyArguments {
  readonly jwksUrl?: string;
  readonly jwksCaPem?: string;
  readonly jwtValidationPubkeys?: string[];
  readonly oidcDiscoveryUrl?: string;
}

/** Public keys of a verifier. None of it is secret. */
export class VaultKeys {
  /**
   * A key set, read by Vault again when a token names a key it does not know. `caPem`: CA of its certificate; without it,
   * the CAs of Vault's machine. Fails with VAULT_ENDPOINT and VAULT_LOGIN.
   */
  public static jwks(url: string, caPem?: string): VaultKeys {
    assertShape("logins", KEY_SET, { jwks: url, caPem });
    assertHttps("logins", "jwks", url);
    if (caPem !== undefined) assertPem("caPem", caPem, "CERTIFICATE");
    return new VaultKeys({ jwksUrl: url, ...(caPem === undefined ? {} : { jwksCaPem: caPem }) });
  }

  /** An OpenID provider, whose discovery document names keys and issuer. Fails with VAULT_ENDPOINT. */
  public static discovery(url: string): VaultKeys {
    assertShape("logins", shape.object({ discovery: shape.text }), { discovery: url });
    assertHttps("logins", "discovery", url);
    return new VaultKeys({ oidcDiscoveryUrl: url });
  }

  /**
   * Public keys in PEM, for a verifier Vault cannot reach: the current one, and the next during a rotation. Fails with
   * VAULT_LOGIN for anything but public keys.
   */
  public static publicKeys(...pems: readonly string[]): VaultKeys {
    assertShape("logins", shape.object({ publicKeys: shape.texts }), { publicKeys: pems });
    if (pems.length === 0)
      throw new ConfigurationError("VAULT_LOGIN", "logins", "keys must be given, got none; give one in PEM");
    for (const pem of pems) assertPem("publicKeys", pem, "PUBLIC KEY");
    return new VaultKeys({ jwtValidationPubkeys: [...pems] });
  }

  private constructor(
    /** As the provider takes them. */
    public readonly settings: VaultKeyArguments,
  ) {}
}

function assertPem(prop: string, pem: string, wanted: string): void {
  if (PUBLIC_KEY.test(pem) && pem.startsWith(`-----BEGIN ${wanted}-----`)) return;
  // The text may be a private key: it is not shown.
  throw new ConfigurationError(
    "VAULT_LOGIN",
    "logins",
    `${prop} must be one ${wanted} in PEM, got a text of ${pem.length} characters; give the file's text, never a private key`,
  );
}
