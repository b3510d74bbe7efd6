// What a confidential workload must look like before its guest exists. This proves no guest: only key release on evidence does.
import { PARAMETERS, parameterList, TENANT } from "../parameters";
import { podRule } from "../pod-rule";
import { CONTAINERS, list, text } from "../rule";
import { ASKED_FOR, INIT_DATA } from "./confidential";
import { IMAGES } from "./image-names";
import { BY_DIGEST } from "./image-digests";

const META = (key: string): string => `object.metadata.?annotations[?${text(key)}].orValue('')`;
const VOLUMES = "object.spec.?volumes.orValue([])";
const ENV = "c.?env.orValue([]).filter(e, e.?valueFrom.?secretKeyRef.hasValue())";
const ENV_FROM = "c.?envFrom.orValue([]).filter(e, e.?secretRef.hasValue())";
const PROJECTED = "v.?projected.?sources.orValue([]).filter(s, s.?secret.hasValue())";

/** Host name of the Secret with the token of the virtual service account; long names are cut at 52 and hashed. */
const TOKEN = `${META("vcluster.loft.sh/object-name")} + '-sa-token-x-' + ${META("vcluster.loft.sh/object-namespace")} + '-x-' + ${TENANT}`;

/** Control plane and CoreDNS hold no data of workloads. */
const SYSTEM =
  `object.spec.?serviceAccountName.orValue('') == 'vc-' + ${TENANT} || ` +
  "object.metadata.?labels[?'k8s-app'].orValue('') == 'vcluster-kube-dns'";

export const CONFIDENTIAL_PREREQUISITES = {
  ...podRule({
    id: "confidential-prerequisites",
    refuses: "pods that could not keep a secret, where the tenant asks for confidential ones",
    family: "confidential",
    conditions: [ASKED_FOR],
    variables: [
      CONTAINERS,
      parameterList("systemImages"),
      parameterList("plainSecrets"),
      parameterList("initData"),
      IMAGES[0]!,
      { name: "system", expression: SYSTEM },
      { name: "token", expression: TOKEN },
      {
        name: "secrets",
        expression:
          `${VOLUMES}.filter(v, v.?secret.hasValue()).map(v, v.secret.?secretName.orValue('')) + ` +
          `${VOLUMES}.map(v, ${PROJECTED}.map(s, s.secret.?name.orValue(''))).flatten() + ` +
          `variables.containers.map(c, ${ENV}.map(e, e.valueFrom.secretKeyRef.?name.orValue('')) + ` +
          `${ENV_FROM}.map(e, e.secretRef.?name.orValue(''))).flatten()`,
      },
      {
        name: "plain",
        expression:
          "variables.secrets.filter(name, name != variables.token && " +
          "!(variables.token.size() > 63 && name.startsWith(variables.token.substring(0, 52))) && " +
          `!variables.plainSecrets.exists(p, p.split('/')[1] + '-x-' + p.split('/')[0] + '-x-' + ${TENANT} == name))`,
      },
    ],
    validations: [
      {
        expression: `variables.system || variables.images.all(image, ${BY_DIGEST})`,
        message: "confidential pods must name images by digest; write name@sha256:…",
      },
      {
        expression: "variables.system || variables.plain.size() == 0",
        message:
          "confidential pods must not take plain Secrets, which the host can read; get them from the key broker, or have the Secret allowed",
        messageExpression:
          "'confidential pods must not take plain Secrets, which the host can read; get them from the key broker, or have them allowed: ' + variables.plain.join(', ')",
      },
      {
        expression: "variables.system || !object.spec.?shareProcessNamespace.orValue(false)",
        message:
          "confidential pods must keep containers' processes apart; remove spec.shareProcessNamespace",
      },
      {
        expression: `variables.system || variables.initData.size() == 0 || ${META(INIT_DATA)} in variables.initData`,
        message: `confidential pods must carry the tenant's initialisation data in annotation '${INIT_DATA}'; copy it from the platform`,
      },
    ],
    source: "Kubernetes documentation, Validating Admission Policy, 2026: it sees the object, never the guest",
  }),
};
void list;
void PARAMETERS;
