// Pods that could not keep a secret, where the tenant asks for confidential ones; and what those may have.
import { INIT_DATA, PARAMETERS } from "../../admission/parameters";
import { type Attack, type AttackContext } from "../attack";
import { hostName } from "../legitimate-pods";
import { objectPath, standingPod, type PodChange } from "../requests";
import {
  allowed,
  confidential,
  refused,
  update,
  ephemeral,
  volume,
  type Passing,
  type Row,
} from "./pod-attack";

const RULE = "rule:confidential-prerequisites";

/** A change that names a Secret of the virtual namespace `default`. */
const withSecret =
  (name: string, change: (secret: string) => PodChange) =>
  ({ tenant }: AttackContext): PodChange =>
    change(hostName(tenant, name));
const projected = (name: string): PodChange => volume({ projected: { sources: [{ secret: { name } }] } });

const listed = ({ tenant }: AttackContext, name: "plainSecrets" | "initData"): string | undefined =>
  tenant.annotations[PARAMETERS[name]]?.split(",")[0];

const REFUSED: readonly Row[] = [
  [
    "secret-volume",
    RULE,
    "mounts a plain Secret",
    "the host reads it",
    withSecret("db", (secretName) => volume({ secret: { secretName } })),
  ],
  ["secret-projected", RULE, "projects a plain Secret", "the host reads it", withSecret("db", projected)],
  [
    "secret-other-token",
    RULE,
    "projects another pod's token",
    "it is a plain Secret like any other",
    withSecret("other-sa-token", projected),
  ],
  [
    "secret-env",
    RULE,
    "takes a variable from a plain Secret",
    "the host reads it",
    withSecret("db", (name) => ({
      container: { env: [{ name: "A", valueFrom: { secretKeyRef: { name, key: "k" } } }] },
    })),
  ],
  [
    "secret-env-from",
    RULE,
    "takes all variables from a plain Secret",
    "the host reads it",
    withSecret("db", (name) => ({ container: { envFrom: [{ secretRef: { name } }] } })),
  ],
  [
    "confidential-shared-processes",
    RULE,
    "shares processes among its containers",
    "a sidecar reads the others' memory",
    { spec: { shareProcessNamespace: true } },
  ],
];

const ALLOWED: readonly Passing[] = [
  [
    "secret-own-token",
    "projects its own token",
    "the syncer puts the virtual cluster's token there",
    withSecret("secret-own-token-sa-token", projected),
  ],
];

/** Only where the tenant's file lists one. */
const WITH_INIT_DATA = (context: AttackContext): boolean =>
  confidential(context) && listed(context, "initData") !== undefined;

export const POD_CONFIDENTIAL: readonly Attack[] = [
  ...REFUSED.map((row) => ({ ...refused(row), when: confidential })),
  ...ALLOWED.map((row) => ({ ...allowed(row), when: confidential })),
  {
    ...allowed([
      "secret-listed",
      "mounts a Secret that its file lists",
      "payloads that are sealed themselves",
      (context) => {
        const [namespace, name] = listed(context, "plainSecrets")!.split("/") as [string, string];
        return volume({ secret: { secretName: hostName(context.tenant, name, namespace) } });
      },
    ]),
    when: (context) => confidential(context) && listed(context, "plainSecrets") !== undefined,
  },
  {
    ...refused([
      "init-data-other",
      RULE,
      "brings initialisation data of its own",
      "the guest then trusts another key broker",
      { annotations: { [INIT_DATA]: "H4sIAAAAAAAA" } },
    ]),
    when: WITH_INIT_DATA,
  },
  {
    ...refused([
      "init-data-none",
      RULE,
      "brings no initialisation data",
      "the guest then trusts its defaults",
      { annotations: { [INIT_DATA]: undefined as unknown as string } },
    ]),
    when: WITH_INIT_DATA,
  },
  {
    ...allowed([
      "init-data",
      "brings the initialisation data of its file",
      "its guest is started with it",
      (context) => ({ annotations: { [INIT_DATA]: listed(context, "initData")! } }),
    ]),
    when: WITH_INIT_DATA,
  },
  {
    ...update("refused")([
      "confidential-debug",
      "rule:confidential-access",
      "adds an ephemeral container",
      "reads what the workload reads",
      ephemeral({}),
      "ephemeralcontainers",
    ]),
    when: confidential,
  },
  ...["exec", "attach"].map((way): Attack => ({
    ...refused([
      `confidential-${way}`,
      "rule:confidential-access",
      `opens a shell by ${way}`,
      "reads what the workload reads",
      {},
    ]),
    when: confidential,
    setup: (context) => [standingPod(context)],
    request: (context) => ({
      // As a WebSocket asks; a POST would have to be a dry run, which a connection has not.
      method: "GET",
      path: `${objectPath(standingPod(context), way)}?command=sh&stdout=true`,
    }),
  })),
];
