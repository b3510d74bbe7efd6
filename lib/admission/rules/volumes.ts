// Volumes of other types reach the node's files, its network, or a driver that trusts whoever asks.
import { podRule } from "../pod-rule";

/** A volume has exactly one source, so one that is allowed is all it has. Inline `ephemeral` ones arrive as claims. */
const SOURCES = ["configMap", "secret", "projected", "emptyDir", "downwardAPI", "persistentVolumeClaim"];
const PROJECTED = ["configMap", "secret", "downwardAPI", "serviceAccountToken"];

const VOLUMES = "object.spec.?volumes.orValue([])";
const has = (variable: string, fields: readonly string[]): string =>
  `(${fields.map((field) => `has(${variable}.${field})`).join(" || ")})`;

export const VOLUME_TYPES = podRule({
  id: "volumes",
  refuses: "volumes of types that reach past the tenant",
  family: "pod",
  validations: [
    {
      expression: `${VOLUMES}.all(v, ${has("v", SOURCES)})`,
      message: `volumes must be of type ${SOURCES.join(", ")}; use a PersistentVolumeClaim for other storage`,
      messageExpression:
        `'volumes must be of type ${SOURCES.join(", ")}; use a PersistentVolumeClaim instead of volume ' + ` +
        `${VOLUMES}.filter(v, !${has("v", SOURCES)}).map(v, v.name).join(', ')`,
    },
    {
      expression: `${VOLUMES}.all(v, v.?projected.?sources.orValue([]).all(s, ${has("s", PROJECTED)}))`,
      message: `projected volumes must take from ${PROJECTED.join(", ")}; remove other sources`,
    },
  ],
  source: "Kubernetes documentation, Pod Security Standards (restricted, Volume Types), 2026",
});
