// Short ways to write attacks by pods: a legitimate pod and one change, from both sides of a rule.
import { PARAMETERS } from "../../admission/parameters";
import { Attacker, type Attack, type AttackContext, type Control } from "../attack";
import { create, image, pod, RESTRICTED, standingPod, strategicPatch, type PodChange } from "../requests";

export type Change = PodChange | ((context: AttackContext) => PodChange);
export type Row = readonly [
  id: string,
  controls: readonly Control[] | Control,
  does: string,
  why: string,
  change: Change,
];

export const PSA = "pod-security";
export const changed = (change: Change, context: AttackContext): PodChange =>
  typeof change === "function" ? change(context) : change;

/** A pod that is legitimate but for the change. */
export const refused = ([id, controls, does, why, change]: Row): Attack => ({
  id: `pod-${id}`,
  as: Attacker.SYNCER,
  does,
  why,
  expect: "refused",
  stoppedBy: [controls].flat(),
  request: (context) => create(pod(context, id, changed(change, context))),
});

export type Passing = readonly [id: string, does: string, why: string, change: Change];

/** A pod just on the allowed side of a rule. */
export const allowed = ([id, does, why, change]: Passing): Attack => ({
  id: `pod-${id}`,
  as: Attacker.SYNCER,
  does,
  why,
  expect: "allowed",
  stoppedBy: [],
  request: (context) => create(pod(context, id, changed(change, context))),
});

export type Update = readonly [
  id: string,
  control: Control,
  does: string,
  why: string,
  change: (context: AttackContext) => unknown,
  subresource?: string,
];

/** A change of a pod that stands there; a strategic merge, as kubectl sends it. */
export const update =
  (expect: "refused" | "allowed") =>
  ([id, control, does, why, change, subresource]: Update): Attack => ({
    id: `pod-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect,
    stoppedBy: expect === "refused" ? [control] : [],
    setup: (context) => [standingPod(context)],
    request: (context) => strategicPatch(standingPod(context), change(context), subresource),
  });

export const security = (fields: object): PodChange => ({ security: fields as Record<string, unknown> });
export const podSecurity = (fields: object): PodChange => ({ spec: { securityContext: fields } });
export const toleration =
  (fields: object) =>
  ({ tenant }: AttackContext): PodChange => ({
    spec: { tolerations: [...tenant.tolerations, fields] },
  });
/** Those of the standing pod, and one more: Kubernetes lets nobody take one away. */
export const tolerating = ({ tenant }: AttackContext, more: object): object => ({
  spec: {
    tolerations: [
      ...["not-ready", "unreachable"].map((condition) => ({
        key: `node.kubernetes.io/${condition}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 300,
      })),
      ...tenant.tolerations,
      more,
    ],
  },
});
export const volume = (source: object): PodChange => ({ spec: { volumes: [{ name: "v", ...source }] } });
export const antiAffinity = (term: object, kind = "podAntiAffinity"): PodChange => ({
  spec: {
    affinity: {
      [kind]: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: {}, topologyKey: "kubernetes.io/hostname", ...term },
        ],
      },
    },
  },
});
export const ephemeral =
  (fields: object) =>
  ({ tenant }: AttackContext): object => ({
    spec: {
      ephemeralContainers: [
        { name: "debug", image: image(tenant), securityContext: { ...RESTRICTED, ...fields } },
      ],
    },
  });
export const labels = (fields: object) => (): object => ({ metadata: { labels: fields } });
export const annotations = (fields: object) => (): object => ({ metadata: { annotations: fields } });

/** True where the tenant asks for confidential pods, which keep to more. */
export const confidential = ({ tenant }: AttackContext): boolean =>
  PARAMETERS.confidentialPrerequisites in tenant.annotations;

/** Only where it does not. */
export const unlessConfidential = (attack: Attack): Attack => ({
  ...attack,
  when: (context) => !confidential(context) && (attack.when?.(context) ?? true),
});
