// What survives a destroy. Keeping is the default; destroying takes a reason.
import { type IConstruct, type TerraformResourceLifecycle } from "./cdk";
import { reasonOf } from "./errors";
import { warn } from "./notes";
import { shape } from "./option-shape";

/**
 * Whether namespaces, keys and clusters are protected against deletion, and a control plane's volume claim is kept.
 * The disks behind volumes are kept either way: delete them by hand.
 */
export class Retention {
  /** Everything is protected: `prevent_destroy`, deletion protection, the longest waiting period, claims of control planes kept. */
  public static readonly KEEP = new Retention(undefined);

  /**
   * Lifts all protection, for tests and throw-away platforms. Shows as a warning at synth.
   * Fails with REASON when the reason says nothing.
   */
  public static destroy(reason: string): Retention {
    return new Retention(reasonOf("Retention.destroy", "reason", reason));
  }

  private constructor(private readonly reason: string | undefined) {}

  /** True when deletion is refused by the provider or by Terraform. */
  public get protects(): boolean {
    return this.reason === undefined;
  }

  /** Days a deleted KMS key can still be brought back: 30, or 7 (the least AWS takes) when nothing is kept. */
  public get keyWaitingDays(): number {
    return this.protects ? 30 : 7;
  }

  /** Lifecycle block for a resource whose loss is a loss of data. */
  public get lifecycle(): TerraformResourceLifecycle | undefined {
    return this.protects ? { preventDestroy: true } : undefined;
  }

  /** Says in the manifest of `scope` that protection is off. */
  public note(scope: IConstruct): void {
    if (this.reason) warn(scope, `deletion protection is off: ${this.reason}`);
  }
}

/** The shape of an option that takes one. */
export const RETENTION_SHAPE = shape
  .withMember("keyWaitingDays", "Retention.KEEP or made by Retention.destroy")
  .optional();
