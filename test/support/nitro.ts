// A host with enclaves, and tenants whose enclaves are measured.
import { createHash } from "node:crypto";
import { Tee } from "../../lib";
import { NitroEnclaves, type NitroEnclavesOptions } from "../../lib/aws";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import type { IVerifier, TenantPlace } from "../../lib/attestation/verifier";
import { checkTenant, type CheckedTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpec, TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { exampleHost, exampleTenant, tenantInput } from "./host";

/** ARN of a role in the tests' account. */
export const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

/** A digest that stands for some text, 48 bytes. */
export function digest(text: string): string {
  return createHash("sha384").update(text).digest("hex");
}

/** Registers of an enclave image of that name. */
export function pcrs(image: string): Record<string, string> {
  return Object.fromEntries(["PCR0", "PCR1", "PCR2"].map((pcr) => [pcr, digest(`${image} ${pcr}`)]));
}

/** A host with two pools with enclaves. */
export function nitroHost(): HostReference {
  const pool = {
    instanceType: "m6i.2xlarge",
    tee: Tee.NITRO_ENCLAVES,
    minNodes: 1,
    maxNodes: 6,
    enclaves: { memoryMiB: 4096, vcpus: 4, maxEnclaves: 2 },
    releaseVersion: "1.34.9-20260714",
  };
  return exampleHost({
    pools: [
      { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
      { name: "plain", instanceType: "m7i.xlarge", minNodes: 1, maxNodes: 4 },
      { name: "vault", ...pool },
      { name: "vault2", ...pool },
    ],
  });
}

/** A verifier. */
export function nitro(change: Partial<NitroEnclavesOptions> = {}): NitroEnclaves {
  return NitroEnclaves.of({ name: "nitro", keyAdministrators: [role("platform")], ...change });
}

type Workload = NonNullable<TenantSpecInput["attestation"]>["workloads"][number];

/** The file of a tenant with one measured workload, changed by what a test is about. */
export function nitroTenant(
  change: Partial<TenantSpecInput> = {},
  workload: Partial<Workload> = {},
): TenantSpec {
  const name = change.name ?? "acme";
  return exampleTenant({
    sensitivity: "public",
    pool: "vault",
    quota: { ...tenantInput().quota, enclaves: 1 },
    egress: [{ fqdn: "kms-fips.eu-west-1.amazonaws.com", ports: [443] }],
    attestation: {
      verifier: "nitro",
      workloads: [
        { name: "signer", referenceValues: [{ release: "1", values: pcrs(`${name} 1`) }], ...workload },
      ],
    },
    ...change,
  });
}

/** The tenant, checked. */
export function checkedNitroTenant(
  spec: TenantSpec = nitroTenant(),
  host = nitroHost(),
  verifier: IVerifier = nitro(),
): CheckedTenant {
  return checkTenant(withVerifier(spec, verifier), host, undefined, [verifier]);
}

/** The spec, naming that verifier. */
function withVerifier(spec: TenantSpec, { name }: IVerifier): TenantSpec {
  return { ...spec, attestation: spec.attestation && { ...spec.attestation, verifier: name } };
}

/** Where a tenant runs. */
export function placeOf(spec: TenantSpec, host = nitroHost()): TenantPlace {
  return { host, pool: host.pools.find(({ name }) => name === spec.pool)! };
}
