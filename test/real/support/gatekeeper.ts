// Asks Gatekeeper itself: its constraint client, target handler and CEL driver, from its Go module.
import { join } from "node:path";
import { knownKinds } from "../../../lib/admission/resource-kinds";
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import { ROOT } from "./cache";
import { must } from "./exec";
import { goBuild, UNOPTIMISED } from "./go";

const SOURCE = join(ROOT, "test/real/gatekeeper-judge");
const MODULE = "github.com/open-policy-agent/gatekeeper/v3";

/** An `admission.k8s.io/v1` AdmissionRequest as a webhook gets it. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly requestKind?: GroupVersionKind;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: string;
  readonly userInfo: {
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly dryRun?: boolean;
  readonly options?: unknown;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A request with the namespace it goes to, as the API server has it. */
export interface GatekeeperReview {
  readonly id: string;
  readonly request: AdmissionRequest;
  /** Needed where the request names a namespace. */
  readonly namespace?: KubernetesObject;
  /** Plays a Gatekeeper before 3.22.0, which does not hand the namespace to CEL. @default false */
  readonly withheldNamespace?: boolean;
}

/** Gatekeeper's answer: `[constraint] message` for each rule that refuses. */
export interface GatekeeperVerdict {
  readonly id: string;
  readonly allowed: boolean;
  readonly messages: readonly string[];
}

/**
 * The verdicts of Gatekeeper's webhook on admission requests, by id. Objects that are no ConstraintTemplate (the
 * definitions that come with them) are left out. Throws when Gatekeeper takes a template or a constraint as invalid,
 * and NotHere without Go.
 */
export async function gatekeeperVerdicts(
  templates: readonly KubernetesObject[],
  constraints: readonly KubernetesObject[],
  reviews: readonly GatekeeperReview[],
): Promise<ReadonlyMap<string, GatekeeperVerdict>> {
  const { verdicts } = await ask({
    templates: templates.filter(({ kind }) => kind === "ConstraintTemplate"),
    constraints,
    reviews,
  });
  return new Map(verdicts.map((verdict) => [verdict.id, verdict]));
}

/** Where the library's table of kinds and client-go's disagree; none is right. */
export async function wrongKinds(): Promise<readonly string[]> {
  return (await ask({ templates: [], constraints: [], reviews: [], kinds: knownKinds() })).wrongKinds;
}

/** The version that judges. */
export async function gatekeeperVersion(): Promise<string> {
  const { stdout } = await must("go", ["list", "-m", "-f", "{{.Version}}", MODULE], {
    cwd: SOURCE,
    env: { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" },
  });
  return stdout.trim();
}

async function ask(
  question: unknown,
): Promise<{ verdicts: readonly GatekeeperVerdict[]; wrongKinds: readonly string[] }> {
  const binary = await goBuild(SOURCE, "gatekeeper-judge", ".", UNOPTIMISED);
  const { stdout } = await must(binary, [], { stdin: JSON.stringify(question) });
  return JSON.parse(stdout) as Awaited<ReturnType<typeof ask>>;
}
