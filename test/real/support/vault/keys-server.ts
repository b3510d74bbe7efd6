// A verifier's key set, served on loopback over TLS, as its proxy serves it.
import { createServer, type Server } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { Loopback } from "./authority";
import type { Signer } from "./tokens";

export interface KeysServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves one key without an id, as Trustee does. */
export async function startKeys({ publicKey }: Signer, tls: Loopback): Promise<KeysServer> {
  const keys = JSON.stringify({
    keys: [{ ...publicKey.export({ format: "jwk" }), alg: "ES256", use: "sig" }],
  });
  const server: Server = createServer(
    { key: readFileSync(tls.keyFile), cert: readFileSync(tls.certificateFile) },
    (_request, response) => response.setHeader("Content-Type", "application/json").end(keys),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/.well-known/jwks.json`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
