// Vault's log-ins and tenants for tests: small, valid, and changed by what a test is about.
import { Wiring } from "../../lib/attestation/wiring";
import type { CheckedTenant } from "../../lib/tenant/tenant-checks";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import {
  VaultKeys,
  VaultLogin,
  VaultTrust,
  type TrusteeLoginOptions,
  type VaultTrustOptions,
} from "../../lib/vault";
import { exampleHost, exampleTenant } from "./host";

/** A day on which all test data is good. */
export const TODAY = "2026-11-21";

/** 64 hex digits that begin with the number. */
export function digest(n: number): string {
  return n.toString(16).padStart(2, "0").repeat(32);
}

export function trusteeLogin(change: Partial<TrusteeLoginOptions> = {}): VaultLogin {
  return VaultLogin.trustee({
    verifier: { name: "trustee", wiring: Wiring.TRUSTEE_POD },
    issuer: "https://trustee.example.com",
    keys: VaultKeys.jwks("https://trustee.example.com:8443/.well-known/jwks.json"),
    policyId: "default",
    ...change,
  });
}

export function vaultOptions(change: Partial<VaultTrustOptions> = {}): VaultTrustOptions {
  return {
    address: "https://vault.example.com:8200",
    trustDomain: "example.com",
    logins: [trusteeLogin()],
    today: TODAY,
    ...change,
  };
}

export function vaultTrust(change: Partial<VaultTrustOptions> = {}): VaultTrust {
  return VaultTrust.of(vaultOptions(change));
}

type WorkloadInput = NonNullable<TenantSpecInput["attestation"]>["workloads"][number];

/** A workload known by one digest. */
export function workload(name: string, n: number, change: Partial<WorkloadInput> = {}): WorkloadInput {
  return {
    name,
    referenceValues: [{ release: "1.0", values: { initData: digest(n) } }],
    certificate: { dnsNames: [`${name}.acme.internal`] },
    ...change,
  };
}

/** A tenant that names the verifier; its `attestation` is not checked, because that is the file's and the verifier's matter. */
export function attestedTenant(
  name: string,
  workloads: WorkloadInput[],
  verifier = "trustee",
): CheckedTenant {
  const tenant = checkTenant({ ...exampleTenant(), name }, exampleHost());
  const filled = workloads.map(({ referenceValues = [], certificate, ...rest }) => ({
    ...rest,
    referenceValues,
    ...(certificate === undefined ? {} : { certificate: { minutes: 30, ...certificate } }),
  }));
  return { ...tenant, spec: { ...tenant.spec, attestation: { verifier, workloads: filled } } };
}
