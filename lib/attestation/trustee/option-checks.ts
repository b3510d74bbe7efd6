// What is refused of a Trustee's options: a table of checks, each of one thing.
import { ConfigurationError, reasonOf, type ErrorCode } from "../../core/errors";
import { assertName } from "../../core/names";
import { parseCidr } from "../../network/cidr";
import { hasNamespacedPolicies } from "../../network/cilium-policy";
import type { CheckedTrustee } from "./options";

type Fail = (code: ErrorCode, text: string) => never;
type Check = (options: CheckedTrustee, fail: Fail) => void;

const names: Check = (options) => {
  const scope = `trustee.${options.name}`;
  assertName(scope, "name", options.name);
  for (const [prop, value] of [
    ["namespace", options.namespace],
    ["tlsSecret", options.tlsSecret],
    ["signerSecret", options.signerSecret],
    ["postgres.secret", options.postgres.secret],
    ["postgres.caSecret", options.postgres.caSecret],
    ...(options.jwks ? [["jwks.tlsSecret", options.jwks.tlsSecret] as const] : []),
  ] as const)
    assertName(scope, prop, value, "NAME", 63);
  if (options.sameClusterReason !== undefined)
    reasonOf(scope, "sameClusterReason", options.sameClusterReason);
};

/** The hop from broker to attestation service is gRPC in clear: the network must encrypt and fence it. */
const host: Check = ({ host: { name, network } }, fail) => {
  if (network.enforcesNetworkPolicy && network.encryptsPodTraffic) return;
  fail(
    "TRUSTEE_HOST",
    "Trustee's parts speak gRPC in clear with whoever reaches them, so its host must enforce network policies and encrypt " +
      `between nodes, got host ${name} (enforces: ${network.enforcesNetworkPolicy}, encrypts: ${network.encryptsPodTraffic}); ` +
      "use a host with CiliumEncryption, or one of GkeHost",
  );
};

const DIGEST = /^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$/;

const images: Check = ({ images: given }, fail) => {
  for (const [part, image] of Object.entries(given))
    if (!DIGEST.test(image))
      fail(
        "TRUSTEE_IMAGE",
        `images.${part} must be pinned by digest (name@sha256:<64 hex digits>), because whoever moves a tag replaces the ` +
          `verifier, got '${image}'; write the digest your registry shows`,
      );
};

const HTTPS = /^https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

const endpoints: Check = ({ url, jwks, admin: idp, collateral, postgres }, fail) => {
  const addresses = {
    url,
    ...(jwks ? { "jwks.url": jwks.url } : {}),
    ...(idp ? { "admin.jwkSetUri": idp.jwkSetUri, "admin.issuer": idp.issuer } : {}),
    ...(collateral?.intel === undefined ? {} : { "collateral.intel": collateral.intel }),
    ...(collateral?.amd === undefined ? {} : { "collateral.amd": collateral.amd }),
  };
  for (const [prop, address] of Object.entries(addresses))
    if (!HTTPS.test(address))
      fail(
        "TRUSTEE_ENDPOINT",
        `${prop} must be an https address in lower case, without user or query, because nothing of Trustee speaks in clear ` +
          `outside its namespace, got '${address}'; write https://<name>`,
      );
  if (/^https:\/\/.*\//.test(url))
    fail(
      "TRUSTEE_ENDPOINT",
      `url must be host and port alone, as guests append the rest, got '${url}'; cut the path`,
    );
  if (jwks && !jwks.url.endsWith("/.well-known/jwks.json"))
    fail(
      "TRUSTEE_ENDPOINT",
      `jwks.url must end in /.well-known/jwks.json, the one path the proxy lets through, got '${jwks.url}'; append it`,
    );
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(postgres.host) || /^[\d.]+$/.test(postgres.host))
    fail(
      "TRUSTEE_ENDPOINT",
      `postgres.host must be a host name, as the server's certificate has it, got '${postgres.host}'; write the name`,
    );
  if (!Number.isInteger(postgres.port) || postgres.port < 1 || postgres.port > 65535)
    fail("TRUSTEE_ENDPOINT", `postgres.port must be a port, got ${postgres.port}; write 5432`);
};

