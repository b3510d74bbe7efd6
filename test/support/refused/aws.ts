// Refused combinations on aws.
import { enclavePod, Tee } from "../../../lib";
import { eksPoolReference, type EksEnclaveOptions, type EksNodePoolOptions } from "../../../lib/aws";
import { exampleHost } from "../host";
import type { Refused } from "./refused";

/** A valid SEV-SNP pool, changed. */
function snp(change: Partial<EksNodePoolOptions>, region = "eu-west-1"): unknown {
  return eksPoolReference(region, {
    name: "p",
    instanceType: "m6a.large",
    tee: Tee.SEV_SNP,
    minNodes: 1,
    maxNodes: 2,
    acceptUnproven: "tried by hand",
    ...change,
  });
}

/** A pool in a TEE. */
function inTee(tee: Tee, instanceType: string): unknown {
  return snp({ tee, instanceType, acceptUnproven: undefined });
}

/** A valid pool with enclaves, changed. */
function nitro(
  enclaves: Partial<EksEnclaveOptions>,
  instanceType = "m6i.2xlarge",
  change: Partial<EksNodePoolOptions> = {},
): ReturnType<typeof eksPoolReference> {
  return eksPoolReference("eu-central-1", {
    name: "p",
    instanceType,
    tee: Tee.NITRO_ENCLAVES,
    minNodes: 1,
    maxNodes: 2,
    enclaves: { memoryMiB: 1024, vcpus: 2, ...enclaves },
    ...change,
  });
}

const DESCRIBE = /EC2 DescribeInstanceTypes.*2026-08-02/;
const NITRO_GUIDE = /AWS Nitro Enclaves User Guide.*2026/;
const ALLOCATOR = /nitro-enclaves-allocator, 2026-08-13/;

/** A TEE that EC2 does not sell as nodes. */
const notSold = (what: string, fact: string, tee: Tee, instanceType: string): Refused => ({
  what,
  fact,
  code: "POOL_TEE",
  attempt: () => inTee(tee, instanceType),
  value: `'${tee.id}'`,
  source: DESCRIBE,
  alternative: /Tee\.SEV_SNP \(m6a\.large\).*Tee\.NITRO_ENCLAVES/,
});

/** A type without SEV-SNP. */
const noSnp = (instanceType: string, fact: string): Refused => ({
  what: `SEV-SNP on ${instanceType}`,
  fact,
  code: "POOL_INSTANCE_TYPE",
  attempt: () => snp({ instanceType }),
  value: `'${instanceType}'`,
  source: DESCRIBE,
  alternative: /use one of m6a\.large.*c6a\.16xlarge.*r6a\.4xlarge/,
});

/** A type without enclaves. */
const noEnclaves = (instanceType: string, fact: string, alternative: RegExp): Refused => ({
  what: `enclaves on ${instanceType}`,
  fact,
  code: "POOL_INSTANCE_TYPE",
  attempt: () => nitro({}, instanceType),
  value: `'${instanceType}'`,
  source: DESCRIBE,
  alternative,
});

/** Something a node cannot set aside. */
const notSetAside = (
  what: string,
  fact: string,
  enclaves: Partial<EksEnclaveOptions>,
  value: string,
  source: RegExp,
  alternative: RegExp,
): Refused => ({
  what,
  fact,
  code: "POOL_ENCLAVES",
  attempt: () => nitro(enclaves),
  value,
  source,
  alternative,
});

