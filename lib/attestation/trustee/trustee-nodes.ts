// Trustee as a verifier of the platform's own nodes: their measurement opens the platform's repositories, never a tenant's.
import type { Construct } from "../../core/cdk";
import { ConfigurationError } from "../../core/errors";
import { assertShape, shape } from "../../core/option-shape";
import type { CheckedTenant } from "../../tenant/tenant-checks";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { ITrustPolicy } from "../trust-policy";
import type { AttestationBinding, IVerifier } from "../verifier";
import { Wiring } from "../wiring";
import { attestationPolicies } from "./attestation-policy";
import { JUDGED, refusal, trustPolicy, type Judged } from "./judged";
import type { TrusteePolicies } from "./policies";
import { referenceValuesStored } from "./reference-values";
import { nodeResourcePolicy, type NodeResourceEntry } from "./resource-policy";

export interface TrusteeNodesOptions extends Judged {
  /** Measurement to repository. Fails with TRUSTEE_POLICY for a repository that is a tenant's. */
  readonly nodes: readonly NodeResourceEntry[];
}

/**
 * Trustee for the platform's nodes: a node's measurement opens a repository of the platform, never a tenant's, because every pod
 * on a node has the node's evidence. Fails with OPTION_TYPE and TRUSTEE_POLICY.
 */
export class TrusteeNodes implements IVerifier {
  /** Checks options. */
  public static of(options: TrusteeNodesOptions): TrusteeNodes {
    assertShape("trustee", shape.object({ ...JUDGED, nodes: shape.objects("nodes") }), options);
    return new TrusteeNodes(options);
  }

  public readonly name: string;
  public readonly wiring = Wiring.TRUSTEE_NODE;
  public readonly warnings: readonly string[];
  /** For the trust-policy stack. */
  public readonly policy: ITrustPolicy;

  private constructor(private readonly options: TrusteeNodesOptions) {
    const { server } = options;
    this.name = server.options.name;
    this.warnings = server.warnings;
    this.policy = trustPolicy(server, (tenants) => this.policies(tenants));
    this.policies([]);
  }

  /** Refuses every tenant. */
  public problems(): SpecProblem[] {
    return [refusal(`evidence of a node is never a tenant's, got '${this.name}', which judges nodes`)];
  }

  public grants(): undefined {
    return undefined;
  }

  public bind(scope: Construct): AttestationBinding {
    const [{ code, text }] = this.problems() as [SpecProblem];
    throw new ConfigurationError(code, scope, text);
  }

  private policies(tenants: readonly CheckedTenant[]): TrusteePolicies {
    const { nodes, referenceValues, today } = this.options;
    const resource = nodeResourcePolicy({
      entries: nodes,
      tenantRepositories: tenants.map(({ spec }) => spec.name),
    });
    const kinds = [...new Set(nodes.map(({ evidence }) => evidence))];
    return {
      resource,
      attestation: attestationPolicies({ kinds }),
      referenceValues: referenceValuesStored(referenceValues, { kinds, ...(today ? { today } : {}) }),
    };
  }
}
