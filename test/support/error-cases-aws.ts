// How to raise the codes that are first met on aws.
import { Tee } from "../../lib";
import { EksHost, eksPoolReference } from "../../lib/aws";
import { EksPoolsStack } from "../../stacks/aws";
import { hostOptions } from "./host";
import { app, ATTRIBUTES, stack } from "./scope";

const POOL = { name: "p", instanceType: "m6i.xlarge", minNodes: 1, maxNodes: 2 };

export const AWS_CASES = {
  EKS_ATTRIBUTES: (): unknown =>
    EksHost.fromAttributes(stack(), "Host", EksHost.reference(hostOptions()), {
      ...ATTRIBUTES,
      endpoint: "api.example.com",
    }),
  EKS_KEY: (): unknown => EksHost.reference(hostOptions({ volumesKeyArn: "alias/mine" })),
  EKS_SECURITY_GROUP: (): unknown => {
    const pools = [
      { ...POOL, name: "system", system: true },
      { ...POOL, selfManaged: true },
    ];
    const host = EksHost.byAttributes(EksHost.reference(hostOptions({ pools })), ATTRIBUTES);
    return new EksPoolsStack(app(), "pools", { host, pools });
  },
  POOL_ENCLAVES: (): unknown =>
    eksPoolReference("eu-west-1", {
      ...POOL,
      tee: Tee.NITRO_ENCLAVES,
      enclaves: { memoryMiB: 1024, vcpus: 3 },
    }),
  POOL_FEATURE: (): unknown => eksPoolReference("eu-west-1", { ...POOL, numaAligned: true }),
};
