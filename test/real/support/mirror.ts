// A filesystem mirror of providers that serve recorded schemas, laid out under both default registries.
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cacheDir, folderHash, ROOT } from "./cache";
import { goBuild } from "./go";
import { NotHere } from "./lane";

/** cdktf writes provider sources without a host, so each core looks under its own. */
export const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** Recorded schemas beside the repository. */
const RECORDED = join(ROOT, "../shared/schemas/providers");

/** A recorded provider. */
export interface RecordedProvider {
  readonly name: string;
  readonly version: string;
}

/** The recorded providers. Throws NotHere when there are none. */
export function recordedProviders(): RecordedProvider[] {
  if (!existsSync(RECORDED)) throw new NotHere("no recorded provider schemas beside the repository");
  return readdirSync(RECORDED).flatMap((file) => {
    const match = /^([a-z]+)-(\d+\.\d+\.\d+)\.json\.gz$/.exec(file);
    return match ? [{ name: match[1]!, version: match[2]! }] : [];
  });
}

/** Lays out the mirror, once per content of the server program; returns its folder. */
export async function schemaMirror(): Promise<string> {
  const source = join(ROOT, "test/real/schema-provider");
  const binary = await goBuild(source, "schema-provider");
  const mirror = cacheDir("schema-mirror", `${folderHash(source)}-${folderHash(RECORDED)}`);
  for (const { name, version } of recordedProviders()) {
    const recording = join(RECORDED, `${name}-${version}.json.gz`);
    const { source: address } = JSON.parse(gunzipSync(readFileSync(recording)).toString()) as {
      source: string;
    };
    const [namespace, type] = address.split("/").slice(-2) as [string, string];
    for (const registry of REGISTRIES) {
      const folder = join(mirror, registry, namespace, type, version, `${platform()}`);
      if (existsSync(join(folder, "schema.json.gz"))) continue;
      mkdirSync(folder, { recursive: true });
      linkSync(binary, join(folder, `terraform-provider-${type}_v${version}`));
      copyFileSync(recording, join(folder, "schema.json.gz"));
    }
  }
  return mirror;
}

function platform(): string {
  return `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
