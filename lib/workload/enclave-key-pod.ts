// A pod whose enclave asks KMS for its key: beside `enclavePod`, the proxy that carries the enclave's TLS out.
import type { Volume } from "kubernetes-types/core/v1";
import { PREFIX } from "../core/names";
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { kmsEndpoint } from "../keys/aws-kms-endpoint";
import { enclavePod, type EnclavePodOptions } from "../node-pool/enclave-pod";
import type { PoolReference } from "../node-pool/node-pool";
import {
  assertPod,
  containerFaults,
  containerOf,
  type WorkloadContainer,
  type WorkloadPod,
} from "./workload-pod";

export interface EnclaveKeyPodOptions {
  /** The pod with the enclave, as `enclavePod` takes it; its image by digest. Fails with POOL_ENCLAVES and WORKLOAD_POD. */
  readonly enclave: EnclavePodOptions;
  /** Image with `vsock-proxy`, by digest: AWS publishes the program, no image. Fails with WORKLOAD_POD. */
  readonly proxyImage: string;
  /** Region of the key, like `eu-west-1`. Fails with WORKLOAD_POD. */
  readonly region: string;
  /**
   * Port on vsock the enclave calls, at CID 3. A node has one number space for all its pods: two pods with one port do
   * not both start. Fails with WORKLOAD_POD. @default 8000
   */
  readonly port?: number;
}

const SHAPE = shape.object({
  enclave: shape.open({ image: shape.text }),
  proxyImage: shape.text,
  region: shape.text,
  port: shape.number.optional(),
} satisfies Record<keyof EnclaveKeyPodOptions, z.ZodType>);

/** Annotation of the pod with what its proxy may reach; a file in it by the downward API. */
export const PROXY_ALLOW_LIST = `${PREFIX}vsock-proxy`;

const CONFIG_FOLDER = "/etc/vsock-proxy";
const CONFIG_FILE = "vsock-proxy.yaml";

/**
 * The pod. The proxy forwards bytes between the enclave and KMS, and to nowhere else; TLS ends in the enclave, so the
 * proxy reads nothing, and what KMS answers is encrypted to the enclave that asked. The tenant's file must let the pod
 * out to KMS (`egress`), and the cloud identity of its role be there. Fails with OPTION_TYPE, POOL_ENCLAVES, WORKLOAD_POD.
 * SOURCE: aws-nitro-enclaves-cli, vsock_proxy/README.md, 2026-08-13.
 */
export function enclaveKeyPod(pool: PoolReference, options: EnclaveKeyPodOptions): WorkloadPod {
  assertShape("enclaveKeyPod", SHAPE, options);
  const { enclave, proxyImage, region, port = 8000 } = options;
  const proxy: WorkloadContainer = { image: proxyImage, cpu: "50m", memory: "64Mi" };
  assertPod("enclaveKeyPod", [
    ...containerFaults("vsock-proxy", proxy),
    ...containerFaults("enclave", { image: enclave.image }),
    {
      fails: !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region),
      text: `region must be one of AWS, got '${region}'; write it like eu-west-1`,
    },
    {
      fails: !Number.isInteger(port) || port < 1024 || port > 4_294_967_294,
      text: `port must be a whole number from 1024, below vsock's wildcard, got ${port}; leave it out for 8000`,
    },
    {
      fails: enclave.name === "vsock-proxy",
      text: "the enclave's container must not be named like the proxy's, got 'vsock-proxy'; choose another name",
    },
  ]);
  const spec = enclavePod(pool, enclave);
  const host = kmsEndpoint(region);
  const config: Volume = {
    name: "vsock-proxy",
    downwardAPI: {
      items: [{ path: CONFIG_FILE, fieldRef: { fieldPath: `metadata.annotations['${PROXY_ALLOW_LIST}']` } }],
    },
  };
  return {
    annotations: { [PROXY_ALLOW_LIST]: `allowlist:\n- {address: ${host}, port: 443}\n` },
    spec: {
      ...spec,
      automountServiceAccountToken: false,
      containers: [
        ...spec.containers,
        containerOf(
          "vsock-proxy",
          {
            ...proxy,
            command: ["vsock-proxy"],
            args: [`${port}`, host, "443", "--config", `${CONFIG_FOLDER}/${CONFIG_FILE}`],
          },
          { mounts: [{ name: "vsock-proxy", mountPath: CONFIG_FOLDER, readOnly: true }] },
        ),
      ],
      volumes: [...(spec.volumes ?? []), config],
    },
  };
}
