// A line on standard error when synthesis takes longer than a second, so that a person sees it is alive.
import { TerraformStack, type App, type ISynthesisSession, type IStackSynthesizer } from "../core/cdk";

/** Counts stacks as they are written, and says where it is at most once a second. */
export class Progress {
  private last: number;

  public constructor(
    private readonly write: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.last = now();
  }

  /** Says where the work is, if the last line is a second old. */
  public step(what: string): void {
    if (this.now() - this.last < 1000) return;
    this.last = this.now();
    this.write(`… ${what}\n`);
  }

  /** Reports each stack of an app as it is synthesized. */
  public watch(app: App): void {
    const stacks = app.node.children.filter((child): child is TerraformStack =>
      TerraformStack.isStack(child),
    );
    for (const [index, stack] of stacks.entries()) {
      const inner: IStackSynthesizer = stack.synthesizer;
      stack.synthesizer = {
        synthesize: (session: ISynthesisSession) => {
          this.step(`writing stack ${index + 1} of ${stacks.length}: ${stack.node.id}`);
          inner.synthesize(session);
        },
      };
    }
  }
}
