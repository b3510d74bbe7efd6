// Our side of the benchmark: examples/eks-snp/main.ts with attributes, over many tenants. Runs as compiled JavaScript.
import { App, LocalBackend, Tee, TenantDirectory, type TerraformStack } from "../../lib";
import { EksHost, EksNetwork, type EksHostOptions } from "../../lib/aws";
import { CniStack, EksHostStack, EksPoolsStack, PlatformStack, TenantsStack } from "../../stacks/aws";

const options: EksHostOptions = {
  name: "prod-eu",
  region: "eu-west-1",
  account: "123456789012",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "172.16.0.0/16" }),
  // The largest pod range there is, because each node takes a /24 of it.
  podCidr: "10.0.0.0/8",
  serviceCidr: "192.168.0.0/20",
  admins: ["arn:aws:iam::123456789012:role/platform-admin"],
  pools: [
    { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
    {
      name: "snp",
      instanceType: "m6a.2xlarge",
      tee: Tee.SEV_SNP,
      minNodes: 1,
      // Room for every size of the benchmark.
      maxNodes: 60_000,
      acceptUnproven: "benchmark, never deployed",
    },
  ],
};

const reference = EksHost.reference(options);
const directory = TenantDirectory.load(process.env.BENCH_INPUT!, { host: reference });
// Values instead of a look-up, so that there is no data source and the bare app needs none.
const host = EksHost.byAttributes(reference, {
  endpoint: "https://example",
  certificateAuthority: Buffer.from("certificate").toString("base64"),
  privateSubnetIds: ["subnet-1", "subnet-2", "subnet-3"],
});

const app = new App();
const stacks: TerraformStack[] = [
  new EksHostStack(app, "host", options),
  new CniStack(app, "cni", { host }),
  new EksPoolsStack(app, "pools", { host, pools: options.pools }),
  new PlatformStack(app, "platform", { host }),
  ...directory.shards.map((shard) => new TenantsStack(app, shard.name, { host, shard })),
];
for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
app.synth();
