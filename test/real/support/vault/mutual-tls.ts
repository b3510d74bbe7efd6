// Mutual TLS between a tenant's workloads, with certificates of the live Vault: the neighbour's is refused.
import { connect, createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { SESSIONS } from "../../attestation/vault-operations";
import type { Minter } from "../../attestation/vault-world";
import { check, type Check } from "../lane";
import { certificateRequest } from "./authority";
import type { VaultServer } from "./server";

/** What a workload has after it asked its PKI. */
interface Identity {
  readonly key: string;
  readonly certificate: string;
  /** Root of its tenant. */
  readonly ca: string;
}

async function identity(
  server: VaultServer,
  mint: Minter,
  folder: string,
  role: string,
  name: string,
): Promise<Identity> {
  const { mount, digest } = SESSIONS[role]!;
  const login = await server.ask({
    method: "POST",
    path: `auth/${mount}/login`,
    body: { role, jwt: mint.ear({ digest }) },
  });
  const [tenant, workload] = role.split(".");
  const { csr, key } = await certificateRequest(folder, { commonName: name, names: [`DNS:${name}`] });
  const signed = await server.ask({
    method: "POST",
    path: `pki-${tenant}/sign/${workload}`,
    body: { csr },
    token: (login.body.auth as { client_token: string }).client_token,
  });
  const { certificate, issuing_ca } = signed.body.data as { certificate: string; issuing_ca: string };
  return { key, certificate, ca: issuing_ca };
}

/** Serves once as `server` and connects as `client`; the two know the roots they are given. Returns what each side thinks. */
function handshake(
  server: Identity,
  client: Partial<Identity> & Pick<Identity, "ca">,
  host: string,
): Promise<{ readonly server: boolean; readonly client: boolean }> {
  return new Promise((resolve) => {
    let accepted = false;
    const listener = createServer({
      key: server.key,
      cert: server.certificate,
      ca: server.ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.3",
    });
    listener.on("secureConnection", (socket: TLSSocket) => {
      accepted = socket.authorized;
      socket.on("error", () => undefined);
      socket.end("hello");
    });
    listener.on("tlsClientError", () => undefined);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      let heard = false;
      const socket = connect({
        port,
        host: "127.0.0.1",
        servername: host,
        ca: client.ca,
        ...(client.key === undefined ? {} : { key: client.key, cert: client.certificate }),
      });
      const end = (): void => {
        socket.destroy();
        listener.close(() => resolve({ server: accepted, client: heard }));
      };
      // With TLS 1.3 a client learns of its refusal when it reads.
      socket.on("data", () => (heard = true));
      socket.on("error", end);
      socket.on("end", end);
    });
  });
}

export async function mutualTlsChecks(server: VaultServer, mint: Minter, folder: string): Promise<Check[]> {
  const web = await identity(server, mint, folder, "acme.web", "web.acme.internal");
  const worker = await identity(server, mint, folder, "acme.worker", "worker.acme.internal");
  const neighbour = await identity(server, mint, folder, "globex.web", "web.globex.internal");
  const cases = [
    { name: "the tenant's other workload connects", client: worker, host: "web.acme.internal", opens: true },
    { name: "the neighbour's certificate", client: { ...neighbour, ca: web.ca }, host: "web.acme.internal" },
    { name: "no certificate", client: { ca: web.ca }, host: "web.acme.internal" },
    {
      name: "a client that trusts the neighbour's root alone",
      client: { ...worker, ca: neighbour.ca },
      host: "web.acme.internal",
    },
    { name: "a client that wants another name", client: worker, host: "worker.acme.internal" },
    {
      name: "the neighbour's certificate with our root behind it",
      client: { ...neighbour, certificate: `${neighbour.certificate}\n${web.ca}`, ca: web.ca },
      host: "web.acme.internal",
    },
  ];
  const checks: Check[] = [];
  for (const { name, client, host, opens = false } of cases) {
    const got = await handshake(web, client, host);
    const both = got.server && got.client;
    checks.push(check(`mutual TLS: ${name}`, both === opens ? [] : [`${opens ? "refused" : "let in"}`]));
  }
  return checks;
}
