// Lane `gatekeeper`: the rules as templates and constraints, asked of Gatekeeper's own constraint client as its webhook
// asks it. That both engines agree on every attack is lane `api-server`; here is what the rendering itself must hold.
import { constraints, constraintTemplates, GATEKEEPER_MIN_VERSION } from "../../../lib/admission/gatekeeper";
import { PARAMETERS } from "../../../lib/admission/parameters";
import { PODS } from "../../../lib/admission/matches";
import { Requesters, RuleScope, type AdmissionRule } from "../../../lib/admission/rule";
import { ADMISSION_RULES, findRule } from "../../../lib/admission/rules";
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import { LABELS } from "../../../lib/core/names";
import {
  gatekeeperVerdicts,
  gatekeeperVersion,
  wrongKinds,
  type AdmissionRequest,
  type GatekeeperReview,
} from "../support/gatekeeper";
import { evidencePodProblems } from "../support/evidence-pods";
import { check, type Check, type Lane } from "../support/lane";

const SYNCER = "system:serviceaccount:tenant-acme:vc-acme";
const PLATFORM = { users: [], groups: ["tenclave:platform"] };

/** A tenant's namespace as the platform makes it. */
const ACME = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: "tenant-acme",
    labels: { [LABELS.tenant]: "acme" },
    annotations: { [PARAMETERS.runtimeClass]: "tenclave-snp", [PARAMETERS.exceptions]: "probe-exception" },
  },
};
const OTHER = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };

/** A rule that looks at one thing that an engine must know. */
function probe(id: string, expression: string, change: Partial<AdmissionRule> = {}): AdmissionRule {
  return {
    id,
    refuses: `what ${id} looks at`,
    family: "platform",
    scope: RuleScope.TENANT_NAMESPACES,
    binds: Requesters.EVERYBODY,
    matches: [{ ...PODS, resources: ["configmaps"], operations: ["CREATE", "UPDATE", "DELETE"] }],
    validations: [{ expression, message: id }],
    source: "this lane",
    ...change,
  };
}

const configMaps = (...operations: AdmissionRule["matches"][number]["operations"]) => [
  { ...PODS, resources: ["configmaps"], operations },
];

const NAMED = (name: string) => `(object == null ? oldObject : object).metadata.name != '${name}'`;

/** Each refuses the one object that carries its name. */
const PROBES: readonly AdmissionRule[] = [
  findRule("node-name")!,
  findRule("runtime-class")!,
  probe("probe-create", `object.metadata.name != 'create' || oldObject != null`, {
    matches: configMaps("CREATE"),
  }),
  probe("probe-update", `${NAMED("update")} || object.data == oldObject.data`, {
    matches: configMaps("UPDATE"),
  }),
  probe("probe-delete", `object != null || oldObject.metadata.name != 'delete'`, {
    matches: configMaps("DELETE"),
  }),
  probe("probe-requester", NAMED("requester"), { binds: Requesters.TENANTS }),
  probe("probe-exception", NAMED("exception"), { exception: "a test" }),
  probe("probe-no-exception", NAMED("no-exception"), { exception: "a test" }),
  probe("probe-condition", "false", {
    conditions: [{ name: "named", expression: "object != null && object.metadata.name == 'condition'" }],
  }),
  probe("probe-error", "variables.broken", {
    conditions: [{ name: "named", expression: "object != null && object.metadata.name == 'error'" }],
    variables: [{ name: "broken", expression: "object.data['absent'] == ''" }],
  }),
  probe("probe-version", "true", {
    matches: [
      {
        apiGroups: ["autoscaling"],
        apiVersions: ["v2"],
        resources: ["horizontalpodautoscalers"],
        operations: ["CREATE"],
      },
    ],
  }),
  probe("probe-cluster", "namespaceObject == null && false", {
    scope: RuleScope.CLUSTER,
    binds: Requesters.ALL_BUT_PLATFORM,
    matches: [{ ...PODS, resources: ["namespaces"], operations: ["UPDATE", "DELETE"] }],
  }),
];

/** One request and what must come of it. */
interface Case {
  readonly name: string;
  readonly refusedBy?: string;
  readonly request: Partial<AdmissionRequest> & { readonly object?: object; readonly oldObject?: object };
  readonly namespace?: KubernetesObject;
  readonly withheldNamespace?: boolean;
}

const pod = (change: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "tenant-acme" },
  spec: { runtimeClassName: "tenclave-snp", containers: [{ name: "web", image: "web" }], ...change },
});

const configMap = (name: string, data: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "tenant-acme" },
  data,
});

const namespaceRequest = {
  kind: { group: "", version: "v1", kind: "Namespace" },
  resource: { group: "", version: "v1", resource: "namespaces" },
  // As the API server writes it: a Namespace is in itself.
  namespace: "tenant-acme",
};

