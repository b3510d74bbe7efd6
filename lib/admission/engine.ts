// Which engine evaluates the admission rules on a host.
import type { KubernetesObject } from "../core/manifest-release";
import { constraints, constraintTemplates } from "./gatekeeper";
import { admissionPolicies } from "./policies";
import type { Administrators, AdmissionRule } from "./rule";

/** One Helm release of an engine's objects. */
export interface EngineRelease {
  /** Construct id. */
  readonly id: string;
  /** Helm release name. */
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
}

/**
 * The release that makes rules bind. One for both engines: on a change of engine Helm puts the new objects in before it
 * takes the old ones away.
 */
const BINDING = { id: "Admission", name: "tenclave-admission" };

/** The two engines that evaluate the same rules. */
export class AdmissionEngine {
  /** The API server itself: nothing to install, nothing that can be down. */
  public static readonly VALIDATING_ADMISSION_POLICY = new AdmissionEngine(
    "ValidatingAdmissionPolicy",
    (rules, platform) => [{ ...BINDING, objects: admissionPolicies(rules, platform) }],
  );

  /**
   * Gatekeeper 3.22.0 or later, which you install before this stack with `gatekeeperValues`. For platforms that run it
   * already: it sees no more than the other engine, and a webhook can be down.
   */
  public static readonly GATEKEEPER = new AdmissionEngine("Gatekeeper", (rules, platform) => [
    {
      id: "AdmissionTemplates",
      name: "tenclave-admission-templates",
      objects: constraintTemplates(rules, platform),
    },
    { ...BINDING, objects: constraints(rules) },
  ]);

  private constructor(
    public readonly name: string,
    /** The releases of all rules for a host, in order: each needs kinds that the one before defines. */
    public readonly releases: (
      rules: readonly AdmissionRule[],
      platform: Administrators,
    ) => readonly EngineRelease[],
  ) {}

  public toString(): string {
    return this.name;
  }
}
