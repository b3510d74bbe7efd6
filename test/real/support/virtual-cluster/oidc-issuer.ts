// An identity provider of a test's own: discovery, keys and signed tokens, by https.
import { createSign, generateKeyPairSync } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { scratch } from "../cache";
import { must, which } from "../exec";
import { NotHere } from "../lane";

export interface OidcIssuer {
  readonly url: string;
  /** Trusts it. */
  readonly caFile: string;
  /** A token that is valid for an hour. */
  token(claims: Readonly<Record<string, unknown>>): string;
  close(): void;
}

/** Starts a provider at an address. Throws NotHere without openssl. */
export async function startOidcIssuer(address: string): Promise<OidcIssuer> {
  if (!which("openssl")) throw new NotHere("openssl is not on PATH");
  const folder = scratch("oidc");
  // The API server that reads the certificate is another user.
  chmodSync(folder, 0o755);
  const [caFile, keyFile] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  await must("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=issuer"],
    ...["-addext", `subjectAltName=IP:${address}`, "-keyout", keyFile, "-out", caFile],
  ]);
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let url = "";
  const pages: Readonly<Record<string, () => unknown>> = {
    "/.well-known/openid-configuration": () => ({
      issuer: url,
      jwks_uri: `${url}/keys`,
      authorization_endpoint: `${url}/authorize`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    }),
    "/keys": () => ({
      keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }],
    }),
  };
  const server = createServer(
    { cert: readFileSync(caFile), key: readFileSync(keyFile) },
    (request, answer) => {
      const page = pages[request.url ?? ""];
      answer.writeHead(page ? 200 : 404, { "content-type": "application/json" });
      answer.end(page ? JSON.stringify(page()) : "{}");
    },
  );
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  server.unref();
  url = `https://${address}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    caFile,
    token(claims) {
      const now = Math.floor(Date.now() / 1000);
      const text = [
        { alg: "RS256", kid: "one", typ: "JWT" },
        { iss: url, iat: now, exp: now + 3600, ...claims },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
    },
    close() {
      server.close();
    },
  };
}
