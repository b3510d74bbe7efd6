// Which cloud sells which TEE, on what machines, and whether a node pool can have it. Data only.
import { Tee } from "./tee";
import { Distance, type Distances } from "./trust-tier";

/** How far parties are kept out when everything is wired that can be. */
export interface BestReach {
  readonly atBest: Distances;
  /** What must be wired for that. A phrase that follows `with`. */
  readonly wiredBy: string;
}

/** What one cloud sells of one TEE. */
export interface TeeOffer {
  /** aws, azure or google. */
  readonly cloud: string;
  readonly tee: Tee;
  /** Families that have it, in the vendor's words; undefined when the cloud sells none. */
  readonly machines?: string;
  /** A small machine type that pools take, from the catalogue; undefined when no pool can have this TEE. */
  readonly example?: string;
  /** The machine type with a confidential GPU beside it. @default - none */
  readonly gpu?: GpuMachine;
  /** Why no pool can have it; undefined when pools can. A clause without a full stop. */
  readonly notForPools?: string;
  /** How far parties are kept out at best, where this cloud stays below the TEE's own best. @default - the TEE's */
  readonly reach?: BestReach;
  /** True when a pool rests on facts nobody proved and so needs `acceptUnproven`. @default false */
  readonly unproven?: boolean;
  /** What this cloud takes away from what the TEE can do. Each a clause. */
  readonly limits: readonly string[];
  /** The vendor's page, with its date. */
  readonly source: string;
}

/** A machine type with a confidential GPU. */
export interface GpuMachine {
  /** From the catalogue. */
  readonly machineType: string;
  /** As in TeeOffer. */
  readonly unproven: boolean;
  /** As in TeeOffer, beside its limits. */
  readonly limits: readonly string[];
}

const EC2_GUIDE = "AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026";
const EC2_FEATURES =
  "EC2 DescribeInstanceTypes, as kept by getmoto/moto on 2026-08-02: of processor features that protect memory, " +
  "amd-sev-snp alone is listed";
const ENCLAVES_GUIDE = "AWS Nitro Enclaves guide, 2026";
const AKS_CVM = "AKS documentation, Use confidential VMs, 2026-06-24";
const AKS_SGX = "Azure VM sizes, DCsv3 series, 2026-03-10";
const GKE_TYPES = "GKE API reference, ConfidentialInstanceType, 2026: SEV, SEV_SNP or TDX";
const GOOGLE_MACHINES = "Google, Confidential VM supported configurations, 2026-04";

const GPU_MODE = "nothing in this release checks that the GPU is in its confidential mode";

/** A TEE that a cloud does not sell. */
function notSold(cloud: string, tee: Tee, notForPools: string, source: string): TeeOffer {
  return { cloud, tee, notForPools, limits: [], source };
}

const AWS: readonly TeeOffer[] = [
  notSold("aws", Tee.SEV, "EC2 sells AMD SEV-SNP, not plain SEV", EC2_FEATURES),
  notSold("aws", Tee.SEV_ES, "EC2 sells AMD SEV-SNP, not SEV-ES", EC2_FEATURES),
  {
    cloud: "aws",
    tee: Tee.SEV_SNP,
    machines: "m6a, c6a, r6a, on shared tenancy in us-east-2 and eu-west-1",
    example: "m6a.large",
    // Confidential pod VMs are unproven there: a verifier can judge nodes at best.
    reach: {
      atBest: { provider: Distance.OUT_PROVEN, hostAdmin: Distance.TRUSTED, neighbours: Distance.OUT },
      wiredBy:
        "one tenant's own nodes, attested before its pods land, and admission rules that keep everybody else's pods off them",
    },
    unproven: true,
    limits: [
      "no AWS statement says that a managed node group takes SEV-SNP",
      "AWS KMS has no key condition for an SNP report: keys need a verifier of your own",
      "no confidential pod VMs: Confidential Containers listed AWS as without a TEE on 2026-08-07",
    ],
    source: EC2_GUIDE,
  },
  notSold("aws", Tee.TDX, "EC2 sells no machines with Intel TDX", EC2_FEATURES),
  notSold("aws", Tee.SGX, "EC2 sells no machines with Intel SGX", EC2_FEATURES),
  {
    cloud: "aws",
    tee: Tee.NITRO_ENCLAVES,
    machines:
      "most Nitro instance types; no metal, T or flex types, and of 2 vCPUs only Graviton and the 8a line",
    example: "m5.xlarge",
    limits: [
      "not together with SEV-SNP on one instance",
      "any pod of a node can reach an enclave over vsock",
    ],
    source: ENCLAVES_GUIDE,
  },
  notSold(
    "aws",
    Tee.NVIDIA_CC,
    "EC2 was not found to sell a machine with a confidential GPU",
    "AWS documentation, 2026",
  ),
];

