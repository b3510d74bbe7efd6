// One way to synthesize a stack in a test, so that no test forgets a step.
import { LocalBackend, Testing, type TerraformStack } from "../core/cdk";

/** A resource or data source class: it names its Terraform type. */
export interface TerraformType {
  readonly tfResourceType: string;
}

type Block = Record<string, unknown>;

interface Synthesized {
  readonly resource?: Record<string, Record<string, Block>>;
  readonly data?: Record<string, Record<string, Block>>;
  readonly [section: string]: unknown;
}

/** The configuration of a stack, parsed. */
export class Template {
  /** Prepares references, runs validations and aspects, and returns the parsed configuration. */
  public static of(stack: TerraformStack): Template {
    // The framework's default backend writes an absolute path.
    if (!stack.node.tryFindChild("backend")) new LocalBackend(stack, { path: "terraform.tfstate" });
    stack.prepareStack();
    return new Template(JSON.parse(Testing.synth(stack, true)) as Synthesized);
  }

  private constructor(public readonly json: Synthesized) {}

  /** All resources of a type. */
  public all(type: TerraformType): Block[] {
    return Object.values(this.json.resource?.[type.tfResourceType] ?? {});
  }

  /** The one resource of a type. Throws with the count when there is not exactly one. */
  public only(type: TerraformType): Block {
    const found = this.all(type);
    const [first] = found;
    if (found.length !== 1 || !first)
      throw new Error(`expected one ${type.tfResourceType}, got ${found.length}`);
    return first;
  }

  /** The one resource of a type with this `name`. Throws with the names there are. */
  public named(type: TerraformType, name: string): Block {
    const all = this.all(type);
    const found = all.find((block) => block.name === name);
    if (!found)
      throw new Error(
        `expected a ${type.tfResourceType} named '${name}', got ${all.map((block) => String(block.name)).join(", ")}`,
      );
    return found;
  }

  /** Number of resources of all types. */
  public get resourceCount(): number {
    return Object.values(this.json.resource ?? {}).reduce(
      (sum, byName) => sum + Object.keys(byName).length,
      0,
    );
  }
}
