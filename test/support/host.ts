// A host and tenants for tests: small, valid, and changed by what a test is about.
import { EksHost, EksNetwork, type EksHostOptions } from "../../lib/aws";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { Tee } from "../../lib/tee/tee";
import { tenantSpec } from "../../lib/tenant/tenant-parse";
import { type TenantSpec, type TenantSpecInput } from "../../lib/tenant/tenant-spec";

/** Options of a valid host. */
export function hostOptions(change: Partial<EksHostOptions> = {}): EksHostOptions {
  return {
    name: "prod",
    region: "eu-west-1",
    account: "123456789012",
    kubernetesVersion: "1.34",
    network: EksNetwork.owned({ cidr: "10.42.0.0/16" }),
    admins: ["arn:aws:iam::123456789012:role/admin"],
    pools: [
      { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
      { name: "plain", instanceType: "m7i.xlarge", minNodes: 1, maxNodes: 4 },
      {
        name: "snp",
        instanceType: "m6a.2xlarge",
        tee: Tee.SEV_SNP,
        minNodes: 1,
        maxNodes: 6,
        acceptUnproven: "tried by hand",
      },
    ],
    ...change,
  };
}

/** The host as plain data. */
export function exampleHost(change: Partial<EksHostOptions> = {}): HostReference {
  return EksHost.reference(hostOptions(change));
}

/** A tenant file's content. */
export function tenantInput(change: Partial<TenantSpecInput> = {}): TenantSpecInput {
  return {
    name: "acme",
    sensitivity: "internal",
    pool: "snp",
    quota: {
      requests: { cpu: "2", memory: "8Gi", storage: "20Gi" },
      limits: { memory: "12Gi" },
    },
    ...change,
  };
}

/** A valid tenant. */
export function exampleTenant(change: Partial<TenantSpecInput> = {}): TenantSpec {
  return tenantSpec(tenantInput(change));
}
