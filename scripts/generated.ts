// Files that are made from code, by path.
import { z } from "zod";
import { ERROR_CODES } from "../lib/core/errors";
import { tenantSchema } from "../lib/tenant/tenant-spec";
import { admissionPages } from "./admission-pages";
import { insidePage } from "./inside-page";
import { attestationPage } from "./attestation-page";
import { attacksPage } from "./attacks-page";
import { machinesPage } from "./machines-page";
import { teesPage } from "./tees-page";

/** Path and content of every generated file. */
export function generated(): Readonly<Record<string, string>> {
  return {
    ...admissionPages(),
    "docs/attacks-inside.md": insidePage(),
    "docs/attacks.md": attacksPage(),
    "docs/attestation.md": attestationPage(),
    "docs/errors.md": errorsPage(),
    "docs/machines.md": machinesPage(),
    "docs/tees.md": teesPage(),
    "lib/tenant/tenant.schema.json": tenantJsonSchema(),
  };
}

function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, rule]) => `| \`${code}\` | ${rule} |`);
  return [
    "# Errors",
    "",
    "Generated from `lib/core/errors.ts` by `npm run generate`.",
    "",
    "An error reads `[CODE] path: rule in the caller's words, got value; do this`. Codes are permanent.",
    "The path is a construct's path, or a file with line and column and the key in it.",
    "",
    "| code | the rule that was broken |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function tenantJsonSchema(): string {
  const schema = z.toJSONSchema(tenantSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ ...schema, title: "tenclave tenant" }, undefined, 2)}\n`;
}
