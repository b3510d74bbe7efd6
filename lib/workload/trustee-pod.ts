// A pod that gets secrets from Trustee's key broker through its guest's own agent: no token ever reaches the workload.
import { INIT_DATA } from "../admission/parameters";
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import {
  assertPod,
  CONTAINER_SHAPE,
  containerFaults,
  containerOf,
  memoryVolume,
  PLACEMENT_SHAPE,
  placementFaults,
  podOf,
  type WorkloadContainer,
  type WorkloadPlacement,
  type WorkloadPod,
} from "./workload-pod";

/** Address of the Confidential Data Hub in the guest. It attests, asks the broker and decrypts; answers stay in the guest. SOURCE: guest-components, api-server-rest, 2026. */
export const DATA_HUB = "http://127.0.0.1:8006/cdh/resource";

/** Where fetched files are. */
export const RESOURCE_FOLDER = "/run/secrets/resources";

export interface TrusteePodOptions extends WorkloadPlacement {
  /** Your container. */
  readonly workload: WorkloadContainer;
  /** Name of its container, DNS-1123. Fails with WORKLOAD_POD. @default app */
  readonly name?: string;
  /** The workload's initialisation data, as hints carry it: base64. It is measured, and not secret. Fails with WORKLOAD_POD. */
  readonly initData: string;
  /** Resources by a name of your choice, DNS-1123: `repository/type/tag`. Fails with WORKLOAD_POD. */
  readonly resources: Readonly<Record<string, string>>;
  /**
   * Image by digest with `curl` as its entry point's program: it puts each resource into a file in memory before the
   * workload starts. It must be in the agent's policy, too. @default - none: the workload asks for addresses itself
   */
  readonly fetcher?: string;
  /** Limit of the files in memory, Kubernetes quantity. @default 1Mi */
  readonly sizeLimit?: string;
}

const SHAPE = shape.object({
  ...PLACEMENT_SHAPE,
  workload: CONTAINER_SHAPE,
  name: shape.text.optional(),
  initData: shape.text,
  resources: shape.open({}),
  fetcher: shape.text.optional(),
  sizeLimit: shape.text.optional(),
} satisfies Record<keyof TrusteePodOptions, z.ZodType>);

const RESOURCE = /^[a-z0-9]([-._a-z0-9]*[a-z0-9])?(\/[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?){2}$/;
const BASE64 = /^[A-Za-z0-9+/]+=*$/;

/**
 * The pod. Each resource's address stands in `RESOURCE_<NAME>`; with a fetcher, also its file in `RESOURCE_<NAME>_FILE`.
 * Fails with OPTION_TYPE and WORKLOAD_POD.
 *
 * The guest's REST API stays at `resource`, its default: `agent.guest_components_rest_api=all` would make every process of
 * the pod a source of evidence.
 */
export function trusteePod(options: TrusteePodOptions): WorkloadPod {
  assertShape("trusteePod", SHAPE, options);
  const { workload, name = "app", initData, resources, fetcher, sizeLimit = "1Mi" } = options;
  const listed = Object.entries(resources);
  const fetching: WorkloadContainer | undefined =
    fetcher === undefined ? undefined : { image: fetcher, cpu: "50m", memory: "64Mi" };
  assertPod("trusteePod", [
    ...placementFaults(options),
    ...containerFaults(name, workload),
    ...(fetching ? containerFaults("fetch", fetching) : []),
    {
      fails: !BASE64.test(initData),
      text: `initData must be base64, as hints carry it, got ${initData.length} characters; copy it from the platform`,
    },
    {
      fails: listed.length === 0,
      text: "a pod must name the resources it gets, got none; write them like db: acme/db/password",
    },
    {
      fails: !listed.every(([key, path]) => /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(key) && RESOURCE.test(path)),
      text:
        "resources must be repository/type/tag by a DNS-1123 name, got " +
        `${listed.map(([key, path]) => `${key}: ${path}`).join(", ")}; write them like db: acme/db/password`,
    },
  ]);
  const env = Object.fromEntries(
    listed.flatMap(([key, path]) => [
      [variable(key), `${DATA_HUB}/${path}`],
      ...(fetching ? [[`${variable(key)}_FILE`, `${RESOURCE_FOLDER}/${key}`]] : []),
    ]),
  ) as Record<string, string>;
  const app = containerOf(name, workload, {
    env,
    ...(fetching ? { mounts: [{ name: "resources", mountPath: RESOURCE_FOLDER, readOnly: true }] } : {}),
  });
  return {
    annotations: { [INIT_DATA]: initData },
    spec: podOf(options, {
      ...(fetching
        ? {
            initContainers: [
              {
                ...containerOf("fetch", { ...fetching, command: ["curl"], args: curlArguments(listed) }),
                volumeMounts: [{ name: "resources", mountPath: RESOURCE_FOLDER }],
              },
            ],
            volumes: [memoryVolume("resources", sizeLimit)],
          }
        : {}),
      containers: [app],
    }),
  };
}

function variable(key: string): string {
  return `RESOURCE_${key.toUpperCase().replace(/-/g, "_")}`;
}

/** One file for each; an answer that is no 200 stops the pod before the workload runs. */
function curlArguments(listed: readonly (readonly [string, string])[]): string[] {
  return [
    "--fail",
    "--fail-early",
    "--silent",
    "--show-error",
    ...listed.flatMap(([key, path]) => ["--output", `${RESOURCE_FOLDER}/${key}`, `${DATA_HUB}/${path}`]),
  ];
}
