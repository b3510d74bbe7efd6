// What a confidential workload must look like before its guest exists. This proves no guest: only key release on evidence does.
import { INIT_DATA, parameterList, TENANT } from "../parameters";
import { podRule } from "../pod-rule";
import { text } from "../cel";
import { ASKED_FOR } from "../confidential";
import { BY_DIGEST } from "./image-digests";
import { IMAGES } from "../image-names";

const annotation = (key: string): string => `object.metadata.?annotations[?${text(key)}].orValue('')`;
const VIRTUAL_NAME = annotation("vcluster.loft.sh/object-name");
const VIRTUAL_NAMESPACE = annotation("vcluster.loft.sh/object-namespace");

/** Control plane and CoreDNS hold no data of workloads. */
const SYSTEM =
  `object.spec.?serviceAccountName.orValue('') == 'vc-' + ${TENANT} || ` +
  "object.metadata.?labels[?'k8s-app'].orValue('') == 'vcluster-kube-dns'";

/** A Secret by its host name: allowed by the tenant's file, or the pod's token. The syncer cuts long names at 52 and adds a hash. */
const allowed = (name: string): string =>
  `[${name}].all(n, n in variables.allowed || n == variables.token || ` +
  "variables.token.size() > 63 && n.startsWith(variables.token.substring(0, 52) + '-'))";

const SECRETS = [
  `object.spec.?volumes.orValue([]).all(v, !has(v.secret) || ${allowed("v.secret.?secretName.orValue('')")})`,
  "object.spec.?volumes.orValue([]).all(v, v.?projected.?sources.orValue([])" +
    `.all(s, !has(s.secret) || ${allowed("s.secret.?name.orValue('')")}))`,
  "variables.containers.all(c, c.?env.orValue([])" +
    `.all(e, !has(e.valueFrom) || !has(e.valueFrom.secretKeyRef) || ${allowed("e.valueFrom.secretKeyRef.?name.orValue('')")}))`,
  "variables.containers.all(c, c.?envFrom.orValue([])" +
    `.all(e, !has(e.secretRef) || ${allowed("e.secretRef.?name.orValue('')")}))`,
];

export const CONFIDENTIAL_PREREQUISITES = podRule({
  id: "confidential-prerequisites",
  refuses: "pods that could not keep a secret, where the tenant asks for confidential ones",
  family: "confidential",
  variables: [
    ASKED_FOR,
    parameterList("systemImages"),
    parameterList("plainSecrets"),
    parameterList("initData"),
    IMAGES[0]!,
    { name: "free", expression: `!variables.prerequisites || ${SYSTEM}` },
    {
      name: "token",
      expression: `${VIRTUAL_NAME} + '-sa-token-x-' + ${VIRTUAL_NAMESPACE} + '-x-' + ${TENANT}`,
    },
    {
      name: "allowed",
      expression: `variables.plainSecrets.map(p, p.split('/')[1] + '-x-' + p.split('/')[0] + '-x-' + ${TENANT})`,
    },
  ],
  validations: [
    {
      expression: `variables.free || variables.images.all(image, ${BY_DIGEST})`,
      message: "confidential pods must name images by digest; write name@sha256:…",
    },
    {
      expression: `variables.free || ${SECRETS.join(" && ")}`,
      message:
        "confidential pods must not take plain Secrets, which the host can read; get them from the key broker, or have the Secret allowed",
    },
    {
      expression: "variables.free || !object.spec.?shareProcessNamespace.orValue(false)",
      message:
        "confidential pods must keep their containers' processes apart; remove spec.shareProcessNamespace",
    },
    {
      expression: `variables.free || variables.initData.size() == 0 || ${annotation(INIT_DATA)} in variables.initData`,
      message: `confidential pods must carry the tenant's initialisation data in annotation '${INIT_DATA}'; copy it from the platform`,
    },
  ],
  source: "Kubernetes documentation, Validating Admission Policy, 2026: it sees the object, never the guest",
});