const AZURE: readonly TeeOffer[] = [
  notSold("azure", Tee.SEV, "AKS offers AMD SEV-SNP, not plain SEV", AKS_CVM),
  notSold("azure", Tee.SEV_ES, "AKS offers AMD SEV-SNP, not SEV-ES", AKS_CVM),
  {
    cloud: "azure",
    tee: Tee.SEV_SNP,
    machines: "DCasv5, DCadsv5, ECasv5, ECadsv5, DCasv6, DCadsv6, ECasv6, ECadsv6",
    example: "Standard_DC4as_v5",
    gpu: {
      machineType: "Standard_NCC40ads_H100_v5",
      unproven: true,
      limits: ["two sources contradict each other on whether AKS takes NCCads_H100_v5", GPU_MODE],
    },
    limits: [
      "Microsoft's closed paravisor runs inside the TEE and makes the evidence: pods see a vTPM, not the SNP report",
      "disks of AKS nodes cannot be encrypted confidentially",
    ],
    source: AKS_CVM,
  },
  {
    cloud: "azure",
    tee: Tee.TDX,
    machines: "DCesv6, ECesv6, as virtual machines of your own",
    notForPools: "AKS does not support confidential VMs with Intel TDX, though Azure sells them",
    limits: [],
    source: AKS_CVM,
  },
  {
    cloud: "azure",
    tee: Tee.SGX,
    machines: "DCsv3, DCdsv3",
    example: "Standard_DC2s_v3",
    limits: ["DCsv3 retires on 2029-10-31, no date is published for DCdsv3, and no newer SGX size was found"],
    source: AKS_SGX,
  },
  notSold("azure", Tee.NITRO_ENCLAVES, "only AWS sells Nitro Enclaves", ENCLAVES_GUIDE),
  {
    cloud: "azure",
    tee: Tee.NVIDIA_CC,
    machines: "NCCads_H100_v5, beside AMD SEV-SNP",
    notForPools:
      "it protects a GPU beside a confidential VM and is no TEE of a node; choose the TEE of the virtual machine",
    limits: [],
    source: "Azure VM sizes, NCCads_H100_v5 series, 2024-08-06",
  },
];

const GOOGLE: readonly TeeOffer[] = [
  {
    cloud: "google",
    tee: Tee.SEV,
    machines: "n2d, c2d, c3d, c4d",
    example: "n2d-standard-4",
    limits: [],
    source: GOOGLE_MACHINES,
  },
  notSold("google", Tee.SEV_ES, "GKE offers SEV, SEV-SNP and TDX, not SEV-ES", GKE_TYPES),
  {
    cloud: "google",
    tee: Tee.SEV_SNP,
    machines: "n2d on AMD Milan",
    example: "n2d-standard-4",
    limits: ["no live migration: nodes end on host maintenance"],
    source: GOOGLE_MACHINES,
  },
  {
    cloud: "google",
    tee: Tee.TDX,
    machines: "c3-standard, c4-standard on Intel Granite Rapids, a3-highgpu-1g",
    example: "c3-standard-4",
    gpu: {
      machineType: "a3-highgpu-1g",
      unproven: true,
      limits: ["zones and how the machine can be bought were not found", GPU_MODE],
    },
    limits: [
      "no live migration: nodes end on host maintenance",
      "sources differ on whether confidential pod VMs work with TDX there",
    ],
    source: GOOGLE_MACHINES,
  },
  notSold("google", Tee.SGX, "GKE offers SEV, SEV-SNP and TDX, not Intel SGX", GKE_TYPES),
  notSold("google", Tee.NITRO_ENCLAVES, "only AWS sells Nitro Enclaves", ENCLAVES_GUIDE),
  {
    cloud: "google",
    tee: Tee.NVIDIA_CC,
    machines: "a3-highgpu-1g, beside Intel TDX",
    notForPools:
      "it protects a GPU beside a confidential VM and is no TEE of a node; choose the TEE of the virtual machine",
    limits: [],
    source: GOOGLE_MACHINES,
  },
];

/** TEEs that none of the three clouds has on nodes, and why. */
const NOWHERE: readonly (readonly [tee: Tee, why: string])[] = [
  [Tee.IBM_SECURE_EXECUTION, "it needs IBM Z or LinuxONE, which none of the three clouds sells"],
  [Tee.ARM_CCA, "no machine with it was found on sale"],
  [
    Tee.TRUSTZONE,
    "it is one secure world for each chip, for devices, and no cloud was found to sell it to tenants",
  ],
];

/** What each cloud's own list of TEEs is. */
const LISTS: readonly (readonly [cloud: string, source: string])[] = [
  ["aws", EC2_FEATURES],
  ["azure", AKS_CVM],
  ["google", GKE_TYPES],
];

/** The clouds of this library, in table order. */
export const TEE_CLOUDS: readonly string[] = ["aws", "azure", "google"];

/** One row for each cloud and TEE, clouds in order. */
export const TEE_OFFERS: readonly TeeOffer[] = [
  ...AWS,
  ...AZURE,
  ...GOOGLE,
  ...LISTS.flatMap(([cloud, source]) => NOWHERE.map(([tee, why]) => notSold(cloud, tee, why, source))),
];
