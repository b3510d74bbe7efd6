// The real AWS provider: where it lies, and at which version.
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { scratch } from "./cache";
import { NotHere } from "./lane";
import { REGISTRIES } from "./mirror";

/** A provider in a filesystem mirror. */
export interface MirroredProvider {
  /** Folder that holds `registry.terraform.io`. */
  readonly mirror: string;
  readonly version: string;
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

/** The newest AWS provider in any mirror. Throws NotHere without one. */
export function realAwsProvider(): MirroredProvider {
  for (const mirror of mirrors()) {
    const folder = join(mirror, "registry.terraform.io", "hashicorp", "aws");
    if (!existsSync(folder)) continue;
    const version = readdirSync(folder)
      .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .at(-1);
    if (version) return { mirror: underAllRegistries(folder), version };
  }
  throw new NotHere("no AWS provider in TENCLAVE_MIRROR or in Terraform's implied mirror folders");
}

/** The same provider under the names of all default registries, so that every core finds it. */
function underAllRegistries(folder: string): string {
  const mirror = scratch("aws-mirror");
  for (const registry of REGISTRIES) {
    const parent = join(mirror, registry, "hashicorp");
    mkdirSync(parent, { recursive: true });
    symlinkSync(folder, join(parent, "aws"));
  }
  return mirror;
}
