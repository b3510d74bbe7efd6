// Prints the pod of tenant `signer` that runs an enclave: `npx tsx pod.ts | kubectl apply -f -` in its virtual cluster.
import { enclavePod } from "tenclave";
import { EksHost } from "tenclave/aws";
import { host } from "./platform";

const pool = EksHost.reference(host).pools.find(({ name }) => name === "vault")!;

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "signer" },
  spec: enclavePod(pool, {
    image: "registry.example.com/signer:1",
    memoryMiB: 2048,
    inVirtualCluster: true,
  }),
};

process.stdout.write(`${JSON.stringify(pod, undefined, 2)}\n`);