export const REFUSED_ON_AWS: readonly Refused[] = [
  {
    what: "SEV-SNP and enclaves on one node",
    fact: "An instance in SEV-SNP cannot have Nitro Enclaves.",
    code: "POOL_FEATURE",
    attempt: () => snp({ enclaves: { memoryMiB: 1024, vcpus: 2 } }),
    value: "tee 'sev-snp' with enclaves",
    source: /AWS EC2 guide.*2026/,
    alternative: /two pools.*Tee\.NITRO_ENCLAVES/,
  },
  {
    what: "SEV-SNP in Frankfurt",
    fact: "On shared tenancy SEV-SNP is sold in two regions.",
    code: "POOL_REGION",
    attempt: () => snp({}, "eu-central-1"),
    value: "'eu-central-1'",
    source: /AWS EC2 guide.*2026/,
    alternative: /move the host/,
  },
  {
    what: "SEV-SNP in GovCloud",
    fact: "On shared tenancy SEV-SNP is sold in two regions.",
    code: "POOL_REGION",
    attempt: () => snp({}, "us-gov-west-1"),
    value: "'us-gov-west-1'",
    source: /AWS EC2 guide.*2026/,
    alternative: /plain pool/,
  },
  noSnp("m7g.large", "Graviton is no AMD processor, though the provider accepts the argument."),
  noSnp("m7a.large", "The 7a line does not report amd-sev-snp."),
  noSnp("c7a.4xlarge", "The 7a line does not report amd-sev-snp."),
  noSnp("m6a.12xlarge", "m6a ends at 8xlarge with SEV-SNP."),
  noSnp("c6a.24xlarge", "c6a ends at 16xlarge with SEV-SNP."),
  noSnp("r6a.8xlarge", "r6a ends at 4xlarge with SEV-SNP."),
  noSnp("m6a.metal", "SEV-SNP is of virtual machines."),
  noSnp("m6i.large", "Intel processors have no SEV-SNP."),
  notSold("TDX on EKS", "No EC2 type has Intel TDX.", Tee.TDX, "m7i.xlarge"),
  notSold("SEV on EKS", "EC2 sells AMD SEV-SNP only.", Tee.SEV, "m6a.large"),
  notSold("SEV-ES on EKS", "EC2 sells AMD SEV-SNP only.", Tee.SEV_ES, "m6a.large"),
  notSold("SGX on EKS", "No EC2 type has Intel SGX.", Tee.SGX, "m7i.xlarge"),
  notSold("ARM CCA on EKS", "No Graviton has ARM CCA.", Tee.ARM_CCA, "m8g.large"),
  notSold("TrustZone on EKS", "No tenant of EC2 gets a secure world.", Tee.TRUSTZONE, "m8g.large"),
  notSold(
    "IBM Secure Execution on EKS",
    "EC2 has no IBM Z machines.",
    Tee.IBM_SECURE_EXECUTION,
    "m7i.xlarge",
  ),
  notSold("H100 on AWS", "AWS sells no H100 in confidential mode.", Tee.NVIDIA_CC, "p5.48xlarge"),
  noEnclaves(
    "m6i.large",
    "Two threads are one core, and the node needs one itself.",
    /use one of m6i\.xlarge/,
  ),
  noEnclaves("m7a.large", "EC2 reports no enclaves on large types of the 7a line.", /m7a\.xlarge/),
  noEnclaves("m6i.metal", "Metal types have no Nitro hypervisor to carve an enclave.", /m6i\.xlarge/),
  noEnclaves("t3.xlarge", "T types have no enclaves.", /m6i\.xlarge/),
  noEnclaves("m7i-flex.xlarge", "Flex types have no enclaves.", /m7i\.xlarge/),
  noEnclaves("m7g.medium", "One vCPU is the node's own.", /m7g\.large/),
  {
    what: "enclaves without their TEE",
    fact: "Enclaves are switched on in the launch template of a Nitro pool.",
    code: "POOL_ENCLAVES",
    attempt: () => nitro({}, "m6i.2xlarge", { tee: undefined }),
    value: "enclaves with tee 'none'",
    source: NITRO_GUIDE,
    alternative: /Tee\.NITRO_ENCLAVES on \w+\.xlarge/,
  },
  {
    what: "the TEE without enclaves",
    fact: "A node sets CPUs and memory aside before kubelet starts.",
    code: "POOL_ENCLAVES",
    attempt: () => nitro({}, "m6i.2xlarge", { enclaves: undefined }),
    value: "tee 'nitro-enclaves' without enclaves",
    source: NITRO_GUIDE,
    alternative: /set enclaves: \{ memoryMiB: 2048, vcpus: 2 \}/,
  },
  notSetAside(
    "an odd number of vCPUs where two share a core",
    "The allocator takes whole cores.",
    { vcpus: 3 },
    "3",
    ALLOCATOR,
    /set 2 to 6/,
  ),
  notSetAside(
    "all CPUs for enclaves",
    "CPU 0 and its sibling stay with the node.",
    { vcpus: 8 },
    "8",
    NITRO_GUIDE,
    /at most 6, or take a larger type of family m6i/,
  ),
  notSetAside(
    "more memory than the node can spare",
    "Kubelet, its evictions and DaemonSets need memory, and so does the pod that runs the enclave.",
    { memoryMiB: 32_768 },
    "32768",
    /awslabs\/amazon-eks-ami.*2026-07-23/,
    /set at most 27874/,
  ),
  notSetAside(
    "memory that is no whole number of huge pages",
    "The allocator rounds up, and the node's own sum would be wrong.",
    { memoryMiB: 1025 },
    "1025",
    ALLOCATOR,
    /set 1026/,
  ),
  notSetAside(
    "memory that is no whole number of 1 GiB pages",
    "What is left would come in small pages, which nobody asks for.",
    { memoryMiB: 1536, hugePages: "1Gi" },
    "1536",
    ALLOCATOR,
    /set 2048/,
  ),
  notSetAside(
    "pages the library cannot count",
    "Pods ask for hugepages-2Mi or hugepages-1Gi.",
    { hugePages: "32Mi" },
    "'32Mi'",
    /Manage HugePages, 2026/,
    /leave it out for 2Mi/,
  ),
  notSetAside("five enclaves", "A parent runs four.", { maxEnclaves: 5 }, "5", NITRO_GUIDE, /more nodes/),
  notSetAside(
    "three enclaves on one core",
    "An enclave takes a core at least.",
    { maxEnclaves: 3 },
    "2",
    NITRO_GUIDE,
    /raise vcpus or lower maxEnclaves/,
  ),
  {
    what: "an image whose kubelet sees no huge pages",
    fact: "With release 20250807 kubelet reported none.",
    code: "POOL_OS",
    attempt: () => nitro({}, "m6i.2xlarge", { releaseVersion: "1.34.1-20250807" }),
    value: "'1.34.1-20250807'",
    source: /amazon-eks-ami#2367, 2025-08-12/,
    alternative: /1\.34\.9-20260714/,
  },
  {
    what: "an image of another Kubernetes minor",
    fact: "A managed group takes releases of its own version.",
    code: "POOL_OS",
    attempt: () =>
      exampleHost({
        pools: [
          {
            name: "system",
            instanceType: "m7i.large",
            minNodes: 1,
            maxNodes: 1,
            system: true,
            releaseVersion: "1.33.3-20250819",
          },
        ],
      }),
    value: "'1.33.3-20250819'",
    source: /awslabs\/amazon-eks-ami, CHANGELOG, 2026-07-21/,
    alternative: /1\.34\.9-20260714/,
  },
  {
    what: "a pinned image on self-managed nodes",
    fact: "They resolve the recommended image when they start.",
    code: "POOL_FEATURE",
    attempt: () => snp({ selfManaged: true, releaseVersion: "1.34.9-20260714" }),
    value: "'1.34.9-20260714' with selfManaged",
    source: /Amazon EKS User Guide.*2026/,
    alternative: /leave one of the two out/,
  },
  {
    what: "a self-managed system pool on EKS",
    fact: "Add-ons wait for Ready nodes, which only managed groups report.",
    code: "POOL_FEATURE",
    attempt: () => snp({ tee: undefined, acceptUnproven: undefined, system: true, selfManaged: true }),
    value: "system with selfManaged",
    source: /Amazon EKS User Guide.*2026/,
    alternative: /m7i\.large/,
  },
  {
    what: "NUMA alignment without CPUs of one's own on EKS",
    fact: "Kubelet aligns exclusive CPUs only.",
    code: "POOL_FEATURE",
    attempt: () => snp({ numaAligned: true }),
    value: "numaAligned alone",
    source: /Kubernetes documentation.*2026/,
    alternative: /set staticCpuManager: true/,
  },
  {
    what: "a pod with an enclave on a pool without",
    fact: "The resource does not exist there, and the pod would wait for ever.",
    code: "POOL_ENCLAVES",
    attempt: () =>
      enclavePod(exampleHost().pools[2]!, { image: "registry.example.com/app:1", memoryMiB: 512 }),
    value: "a pool without enclaves",
    source: NITRO_GUIDE,
    alternative: /m6i\.xlarge/,
  },
  {
    what: "a pod with more enclave memory than a node has",
    fact: "Huge pages are counted by the scheduler.",
    code: "POOL_ENCLAVES",
    attempt: () => enclavePod(nitro({}), { image: "registry.example.com/app:1", memoryMiB: 2048 }),
    value: "2048",
    source: NITRO_GUIDE,
    alternative: /raise the pool's enclaves\.memoryMiB/,
  },
];
