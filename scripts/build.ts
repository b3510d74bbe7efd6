// Compiles lib, stacks and bin to dist, bundles what we use of zod, and brings along the files that are no TypeScript.
import { execFileSync } from "node:child_process";
import { buildSync } from "esbuild";
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");

/** Read at run time beside the compiled code. */
const DATA = ["lib/core/manifest-chart", "lib/tenant/tenant.schema.json"];

rmSync(join(ROOT, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: ROOT,
  stdio: "inherit",
});
// What we use of zod in one file, with its licence: loading all of zod costs a small synthesis a tenth of its time.
buildSync({
  absWorkingDir: ROOT,
  entryPoints: ["lib/core/zod.ts"],
  outfile: "dist/lib/core/zod.js",
  bundle: true,
  platform: "node",
  target: "node20",
  banner: {
    js: `/*\n${readFileSync(join(dirname(require.resolve("zod/package.json")), "LICENSE"), "utf8")}*/`,
  },
});
lazyIndex();
for (const path of DATA) cpSync(join(ROOT, path), join(ROOT, "dist", path), { recursive: true });
chmodSync(join(ROOT, "dist/bin/tenclave.js"), 0o755);

/**
 * The neutral entry point names a hundred things: each file is loaded when one of its names is first read. The lines that
 * define the names stay as TypeScript wrote them, because Node reads names for `import` off them.
 */
function lazyIndex(): void {
  const path = join(ROOT, "dist/lib/index.js");
  const code = readFileSync(path, "utf8");
  const lazy = code.replace(
    /^(?:var|const) (\w+) = (require\("\.[^"]+"\));$/gm,
    (_line, name: string, load: string) => {
      const keys = [...code.matchAll(new RegExp(`return ${name}\\.(\\w+); \\}`, "g"))].map(([, key]) => key!);
      return `const ${name} = { ${keys.map((key) => `get ${key}() { return ${load}.${key}; }`).join(", ")} };`;
    },
  );
  writeFileSync(path, lazy);
}
