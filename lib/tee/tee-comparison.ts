// What each TEE is and is not, one row each. Every statement names its source or is marked unsure. Data only.
import { Tee } from "./tee";
import { TEE_OFFERS, type BestReach } from "./tee-offers";
import { Distance, TrustTier, type Distances } from "./trust-tier";

/** One statement, with who says so. */
export interface TeeFact {
  readonly text: string;
  /** Pages that say so, with their dates. Empty when nobody read one. */
  readonly sources: readonly string[];
  /** True when no source settles it: general knowledge, or sources that contradict each other. */
  readonly unsure: boolean;
}

/** How far parties are kept out: at best, and today. */
export interface TeeReach extends BestReach {
  /** What ordinary pods on a pool reach in this release; undefined when no pool can have the TEE. */
  readonly today?: TrustTier;
}

/** One TEE. */
export interface TeeComparison {
  readonly tee: Tee;
  /** What is kept from being read, and by whom. */
  readonly confidentiality: TeeFact;
  /** What is kept from being changed, replayed or moved. */
  readonly integrity: TeeFact;
  /** When it can prove itself. */
  readonly attestability: TeeFact;
  /** How data sealed by one run is opened by the next. */
  readonly recoverability: TeeFact;
  /** What stands inside together. */
  readonly isolationUnit: TeeFact;
  readonly codeChanges: TeeFact;
  readonly soldBy: TeeFact;
  readonly evidence: TeeFact;
  readonly verifiers: TeeFact;
  /** Clouds of this library whose pools can have it. */
  readonly clouds: readonly string[];
  /** Why no pool of any cloud can have it; undefined when some can. */
  readonly notForPools?: string;
  /** True when an application runs in it as it is. */
  readonly unmodifiedApp: boolean;
  /** True when it covers a GPU. */
  readonly gpu: boolean;
  /** True when the host cannot change or swap memory unnoticed by software alone. */
  readonly keepsIntegrity: boolean;
  readonly reach: TeeReach;
  /** What it does not give. */
  readonly limits: readonly TeeFact[];
}

const KVM_SEV = "Linux kernel documentation, Secure Encrypted Virtualization (KVM), read 2026-11";
const LINUX_AMD = "Linux kernel documentation, AMD Memory Encryption, 2024-12";
const LINUX_SEV_GUEST = "Linux kernel documentation, SEV Guest API, read 2026-11";
const LINUX_TDX = "Linux kernel documentation, Intel Trust Domain Extensions, read 2026-11";
const LINUX_SGX = "Linux kernel documentation, Software Guard eXtensions, read 2026-11";
const LINUX_S390 = "Linux kernel documentation, IBM Z Ultravisor and Protected VMs, read 2026-11";
const TDX_MODULE = "intel/tdx-module, README, read 2026-11";
const AKS_CVM = "AKS documentation, Use confidential VMs, 2026-06-24";
const AZURE_NO_SEV_GUEST =
  "microsoft/confidential-sidecar-containers issue 177; agentrust-io/cmcp issue 407, 2026-07";
