// Checks of tenants against the host they run on: pool, tier, egress, gateway and capacity.
import { ConfigurationError, throwTogether, type ErrorCode } from "../core/errors";
import type { IVerifier, TenantPlace } from "../attestation/verifier";
import { scopeOf } from "../core/option-shape";
import type { HostReference } from "../host-cluster/host-cluster";
import { overlaps, parseCidr } from "../network/cidr";
import { hasNamespacedPolicies } from "../network/cilium-policy";
import type { PoolReference } from "../node-pool/node-pool";
import { Sensitivity } from "../tee/sensitivity";
import { Tee } from "../tee/tee";
import type { TrustTier } from "../tee/trust-tier";
import { plainSecretProblems } from "../workload/plain-secrets";
import { exceptionDateProblems } from "./exceptions";
import { CONTROL_PLANE_SIZES } from "./control-plane-size";
import { hostShare } from "./host-share";
import {
  assertVerifiers,
  attestationOf,
  attestationProblems,
  type TenantAttestation,
  type TenantCheckOptions,
} from "./tenant-attestation";
import type { SpecProblem } from "./tenant-rules";
import { parseTenantSpec } from "./tenant-parse";
import type { TenantSpec } from "./tenant-spec";
import { claimProblems, tierOf, tierProblems } from "./tenant-tier";

/** A tenant whose file passed every check. */
export interface CheckedTenant {
  readonly spec: TenantSpec;
  /** Name of the host it runs on. */
  readonly host: string;
  /** The pool it runs on: its own, when it names a dedicated pattern. */
  readonly pool: PoolReference;
  readonly sensitivity: Sensitivity;
  /** What the tenant reaches, with pool, admission and verifier as they are. */
  readonly tier: TrustTier;
  /** Who judges its workloads' evidence; undefined where its file asks for nothing. */
  readonly attestation?: TenantAttestation;
}

/**
 * Checks one spec given in code, and against a host. Fails with the codes of a tenant file, capacity and lock apart.
 * `today`, `YYYY-MM-DD`, is the machine's day unless given: exceptions and reference values end. `verifiers` are the
 * platform's: the one the spec names is kept with the tenant (ATTESTATION_VERIFIER).
 */
export function checkTenant(
  spec: TenantSpec,
  host: HostReference,
  today?: string,
  verifiers?: readonly IVerifier[],
): CheckedTenant {
  const options = { today, verifiers };
  assertVerifiers("checkTenant", options);
  const { spec: parsed, problems } = parseTenantSpec(spec);
  throwTogether(
    (parsed
      ? [...hostProblems(parsed, host, options), ...exceptionDateProblems(parsed, today)]
      : problems
    ).map(({ code, path, text }) => {
      const name = parsed?.name ?? scopeOf("tenant", spec);
      return new ConfigurationError(code, [name, ...path].join("."), text);
    }),
  );
  return checked(parsed!, host, options);
}

/** A spec that passed, with what it names. */
export function checked(spec: TenantSpec, host: HostReference, options: TenantCheckOptions): CheckedTenant {
  const pool = poolOf(spec, host)!;
  const attestation = attestationOf(spec, options);
  return {
    spec,
    host: host.name,
    pool,
    sensitivity: Sensitivity.find(spec.sensitivity)!,
    tier: tierOf(spec, { host, pool, today: options.today }, options),
    ...(attestation ? { attestation } : {}),
  };
}

/** The pool a spec names: its own one of a dedicated pattern, else the shared one of that name. */
function poolOf(spec: TenantSpec, host: HostReference): PoolReference | undefined {
  return (
    host.pools.find(({ owner }) => owner?.tenant === spec.name && owner.pattern === spec.pool) ??
    host.pools.find(({ name, owner }) => name === spec.pool && !owner)
  );
}

/** What is wrong with a spec on this host. */
export function hostProblems(
  spec: TenantSpec,
  host: HostReference,
  options: TenantCheckOptions,
): SpecProblem[] {
  const pool = poolOf(spec, host);
  return [
    ...hostNameProblems(spec, host),
    ...(pool && !pool.system
      ? [
          ...placeProblems(spec, { host, pool, today: options.today }, options),
          ...enclaveProblems(spec, host, pool),
          ...kataProblems(spec, host, pool),
          ...confidentialProblems(spec, host, pool),
        ]
      : poolProblems(spec, host, pool)),
    ...clusterEgressProblems(spec, host),
    ...namedEgressProblems(spec, host),
    ...loginProblems(spec, host),
    ...gatewayProblems(spec, host),
  ];
}

function hostNameProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  if (spec.host === undefined || spec.host === host.name) return [];
  return [
    {
      code: "TENANT_HOST",
      path: ["host"],
      text: `the tenant must run on a host of this platform, got '${spec.host}' where '${host.name}' is; name that, or leave it out`,
    },
  ];
}

function enclaveProblems(spec: TenantSpec, host: HostReference, pool: PoolReference): SpecProblem[] {
  const { enclaves, enclaveMemory } = spec.quota;
  if ((enclaves === 0 && enclaveMemory === undefined) || pool.capacity.enclaves) return [];
  const choices = host.pools.filter((p) => p.capacity.enclaves).map((p) => p.name);
  return [
    {
      code: "TENANT_POOL",
      path: ["quota", "enclaves"],
      text:
        `a tenant with enclaves needs a pool with enclaves, got ${enclaves} enclaves on pool '${pool.name}'; ` +
        `use one of ${choices.join(", ") || "(the host has none)"}, or leave quota.enclaves out`,
    },
  ];
}

function kataProblems(spec: TenantSpec, host: HostReference, pool: PoolReference): SpecProblem[] {
  const asked = [
    { path: ["kata"], is: spec.kata !== undefined },
    { path: ["confidential", "initData"], is: spec.confidential?.initData !== undefined },
  ];
  if (isKata(pool)) return [];
  const choices = host.pools.filter(isKata).map((p) => p.name);
  return asked
    .filter(({ is }) => is)
    .map(({ path }) => ({
      code: "TENANT_POOL",
      path,
      text:
        `annotations of Kata need a pool whose handler is Kata, got pool '${pool.name}' with handler '${pool.handler}'; ` +
        `use one of ${choices.join(", ") || "(the host has none)"}, or leave ${path.join(".")} out`,
    }));
}

function confidentialProblems(spec: TenantSpec, host: HostReference, pool: PoolReference): SpecProblem[] {
  if (!spec.confidential || pool.tee !== Tee.NONE.id) return [];
  const choices = host.pools.filter((p) => p.tee !== Tee.NONE.id && !p.owner).map((p) => p.name);
  return [
    {
      code: "TENANT_POOL",
      path: ["confidential"],
      text:
        `confidential pods need a pool with a TEE, got pool '${pool.name}' without; ` +
        `use one of ${choices.join(", ") || "(the host has none)"}, or leave confidential out`,
    },
  ];
}

/** True where pods of the pool run in a Kata sandbox. */
function isKata({ handler }: PoolReference): boolean {
  return handler.startsWith("kata");
}

function poolProblems(spec: TenantSpec, host: HostReference, pool: PoolReference | undefined): SpecProblem[] {
  const choices = host.pools.filter((p) => !p.system && !p.owner).map((p) => p.name);
  const others = host.pools.find(({ name, owner }) => owner && name === spec.pool);
  const rule = pool
    ? "the pool must take tenants (a system pool does not)"
    : others
      ? `the pool must not belong to another tenant (this one is ${others.owner!.tenant}'s own)`
      : `the pool must exist on host ${host.name}`;
  return [
    {
      code: "TENANT_POOL",
      path: ["pool"],
      text: `${rule}, got '${spec.pool}'; use one of ${choices.join(", ") || "(the host has none for tenants)"}`,
    },
  ];
}

/** A tier is judged where the attestation it rests on is right. */
function placeProblems(spec: TenantSpec, place: TenantPlace, options: TenantCheckOptions): SpecProblem[] {
  const [first] = [attestationProblems, claimProblems, tierProblems, secretProblems]
    .map((problems) => problems(spec, place, options))
    .filter((problems) => problems.length > 0);
  return first ?? [];
}

/** Secrets of Kubernetes carry nothing that the host must not read. */
function secretProblems(spec: TenantSpec, place: TenantPlace, options: TenantCheckOptions): SpecProblem[] {
  return plainSecretProblems(spec, tierOf(spec, place, options));
}

/** Ranges of the cluster itself: reaching them by address would go around the fence between tenants. */
function clusterEgressProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  const { podCidr, serviceCidr, nodeCidr, apiServerCidr } = host.network;
  const own = {
    pods: podCidr,
    services: serviceCidr,
    nodes: nodeCidr,
    ...(apiServerCidr ? { "API server": apiServerCidr } : {}),
  };
  return spec.egress.flatMap(({ cidr }, index) => {
    if (cidr === undefined) return [];
    const range = parseCidr(cidr)!;
    const hit = Object.entries(own).find(([, its]) => overlaps(range, parseCidr(its)!));
    if (!hit) return [];
    return [
      {
        code: "TENANT_EGRESS" as ErrorCode,
        path: ["egress", index, "cidr"],
        text: `egress must not reach the cluster's own ${hit[0]} (${hit[1]}), got '${cidr}'; choose a range outside it`,
      },
    ];
  });
}

