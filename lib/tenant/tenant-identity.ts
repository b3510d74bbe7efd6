// The cloud identity of a tenant's pods: which token of the host a pod may carry to the cloud, by how it logs in there.
import type { CloudIdentity } from "../attestation/wiring";
import type { TenantAttestation } from "./tenant-attestation";

/**
 * Audiences of the host's service-account tokens that pods mount to log in. Google's metadata server asks the node's
 * agent instead, so pods mount none.
 * SOURCE: Amazon EKS User Guide, EKS Pod Identity, 2026; azure-workload-identity, mutating webhook, 2026; Google Cloud
 * documentation, Workload Identity Federation for GKE, 2026.
 */
const AUDIENCES: Readonly<Record<CloudIdentity, readonly string[]>> = {
  "eks-pod-identity": ["pods.eks.amazonaws.com"],
  "azure-workload-identity": ["api://AzureADTokenExchange"],
  "gke-workload-identity": [],
};

/** How the tenant's pods log in to the cloud; undefined where nothing asks them to. */
export function identityOf(attestation: TenantAttestation | undefined): CloudIdentity | undefined {
  return attestation?.verifier.wiring.identity;
}

/** Audiences of the host's tokens that the tenant's pods may mount; undefined for none. */
export function tokenAudiencesOf(attestation: TenantAttestation | undefined): readonly string[] | undefined {
  const identity = identityOf(attestation);
  return identity && AUDIENCES[identity];
}