const AZURE_SGX = "Azure VM sizes, DCsv3 series, 2026-03-10";
const AZURE_GPU = "Azure VM sizes, NCCads_H100_v5 series, 2024-08-06";
const EC2_SNP = "AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026";
const EC2_ATTEST = "AWS EC2 guide, Attest an instance with AMD SEV-SNP, 2026";
const ENCLAVES = "AWS Nitro Enclaves guide, 2026";
const AWS_KMS = "AWS KMS guide, condition keys for Nitro Enclaves, 2026";
const GOOGLE_CVM = "Google, Confidential VM supported configurations, 2026-04";
const GOOGLE_CLAIMS = "Google, attestation token claims, 2026";
const CC_PLUGIN = "google/cc-device-plugin, README, 2026";
const CONSTELLATION = "Constellation documentation, clouds, 2026-01-22";
const COCO = "Confidential Containers, overview, 2026-08-07";
const TRUSTEE = "Trustee v0.21, verifier crates, 2026-08-21";
const MAA = "Microsoft Azure Attestation documentation, 2025";
const INTEL_TA = "Intel Trust Authority, client documentation, 2026";
const GRAMINE = "Gramine 1.9 documentation, 2025-06";
const IBM_CLOUD = "IBM Cloud documentation, Confidential computing with LinuxONE, 2024-09-24";
const PVATTEST = "pvattest(1), s390-tools 2.31, 2024";
const GENPROTIMG = "genprotimg(1), s390-tools 2.37, 2025";
const ARM_RME = "Arm, Realm Management Extension support in TF-A, 2021-09";
const CCA_TOKEN = "Internet-Draft draft-ffm-rats-cca-token-04, 2026-09-07";
const OPTEE = "OP-TEE documentation, About OP-TEE, read 2026-11";
const NVIDIA_NOTES = "NVIDIA confidential computing, R550 release notes, 2024";
const NVIDIA_ATTEST = "NVIDIA attestation documentation, 2026";
const H100_WIKI = "Edgeless Systems wiki, Nvidia Hopper H100, read 2026-11";
const INTERPOSERS = "WireTap, Battering RAM and TEE.fail project sites, 2025-10";

/** A statement that pages say. */
function fact(text: string, ...sources: string[]): TeeFact {
  return { text, sources, unsure: false };
}

/** A statement that no page settles. */
function unsure(text: string, ...sources: string[]): TeeFact {
  return { text, sources, unsure: true };
}

const NODE_ALONE: Distances = {
  provider: Distance.OUT,
  hostAdmin: Distance.TRUSTED,
  neighbours: Distance.OUT,
};
const ALL_PROVEN: Distances = {
  provider: Distance.OUT_PROVEN,
  hostAdmin: Distance.OUT_PROVEN,
  neighbours: Distance.OUT_PROVEN,
};

const OWN_POOL = "a pool of one tenant's own, with admission rules that keep everybody else's pods off it";
const POD_VM = "one confidential virtual machine for each pod, and keys released on verified evidence only";

const BUS = fact(
  "an interposer on the memory bus, below 1000 USD, read keys and forged evidence; vendors put physical attacks out of scope",
  INTERPOSERS,
);

type Row = Omit<TeeComparison, "clouds">;

