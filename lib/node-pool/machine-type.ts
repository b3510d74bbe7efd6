// The catalogue: every confidential machine type of the three clouds, one row per type and TEE, and how to find one.
import { ConfigurationError } from "../core/errors";
import { Tee } from "../tee/tee";
import { AKS_VM_SIZES } from "./aks-vm-size";
import { EKS_TEE_TYPES } from "./eks-instance-type";
import { GKE_TEE_TYPES } from "./gke-machine-type";
import type { MachineTypeRow } from "./machine-type-row";

/** What is looked for. */
export interface MachineTypeQuery {
  /** aws, azure or google. @default - all three */
  readonly cloud?: string;
  /** @default - any TEE */
  readonly tee?: Tee;
  /** vCPUs at least. @default 1 */
  readonly vcpu?: number;
  /** Memory at least, GiB. @default 1 */
  readonly memory?: number;
  /** Region, in the cloud's own words. @default - any */
  readonly region?: string;
  /** Confidential GPU, like `H100`. @default - with or without */
  readonly gpu?: string;
}

/** A row that fell out, and every reason why. */
export interface FallenOut {
  readonly machineType: MachineTypeRow;
  readonly reasons: readonly string[];
}

/** What a search found. */
export interface MachineTypes {
  /** Those that fit, smallest first: by vCPUs, then memory, then name. */
  readonly candidates: readonly MachineTypeRow[];
  /** All others, in table order. */
  readonly fellOut: readonly FallenOut[];
}

/** The catalogue of confidential machine types. */
export class MachineType {
  /** All rows: Azure, Google, AWS. */
  public static readonly ALL: readonly MachineTypeRow[] = [
    ...AKS_VM_SIZES,
    ...GKE_TEE_TYPES,
    ...EKS_TEE_TYPES,
  ];

  /** The row of a machine type in a TEE, if it is in the catalogue. */
  public static of(cloud: string, name: string, tee: Tee): MachineTypeRow | undefined {
    return MachineType.ALL.find((row) => row.cloud === cloud && row.name === name && row.tee === tee);
  }

  /**
   * Searches the catalogue. Fails with POOL_TEE when the TEE is `Tee.NONE`: the catalogue holds confidential machine
   * types only.
   */
  public static find(query: MachineTypeQuery): MachineTypes {
    if (query.tee === Tee.NONE)
      throw new ConfigurationError(
        "POOL_TEE",
        "MachineType.find",
        "tee must be a trusted execution environment, got 'none'; leave it out to search all, or see the vendor's list for plain machines",
      );
    const judged = MachineType.ALL.map((machineType) => ({
      machineType,
      reasons: reasonsAgainst(machineType, query),
    }));
    return {
      candidates: judged
        .filter(({ reasons }) => reasons.length === 0)
        .map(({ machineType }) => machineType)
        .sort(bySize),
      fellOut: judged.filter(({ reasons }) => reasons.length > 0),
    };
  }
}

/**
 * What to use instead of something unproven: the smallest machine type of the TEE that rests on proven facts, on the same
 * cloud if it has one, in the words of a cure.
 */
export function provenAlternative(cloud: string, tee: Tee): string {
  const proven = MachineType.ALL.filter((row) => row.tee === tee && !row.notForPools && !row.unproven).sort(
    bySize,
  );
  const row = proven.find((one) => one.cloud === cloud) ?? proven[0];
  if (!row) return "leave out what asks for it";
  return `use ${row.name}${row.cloud === cloud ? "" : ` on ${row.cloud}`}`;
}

function reasonsAgainst(row: MachineTypeRow, query: MachineTypeQuery): string[] {
  const { cloud, tee, vcpu = 1, memory = 1, region, gpu } = query;
  const rules: readonly (string | false | undefined)[] = [
    cloud !== undefined && row.cloud !== cloud && `it is on ${row.cloud}, not ${cloud}`,
    tee !== undefined && row.tee !== tee && `it runs in ${row.tee.label}, not ${tee.label}`,
    row.vcpus < vcpu && `it has ${row.vcpus} vCPUs, below ${vcpu}`,
    row.memoryGiB < memory && `it has ${row.memoryGiB} GiB, below ${memory}`,
    gpu !== undefined &&
      row.gpu !== gpu &&
      `it has ${row.gpu ? `a ${row.gpu}` : "no confidential GPU"}, not ${gpu}`,
    region !== undefined &&
      row.regions &&
      !row.regions.includes(region) &&
      `it is sold in ${row.regions.join(", ")}, not in ${region} (${row.source}, ${row.date})`,
    row.notForPools,
  ];
  return rules.filter((rule): rule is string => typeof rule === "string");
}

function bySize(a: MachineTypeRow, b: MachineTypeRow): number {
  return a.vcpus - b.vcpus || a.memoryGiB - b.memoryGiB || (a.name < b.name ? -1 : 1);
}
