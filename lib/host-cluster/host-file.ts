// A HostReference as a JSON file, so that tenants can live in another repository than their host.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "../core/zod";
import type { Administrators } from "../admission/rule";
import { ConfigurationError } from "../core/errors";
import { runtimeClassName } from "../core/names";
import { parseCidr } from "../network/cidr";
import { Tee } from "../tee/tee";
import { TrustTier } from "../tee/trust-tier";
import type { EnclaveCapacity, PoolReference } from "../node-pool/node-pool";
import type { HostReference, PodNetwork, StorageClassReference } from "./host-cluster";

/** One schema for every fact of an interface, and no more. */
type Fields<T> = Record<keyof T, z.ZodType>;

/** Built when a file is read: most programs read none, and a schema takes as long to build as a file to check. */
function hostSchema() {
  const cidr = z.string().refine((text) => parseCidr(text) !== undefined, "must be an IPv4 range");
  const amount = z.number().int().min(0);
  const words = z.record(z.string(), z.string());

  const taint = z.strictObject({ key: z.string(), value: z.string(), effect: z.string() });

  // `satisfies` on each: a fact added to the contract and forgotten here does not compile.
  const pool = z.strictObject({
    name: z.string(),
    tee: z.string().refine((id) => Tee.find(id) !== undefined, "must be a TEE this library knows"),
    tier: z.string(),
    machineType: z.string(),
    minNodes: amount,
    maxNodes: amount,
    system: z.boolean(),
    runtimeClassName: z.string(),
    placement: z.strictObject({
      nodeLabels: words,
      vendorLabels: words.optional(),
      taints: z.array(taint),
    }),
    capacity: z.strictObject({
      nodeMilliCpu: z.number(),
      nodeMemoryMiB: z.number(),
      nodePods: z.number(),
      milliCpu: z.number(),
      memoryMiB: z.number(),
      pods: z.number(),
      enclaves: z
        .strictObject({
          nodeEnclaves: amount,
          nodeVcpus: amount,
          nodeMemoryMiB: amount,
          resource: z.string(),
          hugePages: z.string(),
          deviceGroup: amount.optional(),
          seccompProfile: z.string().optional(),
        } satisfies Fields<EnclaveCapacity>)
        .optional(),
    }),
    handler: z.string(),
    overhead: z.strictObject({ milliCpu: amount, memoryMiB: amount }),
    owner: z.strictObject({ tenant: z.string(), pattern: z.string() }).optional(),
    warnings: z.array(z.string()),
  } satisfies Fields<PoolReference>);

  const reference = z.strictObject({
    cloud: z.enum(["aws", "azure", "google"]),
    name: z.string(),
    location: z.string(),
    account: z.string(),
    resourceGroup: z.string().optional(),
    kubernetesVersion: z.string(),
    network: z.strictObject({
      cni: z.string(),
      podCidr: cidr,
      serviceCidr: cidr,
      nodeCidr: cidr,
      mtu: amount,
      nodeResolvers: z.array(z.ipv4()),
      enforcesNetworkPolicy: z.boolean(),
      clusterwidePolicies: z.boolean().optional(),
      encryptsPodTraffic: z.boolean(),
      apiServerCidr: cidr.optional(),
      apiServerReachesPods: z.boolean(),
      internetEgress: z.boolean(),
      nodeSubnet: z.string().optional(),
    } satisfies Fields<PodNetwork>),
    pools: z.array(pool),
    storageClass: z.strictObject({
      name: z.string(),
      provisioner: z.string(),
      refused: z.array(z.string()),
      parameters: words,
    } satisfies Fields<StorageClassReference>),
    administrators: z.strictObject({
      users: z.array(z.string()),
      groups: z.array(z.string()),
    } satisfies Fields<Administrators>),
    gatewayNamespace: z.string().optional(),
  } satisfies Fields<HostReference>);

  return z.strictObject({ version: z.literal(1), host: reference });
}

/** Files of hosts: `hosts/<name>.json`, written by the repository that owns a host, read by those that use it. */
export class HostFile {
  /**
   * Writes a reference into a folder as `<name>.json`, and returns the file's path. The same reference gives the same
   * bytes; a file that holds them already is not touched.
   */
  public static write(folder: string, host: HostReference): string {
    const path = join(folder, `${host.name}.json`);
    const text = `${JSON.stringify({ version: 1, host }, undefined, 2)}\n`;
    if (existsSync(path) && readFileSync(path, "utf8") === text) return path;
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /**
   * Reads a reference. Fails with HOST_FILE when the file cannot be read, is not what `write` wrote, or claims a trust
   * tier that its TEE does not reach.
   */
  public static read(path: string): HostReference {
    const bad = (what: string): ConfigurationError =>
      new ConfigurationError(
        "HOST_FILE",
        path,
        `a host file must hold what HostFile.write wrote, got ${what}; copy it anew from the repository that owns the host`,
      );
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, "utf8"));
    } catch {
      throw bad("a file that cannot be read as JSON");
    }
    const { success, data, error } = hostSchema().safeParse(content);
    if (!success) {
      const [issue] = error.issues;
      throw bad(`${issue!.path.join(".") || "the whole"}: ${issue!.message}`);
    }
    for (const [
      index,
      { name, tee, tier, handler, runtimeClassName: className },
    ] of data.host.pools.entries()) {
      if (tier !== tierOf(tee, handler).name)
        throw bad(
          `host.pools.${index}.tier: '${tier}' where ${tee} with handler ${handler} reaches ${tierOf(tee, handler).name}`,
        );
      if (className !== runtimeClassName(name))
        throw bad(`host.pools.${index}.runtimeClassName: '${className}' for pool '${name}'`);
    }
    return data.host;
  }

  /** Reads every `*.json` of a folder, by file name. Fails with HOST_FILE, also when there is none. */
  public static readAll(folder: string): HostReference[] {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    if (names.length > 0) return names.sort().map((name) => HostFile.read(join(folder, name)));
    throw new ConfigurationError(
      "HOST_FILE",
      folder,
      "the folder must hold at least one host file, got none; write them with HostFile.write",
    );
  }
}

const NODE_TEES: readonly Tee[] = [Tee.SEV, Tee.SEV_SNP, Tee.TDX];

/** What ordinary pods on such nodes reach: the one rule that pools of all clouds follow. */
function tierOf(tee: string, handler: string): TrustTier {
  if (NODE_TEES.some(({ id }) => id === tee)) return TrustTier.CONFIDENTIAL_NODE;
  return handler === "runc" ? TrustTier.SHARED : TrustTier.ISOLATED;
}
