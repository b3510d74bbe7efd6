// A filesystem mirror of providers that serve recorded schemas, laid out under both default registries.
import { copyFileSync, existsSync, linkSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, folderHash, ROOT } from "./cache";
import { goBuild } from "./go";
import { RECORDED, recordedProviders, recording } from "./recordings";

/** cdktf writes provider sources without a host, so each core looks under its own. */
export const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** Lays out the mirror, once per content of the server program; returns its folder. */
export async function schemaMirror(): Promise<string> {
  const source = join(ROOT, "test/real/schema-provider");
  const binary = await goBuild(source, "schema-provider");
  const mirror = cacheDir("schema-mirror", `${folderHash(source)}-${folderHash(RECORDED)}`);
  for (const { name, version } of recordedProviders()) {
    const [namespace, type] = recording(name, version).source.split("/").slice(-2) as [string, string];
    for (const registry of REGISTRIES) {
      const folder = join(mirror, registry, namespace, type, version, `${platform()}`);
      if (existsSync(join(folder, "schema.json.gz"))) continue;
      mkdirSync(folder, { recursive: true });
      const program = join(folder, `terraform-provider-${type}_v${version}`);
      if (!existsSync(program)) linkSync(binary, program);
      copyFileSync(join(RECORDED, `${name}-${version}.json.gz`), join(folder, "schema.json.gz"));
    }
  }
  return mirror;
}

function platform(): string {
  return `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
