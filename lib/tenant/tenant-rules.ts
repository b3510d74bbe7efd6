// Rules of a tenant file that no single value can break: limits against requests, egress, how the API is exposed.
import type { ErrorCode } from "../core/errors";
import { overlaps, parseCidr } from "../network/cidr";
import { rangesOf } from "../network/tenant-egress";
import { workloadProblems } from "./attested-workload-rules";
import { containerDefaults } from "./container-defaults";
import { exceptionProblems } from "./exceptions";
import { groupProblem, issuerProblem, PERSONAS, type Persona } from "./oidc";
import { parseQuantity } from "./quantity";
import type { TenantSpec } from "./tenant-spec";

/** A wrong value in a tenant file: code, key path, and text without the place. */
export interface SpecProblem {
  readonly code: ErrorCode;
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Everything that is wrong in a spec whose values are well-formed. */
export function specProblems(spec: TenantSpec): SpecProblem[] {
  return [
    ...limitProblems(spec),
    ...egressProblems(spec),
    ...apiProblems(spec),
    ...oidcProblems(spec),
    ...exceptionProblems(spec),
    ...workloadProblems(spec),
  ];
}

function limitProblems(spec: TenantSpec): SpecProblem[] {
  const { quota } = spec;
  const { requests, limits } = containerDefaults(spec);
  const rules = [
    { path: ["quota", "limits", "memory"], request: quota.requests.memory, limit: quota.limits.memory },
    { path: ["container", "limits", "memory"], request: requests.memory, limit: limits.memory },
  ];
  const tooLow = rules
    .filter(({ request, limit }) => parseQuantity(limit)! < parseQuantity(request)!)
    .map(({ path, request, limit }) => ({
      code: "TENANT_LIMIT" as const,
      path,
      text: `the limit must not be below the request ${request}, got '${limit}'; raise the limit or lower the request`,
    }));
  const bounds = [
    { path: ["container", "requests", "cpu"], one: requests.cpu, all: quota.requests.cpu },
    { path: ["container", "requests", "memory"], one: requests.memory, all: quota.requests.memory },
    { path: ["container", "limits", "memory"], one: limits.memory, all: quota.limits.memory },
  ];
  const tooHigh = bounds
    .filter(({ one, all }) => parseQuantity(one)! > parseQuantity(all)!)
    .map(({ path, one, all }) => ({
      code: "TENANT_LIMIT" as const,
      path,
      text: `one container's default must fit the tenant's quota of ${all}, got '${one}'; lower it or raise the quota`,
    }));
  return [...tooLow, ...tooHigh];
}

/** Addresses that hand out credentials or belong to the machine. Not reachable by any tenant. */
const FORBIDDEN_EGRESS: readonly { readonly cidr: string; readonly what: string }[] = [
  { cidr: "169.254.0.0/16", what: "link-local addresses, metadata services among them" },
  { cidr: "168.63.129.16/32", what: "Azure's wire server" },
  { cidr: "100.100.100.200/32", what: "a metadata service" },
  { cidr: "127.0.0.0/8", what: "loopback" },
  { cidr: "224.0.0.0/3", what: "multicast and reserved addresses" },
  { cidr: "0.0.0.0/8", what: "this network" },
];

/** Addresses a tenant's egress may cover in all: one /8. More is everything in pieces. */
const MOST_EGRESS = 2 ** 24;

function egressProblems(spec: TenantSpec): SpecProblem[] {
  const problems = spec.egress.flatMap((way, index) => wayProblem(way, ["egress", index]));
  if (problems.length > 0) return problems;
  const ranges = new Set(rangesOf(spec).map(({ cidr }) => cidr));
  const covered = [...ranges].reduce((sum, cidr) => sum + 2 ** (32 - parseCidr(cidr)!.prefix), 0);
  if (covered <= MOST_EGRESS) return [];
  const text = `egress must not cover more than a /8 in all, got ${covered} addresses in ${ranges.size} ranges; name fewer`;
  return [{ code: "TENANT_EGRESS", path: ["egress"], text }];
}

function wayProblem({ cidr, fqdn }: TenantSpec["egress"][number], path: (string | number)[]): SpecProblem[] {
  if (cidr !== undefined && fqdn === undefined) return egressProblem(cidr, [...path, "cidr"]);
  if (fqdn !== undefined && cidr === undefined) return fqdnProblem(fqdn, [...path, "fqdn"]);
  const got = cidr === undefined ? "neither" : `'${cidr}' and '${fqdn}'`;
  const text = `egress must name exactly one of cidr and fqdn, got ${got}; write two entries, or leave one out`;
  return [{ code: "TENANT_EGRESS", path, text }];
}

/** Ends of names that stand for something inside: the cluster, a cloud's network, a machine, an address. */
const INSIDE = ["cluster.local", "svc", "internal", "local", "localhost", "nodes.vcluster.com", "arpa"];

const DNS_NAME = /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

function fqdnProblem(fqdn: string, path: (string | number)[]): SpecProblem[] {
  const inside = INSIDE.find((end) => fqdn === end || fqdn.endsWith(`.${end}`));
  const rules: readonly { bad: boolean; rule: string; cure: string }[] = [
    {
      bad: fqdn.includes("*"),
      rule: "egress by name must name one host, without a wildcard",
      cure: "write an entry for each",
    },
    {
      bad: fqdn.includes(":") || /^[\d.]+(\/\d+)?$/.test(fqdn),
      rule: "egress by name must be a name, not an address (and IPv6 has no way out)",
      cure: "write an IPv4 range as cidr",
    },
    {
      bad: inside !== undefined,
      rule: `egress by name must lie outside the cluster and the cloud's network, not in ${inside}`,
      cure: "name a host outside",
    },
    {
      bad: fqdn.length > 253 || !DNS_NAME.test(fqdn),
      rule: "egress by name must be a whole DNS name in lower case",
      cure: "write one like api.example.com",
    },
  ];
  const broken = rules.find(({ bad }) => bad);
  if (!broken) return [];
  return [{ code: "TENANT_FQDN", path, text: `${broken.rule}, got '${fqdn}'; ${broken.cure}` }];
}

function egressProblem(text: string, path: (string | number)[]): SpecProblem[] {
  const range = parseCidr(text);
  const problem = (rule: string, cure: string): SpecProblem[] => [
    { code: "TENANT_EGRESS", path, text: `${rule}, got '${text}'; ${cure}` },
  ];
  if (!range)
    return problem(
      "egress must be an IPv4 range without host bits",
      "write one like 203.0.113.0/24, not a name or '*'",
    );
  if (range.prefix < 8)
    return problem("egress must not be open to everything", "name the ranges, /8 or longer");
  const hit = FORBIDDEN_EGRESS.find(({ cidr }) => overlaps(range, parseCidr(cidr)!));
  return hit ? problem(`egress must not reach ${hit.what} (${hit.cidr})`, "choose a range outside it") : [];
}

function apiProblems(spec: TenantSpec): SpecProblem[] {
  if (spec.api?.via !== "gateway" || spec.api.hostname) return [];
  return [
    {
      code: "TENANT_API",
      path: ["api", "hostname"],
      text: "an API exposed by gateway needs a host name, got nothing; set api.hostname, or use via: portForward",
    },
  ];
}

function oidcProblems(spec: TenantSpec): SpecProblem[] {
  const oidc = spec.api?.oidc;
  if (!oidc) return [];
  // The fence lets the control plane reach a name outside, as it lets workloads.
  const issuer =
    issuerProblem(oidc.issuer) ?? fqdnProblem(new URL(oidc.issuer).hostname, []).map(({ text }) => text)[0];
  const personas = (Object.keys(PERSONAS) as Persona[]).filter((persona) => oidc.groups[persona]);
  const groups = personas.flatMap((persona) =>
    oidc.groups[persona]!.flatMap((group, index): SpecProblem[] => {
      const text = groupProblem(group);
      const path = ["api", "oidc", "groups", persona, index];
      return text ? [{ code: "TENANT_OIDC_GROUPS", path, text }] : [];
    }),
  );
  const nobody = "at least one group must work inside, got none; name one under admin, developer or viewer";
  return [
    ...(issuer ? [{ code: "TENANT_OIDC" as const, path: ["api", "oidc", "issuer"], text: issuer }] : []),
    ...groups,
    ...(personas.length === 0
      ? [{ code: "TENANT_OIDC_GROUPS" as const, path: ["api", "oidc", "groups"], text: nobody }]
      : []),
  ];
}
