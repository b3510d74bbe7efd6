// Two tenants with a PKI each, certificates by openssl, TLS by Node: who may talk to whom.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TlsOptions } from "node:tls";
import { mutualTlsPods, TLS_FILES, type MutualTlsOptions, type MutualTlsPodOptions } from "../../lib";
import { Pki, type TlsFiles } from "../support/certificates";
import { byDigest } from "../support/workload-pods";

const SERVER = "web.acme.example.com";

/** What docs/workload.md tells a server of Node to set; files are the snippet's. */
const serverOptions = ({ cert, key, ca }: TlsFiles): TlsOptions => ({
  cert,
  key,
  ca,
  requestCert: true,
  rejectUnauthorized: true,
  minVersion: "TLSv1.3",
});

const acme = new Pki("acme");
const globex = new Pki("globex");
const web = acme.issue({ name: SERVER });
const caller = acme.issue({ name: "caller.acme.example.com" });

afterAll(() => {
  acme.remove();
  globex.remove();
});

/** The client's words for its own verdict; a refusal by the server reaches it as a closed connection or an alert. */
const BY_SERVER = /^(ECONNRESET|EPIPE|ERR_SSL_.*ALERT.*)$/;

/** What the server answers, or who refused. The client says why, the server does not. */
async function call(
  server: TlsFiles,
  client: Partial<TlsFiles>,
  change: Partial<TlsOptions> = {},
): Promise<string> {
  const listener = createServer({ ...serverOptions(server), ...change }, (socket) => {
    socket.on("error", () => undefined);
    socket.end(
      socket.authorized ? `hello ${socket.getPeerCertificate().subject.CN}` : `${socket.authorizationError}`,
    );
  });
  const refused = new Promise<string>((resolve) => {
    listener.on("tlsClientError", () => resolve("refused by the server"));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port, servername: SERVER, minVersion: "TLSv1.3", ...client });
  const answered = new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (data: Buffer) => (text += data.toString()));
    socket.on("end", () => text && resolve(text));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => BY_SERVER.test(code) || resolve(code));
  });
  try {
    return await Promise.race([answered, refused]);
  } finally {
    socket.destroy();
    listener.close();
  }
}

/** What the server finds wrong, asked of one that lets everybody in and says so. */
const fault = (client: Partial<TlsFiles>): Promise<string> =>
  call(web, client, { rejectUnauthorized: false });

describe("a server of acme", () => {
  test("takes a workload of its own tenant, and knows which", async () => {
    expect(await call(web, caller)).toBe("hello caller.acme.example.com");
  });

  const neighbour = globex.issue({ name: "caller.acme.example.com" });
  const name = "caller.acme.example.com";
  test.each([
    ["another tenant's, whatever name is in it", { ...neighbour, ca: acme.ca }, /^UNABLE_TO_/],
    [
      "another tenant's, with its CA sent along",
      { ...neighbour, cert: neighbour.cert + globex.ca, ca: acme.ca },
      /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/,
    ],
    ["one that has ended", acme.issue({ name, from: 60, until: -1 }), /^CERT_HAS_EXPIRED$/],
    ["one that is not good yet", acme.issue({ name, from: -10, until: 40 }), /^CERT_NOT_YET_VALID$/],
    ["none", { ca: acme.ca }, /^UNABLE_TO_GET_ISSUER_CERT$/],
    ["one for servers alone", acme.issue({ name, usages: "serverAuth" }), /^INVALID_PURPOSE$/],
    [
      "one that a workload of its own tenant signed",
      acme.signedBy(caller, "x.acme.example.com"),
      /^(INVALID_CA|INVALID_PURPOSE|UNSPECIFIED)$/,
    ],
  ])("refuses a client's certificate: %s", async (_, client, why) => {
    expect(await call(web, client)).toBe("refused by the server");
    expect(await fault(client)).toMatch(why);
  });
});

describe("a client of acme", () => {
  test("refuses a server of another tenant, whatever name is in its certificate", async () => {
    expect(await call(globex.issue({ name: SERVER }), caller)).toMatch(/^(UNABLE_TO_|SELF_SIGNED)/);
  });

  test("refuses another workload of its own tenant that stands in for the server", async () => {
    expect(await call(acme.issue({ name: "other.acme.example.com" }), caller)).toBe(
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  });

  test("refuses a server whose certificate has ended", async () => {
    expect(await call(acme.issue({ name: SERVER, from: 60, until: -1 }), caller)).toBe("CERT_HAS_EXPIRED");
  });
});

describe("the two pods", () => {
  const of = (name: string, mount = "pki-acme"): MutualTlsPodOptions => ({
    workload: { image: byDigest(name), env: { LEVEL: "info" } },
    agentImage: byDigest("vault"),
    login: { address: "https://vault.example.com", mount: "jwt-trustee", role: `acme.${name}` },
    certificate: { mount, role: name, dnsNames: [`${name}.acme.example.com`, name] },
  });
  const pods = (change: Partial<MutualTlsOptions> = {}): ReturnType<typeof mutualTlsPods> =>
    mutualTlsPods({ server: of("web"), client: of("caller"), ...change });
  const env = (pod: {
    readonly spec: { readonly containers: readonly { readonly env?: unknown }[] };
  }): unknown => pod.spec.containers[0]!.env;

  test("find certificate, key, the tenant's CA, port and the server's name", () => {
    const { server, client } = pods({ port: 9443 });
    const files = [
      { name: "TLS_CERTIFICATE_FILE", value: TLS_FILES.certificate },
      { name: "TLS_KEY_FILE", value: TLS_FILES.key },
      { name: "TLS_CA_FILE", value: TLS_FILES.ca },
    ];
    expect(env(server)).toEqual([
      { name: "LEVEL", value: "info" },
      { name: "TLS_PORT", value: "9443" },
      ...files,
    ]);
    expect(env(client)).toEqual([
      { name: "LEVEL", value: "info" },
      { name: "TLS_PORT", value: "9443" },
      { name: "TLS_SERVER_NAME", value: SERVER },
      ...files,
    ]);
    expect(server.spec.containers[0]!.ports).toEqual([{ containerPort: 9443 }]);
    expect(pods().server.spec.containers[0]!.ports).toEqual([{ containerPort: 8443 }]);
    // All else is vaultAgentPod's.
    expect(Object.keys(server).sort()).toEqual(Object.keys(client).sort());
    expect(server.annotations).toEqual(client.annotations);
  });

  test.each([
    ["of two PKIs", { client: of("caller", "pki-globex") }, "of the tenant's one PKI"],
    [
      "without a certificate",
      { client: { ...of("caller"), certificate: undefined } as never },
      "must have a certificate",
    ],
    ["on a port of root's", { port: 443 }, "port must be"],
  ] satisfies [string, Partial<MutualTlsOptions>, string][])("%s are refused", (_, change, text) => {
    expect(() => pods(change)).toThrow("[WORKLOAD_POD] mutualTlsPods: ");
    expect(() => pods(change)).toThrow(text);
  });
});
