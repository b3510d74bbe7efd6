// Pods just on the allowed side of what reaches for the node; and ephemeral containers, from both sides.
import { PARAMETERS } from "../../admission/parameters";
import { type Attack } from "../attack";
import {
  unlessConfidential,
  allowed,
  ephemeral,
  podSecurity,
  PSA,
  security,
  update,
  volume,
  type Passing,
} from "./pod-attack";

/** What confidential pods may not have. */
const OPEN = ["pod-shared-processes", "pod-volume-types"];

export const POD_HOST_NEIGHBOURS: readonly Attack[] = (
  [
    [
      "capability-bind",
      "adds NET_BIND_SERVICE",
      "servers below port 1024, CoreDNS",
      security({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
    ],
    [
      "sysctl-safe",
      "sets a safe kernel parameter",
      "it is the pod's own",
      podSecurity({ sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }] }),
    ],
    [
      "probe",
      "is probed itself",
      "every server",
      {
        container: {
          ports: [{ containerPort: 8080 }],
          livenessProbe: { httpGet: { path: "/", port: 8080 } },
          readinessProbe: { tcpSocket: { port: 8080 } },
        },
      },
    ],
    [
      "seccomp-pod",
      "names the filter for the pod",
      "the usual place",
      {
        spec: { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
        security: { seccompProfile: undefined },
      },
    ],
    [
      "app-armor-default",
      "names the runtime's AppArmor profile",
      "hardened manifests do",
      security({ appArmorProfile: { type: "RuntimeDefault" } }),
    ],
    [
      "non-root-pod",
      "says for the pod that it is not root",
      "the usual place",
      {
        spec: { securityContext: { runAsNonRoot: true, runAsUser: 1000 } },
        security: { runAsNonRoot: undefined, runAsUser: undefined },
      },
    ],
    ["user-namespace", "runs in a user namespace", "safer", { spec: { hostUsers: false } }],
    [
      "shared-processes",
      "shares processes among its containers",
      "debuggers, sidecars",
      { spec: { shareProcessNamespace: true } },
    ],
    [
      "volume-types",
      "mounts what tenants may",
      "every application",
      {
        spec: {
          volumes: [
            { name: "a", configMap: { name: "c" } },
            { name: "b", secret: { secretName: "s" } },
            { name: "c", emptyDir: { medium: "Memory" } },
            {
              name: "d",
              downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] },
            },
            { name: "e", persistentVolumeClaim: { claimName: "p" } },
            { name: "f", projected: { sources: [{ configMap: { name: "c" } }, { secret: { name: "s" } }] } },
          ],
        },
      },
    ],
    ["volume-untyped", "leaves a volume's type out", "it is an emptyDir then", volume({})],
  ] satisfies Passing[]
)
  .map(allowed)
  .map((attack) => (OPEN.includes(attack.id) ? unlessConfidential(attack) : attack));

/** Only on pools whose nodes carry a profile for tenants: those with enclaves. */
export const POD_OWN_PROFILE: Attack = {
  ...allowed([
    "seccomp-own",
    "names the seccomp profile of its pool",
    "a pod talks to its enclave by a call that the runtime's filter refuses",
    ({ tenant }) => ({
      spec: {
        securityContext: {
          seccompProfile: {
            type: "Localhost",
            localhostProfile: tenant.annotations[PARAMETERS.seccompProfiles]!.split(",")[0],
          },
        },
      },
      security: { seccompProfile: undefined },
    }),
  ]),
  when: ({ tenant }) => PARAMETERS.seccompProfiles in tenant.annotations,
};

export const POD_EPHEMERAL: readonly Attack[] = [
  ...(
    [
      [
        "debug-privileged",
        ["rule:privileged", PSA],
        "is privileged",
        { privileged: true, allowPrivilegeEscalation: true },
      ],
      [
        "debug-capability",
        ["rule:capabilities", PSA],
        "adds SYS_PTRACE",
        { capabilities: { drop: ["ALL"], add: ["SYS_PTRACE"] } },
      ],
      ["debug-root", ["rule:run-as-non-root", PSA], "runs as root", { runAsUser: 0 }],
      [
        "debug-unconfined",
        ["rule:seccomp", PSA],
        "switches the system-call filter off",
        { seccompProfile: { type: "Unconfined" } },
      ],
      [
        "debug-seccomp-other",
        ["rule:seccomp"],
        "names a filter that lies on the node",
        { seccompProfile: { type: "Localhost", localhostProfile: "other.json" } },
      ],
      [
        "debug-se-linux",
        ["rule:se-linux"],
        "takes SELinux categories of its choice",
        { seLinuxOptions: { level: "s0:c1,c2" } },
      ],
    ] as const
  ).map(([id, controls, does, fields]): Attack =>
    unlessConfidential({
      ...update("refused")([
        id,
        controls[0],
        `adds an ephemeral container that ${does}`,
        "another way into a running pod",
        ephemeral(fields),
        "ephemeralcontainers",
      ]),
      stoppedBy: controls,
    }),
  ),
  unlessConfidential(
    update("allowed")([
      "debug",
      "api-server",
      "adds an ephemeral container",
      "kubectl debug",
      ephemeral({}),
      "ephemeralcontainers",
    ]),
  ),
];
