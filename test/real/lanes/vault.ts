// Lane `vault`: the real Vault does what our stack says, and only the right evidence opens a path or a certificate.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EksHost } from "../../../lib/aws";
import { Testing } from "../../../lib/core/cdk";
import { Template } from "../../../lib/testing";
import { TrustPolicyStack } from "../../../stacks/neutral";
import { exampleHost } from "../../support/host";
import { ATTRIBUTES } from "../../support/scope";
import { BREAKS, broken } from "../attestation/vault-breaks";
import { LOG_INS, type LogIn } from "../attestation/vault-log-ins";
import { OPERATIONS, SECRETS, SESSIONS, type Operation } from "../attestation/vault-operations";
import { Minter, newSigners, tenants, trust, type Ground, type Signers } from "../attestation/vault-world";
import { ROOT, scratch } from "../support/cache";
import type { Configuration } from "../support/configuration";
import { check, type Check, type Lane } from "../support/lane";
import { agentChecks } from "../support/vault/agent";
import { translated } from "../support/vault/apply";
import { certificateRequest, loopback } from "../support/vault/authority";
import { startKeys } from "../support/vault/keys-server";
import { mutualTlsChecks } from "../support/vault/mutual-tls";
import { vaultProgram } from "../support/vault/program";
import { startVault, type Answer, type VaultRequest, type VaultServer } from "../support/vault/server";

export const vault: Lane = {
  name: "vault",
  proves: "only the right evidence opens a secret or a certificate in Vault, also after it was killed",
  async run() {
    const program = await vaultProgram();
    const folder = scratch("vault");
    const tls = await loopback(folder);
    const signers = newSigners();
    const keys = await startKeys(signers.trustee, tls);
    try {
      const server = await startVault(program, folder, tls);
      try {
        const ground: Ground = {
          address: server.address,
          signers,
          jwksUrl: keys.url,
          jwksCa: tls.ca,
          auditFile: join(folder, "audit.log"),
        };
        return await judged(server, ground, program);
      } finally {
        await server.stop();
      }
    } finally {
      await keys.stop();
    }
  },
};

async function judged(server: VaultServer, ground: Ground, program: string) {
  const { signers, auditFile } = ground;
  const mint = new Minter(signers);
  const { configuration, unreachable } = reachable(synthesized(ground), signers);
  const applied = translated(configuration);
  const requests = applied.flatMap((one) => one.requests);
  const pipeline = await pipelineToken(server);
  for (const request of requests) await done(server, request, pipeline);
  for (const [path, password] of Object.entries(SECRETS))
    await done(server, { method: "POST", path, body: { data: { password } } });

  const judge = new Judge(server, mint);
  const half = Math.floor(LOG_INS.length / 2);
  const first = new Map([...(await judge.logIns(LOG_INS.slice(0, half)))]);
  await server.killAndRestart();
  for (const [name, verdict] of await judge.logIns(LOG_INS.slice(half))) first.set(name, verdict);
  for (const [name, verdict] of await judge.operations(OPERATIONS)) first.set(name, verdict);
  await server.killAndRestart();
  const second = new Map([...(await judge.logIns(LOG_INS)), ...(await judge.operations(OPERATIONS))]);

  const cases = [...LOG_INS, ...OPERATIONS];
  const checks: Check[] = [
    ...cases.map(({ name, refused }) => verdictCheck(name, refused, first.get(name)!)),
    check(
      "killed and started again, Vault gives every verdict again",
      cases
        .filter(({ name }) => first.get(name)!.refused !== second.get(name)!.refused)
        .map(({ name }) => name),
    ),
    ...(await readBackChecks(server, requests, pipeline)),
    await pipelineCheck(server, pipeline),
    ...(await lifeChecks(server, mint, requests)),
    ...(await mutualTlsChecks(server, mint, server.folder)),
    ...(await agentChecks(server, mint, program, ground.jwksCa)),
    ...(await breakChecks(server, judge, requests)),
    auditCheck(auditFile, mint),
  ];
  return {
    checks,
    parts: `Vault ${await version(server)} with raft storage, its JWT, KV and PKI plug-ins; openssl`,
    leftOut: unreachable.length,
    notes: [
      `${LOG_INS.length} log-ins, ${OPERATIONS.length} operations, ${BREAKS.length} breaks; applied by the API: ${applied.length} resources`,
      `keys given instead of fetched, from where nothing here reaches: ${unreachable.join(", ")}`,
    ],
  };
}

