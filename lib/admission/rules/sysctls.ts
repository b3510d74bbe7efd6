// Most kernel settings hold for the whole node; these are a pod's own.
import { podRule } from "../pod-rule";
import { list } from "../cel";

const SAFE = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const SYSCTLS = podRule({
  id: "sysctls",
  refuses: "kernel settings beyond Kubernetes' safe ones",
  family: "pod",
  validations: [
    {
      expression: `object.spec.?securityContext.?sysctls.orValue([]).all(s, s.name in ${list(SAFE)})`,
      message: "pods may set safe sysctls only; remove the others from spec.securityContext.sysctls",
      messageExpression:
        "'pods may set safe sysctls only; remove ' + object.spec.securityContext.sysctls" +
        `.filter(s, !(s.name in ${list(SAFE)})).map(s, s.name).join(', ')`,
    },
  ],
  source: "Kubernetes 1.34, pod-security-admission, check of sysctls",
});
