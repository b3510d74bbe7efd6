// The public data contract of a tenant: one JSON file, one schema. tenant.schema.json is generated from here.
import { z } from "zod";
import { ConfigurationError, type ErrorCode } from "../core/errors";
import { isName, MAX_NAME } from "../core/names";
import { overlaps, parseCidr } from "../network/cidr";
import { Sensitivity } from "../tee/sensitivity";
import { CONTROL_PLANE_SIZES } from "./control-plane-size";
import { parseQuantity } from "./quantity";

/**
 * Names that belong to Kubernetes, to the platform or to well-known tools. A tenant's namespace is `tenant-<name>`, its
 * releases are `<name>` and `guardrails-<name>`.
 */
const RESERVED = [
  "cilium",
  "default",
  "guardrails",
  "host",
  "kube",
  "kubernetes",
  "platform",
  "shared",
  "system",
  "tenclave",
];
const RESERVED_PREFIXES = ["kube-", "guardrails-", "tenclave-"];

/** Carries our code through zod's issue. */
interface CodedIssue {
  readonly code: ErrorCode;
  readonly text: string;
}

function coded(code: ErrorCode, text: string): { params: { coded: CodedIssue } } {
  return { params: { coded: { code, text } } };
}

/** What tenant.schema.json tells editors of a quantity; the check itself is parseQuantity. */
const QUANTITY_PATTERN = "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$";

const quantity = (description: string): z.ZodString =>
  z
    .string()
    .refine(
      (text) => parseQuantity(text) !== undefined,
      coded("TENANT_QUANTITY", "must be a Kubernetes quantity above zero; write one like 500m, 2 or 16Gi"),
    )
    .meta({ description, pattern: QUANTITY_PATTERN }) as unknown as z.ZodString;

const count = (description: string, fallback: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(0).max(10_000).default(fallback).describe(description);

const name = z
  .string()
  .refine(
    (text) => isName(text),
    coded(
      "TENANT_NAME",
      `must be a DNS-1123 label of at most ${MAX_NAME} characters (a-z, 0-9, '-', starting with a letter); choose another name`,
    ),
  )
  .refine(
    (text) => !RESERVED.includes(text) && !RESERVED_PREFIXES.some((prefix) => text.startsWith(prefix)),
    coded("TENANT_NAME_RESERVED", "must not be reserved for Kubernetes or the platform; choose another name"),
  )
  .meta({
    description: "Name of the tenant: DNS-1123, at most 40 characters, never used again after off-boarding.",
    pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$",
    maxLength: MAX_NAME,
  });

const quota = z
  .strictObject({
    requests: z.strictObject({
      cpu: quantity("Sum of CPU requests of the tenant's pods, like 4 or 500m."),
      memory: quantity("Sum of memory requests of the tenant's pods, like 16Gi."),
      storage: quantity("Sum of the tenant's volumes, like 50Gi."),
    }),
    limits: z.strictObject({
      memory: quantity("Sum of memory limits of the tenant's pods. Not below requests.memory."),
    }),
    pods: count("Pods.", 30),
    services: count("Services.", 20),
    secrets: count("Secrets that pods use; each pod's token is counted on top.", 50),
    configMaps: count("ConfigMaps that pods use.", 50),
    persistentVolumeClaims: count("Volumes.", 10),
  })
  .describe("What the tenant's own workloads may use. The control plane's share is added to it.");

/** What a container gets that names nothing, when the tenant names nothing either. */
const CONTAINER = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } };

const container = z
  .strictObject({
    requests: z.strictObject({
      cpu: quantity("CPU request of a container that names none.").default(CONTAINER.requests.cpu),
      memory: quantity("Memory request of a container that names none.").default(CONTAINER.requests.memory),
    }),
    limits: z.strictObject({
      memory: quantity("Memory limit of a container that names none.").default("256Mi"),
    }),
  })
  .describe("Defaults for containers that say nothing.");

const egress = z
  .strictObject({
    cidr: z.string().describe("IPv4 range outside the cluster, like 203.0.113.0/24. At least /8."),
    ports: z.array(z.number().int().min(1).max(65535)).min(1).describe("Ports."),
    protocol: z.enum(["TCP", "UDP"]).default("TCP").describe("Protocol."),
  })
  .describe("One way out of the fence.");