const ranges: Check = ({ clients, jwks, postgres, collateral, admin: idp }, fail) => {
  const lists: Readonly<Record<string, readonly string[]>> = {
    clients,
    ...(jwks ? { "jwks.clients": jwks.clients } : {}),
    "postgres.cidr": [postgres.cidr],
    ...(collateral?.cidrs ? { "collateral.cidrs": collateral.cidrs } : {}),
    ...(idp?.cidrs ? { "admin.cidrs": idp.cidrs } : {}),
  };
  for (const [prop, list] of Object.entries(lists)) {
    if (list.length === 0)
      fail(
        "TRUSTEE_EGRESS",
        `${prop} must name at least one range, got none; write who calls, like 10.42.0.0/16`,
      );
    for (const cidr of list) {
      const range = parseCidr(cidr);
      if (range === undefined || range.prefix === 0)
        fail(
          "TRUSTEE_EGRESS",
          `${prop} must name IPv4 ranges, never everything, got '${cidr}'; write ranges like 10.42.0.0/16`,
        );
    }
  }
};

const sessions: Check = ({ sessions: kept, replicas }, fail) => {
  if (!["Postgres", "Memory"].includes(kept))
    fail("TRUSTEE_SESSIONS", `sessions must be kept in Postgres or Memory, got '${kept}'; write Postgres`);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 20)
    fail("TRUSTEE_SESSIONS", `replicas must be a whole number from 1 to 20, got ${replicas}; write 2`);
  if (kept === "Memory" && replicas > 1)
    fail(
      "TRUSTEE_SESSIONS",
      `sessions in memory must have one replica, because a guest's second call may reach another pod, got ${replicas}; ` +
        "keep sessions in Postgres, or write replicas: 1",
    );
};

/** What only the trust-policy stack may write. */
const POLICY_CALLS = [
  "/kbs/v0/resource-policy",
  "/kbs/v0/attestation-policy",
  "/kbs/v0/reference-value",
  "/kbs/v0/reference-value/snp_launch_measurement",
];

const admin: Check = ({ admin: idp }, fail) => {
  if (!idp) return;
  if (idp.acls.length === 0)
    fail(
      "TRUSTEE_ADMIN",
      "admin.acls must name at least one role, got none; leave admin out to close the API",
    );
  if (idp.audience.trim() === "")
    fail(
      "TRUSTEE_ADMIN",
      "admin.audience must be said, because tokens for others would do, got ''; write it",
    );
  for (const { role, allowedEndpoints } of idp.acls) {
    const pattern = patternOf(allowedEndpoints);
    if (typeof role !== "string" || role === "" || pattern === undefined)
      fail(
        "TRUSTEE_ADMIN",
        "admin.acls must be roles with a pattern from ^/kbs to $ and without alternatives, got " +
          `'${String(role)}': '${String(allowedEndpoints)}'; write ^/kbs/v0/resource/.+$`,
      );
    const call = POLICY_CALLS.find((path) => pattern!.test(path));
    if (call !== undefined)
      fail(
        "TRUSTEE_ADMIN",
        `admin.acls must not open policies and reference values, which come from the trust-policy stack, got '${allowedEndpoints}', ` +
          `which opens ${call}; write ^/kbs/v0/resource/.+$`,
      );
  }
};

/** `|` outside a group would leave one side without its anchor. */
function patternOf(text: unknown): RegExp | undefined {
  if (typeof text !== "string" || !text.startsWith("^/kbs") || !text.endsWith("$") || text.includes("|"))
    return undefined;
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

const egress: Check = ({ host: { name, network }, collateral, admin: idp }, fail) => {
  if (hasNamespacedPolicies(network)) return;
  if (collateral?.cidrs === undefined)
    fail(
      "TRUSTEE_EGRESS",
      `host ${name} has a CNI ('${network.cni}') whose policies know no names, so collateral.cidrs must name the ranges of the ` +
        "processor vendors' services, got none; write those of a caching proxy of yours, and its address in intel and amd",
    );
  if (idp && idp.cidrs === undefined)
    fail(
      "TRUSTEE_EGRESS",
      `host ${name} has a CNI ('${network.cni}') whose policies know no names, so admin.cidrs must name the ranges of the ` +
        "identity provider, got none; write them",
    );
};

/** Throws the first thing that is wrong. */
export function assertTrustee(options: CheckedTrustee): void {
  const fail: Fail = (code, text) => {
    throw new ConfigurationError(code, `trustee.${options.name}`, text);
  };
  for (const check of [names, host, images, endpoints, ranges, sessions, admin, egress]) check(options, fail);
}
