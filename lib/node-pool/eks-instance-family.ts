// The EC2 families the library knows: sizes, memory, threads, and which size does which TEE. Data only.

/** A family of instance types. */
export interface EksInstanceFamily {
  readonly gibPerVcpu: number;
  /** x86_64 or arm64. */
  readonly arch: string;
  /** Sizes with their vCPUs, smallest first. */
  readonly sizes: Readonly<Record<string, number>>;
  /** vCPUs of one core: 2 where two threads share it. */
  readonly threadsPerCore: number;
  /** Largest size that does SEV-SNP. The vendor's list ends at different sizes. */
  readonly snpUpTo?: string;
  /** Smallest size that can have Nitro Enclaves. Every larger one here can. */
  readonly enclavesFrom: string;
}

const UP_TO_16XLARGE = {
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "12xlarge": 48,
  "16xlarge": 64,
} as const;
const UP_TO_24XLARGE = { ...UP_TO_16XLARGE, "24xlarge": 96 } as const;
/** C5 alone has other steps. */
const C5_SIZES = {
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "9xlarge": 36,
  "12xlarge": 48,
  "18xlarge": 72,
  "24xlarge": 96,
} as const;

type Shape = Omit<EksInstanceFamily, "gibPerVcpu">;

/** Two threads a core. An enclave takes whole cores and leaves one, so two vCPUs are too few. */
const X86: Shape = { arch: "x86_64", sizes: UP_TO_24XLARGE, threadsPerCore: 2, enclavesFrom: "xlarge" };
/** The 7a line has a core for each vCPU, and EC2 reports no enclaves on its `large` all the same. */
const AMD_7A: Shape = { ...X86, threadsPerCore: 1 };
/** The 8a line has a core for each vCPU, and enclaves on `large`. */
const AMD_8A: Shape = { ...AMD_7A, enclavesFrom: "large" };
/** Graviton2 and 3: a core for each vCPU. */
const GRAVITON: Shape = {
  arch: "arm64",
  sizes: UP_TO_16XLARGE,
  threadsPerCore: 1,
  enclavesFrom: "large",
};
/** Graviton4 goes on to 24xlarge. */
const GRAVITON_4: Shape = { ...GRAVITON, sizes: UP_TO_24XLARGE };

/** GiB for each vCPU of compute, general and memory families. */
const [C, M, R] = [2, 4, 8] as const;

/** The families. Types not listed are refused: their size is not known here. */
export const EKS_INSTANCE_FAMILIES: Readonly<Record<string, EksInstanceFamily>> = {
  m6a: { gibPerVcpu: M, ...X86, snpUpTo: "8xlarge" },
  c6a: { gibPerVcpu: C, ...X86, snpUpTo: "16xlarge" },
  r6a: { gibPerVcpu: R, ...X86, snpUpTo: "4xlarge" },
  m7a: { gibPerVcpu: M, ...AMD_7A },
  c7a: { gibPerVcpu: C, ...AMD_7A },
  r7a: { gibPerVcpu: R, ...AMD_7A },
  m8a: { gibPerVcpu: M, ...AMD_8A },
  c8a: { gibPerVcpu: C, ...AMD_8A },
  r8a: { gibPerVcpu: R, ...AMD_8A },
  m5: { gibPerVcpu: M, ...X86 },
  c5: { gibPerVcpu: C, ...X86, sizes: C5_SIZES },
  r5: { gibPerVcpu: R, ...X86 },
  m6i: { gibPerVcpu: M, ...X86 },
  c6i: { gibPerVcpu: C, ...X86 },
  r6i: { gibPerVcpu: R, ...X86 },
  m6id: { gibPerVcpu: M, ...X86 },
  c6id: { gibPerVcpu: C, ...X86 },
  r6id: { gibPerVcpu: R, ...X86 },
  m7i: { gibPerVcpu: M, ...X86 },
  c7i: { gibPerVcpu: C, ...X86 },
  r7i: { gibPerVcpu: R, ...X86 },
  m8i: { gibPerVcpu: M, ...X86 },
  c8i: { gibPerVcpu: C, ...X86 },
  r8i: { gibPerVcpu: R, ...X86 },
  m6g: { gibPerVcpu: M, ...GRAVITON },
  c6g: { gibPerVcpu: C, ...GRAVITON },
  r6g: { gibPerVcpu: R, ...GRAVITON },
  m7g: { gibPerVcpu: M, ...GRAVITON },
  c7g: { gibPerVcpu: C, ...GRAVITON },
  r7g: { gibPerVcpu: R, ...GRAVITON },
  m8g: { gibPerVcpu: M, ...GRAVITON_4 },
  c8g: { gibPerVcpu: C, ...GRAVITON_4 },
  r8g: { gibPerVcpu: R, ...GRAVITON_4 },
};
