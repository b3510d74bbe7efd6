// The real AWS provider: where it lies, and at which version.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ROOT, scratch } from "./cache";
import { NotHere } from "./lane";
import { REGISTRIES } from "./mirror";
import { quiet, StackRunner, type Engine } from "./terraform";

/** A provider in a filesystem mirror. */
export interface MirroredProvider {
  /** Folder that holds the registry's name. */
  readonly mirror: string;
  readonly version: string;
  /** Address with the registry it lies under, so that every core finds it. */
  readonly source: string;
}

/** TENCLAVE_MIRROR, then the folders Terraform itself looks in. */
function mirrors(): string[] {
  const named = process.env.TENCLAVE_MIRROR ? [process.env.TENCLAVE_MIRROR] : [];
  return [
    ...named,
    join(homedir(), ".terraform.d", "plugins"),
    join(homedir(), ".local", "share", "terraform", "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
  ];
}

/** The newest AWS provider in any mirror, else the bindings' own version from the registry. Throws NotHere without. */
export async function realAwsProvider(engine: Engine): Promise<MirroredProvider> {
  for (const mirror of mirrors()) {
    const folder = join(mirror, "registry.terraform.io", "hashicorp", "aws");
    if (!existsSync(folder)) continue;
    const version = readdirSync(folder)
      .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .at(-1);
    if (version) return { mirror, version, source: "registry.terraform.io/hashicorp/aws" };
  }
  return fromRegistry(engine);
}

/** Asks the engine's default registry for the version the bindings were made from. */
async function fromRegistry(engine: Engine): Promise<MirroredProvider> {
  const bindings = join(ROOT, "node_modules/@cdktf/provider-aws/package.json");
  const { cdktf } = JSON.parse(readFileSync(bindings, "utf8")) as {
    cdktf: { provider: { version: string } };
  };
  const { version } = cdktf.provider;
  const folder = scratch("aws-registry");
  const required = { aws: { source: "hashicorp/aws", version } };
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: required } }),
  );
  const runner = new StackRunner(engine, folder, quiet());
  const { code } = await runner.run("providers", "mirror", "mirror");
  const mirror = join(folder, "mirror");
  const registry = REGISTRIES.find((name) => existsSync(join(mirror, name, "hashicorp", "aws")));
  if (code === 0 && registry) return { mirror, version, source: `${registry}/hashicorp/aws` };
  throw new NotHere(
    "no AWS provider in TENCLAVE_MIRROR, in Terraform's implied mirror folders, or from the registry",
  );
}