/** What the stack says. */
function synthesized(ground: Ground): Configuration {
  const stack = new TrustPolicyStack(Testing.app(), "vault", {
    host: EksHost.byAttributes(exampleHost(), ATTRIBUTES),
    tenants: tenants(),
    policies: [trust(ground)],
  });
  return Template.of(stack).json as unknown as Configuration;
}

/** Services on the internet sign with test keys here: their log-ins get these, and keep all else. */
function reachable(
  configuration: Configuration,
  signers: Signers,
): { configuration: Configuration; unreachable: string[] } {
  const pems: Readonly<Record<string, string>> = {
    "jwt-google": signers.google.pem,
    "jwt-intel": signers.intel.pem,
  };
  const unreachable = Object.values(configuration.resource?.vault_jwt_auth_backend ?? {}).flatMap((block) => {
    const pem = pems[String(block.path)];
    if (pem === undefined) return [];
    delete block.jwks_url;
    delete block.oidc_discovery_url;
    block.jwt_validation_pubkeys = [pem];
    return [String(block.path)];
  });
  return { configuration, unreachable };
}

/** A token with the policy that docs/vault.md gives the pipeline, and no more: whatever the stack says must be doable with it. */
async function pipelineToken(server: VaultServer): Promise<string> {
  const policy = /```text\n(path [\s\S]*?)```/.exec(readFileSync(join(ROOT, "docs/vault.md"), "utf8"))?.[1];
  if (policy === undefined) throw new Error("docs/vault.md has no policy of the pipeline");
  await done(server, { method: "PUT", path: "sys/policies/acl/pipeline", body: { policy } });
  const { body } = await done(server, {
    method: "POST",
    path: "auth/token/create",
    body: { policies: ["pipeline"], ttl: "10m" },
  });
  return (body.auth as { client_token: string }).client_token;
}

