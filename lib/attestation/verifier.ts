// The contract of a verifier: what turns a tenant's evidence into keys, and what that proves.
import type { Construct, ITerraformDependable } from "../core/cdk";
import type { HostReference, IHostCluster } from "../host-cluster/host-cluster";
import type { PoolReference } from "../node-pool/node-pool";
import type { Trusted, TrustTier } from "../tee/trust-tier";
import type { CheckedTenant } from "../tenant/tenant-checks";
import type { SpecProblem } from "../tenant/tenant-rules";
import type { TenantSpec } from "../tenant/tenant-spec";
import type { ProvenCase, Wiring } from "./wiring";

/** Where a tenant runs, for checks before anything is made. */
export interface TenantPlace {
  readonly host: HostReference;
  readonly pool: PoolReference;
  /** `YYYY-MM-DD`. @default - the machine's day */
  readonly today?: string;
}

/** One tenant, in the stack that holds its keys. */
export interface TenantContext {
  readonly tenant: CheckedTenant;
  readonly host: IHostCluster;
}

/** What the workload must be told to get its secrets. None of it is secret. */
export interface WorkloadHints {
  /** Address of the verifier or broker. @default - the cloud's own */
  readonly url?: string;
  /** Id of the policy that judges the evidence. */
  readonly policyId?: string;
  /** Audience the token must be asked for. */
  readonly audience?: string;
  /** Id or path of the key or secret that is released. */
  readonly resource: string;
  /** Initialisation data, as its annotation carries it, by workload. @default - none */
  readonly initData?: Readonly<Record<string, string>>;
  /** What else a client needs, by name: region, role, vault. @default - nothing */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a verifier made for one tenant. */
export interface AttestationBinding {
  /** What the tenant reaches with it. Never more than the wiring does. */
  readonly grants: TrustTier;
  /** The row of the table in docs/attestation.md. */
  readonly proves: readonly ProvenCase[];
  readonly workload: WorkloadHints;
  readonly stillTrusted: readonly Trusted[];
  /**
   * Annotations of the service account the tenant's pods have on the host, where the cloud wants some, like
   * `azure.workload.identity/client-id`. Values may be attributes of resources in the same stack. @default - none
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  readonly ready: ITerraformDependable[];
}

/**
 * Turns evidence into an attestation result that something relies on. A plain object, made before `new App()`: tenants'
 * files are checked against it.
 */
export interface IVerifier {
  /** What a tenant's file names. DNS-1123. */
  readonly name: string;
  readonly wiring: Wiring;
  /** Warnings that stand on every report, like a verifier in the tenants' own cluster. */
  readonly warnings: readonly string[];
  /** What is wrong with a tenant's `attestation` for this verifier. */
  problems(spec: TenantSpec, place: TenantPlace): SpecProblem[];
  /** What the tenant reaches with it, or undefined when evidence adds nothing to what its pool reaches. */
  grants(spec: TenantSpec, place: TenantPlace): TrustTier | undefined;
  /** Makes the tenant's keys, identities and policies in the stack of `scope`. */
  bind(scope: Construct, context: TenantContext): AttestationBinding;
}
