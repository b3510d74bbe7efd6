// Values of Gatekeeper's own chart under which its webhook sees what the rules match, and fails closed.
import type { PodNetwork } from "../host-cluster/host-cluster";
import { withTwins } from "./resource-kinds";
import { anyOf, asked } from "./gatekeeper";
import type { Administrators, AdmissionRule, Operation, ResourceMatch } from "./rule";
import { ADMISSION_RULES } from "./rules";

/** A rule of a webhook configuration. */
export interface WebhookRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly Operation[];
  readonly resources: readonly string[];
  readonly scope: "*";
}

/** What else Gatekeeper is to see: for constraints of your own. */
export interface GatekeeperValuesOptions {
  /** Rules of the webhook beside those of the library. @default - none */
  readonly furtherRules?: readonly WebhookRule[];
}

/**
 * Values for the chart `gatekeeper` of https://open-policy-agent.github.io/gatekeeper/charts, 3.22.0 or later.
 *
 * The webhook sees the library's rules' requests and Gatekeeper's own objects, no more: with `failurePolicy: Fail`,
 * everything it sees stops when Gatekeeper does, and by the chart's default that includes the leases of nodes.
 * `kube-system` is exempt, because Gatekeeper's pods need the CNI and DNS that run there.
 *
 * SOURCE: open-policy-agent/gatekeeper v3.23.1, charts/gatekeeper.
 */
export function gatekeeperValues(
  host: GatekeeperHost,
  options: GatekeeperValuesOptions = {},
): Readonly<Record<string, unknown>> {
  const further = [OWN_OBJECTS, ...(options.furtherRules ?? [])];
  return {
    enableK8sNativeValidation: true,
    disableValidatingWebhook: false,
    validatingWebhookFailurePolicy: "Fail",
    validatingWebhookCustomRules: [...webhookRules(ADMISSION_RULES), ...further],
    validatingWebhookMatchConditions: [
      { name: "rules", expression: webhookCondition(ADMISSION_RULES, host.administrators, further) },
    ],
    validatingWebhookExemptNamespacesLabels: { "kubernetes.io/metadata.name": ["kube-system"] },
    validatingWebhookObjectSelector: {},
    controllerManager: {
      exemptNamespaces: [],
      exemptNamespacePrefixes: [],
      exemptNamespaceSuffixes: [],
      ...(host.network.apiServerReachesPods
        ? {}
        : { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }),
    },
  };
}

/** What of a host the values depend on. */
export interface GatekeeperHost {
  readonly network: Pick<PodNetwork, "apiServerReachesPods">;
  readonly administrators: Administrators;
}

/**
 * CEL: a rule binds this request, by what it asks and who asks it. The webhook's own rules cannot tell who: a rule about
 * everything that tenants do would send it everything that anybody does, node leases among it.
 */
export function webhookCondition(
  rules: readonly AdmissionRule[],
  platform: Administrators,
  further: readonly WebhookRule[] = [],
): string {
  const requests = new Map<string | undefined, Set<string>>([[undefined, new Set(further.map(asked))]]);
  for (const { binds, matches } of rules) {
    const requester = binds.condition(platform);
    requests.set(requester, new Set([...(requests.get(requester) ?? []), ...matches.map(asked)]));
  }
  return anyOf(
    [...requests]
      .filter(([, some]) => some.size > 0)
      .map(([requester, some]) =>
        requester === undefined ? anyOf([...some]) : `${requester} && (${anyOf([...some])})`,
      ),
  );
}

/** Gatekeeper checks its own objects in the same webhook: its chart's default rules cover them, custom ones must, too. */
const OWN_OBJECTS: WebhookRule = {
  apiGroups: ["config", "constraints", "expansion", "externaldata", "mutations", "templates"].map(
    (group) => `${group}.gatekeeper.sh`,
  ),
  apiVersions: ["*"],
  operations: ["CREATE", "UPDATE"],
  resources: ["*"],
  scope: "*",
};

/**
 * What a webhook must match to see all requests of these rules.
 *
 * Every version: the chart sets `matchPolicy: Exact`, under which a request through another version passes unseen.
 */
export function webhookRules(rules: readonly AdmissionRule[]): readonly WebhookRule[] {
  const seen = new Map<string, WebhookRule>();
  for (const rule of rules.flatMap(({ matches }) => matches).flatMap(webhookRulesOf))
    seen.set(JSON.stringify(rule), rule);
  return [...seen.values()];
}

function webhookRulesOf({ apiGroups, resources, operations }: ResourceMatch): readonly WebhookRule[] {
  const asked = { apiGroups, apiVersions: ["*"], operations, resources, scope: "*" } as const;
  const twins = apiGroups
    .flatMap((group) => resources.map((resource) => `${group}/${resource}`))
    .flatMap((name) => withTwins(name).filter((twin) => twin !== name))
    .map((name): WebhookRule => {
      const [group, ...resource] = name.split("/");
      return { ...asked, apiGroups: [group!], resources: [resource.join("/")] };
    });
  return [asked, ...twins];
}
