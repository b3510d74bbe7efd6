// Compiles lib, stacks and bin to dist, and brings along the files that are no TypeScript.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");

/** Read at run time beside the compiled code. */
const DATA = ["lib/core/manifest-chart", "lib/tenant/tenant.schema.json"];

rmSync(join(ROOT, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: ROOT,
  stdio: "inherit",
});
for (const path of DATA) cpSync(join(ROOT, path), join(ROOT, "dist", path), { recursive: true });
chmodSync(join(ROOT, "dist/bin/tenclave.js"), 0o755);
