// Trusted execution environments a node can run in.

/** A trusted execution environment. `Tee.NONE` stands for plain nodes. */
export class Tee {
  /** No TEE: the infrastructure provider can read the node's memory. */
  public static readonly NONE = new Tee("none", "none");
  /** AMD SEV-SNP: memory encryption with integrity, one key per virtual machine, attestable. */
  public static readonly SEV_SNP = new Tee("sev-snp", "AMD SEV-SNP");
  /** Intel TDX: memory encryption with integrity, one key per trust domain, attestable. */
  public static readonly TDX = new Tee("tdx", "Intel TDX");
  /** AWS Nitro Enclaves: a separate small virtual machine carved out of the node; AWS stays in the trust base. */
  public static readonly NITRO_ENCLAVES = new Tee("nitro-enclaves", "AWS Nitro Enclaves");

  /** All known ones. */
  public static readonly ALL: readonly Tee[] = [Tee.NONE, Tee.SEV_SNP, Tee.TDX, Tee.NITRO_ENCLAVES];

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