/** Names need Cilium's DNS proxy, which a cloud's own Cilium does not give to tenants. */
function namedEgressProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  if (hasNamespacedPolicies(host.network)) return [];
  return spec.egress.flatMap(({ fqdn }, index) =>
    fqdn === undefined
      ? []
      : [
          {
            code: "TENANT_FQDN" as ErrorCode,
            path: ["egress", index, "fqdn"],
            text: `egress by name needs a host with Cilium of this library, got '${fqdn}' on '${host.network.cni}'; name ranges (cidr), or use another host`,
          },
        ],
  );
}

/** The control plane reaches the identity provider by its name. */
function loginProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  if (!spec.api?.oidc || hasNamespacedPolicies(host.network)) return [];
  return [
    {
      code: "TENANT_OIDC",
      path: ["api", "oidc", "issuer"],
      text: `log-in by an identity provider needs a host with Cilium of this library, got '${host.network.cni}'; leave api.oidc out, or use another host`,
    },
  ];
}

function gatewayProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  if (spec.api?.via !== "gateway" || host.gatewayNamespace) return [];
  return [
    {
      code: "TENANT_API",
      path: ["api", "via"],
      text: "an API exposed by gateway needs a gateway on the host, got none; set gatewayNamespace on the host, or use via: portForward",
    },
  ];
}

/** Control planes against a node of their pool: the largest pod the library itself makes. */
export function nodeProblems(path: string, tenants: readonly CheckedTenant[]): ConfigurationError[] {
  return tenants
    .filter(({ spec, pool }) => {
      const { milliCpu, memoryMiB } = CONTROL_PLANE_SIZES[spec.size]!;
      return milliCpu > pool.capacity.nodeMilliCpu || memoryMiB > pool.capacity.nodeMemoryMiB;
    })
    .map(
      ({ spec, pool }) =>
        new ConfigurationError(
          "TENANT_CAPACITY",
          `${path} pool.${pool.name}`,
          `a control plane must fit one ${pool.machineType} with ${pool.capacity.nodeMilliCpu} millicores and ` +
            `${pool.capacity.nodeMemoryMiB} MiB left, got size '${spec.size}' for ${spec.name}; ` +
            "choose a smaller size, or a pool of larger machines",
        ),
    );
}

/** Sums of quotas and control planes against each pool's largest size. */
export function capacityProblems(
  path: string,
  tenants: readonly CheckedTenant[],
  host: HostReference,
): ConfigurationError[] {
  return host.pools.flatMap((pool) => {
    const members = tenants.filter((tenant) => tenant.host === host.name && tenant.pool === pool);
    const shares = members.map((tenant) => hostShare(tenant.spec, pool));
    const rows = [
      { what: "millicores", has: pool.capacity.milliCpu, needs: sum(shares.map((s) => s.requestsMilliCpu)) },
      {
        what: "MiB of memory",
        has: pool.capacity.memoryMiB,
        needs: sum(shares.map((s) => s.requestsMemoryMiB)),
      },
      { what: "pods", has: pool.capacity.pods, needs: sum(shares.map((s) => s.pods)) },
      {
        what: "enclaves",
        has: (pool.capacity.enclaves?.nodeEnclaves ?? 0) * pool.maxNodes,
        needs: sum(shares.map((s) => s.enclaves)),
      },
      {
        what: "MiB of enclave memory",
        has: (pool.capacity.enclaves?.nodeMemoryMiB ?? 0) * pool.maxNodes,
        needs: sum(shares.map((s) => s.enclaveMemoryMiB)),
      },
    ];
    return rows
      .filter(({ has, needs }) => needs > has)
      .map(
        ({ what, has, needs }) =>
          new ConfigurationError(
            "TENANT_CAPACITY",
            `${path} pool.${pool.name}`,
            `quotas and control planes must fit ${pool.maxNodes} nodes of ${pool.machineType} with ${has} ${what}, ` +
              `got ${needs} for ${members.map((t) => t.spec.name).join(", ")}; raise maxNodes, or lower quotas`,
          ),
      );
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