const hostname = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/)
  .describe("Host name of the tenant's API server, like acme.k8s.example.com.");

const api = z
  .strictObject({
    hostname: hostname.optional(),
    via: z
      .enum(["gateway", "portForward"])
      .default("portForward")
      .describe("How the tenant reaches its API server."),
  })
  .describe("How the tenant reaches its API server.");

/** The schema of a tenant file. */
export const tenantSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Path of tenant.schema.json, for editors."),
    name,
    sensitivity: z
      .enum(Sensitivity.ALL.map((s) => s.name) as [string, ...string[]])
      .describe("How sensitive the tenant's data is; the pool's trust tier must meet it."),
    pool: z.string().describe("Node pool the tenant runs on."),
    size: z
      .enum(Object.keys(CONTROL_PLANE_SIZES) as [string, ...string[]])
      .default("small")
      .describe("Size of the virtual control plane."),
    quota,
    container: container.optional(),
    egress: z
      .array(egress)
      .default([])
      .describe("Ranges outside the cluster the tenant may reach. Nothing by default."),
    api: api.optional(),
  })
  .describe("A tenant: one host namespace, one virtual cluster, one set of guardrails.");

/** What a tenant file says, with defaults filled in. */
export type TenantSpec = z.output<typeof tenantSchema>;

/** What a tenant file may leave out. */
export type TenantSpecInput = z.input<typeof tenantSchema>;

/** Container defaults, resolved. */
export function containerDefaults(spec: TenantSpec): z.output<typeof container> {
  return spec.container ?? CONTAINER;
}

/** A wrong value in a tenant file: code, key path, and text without the place. */
export interface SpecProblem {
  readonly code: ErrorCode;
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Parses a tenant file's content; returns the spec, or everything wrong with it. */
export function parseTenantSpec(content: unknown): { spec?: TenantSpec; problems: SpecProblem[] } {
  const result = tenantSchema.safeParse(content);
  if (!result.success)
    return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, content)) };
  const problems = [
    ...limitProblems(result.data),
    ...egressProblems(result.data),
    ...apiProblems(result.data),
  ];
  return problems.length === 0 ? { spec: result.data, problems } : { problems };
}

/** Validates one spec given in code. Fails with the codes of a tenant file. */
export function tenantSpec(input: TenantSpecInput): TenantSpec {
  const { spec, problems } = parseTenantSpec(input);
  const [first] = problems;
  if (first) throw new ConfigurationError(first.code, ["tenant", ...first.path].join("."), first.text);
  return spec!;
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): SpecProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      code: "TENANT_KEY",
      path: [...path, key],
      text: `a tenant file has known keys only, got '${key}'; remove it, or correct the spelling (see tenant.schema.json)`,
    }));
  const got = shown(path.reduce<unknown>(valueAt, content));
  const custom = issue.code === "custom" ? (issue.params?.coded as CodedIssue | undefined) : undefined;
  if (custom) {
    const [rule, cure] = custom.text.split("; ") as [string, string];
    return [{ code: custom.code, path, text: `${rule}, got ${got}; ${cure}` }];
  }
  return [
    {
      code: "TENANT_TYPE",
      path,
      text: `${issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "")}, got ${got}; write what tenant.schema.json says`,
    },
  ];
}

function valueAt(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
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
  const problems = spec.egress.flatMap(({ cidr }, index) => egressProblem(cidr, ["egress", index, "cidr"]));
  if (problems.length > 0) return problems;
  const ranges = new Set(spec.egress.map(({ cidr }) => cidr));
  const covered = [...ranges].reduce((sum, cidr) => sum + 2 ** (32 - parseCidr(cidr)!.prefix), 0);
  if (covered <= MOST_EGRESS) return [];
  const text = `egress must not cover more than a /8 in all, got ${covered} addresses in ${ranges.size} ranges; name fewer`;
  return [{ code: "TENANT_EGRESS", path: ["egress"], text }];
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
