// Writes what is generated from code: tables in docs/admission, docs/attacks-inside.md, docs/attestation.md, docs/errors.md, docs/machines.md, docs/tees.md and lib/tenant/tenant.schema.json. `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { generated } from "./generated";

const ROOT = resolve(__dirname, "..");
const check = process.argv.includes("--check");

for (const [path, content] of Object.entries(generated())) {
  const file = join(ROOT, path);
  if (!check) {
    writeFileSync(file, content);
  } else if (readFileSync(file, "utf8") !== content) {
    process.stderr.write(`${path} is out of date; run: npm run generate\n`);
    process.exitCode = 1;
  }
}
