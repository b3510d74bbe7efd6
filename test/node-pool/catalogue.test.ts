import { ConfigurationError, MachineType } from "../../lib";
import { AWS_CATALOGUE } from "../support/catalogue/aws";
import { AZURE_CATALOGUE } from "../support/catalogue/azure";
import type { CatalogueCase } from "../support/catalogue/catalogue";
import { GOOGLE_CATALOGUE } from "../support/catalogue/google";

const CASES: Readonly<Record<string, CatalogueCase>> = {
  aws: AWS_CATALOGUE,
  azure: AZURE_CATALOGUE,
  google: GOOGLE_CATALOGUE,
};

const rows = MachineType.ALL.map((row) => ({ ...row, as: row.tee.label }));

test.each(rows)("$cloud $name in $as is what the cloud needs, or is refused", ({ as: _, ...row }) => {
  const { synthesized, expected, refuse } = CASES[row.cloud]!;
  if (row.notForPools === undefined) {
    expect(synthesized(row)).toEqual(expected(row));
    return;
  }
  try {
    refuse(row);
  } catch (error) {
    if (!ConfigurationError.is(error)) throw error;
    expect([error.code, error.message]).toEqual(["POOL_TEE", expect.stringContaining(row.name)]);
    return;
  }
  throw new Error("not refused");
});
