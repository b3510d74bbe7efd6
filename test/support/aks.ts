// A valid AKS host and connected ones for tests.
import type { TerraformStack } from "../../lib/core/cdk";
import {
  AksHost,
  AksNetwork,
  AzureTrust,
  type AksHostOptions,
  type AzureTrustOptions,
  type IAksHost,
} from "../../lib/azure";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { Tee } from "../../lib/tee/tee";

/** An id that shows which one it is. */
export function id(digit: number): string {
  return `00000000-0000-0000-0000-00000000000${digit}`;
}

export const AKS_SYSTEM = {
  name: "system",
  vmSize: "Standard_D4s_v5",
  minNodes: 2,
  maxNodes: 3,
  system: true,
};
export const AKS_SNP = {
  name: "snp",
  vmSize: "Standard_DC8as_v5",
  tee: Tee.SEV_SNP,
  minNodes: 1,
  maxNodes: 6,
};

/** Options of a valid host. */
export function aksOptions(change: Partial<AksHostOptions> = {}): AksHostOptions {
  return {
    name: "prod",
    location: "westeurope",
    subscription: id(1),
    tenant: id(2),
    kubernetesVersion: "1.34",
    network: AksNetwork.owned({ cidr: "10.42.0.0/16" }),
    admins: [id(3)],
    keyOfficers: [id(4)],
    pools: [AKS_SYSTEM, { name: "plain", vmSize: "Standard_D4s_v5", minNodes: 1, maxNodes: 4 }, AKS_SNP],
    ...change,
  };
}

/** The host as plain data. */
export function exampleAks(change: Partial<AksHostOptions> = {}): HostReference {
  return AksHost.reference(aksOptions(change));
}

/** Attributes of a cluster that exists. */
export const AKS_ATTRIBUTES = {
  endpoint: "https://prod.hcp.westeurope.azmk8s.io:443",
  certificateAuthority: Buffer.from("certificate").toString("base64"),
};

/** A host connected by values inside a stack. */
export function connectedAks(scope: TerraformStack, change: Partial<AksHostOptions> = {}): IAksHost {
  return AksHost.fromAttributes(scope, "Host", exampleAks(change), AKS_ATTRIBUTES);
}

/** An address as AKS makes them. */
export const AKS_ISSUER = `https://westeurope.oic.prod-aks.azure.com/${id(2)}/${id(9)}/`;

/** Where tenants' keys of the valid host are. */
export function azureTrust(change: Partial<AzureTrustOptions> = {}): AzureTrust {
  return AzureTrust.of({
    host: exampleAks(),
    tenant: id(2),
    keyOfficers: [id(4)],
    vaultAccess: { ranges: ["203.0.113.0/24"] },
    ...change,
  });
}