const scaler = (version: string) => ({
  kind: { group: "autoscaling", version, kind: "HorizontalPodAutoscaler" },
  resource: { group: "autoscaling", version, resource: "horizontalpodautoscalers" },
  object: {
    apiVersion: `autoscaling/${version}`,
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "tenant-acme" },
  },
});

const stripped = { ...ACME, metadata: { ...ACME.metadata, labels: {} } };

const CASES: readonly Case[] = [
  { name: "CREATE of a pod of the tenant's class", request: { object: pod() } },
  {
    name: "CREATE of a pod of another class",
    refusedBy: "tenclave-runtime-class",
    request: { object: pod({ runtimeClassName: "tenclave-tdx" }) },
  },
  {
    name: "CREATE of a pod that names its node",
    refusedBy: "tenclave-node-name",
    request: { object: pod({ nodeName: "n1" }) },
  },
  {
    name: "UPDATE of a pod that is bound",
    request: { operation: "UPDATE", object: pod({ nodeName: "n1" }), oldObject: pod({ nodeName: "n1" }) },
  },
  {
    name: "UPDATE that moves a pod",
    refusedBy: "tenclave-node-name",
    request: { operation: "UPDATE", object: pod({ nodeName: "n2" }), oldObject: pod({ nodeName: "n1" }) },
  },
  {
    name: "pods/ephemeralcontainers, all as it was",
    request: { operation: "UPDATE", subResource: "ephemeralcontainers", object: pod(), oldObject: pod() },
  },
  {
    name: "pods/ephemeralcontainers of another class",
    refusedBy: "tenclave-runtime-class",
    request: {
      operation: "UPDATE",
      subResource: "ephemeralcontainers",
      object: pod({ runtimeClassName: "tenclave-tdx" }),
      oldObject: pod(),
    },
  },
  {
    name: "pods/status, which no rule matches, whatever it holds",
    request: {
      operation: "UPDATE",
      subResource: "status",
      object: pod({ nodeName: "n2" }),
      oldObject: pod(),
    },
  },
  {
    name: "DELETE of a pod that names its node, which no rule matches",
    request: { operation: "DELETE", oldObject: pod({ nodeName: "n1" }) },
  },
  {
    name: "a pod of another class in a namespace of no tenant",
    namespace: OTHER,
    request: { namespace: "default", object: pod({ runtimeClassName: "tenclave-tdx" }) },
  },
  {
    name: "a pod in a tenant's namespace that lost its parameters",
    refusedBy: "tenclave-runtime-class",
    namespace: { ...ACME, metadata: { ...ACME.metadata, annotations: {} } } as KubernetesObject,
    request: { object: pod() },
  },
  {
    name: "a pod that is right, at a Gatekeeper that hands over no namespace",
    refusedBy: "tenclave-runtime-class",
    withheldNamespace: true,
    request: { object: pod() },
  },
  {
    name: "a ConfigMap that no rule minds, there",
    refusedBy: "tenclave-probe-exception,tenclave-probe-no-exception",
    withheldNamespace: true,
    request: { object: configMap("harmless") },
  },
  {
    name: "CREATE by its operation",
    refusedBy: "tenclave-probe-create",
    request: { object: configMap("create") },
  },
  {
    name: "UPDATE is not CREATE",
    request: { operation: "UPDATE", object: configMap("create"), oldObject: configMap("create") },
  },
  {
    name: "UPDATE sees the old object",
    refusedBy: "tenclave-probe-update",
    request: { operation: "UPDATE", object: configMap("update", { a: "1" }), oldObject: configMap("update") },
  },
  {
    name: "UPDATE without a change",
    request: { operation: "UPDATE", object: configMap("update"), oldObject: configMap("update") },
  },
  {
    name: "DELETE has an old object and no object",
    refusedBy: "tenclave-probe-delete",
    request: { operation: "DELETE", oldObject: configMap("delete") },
  },
  { name: "DELETE of another", request: { operation: "DELETE", oldObject: configMap("keep") } },
  {
    name: "a tenant's service account is bound",
    refusedBy: "tenclave-probe-requester",
    request: { object: configMap("requester") },
  },
  {
    name: "somebody else is not",
    request: { object: configMap("requester"), userInfo: { username: "root", groups: ["system:masters"] } },
  },
  { name: "an exception in the namespace's annotation", request: { object: configMap("exception") } },
  {
    name: "no exception",
    refusedBy: "tenclave-probe-no-exception",
    request: { object: configMap("no-exception") },
  },
  {
    name: "a condition that holds",
    refusedBy: "tenclave-probe-condition",
    request: { object: configMap("condition") },
  },
  {
    name: "an expression that fails",
    refusedBy: "tenclave-probe-error",
    request: { object: configMap("error") },
  },
  { name: "the API version a rule names", request: scaler("v2") },
  { name: "another API version", refusedBy: "tenclave-probe-version", request: scaler("v1") },
  {
    name: "a cluster-wide object",
    refusedBy: "tenclave-probe-cluster",
    request: { ...namespaceRequest, operation: "UPDATE", object: ACME, oldObject: ACME },
  },
  {
    name: "a namespace that loses the tenant label",
    refusedBy: "tenclave-probe-cluster",
    request: { ...namespaceRequest, operation: "UPDATE", object: stripped, oldObject: ACME },
  },
  {
    name: "DELETE of a namespace",
    refusedBy: "tenclave-probe-cluster",
    request: { ...namespaceRequest, operation: "DELETE", oldObject: ACME },
  },
  {
    name: "a cluster-wide object, by the platform",
    request: {
      ...namespaceRequest,
      operation: "UPDATE",
      object: ACME,
      oldObject: ACME,
      userInfo: { username: "terraform", groups: ["tenclave:platform"] },
    },
  },
];