const ROWS: readonly Row[] = [
  {
    tee: Tee.SEV,
    confidentiality: fact("memory, under a key of the virtual machine's own", KVM_SEV),
    integrity: unsure("none: the host can remap and replay pages, and sees registers"),
    attestability: fact("at launch only: the hypervisor fetches a measurement of the first memory", KVM_SEV),
    recoverability: unsure(
      "none of its own; a vTPM seals, and on Google it belongs to the hypervisor",
      CONSTELLATION,
    ),
    isolationUnit: fact("virtual machine", KVM_SEV),
    codeChanges: fact("none to applications; the guest's kernel knows SEV", LINUX_AMD),
    soldBy: fact("Google n2d, c2d, c3d, c4d", GOOGLE_CVM),
    evidence: fact("launch measurement; on GKE a vTPM quote", KVM_SEV, CC_PLUGIN),
    verifiers: fact("Google Cloud Attestation; Trustee, as a TPM", GOOGLE_CLAIMS, TRUSTEE),
    unmodifiedApp: true,
    gpu: false,
    keepsIntegrity: false,
    // The evidence comes from the hypervisor's own vTPM, so it proves nothing against the provider.
    reach: { atBest: NODE_ALONE, wiredBy: OWN_POOL, today: TrustTier.CONFIDENTIAL_NODE },
    limits: [unsure("memory has no integrity: a hostile host can change what it cannot read")],
  },
  {
    tee: Tee.SEV_ES,
    confidentiality: unsure("as SEV, and registers when the guest exits to the host"),
    integrity: unsure("none, as SEV"),
    attestability: fact("as SEV; the measurement covers the first registers", KVM_SEV),
    recoverability: unsure("as SEV"),
    isolationUnit: unsure("virtual machine"),
    codeChanges: unsure("none to applications"),
    soldBy: unsure(
      "nobody, for nodes; Google's claims name GCP_AMD_SEV_ES as a hardware model",
      GOOGLE_CLAIMS,
    ),
    evidence: unsure("as SEV"),
    verifiers: unsure("as SEV"),
    notForPools: "none of the three clouds sells it for nodes",
    unmodifiedApp: true,
    gpu: false,
    keepsIntegrity: false,
    reach: { atBest: NODE_ALONE, wiredBy: OWN_POOL },
    limits: [unsure("memory has no integrity, as with SEV")],
  },
  {
    tee: Tee.SEV_SNP,
    confidentiality: fact("memory and state, from hypervisor and host", AKS_CVM),
    integrity: fact("a reverse map table ties each page of memory to one page of one guest", LINUX_AMD),
    attestability: fact("at any time: the guest asks the firmware for a signed report", LINUX_SEV_GUEST),
    recoverability: fact(
      "the firmware derives keys for sealing; not on Azure, where pods have no /dev/sev-guest",
      LINUX_SEV_GUEST,
      AZURE_NO_SEV_GUEST,
    ),
    isolationUnit: fact("virtual machine, with privilege levels inside", LINUX_AMD),
    codeChanges: fact("none", AKS_CVM),
    soldBy: fact(
      "Azure DCasv5, DCadsv5, ECasv5, ECadsv5, DCasv6, DCadsv6, ECasv6, ECadsv6; Google n2d; AWS m6a, c6a, r6a",
      AKS_CVM,
      GOOGLE_CVM,
      EC2_SNP,
    ),
    evidence: fact("report signed by a chip's key (VCEK) or a provider's key from AMD (VLEK)", EC2_ATTEST),
    verifiers: fact("Trustee, Azure Attestation, Intel Trust Authority", TRUSTEE, MAA, INTEL_TA),
    unmodifiedApp: true,
    gpu: false,
    keepsIntegrity: true,
    reach: { atBest: ALL_PROVEN, wiredBy: POD_VM, today: TrustTier.CONFIDENTIAL_NODE },
    limits: [BUS],
  },
  {
    tee: Tee.TDX,
    confidentiality: fact("memory encrypted, registers isolated, from the host", LINUX_TDX),
    integrity: fact(
      "address translation is protected; memory carries a MAC and an ownership bit",
      TDX_MODULE,
    ),
    attestability: fact("at any time: a report, then a quote, over boot and runtime registers", LINUX_TDX),
    recoverability: unsure("no sealing key; a vTPM or a key broker instead"),
    isolationUnit: fact("virtual machine (trust domain)", LINUX_TDX),
    codeChanges: fact("none to applications; the guest's kernel knows TDX", LINUX_TDX),
    soldBy: fact(
      "Google c3-standard, c4-standard, a3-highgpu-1g; Azure DCesv6, ECesv6, not on AKS; Alibaba",
      GOOGLE_CVM,
      AKS_CVM,
      COCO,
    ),
    evidence: fact("quote", LINUX_TDX),
    verifiers: fact(
      "Trustee, Intel Trust Authority, Azure Attestation, Google Cloud Attestation",
      TRUSTEE,
      INTEL_TA,
      MAA,
      GOOGLE_CLAIMS,
    ),
    unmodifiedApp: true,
    gpu: false,
    keepsIntegrity: true,
    reach: { atBest: ALL_PROVEN, wiredBy: POD_VM, today: TrustTier.CONFIDENTIAL_NODE },
    limits: [BUS],
  },
  {
    tee: Tee.SGX,
    confidentiality: fact("pages of the enclave, encrypted before they leave the processor", LINUX_SGX),
    integrity: fact(
      "against software; the tree that caught changes on the memory bus is gone since Ice Lake",
      LINUX_SGX,
    ),
    attestability: fact("at any time: a quote by the data centre's own service (DCAP)", MAA, GRAMINE),
    recoverability: fact("sealing keys of the enclave or of its signer, on one platform", GRAMINE),
    isolationUnit: fact("enclave inside a process", LINUX_SGX),
    codeChanges: fact(
      "a part moved into an enclave, or a library OS such as Gramine around it",
      LINUX_SGX,
      GRAMINE,
    ),
    soldBy: fact("Azure DCsv3, DCdsv3; others were not checked", AZURE_SGX),
    evidence: fact("quote", GRAMINE),
    verifiers: fact("Trustee, Azure Attestation, Intel Trust Authority", TRUSTEE, MAA, INTEL_TA),
    unmodifiedApp: false,
    gpu: false,
    keepsIntegrity: true,
    reach: {
      atBest: ALL_PROVEN,
      wiredBy: "an enclave that gets its keys on a verified quote only",
      // Pods of the node are outside the enclave.
      today: TrustTier.SHARED,
    },
    limits: [BUS, fact("pods on the node are outside: nothing but the enclave is protected", LINUX_SGX)],
  },
  {
    tee: Tee.NITRO_ENCLAVES,
    confidentiality: fact(
      "CPUs and memory of the enclave, from processes, kernel and users of the parent instance",
      ENCLAVES,
    ),
    integrity: unsure("by the Nitro hypervisor, which is AWS' own"),
    attestability: fact("at any time: a signed document with measurements of the image", ENCLAVES, AWS_KMS),
    recoverability: fact("no storage; a KMS key can be bound to measurements", ENCLAVES, AWS_KMS),
    isolationUnit: fact("virtual machine carved out of an instance", ENCLAVES),
    codeChanges: fact("packed as an enclave image, and vsock is its only way out", ENCLAVES),
    soldBy: fact("AWS, on most Nitro instance types", ENCLAVES),
    evidence: fact("attestation document with platform configuration registers", ENCLAVES),
    verifiers: fact("AWS KMS; a verifier of your own", AWS_KMS),
    unmodifiedApp: false,
    gpu: false,
    keepsIntegrity: true,
    reach: {
      atBest: { ...ALL_PROVEN, provider: Distance.TRUSTED },
      wiredBy: "an enclave that gets its keys from KMS on its measurements only",
      // Pods of the node are outside the enclave.
      today: TrustTier.SHARED,
    },
    limits: [
      fact("AWS stays inside: its hypervisor carries the isolation and signs the evidence", ENCLAVES),
      fact("pods on the node are outside: nothing but the enclave is protected", ENCLAVES),
    ],
  },
  {
    tee: Tee.IBM_SECURE_EXECUTION,
    confidentiality: fact("memory and registers, from the hypervisor, by the Ultravisor", LINUX_S390),
    integrity: fact(
      "the boot image's header is protected, and the Ultravisor guards changes of state",
      GENPROTIMG,
      LINUX_S390,
    ),
    attestability: fact("on request: the Ultravisor answers a challenge", PVATTEST),
    recoverability: unsure(
      "secrets travel inside the encrypted boot image, bound to hosts' keys",
      GENPROTIMG,
    ),
    isolationUnit: fact("virtual machine", LINUX_S390),
    codeChanges: fact("none to applications; the boot image is encrypted for hosts' keys", GENPROTIMG),
    soldBy: fact("IBM Cloud (Hyper Protect), IBM Z, LinuxONE", IBM_CLOUD),
    evidence: fact("the Ultravisor's answer", PVATTEST),
    verifiers: fact("Trustee, pvattest", TRUSTEE, PVATTEST),
    notForPools: "it needs IBM Z or LinuxONE, which none of the three clouds sells",
    unmodifiedApp: true,
    gpu: false,
    keepsIntegrity: true,
    reach: { atBest: ALL_PROVEN, wiredBy: POD_VM },
    limits: [],
  },
  {
    tee: Tee.ARM_CCA,
    confidentiality: fact("code and data of a Realm, from hypervisor, host and TrustZone", ARM_RME),
    integrity: fact("code and data of a Realm, from the same", ARM_RME),
    attestability: fact("a token over platform and Realm", CCA_TOKEN),
    recoverability: unsure("none that is a standard"),
    isolationUnit: fact("virtual machine (Realm)", ARM_RME),
    codeChanges: unsure("none to applications"),
    soldBy: unsure(
      "nobody found; one copy of Google's Compute API reference lists a value CCA, others do not",
    ),
    evidence: fact("CCA token", CCA_TOKEN),
    verifiers: fact("Trustee", TRUSTEE),
    notForPools: "no machine with it was found on sale",
    unmodifiedApp: true,
    gpu: false,
    keepsIntegrity: true,
    reach: { atBest: ALL_PROVEN, wiredBy: POD_VM },
    limits: [],
  },
  {
    tee: Tee.TRUSTZONE,
    confidentiality: unsure(
      "the secure world's memory, from the normal world; encrypted only where a vendor does it",
    ),
    integrity: fact("two physical address spaces, and the normal world cannot reach the secure one", ARM_RME),
    attestability: unsure("no common scheme; a token on some devices"),
    recoverability: unsure("secure storage under a key of the device"),
    isolationUnit: fact("one secure world for each chip, with trusted applications inside", OPTEE),
    codeChanges: fact("a trusted application, written for the secure world", OPTEE),
    soldBy: unsure("devices; no cloud was found to sell it to tenants"),
    evidence: unsure("a vendor's token, or none"),
    verifiers: unsure("Veraison, or the vendor"),
    notForPools:
      "it is one secure world for each chip, for devices, and no cloud was found to sell it to tenants",
    unmodifiedApp: false,
    gpu: false,
    keepsIntegrity: true,
    reach: {
      // Whoever signs the secure world's software owns everything in it.
      atBest: { provider: Distance.TRUSTED, hostAdmin: Distance.OUT, neighbours: Distance.ISOLATED },
      wiredBy: "a trusted application signed by the device's owner",
    },
    limits: [fact("trusted applications share the secure world, whose kernel keeps them apart", OPTEE)],
  },
  {
    tee: Tee.NVIDIA_CC,
    confidentiality: fact(
      "GPU memory is closed to the host but in clear inside the GPU; transfers are encrypted",
      H100_WIKI,
      NVIDIA_NOTES,
    ),
    integrity: fact("AES-GCM on transfers", NVIDIA_NOTES),
    attestability: fact("firmware is measured at boot, the report signed by a key of the device", H100_WIKI),
    recoverability: unsure("none"),
    isolationUnit: fact("a whole GPU, one for each virtual machine", NVIDIA_NOTES),
    codeChanges: fact("none to most CUDA programs; pinned host memory does not work", NVIDIA_NOTES),
    soldBy: fact(
      "Azure NCCads_H100_v5, beside SEV-SNP; Google a3-highgpu-1g, beside TDX",
      AZURE_GPU,
      GOOGLE_CVM,
    ),
    evidence: fact("measurement report of the device", NVIDIA_ATTEST),
    verifiers: fact(
      "NVIDIA Remote Attestation Service, Trustee, Intel Trust Authority",
      NVIDIA_ATTEST,
      TRUSTEE,
      INTEL_TA,
    ),
    notForPools:
      "it protects a GPU beside a confidential virtual machine: choose SEV-SNP or TDX, and a machine type with the GPU",
    unmodifiedApp: true,
    gpu: true,
    keepsIntegrity: true,
    reach: { atBest: ALL_PROVEN, wiredBy: `${POD_VM}, the GPU's among it` },
    limits: [
      fact(
        "its mode is no proof: somebody must check the GPU's report together with the processor's",
        NVIDIA_ATTEST,
      ),
      unsure("TEE.fail reached the GPU's evidence through the processor's", INTERPOSERS),
    ],
  },
];

/** What no TEE promises. */
export const OUTSIDE_EVERY_TEE =
  "Availability, traffic analysis, side channels and bugs in guest software are outside every TEE's promise.";

/** The comparison, by TEE, in the order of `Tee.ALL`. `Tee.NONE` has no row. */
export const TEE_COMPARISON: ReadonlyMap<Tee, TeeComparison> = new Map(
  ROWS.map((row) => [row.tee, { ...row, clouds: cloudsOf(row.tee) }]),
);

function cloudsOf(tee: Tee): readonly string[] {
  return TEE_OFFERS.filter((offer) => offer.tee === tee && offer.example).map(({ cloud }) => cloud);
}
