// The real Vault server, built from its Go module with the plug-ins it calls minimal: JWT, KV and PKI are among them.
import { join } from "node:path";
import { ROOT } from "../cache";
import { goBuild, UNOPTIMISED } from "../go";

const SOURCE = join(ROOT, "test/real/vault");

/** Builds Vault when it is not in the cache (about eight minutes on two cores) and returns its path. */
export function vaultProgram(): Promise<string> {
  return goBuild(SOURCE, "vault", "github.com/hashicorp/vault", [...UNOPTIMISED, "-p=2", "-tags=minimal"]);
}
