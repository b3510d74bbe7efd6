// The workload identity pool of a Google trust domain: names that several stacks agree on, and the pool itself.
import { IamWorkloadIdentityPool, IamWorkloadIdentityPoolProvider } from "../../core/bindings/google";
import { Construct, type ITerraformDependable } from "../../core/cdk";
import { after } from "../../core/depend";
import { fitted } from "../../core/names";
import type { Retention } from "../../core/retention";
import type { HostReference } from "../../host-cluster/host-cluster";
import { GOOGLE_ISSUER, STS_AUDIENCE, type GoogleEvidence } from "./google-claims";
import { celOf, type GoogleCondition } from "./google-condition";

/** What names a pool: one for each kind of evidence, so that no provider can map another's attributes. */
export interface GoogleTrustNames {
  readonly evidence: GoogleEvidence;
  /** Project id of pool and keys. */
  readonly project: string;
  /** Number of that project. */
  readonly projectNumber: string;
  readonly trustDomain: string;
}

/** Ends of pool ids; their ids have 32 characters at most, which bounds MAX_TRUST_DOMAIN. */
const SUFFIX: Readonly<Record<GoogleEvidence, string>> = {
  "confidential-space": "space",
  "gke-node": "nodes",
};

/** Longest trust domain. */
export const MAX_TRUST_DOMAIN = 26;

/** Id of the only provider of a pool. */
const PROVIDER = "google-attestation";

/** Id of the pool: 4 to 32 characters. */
export function poolId({ trustDomain, evidence }: GoogleTrustNames): string {
  return `${trustDomain}-${SUFFIX[evidence]}`;
}

function poolName(names: GoogleTrustNames): string {
  return `projects/${names.projectNumber}/locations/global/workloadIdentityPools/${poolId(names)}`;
}

/** Resource name of the provider, as Google's token service takes it as audience. */
export function providerAudience(names: GoogleTrustNames): string {
  return `//iam.googleapis.com/${poolName(names)}/providers/${PROVIDER}`;
}

/** Everybody whose token the pool takes. */
export function poolMembers(names: GoogleTrustNames): string {
  return `principalSet://iam.googleapis.com/${poolName(names)}/*`;
}

/** Those whose tokens have this value. */
export function attributeMembers(names: GoogleTrustNames, attribute: string, value: string): string {
  return `principalSet://iam.googleapis.com/${poolName(names)}/attribute.${attribute}/${value}`;
}

/** Name of the ring that holds the tenants' keys of a host, in whichever project. */
export function tenantRing({ name }: HostReference): string {
  return fitted(`tenclave-${name}-tenants`, 63);
}

/** Resource name of a tenant's key. */
export function tenantKeyName(
  project: string,
  host: HostReference,
  tenant: string,
  use: "secrets" | "volumes",
): string {
  return `${tenantRingName(project, host)}/cryptoKeys/${tenant}-${use}`;
}

/** Resource name of the ring. */
function tenantRingName(project: string, host: HostReference): string {
  return `projects/${project}/locations/${host.location}/keyRings/${tenantRing(host)}`;
}

/**
 * What becomes of a token: CEL over its claims. Values of `google.subject` may have 127 bytes, and a token's own `sub`
 * is a long address, so it is put together of what is short.
 * SOURCE: Google Cloud documentation, Confidential Space, grant access to confidential resources, 2026; IAM API
 * reference, WorkloadIdentityPoolProvider.attributeMapping, 2026.
 */
export const GOOGLE_MAPPING: Readonly<Record<GoogleEvidence, Readonly<Record<string, string>>>> = {
  "confidential-space": {
    "google.subject":
      "'gcpcs::' + assertion.submods.container.image_digest + '::' + assertion.submods.gce.project_number + '::' + assertion.submods.gce.instance_id",
    "attribute.image_digest": "assertion.submods.container.image_digest",
  },
  "gke-node": {
    "google.subject":
      "'gke::' + assertion.submods.gce.project_number + '::' + assertion.submods.gce.instance_id",
    "attribute.node": "assertion.hwmodel + '/' + assertion.google_service_accounts[0]",
  },
};

export interface GoogleTrustDomainProps {
  readonly names: GoogleTrustNames;
  readonly condition: GoogleCondition;
  readonly retention: Retention;
}

/** A pool with one provider: which of Google's attestation tokens it takes, and what becomes of them. */
export class GoogleTrustDomain extends Construct {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, { names, condition, retention }: GoogleTrustDomainProps) {
    super(scope, id);
    const pool = new IamWorkloadIdentityPool(this, "Pool", {
      project: names.project,
      workloadIdentityPoolId: poolId(names),
      description: `Attested workloads of ${names.trustDomain}: ${names.evidence}`,
      lifecycle: retention.lifecycle,
    });
    const provider = new IamWorkloadIdentityPoolProvider(this, "Provider", {
      project: names.project,
      workloadIdentityPoolId: poolId(names),
      workloadIdentityPoolProviderId: PROVIDER,
      attributeMapping: { ...GOOGLE_MAPPING[names.evidence] },
      attributeCondition: celOf(condition),
      oidc: { issuerUri: GOOGLE_ISSUER, allowedAudiences: [STS_AUDIENCE] },
      lifecycle: retention.lifecycle,
    });
    after(provider, pool);
    this.ready = [pool, provider];
  }
}
