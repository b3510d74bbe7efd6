// Paths a pod is told against what Vault opens to it.
import { IntelTrustAuthority, vaultPaths } from "../../lib";
import { VaultLogin } from "../../lib/vault";
import { workloadPolicy } from "../../lib/vault/vault-policy";
import { roleName } from "../../lib/vault/vault-names";
import { trustAuthority } from "../support/error-cases-workload";

const paths = vaultPaths({ tenant: "acme", workload: "web", verifier: "trustee" });
const policy = workloadPolicy("acme", "web", true);

test("of secrets are what the workload's policy reads, and nobody else's", () => {
  expect(policy).toContain(`path "${paths.secrets}/*" {`);
  expect(workloadPolicy("acme", "worker", true)).not.toContain(paths.secrets);
  expect(workloadPolicy("globex", "web", true)).not.toContain(paths.secrets);
});

test("of certificates are what the workload's policy may ask for, with what the agent asks", () => {
  const { mount, role } = paths.certificate;
  const block = policy.split("\n\n").find((one) => one.includes(`path "${mount}/issue/${role}" {`));
  for (const parameter of ["common_name", "alt_names", "ttl"]) expect(block).toContain(`"${parameter}" = []`);
});

test("of the log-in are the verifier's mount and the workload's role", () => {
  expect(paths.login).toEqual({ mount: "jwt-trustee", role: roleName("acme", "web") });
});

test("Intel Trust Authority is a log-in of Vault's, of machines and no workloads", () => {
  const intel = IntelTrustAuthority.of(trustAuthority());
  const login = VaultLogin.of(intel);
  expect(login.claims).toEqual(intel.vaultLogin().claims);
  expect(login.digest).toBeUndefined();
  expect(login.algorithms).toEqual(["PS384"]);
});