async function done(server: VaultServer, request: VaultRequest, token = server.rootToken): Promise<Answer> {
  const answer = await server.ask({ ...request, token });
  if (answer.status >= 300)
    throw new Error(`${request.method} ${request.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** What Vault said, and what is wrong with it apart from yes or no. */
interface Verdict {
  readonly refused: boolean;
  readonly faults: readonly string[];
  readonly said: string;
}

class Judge {
  public constructor(
    private readonly server: VaultServer,
    private readonly mint: Minter,
  ) {}

  public async logIns(cases: readonly LogIn[]): Promise<Map<string, Verdict>> {
    const verdicts = new Map<string, Verdict>();
    for (const one of cases) {
      const answer = await this.server.ask({
        method: "POST",
        path: `auth/${one.mount}/login`,
        body: { jwt: one.token(this.mint), ...(one.role === undefined ? {} : { role: one.role }) },
      });
      verdicts.set(one.name, verdict(answer, sessionFaults(one.role, answer)));
    }
    return verdicts;
  }

  public async operations(cases: readonly Operation[]): Promise<Map<string, Verdict>> {
    const sessions = await this.sessions();
    const verdicts = new Map<string, Verdict>();
    for (const one of cases) {
      const request = await one.ask({
        mint: this.mint,
        request: (options) => certificateRequest(this.server.folder, options),
      });
      const answer = await this.server.ask({ ...request, token: sessions[one.as] });
      const nothing = one.findsNothing && [404, 500].includes(answer.status);
      verdicts.set(
        one.name,
        verdict(
          nothing ? { ...answer, status: 403 } : answer,
          answer.status < 300 ? (one.faults?.(answer) ?? []) : [],
        ),
      );
    }
    return verdicts;
  }

  public async named(names: readonly string[]): Promise<Map<string, Verdict>> {
    return new Map([
      ...(await this.logIns(LOG_INS.filter(({ name }) => names.includes(name)))),
      ...(await this.operations(OPERATIONS.filter(({ name }) => names.includes(name)))),
    ]);
  }

  private async sessions(): Promise<Readonly<Record<string, string | undefined>>> {
    const tokens: Record<string, string | undefined> = { nobody: undefined, "made up": "hvb.AAAAAQ" };
    for (const role of Object.keys(SESSIONS)) tokens[role] = await sessionOf(this.server, this.mint, role);
    return tokens;
  }
}

/** Logs in honestly, and returns Vault's token; undefined when it is refused. */
async function sessionOf(server: VaultServer, mint: Minter, role: string): Promise<string | undefined> {
  const { mount, digest } = SESSIONS[role]!;
  const { body } = await server.ask({
    method: "POST",
    path: `auth/${mount}/login`,
    body: { role, jwt: mint.ear({ digest }) },
  });
  return (body.auth as { client_token?: string } | null | undefined)?.client_token;
}

/** 404 is no refusal: the policy let the request through, and there was nothing. */
function verdict({ status, body }: Answer, faults: readonly string[]): Verdict {
  const refused = status === 400 || status === 403;
  const odd = refused || status < 300 || status === 404 ? [] : [`status ${status}`];
  return { refused, faults: [...odd, ...faults], said: `${status} ${JSON.stringify(body).slice(0, 300)}` };
}

/** A session is short, cannot be renewed, and may do what its workload may. */
function sessionFaults(role: string | undefined, { status, body }: Answer): string[] {
  if (status >= 300) return [];
  const auth = body.auth as {
    token_type: string;
    renewable: boolean;
    lease_duration: number;
    policies: string[];
  };
  return [
    ...(auth.token_type === "batch" ? [] : [`token of type ${auth.token_type}`]),
    ...(auth.renewable ? ["renewable"] : []),
    ...(auth.lease_duration <= 120 ? [] : [`lives ${auth.lease_duration} s`]),
    ...(auth.policies.join() === `tenclave.${role}` ? [] : [`policies ${auth.policies.join()}`]),
  ];
}

function verdictCheck(name: string, refused: boolean, got: Verdict): Check {
  const wrong = got.refused === refused ? [] : [`must ${refused ? "" : "not "}be refused: ${got.said}`];
  return check(name, [...wrong, ...got.faults]);
}

/** What only time shows: results and sessions end, and nobody prolongs them. */
async function lifeChecks(
  server: VaultServer,
  mint: Minter,
  requests: readonly VaultRequest[],
): Promise<Check[]> {
  const login = (jwt: string, role = "acme.web"): Promise<Answer> =>
    server.ask({ method: "POST", path: "auth/jwt-trustee/login", body: { role, jwt } });
  const read = (token: string): Promise<Answer> =>
    server.ask({ method: "GET", path: "kv-acme/data/web/database", token });
  const tokenOf = ({ body }: Answer): string => (body.auth as { client_token: string }).client_token;

  // Of a role like ours whose sessions live two seconds.
  const role = requests.find(({ path }) => path.endsWith("/role/acme.web"))!;
  const short = role.path.replace(/web$/, "short");
  await done(server, {
    ...role,
    path: short,
    body: { ...(role.body as object), token_ttl: 2, token_max_ttl: 2 },
  });
  const result = mint.ear({ iat: -327, exp: -27 });
  const before = await login(result);
  const session = await login(mint.ear(), "acme.short");
  const held = tokenOf(await login(mint.ear()));
  const beforeRead = await read(tokenOf(session));
  const renewed = await server.ask({
    method: "POST",
    path: "auth/token/renew",
    body: { token: held, increment: "1h" },
    token: server.rootToken,
  });
  await server.killAndRestart();
  await new Promise((resolve) => setTimeout(resolve, 4500));
  const after = await login(result);
  const afterRead = await read(tokenOf(session));
  const heldRead = await read(held);
  await done(server, { method: "DELETE", path: short });
  const goes = ({ status }: Answer): boolean => status < 300;
  return [
    check("a result that got in is refused when it is shown again after its end", [
      ...(goes(before) ? [] : ["it did not get in"]),
      ...(goes(after) ? ["it got in again"] : []),
    ]),
    check("a session ends with its life", [
      ...(goes(beforeRead) ? [] : ["it could not read"]),
      ...(goes(afterRead) ? ["it still reads"] : []),
    ]),
    check("a session is not renewed, not even by root", goes(renewed) ? ["it is"] : []),
    check("a session outlives a crash, as long as its life", goes(heldRead) ? [] : ["it does not"]),
  ];
}

/** Each break turns what it must, and nothing stays broken. */
async function breakChecks(
  server: VaultServer,
  judge: Judge,
  requests: readonly VaultRequest[],
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const one of BREAKS) {
    const expected = new Map([...LOG_INS, ...OPERATIONS].map(({ name, refused }) => [name, refused]));
    const unknown = one.turns.filter((name) => !expected.has(name));
    await done(server, broken(requests, one));
    const got = await judge.named(one.turns);
    await done(
      server,
      requests.find(({ path }) => path === one.path)!,
    );
    const mended = await judge.named(one.turns);
    checks.push(
      check(`broken: ${one.name}`, [
        ...unknown.map((name) => `no such case: ${name}`),
        ...[...got]
          .filter(([name, { refused }]) => refused === expected.get(name))
          .map(([name, { said }]) => `'${name}' did not turn: ${said}`),
        ...[...mended]
          .filter(([name, { refused }]) => refused !== expected.get(name))
          .map(([name, { said }]) => `'${name}' stayed turned: ${said}`),
      ]),
    );
  }
  return checks;
}

/** Every log-in is in the log, with and without success; secrets and results are not. */
function auditCheck(file: string, mint: Minter): Check {
  const text = readFileSync(file, "utf8");
  const logIns = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditLine)
    .filter(({ type, request }) => type === "response" && /^auth\/jwt-[a-z-]+\/login$/.test(request.path));
  const header = mint.ear().split(".")[0]!;
  return check("the audit log has every log-in, and no secret", [
    ...(logIns.some(({ auth }) => auth?.metadata?.role === "acme.web") ? [] : ["no log-in by its role"]),
    ...(logIns.some(({ auth }) => auth?.metadata === undefined) ? [] : ["no refused log-in"]),
    ...Object.values(SECRETS).filter((secret) => text.includes(secret)),
    ...(text.includes(header) ? ["a result in clear"] : []),
  ]);
}

interface AuditLine {
  readonly type: string;
  readonly request: { readonly path: string };
  readonly auth?: { readonly metadata?: Readonly<Record<string, string>> };
}

/** What Vault reads back is what was written: a second plan would be empty. */
async function readBackChecks(
  server: VaultServer,
  requests: readonly VaultRequest[],
  token: string,
): Promise<Check[]> {
  const roles = requests.filter(({ path }) => /^(auth\/jwt-[a-z-]+\/role|pki-[a-z]+\/roles)\//.test(path));
  const checks: Check[] = [];
  for (const { path, body } of roles) {
    const got = (await done(server, { method: "GET", path }, token)).body.data as Record<string, unknown>;
    const wrong = Object.entries(body as Record<string, unknown>).filter(
      ([key, value]) => plain(got[key]) !== plain(value),
    );
    checks.push(
      check(
        `reads back as written: ${path}`,
        wrong.map(([key, value]) => `${key} is ${JSON.stringify(got[key])}, not ${JSON.stringify(value)}`),
      ),
    );
  }
  return checks;
}

/** The pipeline writes what opens secrets, and reads none. */
async function pipelineCheck(server: VaultServer, token: string): Promise<Check> {
  const open: string[] = [];
  for (const path of Object.keys(SECRETS))
    if ((await server.ask({ method: "GET", path, token })).status !== 403) open.push(path);
  return check("the pipeline's token reads no secret", open);
}

/** Durations come back as seconds. */
function plain(value: unknown): string {
  const seconds = typeof value === "string" ? /^(\d+)s?$/.exec(value) : null;
  return JSON.stringify(seconds ? Number(seconds[1]) : value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

async function version(server: VaultServer): Promise<string> {
  const { body } = await server.ask({ method: "GET", path: "sys/health" });
  return String(body.version);
}
