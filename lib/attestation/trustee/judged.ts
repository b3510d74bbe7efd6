// What Trustee's two shapes, pods and nodes, have in common as verifiers.
import type { Construct, ITerraformDependable } from "../../core/cdk";
import { ManifestRelease } from "../../core/manifest-release";
import { shape } from "../../core/option-shape";
import type { CheckedTenant } from "../../tenant/tenant-checks";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { ITrustPolicy } from "../trust-policy";
import { policyObjects, type TrusteePolicies } from "./policies";
import type { TrusteeReferenceValue } from "./reference-values";
import type { TrusteeServer } from "./server";

/** What both shapes have. */
export interface Judged {
  /** The Trustee that judges. One shape each: evidence of nodes never opens a tenant's repository. */
  readonly server: TrusteeServer;
  /** What guests or nodes may run on, and which images. Fails with TRUSTEE_POLICY. */
  readonly referenceValues: readonly TrusteeReferenceValue[];
  /** Day that reference values are judged on, `YYYY-MM-DD`. @default - the machine's */
  readonly today?: string;
}

/** The shape of it. */
export const JUDGED = {
  server: shape.withMember("isOwnClusterOf", "made by TrusteeServer.of"),
  referenceValues: shape.objects("reference values"),
  today: shape.day.optional(),
};

/** One release on the trust cluster. The deploy waits for its Job: a policy that was not written fails it. */
export function trustPolicy(
  { options }: TrusteeServer,
  policies: (tenants: readonly CheckedTenant[]) => TrusteePolicies,
): ITrustPolicy {
  return {
    id: `Trustee-${options.name}`,
    onCluster: true,
    define(scope: Construct, tenants: readonly CheckedTenant[]): ITerraformDependable[] {
      const { release } = new ManifestRelease(scope, "Policies", {
        releaseName: "trustee-policies",
        namespace: options.namespace,
        objects: policyObjects(options, policies(tenants)),
        wait: "jobs",
      });
      return [release];
    },
  };
}

/** A tenant that named a verifier which judges nothing of its kind. */
export function refusal(text: string): SpecProblem {
  return {
    code: "ATTESTATION_VERIFIER",
    path: ["attestation", "verifier"],
    text: `${text}; name a verifier of enclaves or of container images, or leave attestation out`,
  };
}
