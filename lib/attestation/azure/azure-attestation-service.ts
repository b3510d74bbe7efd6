// Which attestation service judges an AKS host's evidence: its own, or Microsoft's shared one of a region.
import { ConfigurationError, reasonOf } from "../../core/errors";
import { attestationProviderName } from "../../host-cluster/aks-names";
import type { HostReference } from "../../host-cluster/host-cluster";
import {
  ATTESTATION_REGIONS,
  attestationRegion,
  ownAttestationUrl,
  sharedAttestationUrl,
  type AttestationRegion,
} from "./azure-regions";
import type { AzureSharedAttestation, AzureTrustOptions } from "./azure-trust-options";

/** A service by its address, and what stands on every report for it. */
export interface AttestationService {
  readonly url: string;
  readonly warnings: readonly string[];
}

/** The service that options choose. Throws AZURE_ATTESTATION and REASON. */
export function attestationServiceOf(scope: string, { host, shared }: AzureTrustOptions): AttestationService {
  if (shared) return sharedAttestation(scope, host, shared);
  const region = attestationRegion(host.location);
  if (!region)
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      `a host's own attestation provider needs a region Azure Attestation is known to be in, got '${host.location}'; ` +
        `use shared: { region } with one of ${regionNames()}`,
    );
  return {
    url: ownAttestationUrl(region, attestationProviderName({ ...host, resourceGroup: host.resourceGroup! })),
    warnings: [],
  };
}

function sharedAttestation(
  scope: string,
  host: HostReference,
  { region: name, consent }: AzureSharedAttestation,
): AttestationService {
  const region = attestationRegion(name);
  if (!region)
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      `shared.region must be one Azure Attestation has a shared provider in, got '${name}'; use one of ${regionNames()}`,
    );
  const home = attestationRegion(host.location)?.jurisdiction;
  const abroad = region.jurisdiction !== home;
  if (abroad && consent === undefined)
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      `evidence must be judged in the host's jurisdiction (${home ?? `unknown for ${host.location}`}) unless somebody agreed, ` +
        `got ${name} (${region.jurisdiction}); use ${alternatives(home)}, or set shared.consent: "<who agreed, and why>"`,
    );
  const reason = consent === undefined ? undefined : reasonOf(scope, "shared.consent", consent);
  return {
    url: sharedAttestationUrl(region),
    warnings: [
      `evidence is judged by Microsoft's shared provider in ${name}, whose policy nobody else can change or pin`,
      ...(abroad ? [`evidence is judged in ${region.jurisdiction}: ${reason}`] : []),
    ],
  };
}

function alternatives(home: string | undefined): string {
  const there = ATTESTATION_REGIONS.filter(({ jurisdiction }) => jurisdiction === home);
  return there.length > 0
    ? there.map(({ region }: AttestationRegion) => region).join(", ")
    : "a provider of the host's own";
}

function regionNames(): string {
  return ATTESTATION_REGIONS.map(({ region }) => region).join(", ");
}
