// Addresses Vault talks over: https alone.
import { ConfigurationError, type ErrorScope } from "../core/errors";

const ADDRESS = /^https:\/\/(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/;
const URL_WITH_PATH =
  /^https:\/\/(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/** Throws VAULT_ENDPOINT for anything but https with host and port alone. */
export function assertAddress(scope: ErrorScope, prop: string, address: string): void {
  assertMatches(
    scope,
    prop,
    address,
    ADDRESS,
    "https with host and port alone, like https://vault.example.com:8200",
  );
}

/** Throws VAULT_ENDPOINT for anything but https, and for user names, queries and fragments. */
export function assertHttps(scope: ErrorScope, prop: string, url: string): void {
  assertMatches(
    scope,
    prop,
    url,
    URL_WITH_PATH,
    "https, like https://keys.example.com/.well-known/jwks.json",
  );
}

function assertMatches(scope: ErrorScope, prop: string, text: string, pattern: RegExp, like: string): void {
  if (pattern.test(text)) return;
  // A password may stand before an @.
  const shown = text.includes("@") ? "an address with a user name" : `'${text}'`;
  throw new ConfigurationError(
    "VAULT_ENDPOINT",
    scope,
    `${prop} must be ${like}, got ${shown}; log-ins and secrets never travel in clear: put TLS in front`,
  );
}