/** The request of a case, complete: a CREATE by the syncer, of the kind that its object has. */
function review({ name, request, namespace = ACME, withheldNamespace }: Case): GatekeeperReview {
  const object = (request.object ?? request.oldObject) as { kind: string; metadata: { name: string } };
  return {
    id: name,
    namespace,
    ...(withheldNamespace ? { withheldNamespace } : {}),
    request: {
      uid: name,
      kind: { group: "", version: "v1", kind: object.kind },
      resource: { group: "", version: "v1", resource: `${object.kind.toLowerCase()}s` },
      operation: "CREATE",
      name: object.metadata.name,
      namespace: "tenant-acme",
      userInfo: {
        username: SYNCER,
        groups: ["system:serviceaccounts", "system:serviceaccounts:tenant-acme"],
      },
      ...request,
    },
  };
}

/** A pod of 200 containers, which no rule may find too dear: a template has a tenth of a policy's budget. */
function largePod(): object {
  const many = <T>(count: number, one: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => one(i));
  return pod({
    volumes: many(200, (index) => ({ name: `v${index}`, secret: { secretName: `s${index}` } })),
    tolerations: many(200, (index) => ({ key: `k${index}`, operator: "Exists", effect: "NoSchedule" })),
    containers: many(200, (index) => ({
      name: `c${index}`,
      image: `registry.example.com/team/image-${index}@sha256:${"a".repeat(64)}`,
      ports: many(5, (port) => ({ containerPort: 8000 + port })),
      env: many(20, (variable) => ({ name: `E${variable}`, value: "x" })),
      volumeMounts: many(5, (volume) => ({ name: `v${volume}`, mountPath: `/m${volume}` })),
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    })),
  });
}

/** Every rule of the library, asked about the large pod: what failed for another reason than the pod. */
async function tooDear(): Promise<readonly string[]> {
  const verdicts = await gatekeeperVerdicts(
    constraintTemplates(ADMISSION_RULES, PLATFORM),
    constraints(ADMISSION_RULES),
    [review({ name: "large", request: { object: largePod() } })],
  );
  const { messages } = verdicts.get("large")!;
  // Without a refusal nothing was evaluated: the pod tolerates what it must not.
  if (!messages.some((message) => message.startsWith("[tenclave-tolerations]")))
    return [`not refused by tolerations:`, ...messages];
  return messages.filter((message) => /cost|budget/.test(message));
}

export const gatekeeper: Lane = {
  name: "gatekeeper",
  proves:
    "Gatekeeper's own engine takes the rules, and judges by operation, subresource, requester and namespace",
  async run() {
    const verdicts = await gatekeeperVerdicts(
      constraintTemplates(PROBES, PLATFORM),
      constraints(PROBES),
      CASES.map(review),
    );
    const checks = CASES.map(({ name, refusedBy }): Check => {
      const { messages } = verdicts.get(name)!;
      const by = [...new Set(messages.map((message) => /^\[(.*?)\]/.exec(message)?.[1] ?? message))];
      return {
        name: `${name}: ${refusedBy ?? "allowed"}`,
        ok: by.join() === (refusedBy ?? ""),
        detail: messages.join("\n"),
      };
    });
    return {
      checks: [
        ...checks,
        check("constraints name kinds that Kubernetes has", await wrongKinds()),
        check(`${ADMISSION_RULES.length} rules afford a pod of 200 containers`, await tooDear()),
        check(
          `${ADMISSION_RULES.length} rules let pods pass that get secrets on evidence, and no secrets store`,
          await evidencePodProblems(PLATFORM),
        ),
      ],
      parts: `Gatekeeper ${await gatekeeperVersion()}: constraint client, target handler, CEL driver`,
      leftOut: 0,
      notes: [`rules need Gatekeeper ${GATEKEEPER_MIN_VERSION}: no version before hands CEL the namespace`],
    };
  },
};
