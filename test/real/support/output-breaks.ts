// The comparison of outputs, put to the test: what it must find, and what it must pass over.
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scratch } from "./cache";
import { copyWith } from "./configuration";
import { check, type Check } from "./lane";
import { differences, filesBelow, recordedVersions } from "./output-tree";

/** Ways to make an output another one; the comparison has to name the file, and nothing else. */
const BREAKS: readonly {
  readonly name: string;
  readonly file: RegExp;
  readonly change: (path: string, outdir: string) => void;
}[] = [
  {
    name: "another value",
    file: /cdk\.tf\.json$/,
    change: (path) => {
      copyWith(dirname(path), (c) => (c.terraform.backend = { local: { path: "elsewhere" } }), dirname(path));
    },
  },
  {
    name: "another order of keys",
    file: /cdk\.tf\.json$/,
    change: (path) => {
      const entries = Object.entries(JSON.parse(readFileSync(path, "utf8")) as object);
      writeFileSync(path, JSON.stringify(Object.fromEntries(entries.reverse())));
    },
  },
  {
    name: "another version of a provider",
    file: /cdk\.tf\.json$/,
    change: (path) => {
      copyWith(
        dirname(path),
        (c) => (Object.values(c.terraform.required_providers)[0]!.version = "0.0.1"),
        dirname(path),
      );
    },
  },
  {
    name: "another order of stacks",
    file: /^manifest\.json$/,
    change: (path) => {
      const manifest = JSON.parse(readFileSync(path, "utf8")) as { stacks: object };
      manifest.stacks = Object.fromEntries(Object.entries(manifest.stacks).reverse());
      writeFileSync(path, JSON.stringify(manifest));
    },
  },
  {
    name: "one more byte in an asset",
    file: /\.yaml$/,
    change: (path) => {
      appendFileSync(path, " ");
    },
  },
  {
    name: "a missing asset",
    file: /\.yaml$/,
    change: (path) => {
      rmSync(path);
    },
  },
];

/** The comparison must be able to fail, and must not fail for the recorded version and whitespace. */
export function outputBreaks(outdir: string): Check[] {
  const recorded = copyOf(outdir);
  for (const path of Object.keys(recordedVersions(recorded))) {
    const content = JSON.parse(readFileSync(join(recorded, path), "utf8")) as {
      version?: string;
      "//"?: { metadata: { version: string } };
    };
    if (content["//"]) content["//"].metadata.version = "0.0.1";
    else content.version = "0.0.1";
    writeFileSync(join(recorded, path), JSON.stringify(content, undefined, 7));
  }
  return [
    check("the comparison passes over recorded version and whitespace", differences(outdir, recorded)),
    ...BREAKS.map(({ name, file, change }) => {
      const copy = copyOf(outdir);
      const path = filesBelow(copy).find((candidate) => file.test(candidate));
      if (!path) return check(`the comparison finds ${name}`, [`no file like ${file}`]);
      change(join(copy, path), copy);
      const found = differences(outdir, copy);
      const ok = found.length === 1 && found[0]!.startsWith(`${path}: `);
      return check(`the comparison finds ${name}`, ok ? [] : [`found: ${found.join(", ")}`]);
    }),
  ];
}

function copyOf(outdir: string): string {
  const copy = scratch("output");
  cpSync(outdir, copy, { recursive: true });
  return copy;
}
