// Values of Gatekeeper's own chart under which its webhook sees what the rules match, and fails closed.
import type { PodNetwork } from "../host-cluster/host-cluster";
import { withTwins } from "./resource-kinds";
import { anyOf, asked } from "./gatekeeper";
import type { AdmissionRule, Administrators, Operation, ResourceMatch } from "./rule";
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
 * CEL: a rule may bind this request. A rule about everything would send everything to the webhook, node leases among it,
 * so of such a rule only those requests count that come from whom it binds.
 */
export function webhookCondition(
  rules: readonly AdmissionRule[],
  platform: Administrators,
  further: readonly WebhookRule[] = [],
): string {
  const conditions = rules.map(({ binds, matches }) => {
    const requests = anyOf(matches.map(asked));
    const requester = binds.condition(platform);
    return matches.some(isWide) && requester !== undefined ? `(${requests}) && ${requester}` : requests;
  });
  return anyOf([...new Set([...conditions, ...further.map(asked)])]);
}

function isWide({ apiGroups, resources }: ResourceMatch): boolean {
  return [...apiGroups, ...resources].some((name) => name.includes("*"));
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
