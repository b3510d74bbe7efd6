// Trusted execution environments, by name. What each one is and is not stands in tee-comparison.ts.

/** A trusted execution environment. `Tee.NONE` stands for plain nodes. */
export class Tee {
  /** No TEE: the infrastructure provider can read the node's memory. */
  public static readonly NONE = new Tee("none", "none");
  /** AMD SEV: memory encryption of a virtual machine, without integrity and with exposed registers. */
  public static readonly SEV = new Tee("sev", "AMD SEV");
  /** AMD SEV-ES: as SEV, registers encrypted too. Nobody sells it as a node. */
  public static readonly SEV_ES = new Tee("sev-es", "AMD SEV-ES");
  /** AMD SEV-SNP: memory encryption with integrity, one key per virtual machine, attestable. */
  public static readonly SEV_SNP = new Tee("sev-snp", "AMD SEV-SNP");
  /** Intel TDX: memory encryption with integrity, one key per trust domain, attestable. */
  public static readonly TDX = new Tee("tdx", "Intel TDX");
  /** Intel SGX: process enclaves; the node and its pods are outside. */
  public static readonly SGX = new Tee("sgx", "Intel SGX");
  /** AWS Nitro Enclaves: a separate small virtual machine carved out of the node; AWS stays in the trust base. */
  public static readonly NITRO_ENCLAVES = new Tee("nitro-enclaves", "AWS Nitro Enclaves");
  /** IBM Secure Execution, on Z and LinuxONE. None of the three clouds sells it. */
  public static readonly IBM_SECURE_EXECUTION = new Tee("ibm-secure-execution", "IBM Secure Execution");
  /** ARM Confidential Compute Architecture. None of the three clouds sells it. */
  public static readonly ARM_CCA = new Tee("arm-cca", "ARM CCA");
  /** ARM TrustZone: one secure world per chip, for devices. No cloud sells it. */
  public static readonly TRUSTZONE = new Tee("trustzone", "ARM TrustZone");
  /** NVIDIA confidential computing on H100: protects the GPU, beside a confidential virtual machine. */
  public static readonly NVIDIA_CC = new Tee("nvidia-cc", "NVIDIA H100 confidential computing");

  /** All known ones. */
  public static readonly ALL: readonly Tee[] = [
    Tee.NONE,
    Tee.SEV,
    Tee.SEV_ES,
    Tee.SEV_SNP,
    Tee.TDX,
    Tee.SGX,
    Tee.NITRO_ENCLAVES,
    Tee.IBM_SECURE_EXECUTION,
    Tee.ARM_CCA,
    Tee.TRUSTZONE,
    Tee.NVIDIA_CC,
  ];

  /** The TEE of that id, if known. */
  public static find(id: string): Tee | undefined {
    return Tee.ALL.find((tee) => tee.id === id);
  }

  private constructor(
    /** Shape: lower-case with dashes, as in labels and JSON. */
    public readonly id: string,
    /** The vendor's own name. */
    public readonly label: string,
  ) {}

  public toString(): string {
    return this.label;
  }
}
