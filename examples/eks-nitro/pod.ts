// Prints the pod of tenant `signer` that runs an enclave and carries its calls to KMS: `npx tsx pod.ts | kubectl apply -f -`
// in its virtual cluster. The digests are made up.
import { enclaveKeyPod } from "tenclave";
import { EksHost } from "tenclave/aws";
import { host } from "./platform";

const reference = EksHost.reference(host);
const pool = reference.pools.find(({ name }) => name === "vault")!;

const { annotations, spec } = enclaveKeyPod(pool, {
  enclave: {
    image: `registry.example.com/signer@sha256:${"51".repeat(32)}`,
    memoryMiB: 2048,
    inVirtualCluster: true,
  },
  proxyImage: `registry.example.com/vsock-proxy@sha256:${"70".repeat(32)}`,
  region: reference.location,
});

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "signer", annotations }, spec };

process.stdout.write(`${JSON.stringify(pod, undefined, 2)}\n`);
