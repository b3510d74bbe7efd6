// Which engine evaluates the admission rules on a host.
import type { KubernetesObject } from "../core/manifest-release";
import { constraints, constraintTemplates } from "./gatekeeper";
import { admissionPolicies } from "./policies";
import type { AdmissionRule, Administrators } from "./rule";

/** What a host gets of an engine. */
export interface EngineObjects {
  /** Part of the platform release. */
  readonly platform: readonly KubernetesObject[];
  /** Releases of their own, in this order: each needs kinds that the one before defines. */
  readonly releases: readonly EngineRelease[];
}

/** One release of an engine's objects. */
export interface EngineRelease {
  /** Construct id. */
  readonly id: string;
  /** Helm release name. */
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
}

/** The two engines that evaluate the same rules. */
export class AdmissionEngine {
  /** The API server itself: nothing to install, nothing that can be down. */
  public static readonly VALIDATING_ADMISSION_POLICY = new AdmissionEngine(
    "ValidatingAdmissionPolicy",
    (rules, platform) => ({ platform: admissionPolicies(rules, platform), releases: [] }),
  );

  /**
   * Gatekeeper 3.22.0 or later, which you install before this stack with `gatekeeperValues`. For platforms that
   * already run it: it sees no more than the other engine, and a webhook can be down.
   */
  public static readonly GATEKEEPER = new AdmissionEngine("Gatekeeper", (rules, platform) => ({
    platform: [],
    releases: [
      {
        id: "AdmissionTemplates",
        name: "tenclave-admission-templates",
        objects: constraintTemplates(rules, platform),
      },
      { id: "AdmissionConstraints", name: "tenclave-admission-constraints", objects: constraints(rules) },
    ],
  }));

  private constructor(
    public readonly name: string,
    /** The objects of all rules for a host. */
    public readonly objects: (rules: readonly AdmissionRule[], platform: Administrators) => EngineObjects,
  ) {}

  public toString(): string {
    return this.name;
  }
}
