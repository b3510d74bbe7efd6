// The rows of the catalogue for AWS: what a pool of each must synthesize to.
import { Tee, type MachineTypeRow } from "../../../lib";
import { EksNodePool, eksPoolReference, type EksNodePoolOptions } from "../../../lib/aws";
import { EksNodeGroup, LaunchTemplate } from "../../../lib/core/bindings/aws";
import { ensureAwsProvider } from "../../../lib/host-cluster/aws-provider";
import { Template } from "../../../lib/testing";
import { connectedHost, stack } from "../scope";
import type { CatalogueCase } from "./catalogue";

/** vCPUs of a core. SOURCE: EC2 DescribeInstanceTypes, DefaultThreadsPerCore: the 7a and 8a lines have one thread. */
const coreOf = (row: MachineTypeRow): number => (/^[mcr]([78]a|[678]g)\./.test(row.name) ? 1 : 2);

/** A pool of the row: the smallest enclave there is, where it has enclaves. */
function poolOf(row: MachineTypeRow): EksNodePoolOptions {
  return {
    name: "pool",
    instanceType: row.name,
    tee: row.tee,
    minNodes: 1,
    maxNodes: 1,
    enclaves: row.tee === Tee.NITRO_ENCLAVES ? { memoryMiB: 512, vcpus: coreOf(row) } : undefined,
    acceptUnproven: row.unproven ? "a test of the catalogue" : undefined,
  };
}

function synthesized(row: MachineTypeRow): unknown {
  const scope = stack();
  // eu-west-1: both TEEs are sold there.
  const host = connectedHost(scope);
  ensureAwsProvider(scope, host.reference);
  new EksNodePool(scope, "Pool", { ...poolOf(row), host });
  const template = Template.of(scope);
  const { cpu_options, enclave_options, user_data } = template.only(LaunchTemplate);
  const { instance_types, ami_type } = template.only(EksNodeGroup);
  const text = Buffer.from(user_data as string, "base64").toString();
  return {
    cpu_options,
    enclave_options,
    instance_types,
    ami_type,
    allocator: /memory_mib: \d+\ncpu_count: \d+/.exec(text)?.[0],
  };
}

function expected(row: MachineTypeRow): unknown {
  const enclaves = row.tee === Tee.NITRO_ENCLAVES;
  return {
    cpu_options: enclaves ? undefined : { amd_sev_snp: "enabled" },
    enclave_options: enclaves ? { enabled: true } : undefined,
    instance_types: [row.name],
    ami_type: /^[mcr][678]g\./.test(row.name) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
    allocator: enclaves ? `memory_mib: 512\ncpu_count: ${coreOf(row)}` : undefined,
  };
}

export const AWS_CATALOGUE: CatalogueCase = {
  synthesized,
  expected,
  // Every row for AWS can be a pool.
  refuse: (row) => eksPoolReference("eu-west-1", { ...poolOf(row), tee: Tee.TDX }),
};
