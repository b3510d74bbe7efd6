// Terraform and OpenTofu: which are here, and how a lane runs them in a stack's folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, scratch } from "./cache";
import { exec, must, which, type Ran } from "./exec";
import { goBuild } from "./go";

/** A Terraform core. */
export interface Engine {
  /** `terraform` or `tofu`. */
  readonly name: string;
  readonly path: string;
  readonly version: string;
}

/** Every core on PATH; OpenTofu from its Go module when there is none. */
export async function engines(): Promise<Engine[]> {
  const found = ["terraform", "tofu"].flatMap((name) => {
    const path = which(name);
    return path ? [{ name, path }] : [];
  });
  if (found.length === 0)
    found.push({
      name: "tofu",
      path: await goBuild(
        join(ROOT, "test/real/tools/tofu"),
        "tofu",
        "github.com/opentofu/opentofu/cmd/tofu",
      ),
    });
  return Promise.all(
    found.map(async (engine) => {
      const { stdout } = await exec(engine.path, ["version"], { env: quiet() });
      return { ...engine, version: stdout.split("\n")[0] ?? engine.name };
    }),
  );
}

/** Environment of a core: no login, no upgrade check, no configuration of the user's. */
export function quiet(cliConfig = "/dev/null"): Record<string, string | undefined> {
  return {
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    TF_PLUGIN_CACHE_DIR: undefined,
  };
}

/** A CLI configuration that finds providers in one mirror and nowhere else. */
export function mirrorConfig(mirror: string): string {
  const path = join(scratch("cli"), "terraform.rc");
  writeFileSync(
    path,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return path;
}

/** One core in one stack folder. */
export class StackRunner {
  public constructor(
    private readonly engine: Engine,
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  public run(...args: string[]): Promise<Ran> {
    return exec(this.engine.path, args, { cwd: this.folder, env: this.env });
  }

  public must(...args: string[]): Promise<Ran> {
    return must(this.engine.path, args, { cwd: this.folder, env: this.env });
  }
}
