// The container of `vaultAgentPod`, run as it stands: the real Vault agent with our configuration against the live Vault.
import { X509Certificate } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { vaultAgentPod, vaultPaths } from "../../../../lib";
import { startGuarded, type Guarded } from "../../../../lib/testing/guarded";
import { byDigest } from "../../../support/workload-pods";
import { SECRETS } from "../../attestation/vault-operations";
import { DIGESTS, type Minter } from "../../attestation/vault-world";
import { check, type Check } from "../lane";
import type { VaultServer } from "./server";

const SECRET = "kv-acme/data/web/database";
const NAME = "web.acme.internal";

/** An agent in a folder that stands for the container's root. */
class Agent {
  private readonly running: Guarded;

  public constructor(
    private readonly root: string,
    program: string,
    address: string,
    ca: string,
  ) {
    for (const folder of ["run/attestation", "run/secrets/vault", "run/vault-agent", "bin"])
      mkdirSync(join(root, folder), { recursive: true });
    symlinkSync(program, join(root, "bin/vault"));
    const { login, secrets, certificate } = vaultPaths({
      tenant: "acme",
      workload: "web",
      verifier: "trustee",
    });
    const placeholder = "https://vault.example.com:8200";
    const pod = vaultAgentPod({
      workload: { image: byDigest("app") },
      agentImage: byDigest("vault"),
      login: { ...login, address: placeholder, caPem: ca },
      secrets: { database: { path: `${secrets}/database`, field: "password" } },
      certificate: { ...certificate, dnsNames: [NAME], minutes: 15 },
    });
    const {
      command = [],
      args = [],
      env = [],
    } = pod.spec.containers.find(({ name }) => name === "vault-agent")!;
    const here = (text: string): string =>
      text.replaceAll("/run/", `${root}/run/`).replaceAll(placeholder, address);
    this.running = startGuarded(
      "env",
      [
        "-i",
        `PATH=${root}/bin:/usr/bin:/bin`,
        `HOME=${root}`,
        ...env.map(({ name, value = "" }) => `${name}=${here(value)}`),
        ...[...command, ...args].map(here),
      ],
      join(root, "agent.log"),
    );
  }

  /** As an attester does: beside it first, then by its name. */
  public hand(token: string): void {
    writeFileSync(this.path("run/attestation/new"), token, { mode: 0o600 });
    renameSync(this.path("run/attestation/new"), this.path("run/attestation/token"));
  }

  public file(name: string): string | undefined {
    const path = this.path(`run/secrets/vault/${name}`);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  public modes(): string[] {
    const folder = this.path("run/secrets/vault");
    return readdirSync(folder).map(
      (name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`,
    );
  }

  /** Everything the agent wrote, but its log. */
  public written(): string {
    return ["run/attestation", "run/secrets/vault", "run/vault-agent"]
      .flatMap((folder) => readdirSync(this.path(folder)).map((name) => this.path(`${folder}/${name}`)))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
  }

  public get tokenIsGone(): boolean {
    return !existsSync(this.path("run/attestation/token"));
  }

  public log(): string {
    return readFileSync(this.path("agent.log"), "utf8").split("\n").slice(-8).join("\n");
  }

  /** Waits a minute at most. */
  public async until(holds: () => boolean): Promise<boolean> {
    for (let attempt = 0; attempt < 300 && !holds(); attempt++) await new Promise((f) => setTimeout(f, 200));
    return holds();
  }

  public stop(): Promise<void> {
    return this.running.stop();
  }

  private path(name: string): string {
    return join(this.root, name);
  }
}

/** The agent gets what is the workload's, and nothing with a neighbour's token. */
export async function agentChecks(
  server: VaultServer,
  mint: Minter,
  program: string,
  ca: string,
): Promise<Check[]> {
  const agent = new Agent(join(server.folder, "agent"), program, server.address, ca);
  try {
    const early = agent.modes();
    agent.hand(mint.ear({ digest: DIGESTS.globexWeb }));
    await agent.until(() => agent.tokenIsGone && agent.log().includes("error"));
    const neighbours = agent.modes();
    agent.hand(mint.ear({ digest: DIGESTS.acmeWeb }));
    const rendered = await agent.until(
      () => agent.file("tls.crt") !== undefined && agent.file("database") !== undefined,
    );
    const log = agent.log();
    return [
      check("Vault's agent renders nothing before there is a token", early),
      check("Vault's agent renders nothing with a neighbour's token", neighbours),
      check("Vault's agent renders secret and certificate with the workload's token", rendered ? [] : [log]),
      ...(rendered ? renderedChecks(agent) : []),
    ];
  } finally {
    await agent.stop();
  }
}

function renderedChecks(agent: Agent): Check[] {
  const certificate = new X509Certificate(agent.file("tls.crt")!);
  const root = new X509Certificate(agent.file("ca.crt")!);
  const minutes = (Date.parse(certificate.validTo) - Date.now()) / 60_000;
  const wrong = (what: string, is: boolean): string[] => (is ? [] : [what]);
  return [
    check(
      "the secret is the workload's, to the letter",
      wrong("another text", agent.file("database") === SECRETS[SECRET]),
    ),
    check("the certificate has its name, its key, its tenant's root, and ends in time", [
      ...wrong(`names: ${certificate.subjectAltName}`, certificate.checkHost(NAME) === NAME),
      ...wrong(
        "signed by another root",
        certificate.verify(root.publicKey) && root.subject.includes("acme root"),
      ),
      ...wrong(
        "another key",
        agent.file("tls.key")!.includes("PRIVATE KEY") &&
          agent.file("tls.pem")!.includes(agent.file("tls.key")!.trim()),
      ),
      ...wrong(`${minutes} minutes`, minutes > 13 && minutes <= 15.1),
    ]),
    check(
      "files are for the workload's user alone",
      agent.modes().filter((mode) => !mode.endsWith(" 400")),
    ),
    check("the verifier's token is gone, and Vault's own is in no file", [
      ...wrong("the verifier's token is still there", agent.tokenIsGone),
      ...wrong("a token of Vault's", !/\bhv[bs]\.[A-Za-z0-9_-]{10,}/.test(agent.written())),
    ]),
  ];
}
