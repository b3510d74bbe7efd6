// The kubelet sends probes and hooks from the node: with a host named, it asks whatever a tenant cannot reach itself.
import { everyContainer, podRule } from "../pod-rule";

const HANDLERS = [
  "c.?livenessProbe",
  "c.?readinessProbe",
  "c.?startupProbe",
  "c.?lifecycle.?postStart",
  "c.?lifecycle.?preStop",
];

export const HOST_PROBES = podRule({
  id: "host-probes",
  refuses: "a probe or hook that names another host",
  family: "pod",
  validations: [
    everyContainer(
      `[${HANDLERS.join(", ")}].all(p, p.?httpGet.?host.orValue('') == '' && p.?tcpSocket.?host.orValue('') == '')`,
      "probes and lifecycle hooks must ask the pod itself; remove host from httpGet and tcpSocket",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (baseline, Host Probes), 1.34",
});
