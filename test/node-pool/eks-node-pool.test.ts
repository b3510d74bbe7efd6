import {
  EKS_INSTANCE_TYPES,
  EksAddOns,
  EksNodePool,
  eksInstanceTypesWith,
  eksPoolReference,
} from "../../lib/aws";
import {
  EksAddon,
  EksNodeGroup,
  IamRole,
  IamRolePolicyAttachment,
  KmsKey,
  LaunchTemplate,
} from "../../lib/core/bindings/aws";
import { warningsOf } from "../../lib/core/notes";
import { Retention, Tee } from "../../lib";
import { ensureAwsProvider } from "../../lib/host-cluster/aws-provider";
import { eksUserData } from "../../lib/node-pool/eks-user-data";
import { runtimeClass } from "../../lib/node-pool/node-pool";
import type { EksNodePoolOptions } from "../../lib/aws";
import { Template } from "../../lib/testing";
import { exampleHost } from "../support/host";
import { connectedHost, stack } from "../support/scope";

const PLAIN: EksNodePoolOptions = { name: "plain", instanceType: "m7i.xlarge", minNodes: 1, maxNodes: 4 };
const SNP: EksNodePoolOptions = {
  name: "snp",
  instanceType: "m6a.2xlarge",
  tee: Tee.SEV_SNP,
  minNodes: 0,
  maxNodes: 6,
  acceptUnproven: "tried by hand",
};

function synthesized(options: EksNodePoolOptions, retention?: Retention): Template {
  const scope = stack();
  const host = connectedHost(scope);
  ensureAwsProvider(scope, host.reference);
  new EksNodePool(scope, "Pool", { ...options, host, retention });
  return Template.of(scope);
}

// SOURCE: AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026: all 16.
const SNP_TYPES = [
  ...["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"].map((size) => `m6a.${size}`),
  ...["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"].map(
    (size) => `c6a.${size}`,
  ),
  ...["large", "xlarge", "2xlarge", "4xlarge"].map((size) => `r6a.${size}`),
];

test("the table holds the 16 SEV-SNP types and no other", () => {
  expect(eksInstanceTypesWith(Tee.SEV_SNP).sort()).toEqual([...SNP_TYPES].sort());
});

test.each([
  ["m6a.2xlarge", 8, 32, "x86_64"],
  ["c6a.16xlarge", 64, 128, "x86_64"],
  ["r6a.large", 2, 16, "x86_64"],
  ["m7g.xlarge", 4, 16, "arm64"],
])("%s has %i vCPUs and %i GiB of %s", (name, vcpus, memoryGiB, arch) => {
  expect(EKS_INSTANCE_TYPES.get(name)).toMatchObject({
    vcpus,
    memoryGiB,
    arch,
    source: expect.stringMatching(/EC2/) as string,
  });
});

test("the families are these, with eight sizes, or seven of Graviton 2 and 3", () => {
  const sizes = new Map<string, number>();
  for (const name of EKS_INSTANCE_TYPES.keys()) {
    const family = name.split(".")[0]!;
    sizes.set(family, (sizes.get(family) ?? 0) + 1);
  }
  const lines = ["5", "6a", "7a", "8a", "6i", "6id", "7i", "8i", "8g"];
  const expected = lines.flatMap((line) => ["m", "c", "r"].map((kind) => [kind + line, 8]));
  const graviton = ["6g", "7g"].flatMap((line) => ["m", "c", "r"].map((kind) => [kind + line, 7]));
  expect(Object.fromEntries(sizes)).toEqual(Object.fromEntries([...expected, ...graviton]));
});

test("Graviton2 and 3 end at 16xlarge, and C5 has steps of its own", () => {
  expect(EKS_INSTANCE_TYPES.has("m7g.16xlarge")).toBe(true);
  expect(EKS_INSTANCE_TYPES.has("m7g.24xlarge")).toBe(false);
  expect(EKS_INSTANCE_TYPES.get("c5.18xlarge")).toMatchObject({ vcpus: 72, memoryGiB: 144 });
  expect(EKS_INSTANCE_TYPES.has("c5.16xlarge")).toBe(false);
});

describe("a plain pool", () => {
  const template = synthesized(PLAIN);

  test("is a managed group of AL2023 with pool labels, pool taint and Cilium's startup taint", () => {
    expect(template.only(EksNodeGroup)).toMatchObject({
      cluster_name: "prod",
      node_group_name_prefix: "plain-",
      ami_type: "AL2023_x86_64_STANDARD",
      instance_types: ["m7i.xlarge"],
      version: "1.34",
      labels: { "tenclave.dev/pool": "plain", "tenclave.dev/tee": "none" },
      scaling_config: { min_size: 1, max_size: 4, desired_size: 4 },
      update_config: { max_unavailable: 1 },
      taint: [
        { key: "tenclave.dev/pool", value: "plain", effect: "NO_SCHEDULE" },
        { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" },
      ],
      lifecycle: { create_before_destroy: true },
    });
  });

  test("asks for no SEV-SNP", () => {
    expect(template.only(LaunchTemplate)).not.toHaveProperty("cpu_options");
  });

  test("has IMDSv2 only, out of pods' reach", () => {
    expect(template.only(LaunchTemplate).metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
      instance_metadata_tags: "disabled",
    });
  });

  test("names its instances and volumes", () => {
    const tags = { Name: "prod-plain" };
    expect(template.only(LaunchTemplate).tag_specifications).toEqual([
      { resource_type: "instance", tags },
      { resource_type: "volume", tags },
    ]);
  });

  test("has a root volume encrypted with a rotating key of its own", () => {
    expect(template.only(LaunchTemplate).block_device_mappings).toEqual([
      {
        device_name: "/dev/xvda",
        ebs: {
          encrypted: "true",
          kms_key_id: "${aws_kms_key.Pool_RootVolumeKey_E21CA7E0.arn}".replace("E21CA7E0", keyId(template)),
          volume_type: "gp3",
          volume_size: 100,
          delete_on_termination: "true",
        },
      },
    ]);
    expect(template.only(KmsKey)).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("lets Auto Scaling use the key by grant, and nobody else decrypt", () => {
    const { Statement } = JSON.parse(template.only(KmsKey).policy as string) as {
      Statement: { Sid: string; Action: string[]; Principal: { AWS: string }; Condition?: object }[];
    };
    // By condition: a principal that does not exist yet would be refused.
    const autoScaling = {
      "kms:CallerAccount": "123456789012",
      "aws:PrincipalArn":
        "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    };
    expect(Statement.find((s) => s.Sid === "AutoScalingGrant")).toMatchObject({
      Principal: { AWS: "*" },
      Action: ["kms:CreateGrant"],
      Condition: { StringEquals: autoScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
    const decrypters = Statement.filter((s) =>
      s.Action.some((action) => /^kms:(\*|Decrypt|ReEncrypt|GenerateDataKey)/.test(action)),
    );
    expect(decrypters.map((s) => s.Condition)).toEqual([{ StringEquals: autoScaling }]);
  });

  test("gives nodes a role that joins and pulls, and nothing else", () => {
    expect(template.only(IamRole).name).toBe("tenclave.eu-west-1.prod.plain.node");
    expect(template.all(IamRolePolicyAttachment).map((a) => a.policy_arn)).toEqual([
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    ]);
  });
});

function keyId(template: Template): string {
  const [name] = Object.keys(template.json.resource!.aws_kms_key!) as [string];
  return name.split("_").at(-1)!;
}

describe("a SEV-SNP pool", () => {
  test("asks for SEV-SNP in the launch template and names the TEE in its labels", () => {
    const template = synthesized(SNP);
    expect(template.only(LaunchTemplate).cpu_options).toEqual({ amd_sev_snp: "enabled" });
    expect(template.only(EksNodeGroup).labels).toEqual({
      "tenclave.dev/pool": "snp",
      "tenclave.dev/tee": "sev-snp",
    });
  });

  test("is a CONFIDENTIAL_NODE pool that says what is unproven", () => {
    const scope = stack();
    const host = connectedHost(scope);
    ensureAwsProvider(scope, host.reference);
    const pool = new EksNodePool(scope, "Pool", { ...SNP, host });
    expect(pool).toMatchObject({ poolName: "snp", tee: Tee.SEV_SNP, runtimeClassName: "tenclave-snp" });
    expect(pool.tier.name).toBe("CONFIDENTIAL_NODE");
    expect(warningsOf(scope).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^unproven: .*managed node group.*accepted: tried by hand$/),
      expect.stringMatching(/^unproven: .*uefi.*accepted: tried by hand$/),
    ]);
  });

  test.each(["m6a.12xlarge", "r6a.8xlarge", "m7a.large", "m7g.large", "t3.large"])(
    "fails on %s",
    (instanceType) => {
      expect(() => eksPoolReference("eu-west-1", { ...SNP, instanceType })).toThrow(
        /\[POOL_INSTANCE_TYPE\].*m6a\.large/,
      );
    },
  );

  test("fails on Graviton with the words for it", () => {
    expect(() => eksPoolReference("eu-west-1", { ...SNP, instanceType: "m7g.large" })).toThrow(
      /Graviton has no SEV-SNP/,
    );
  });

  test.each(["us-east-2", "eu-west-1"])("is sold in %s", (region) => {
    expect(eksPoolReference(region, SNP).tier).toBe("CONFIDENTIAL_NODE");
  });

  test.each(["eu-central-1", "us-east-1"])("fails in %s", (region) => {
    expect(() => eksPoolReference(region, SNP)).toThrow(/\[POOL_REGION\].*us-east-2 and eu-west-1/);
  });

  test("fails as a system pool", () => {
    expect(() => eksPoolReference("eu-west-1", { ...SNP, system: true })).toThrow(/\[POOL_SYSTEM\]/);
  });
});

test.each([Tee.TDX, Tee.SEV, Tee.SGX])("%s pools are refused with the reason", (tee) => {
  expect(() => eksPoolReference("eu-west-1", { ...SNP, tee })).toThrow(/\[POOL_TEE\]/);
});

test.each([
  [-1, 2],
  [3, 2],
  [0, 0],
  [1.5, 2],
])("a pool of %d to %d nodes is refused", (minNodes, maxNodes) => {
  expect(() => eksPoolReference("eu-west-1", { ...PLAIN, minNodes, maxNodes })).toThrow(/\[POOL_SIZE\]/);
});

test("pool names leave room for what EKS appends", () => {
  expect(() => eksPoolReference("eu-west-1", { ...PLAIN, name: "a".repeat(31) })).toThrow(/\[NAME\].*30/);
});

test("nothing scales by itself: a group has the nodes that quotas were checked against", () => {
  expect(synthesized(SNP).only(EksNodeGroup).scaling_config).toEqual({
    min_size: 0,
    max_size: 6,
    desired_size: 6,
  });
});

test("an autoscaled group starts small, and its number is left alone", () => {
  const group = synthesized({ ...SNP, autoscaled: true }).only(EksNodeGroup);
  expect(group.scaling_config).toEqual({ min_size: 0, max_size: 6, desired_size: 1 });
  expect(group.lifecycle).toEqual({
    create_before_destroy: true,
    ignore_changes: ["scaling_config[0].desired_size"],
  });
});

test.each([19, 16_385, 20.5])("a disk of %d GiB is refused", (diskGiB) => {
  expect(() => eksPoolReference("eu-west-1", { ...PLAIN, diskGiB })).toThrow(/\[POOL_SIZE\].*diskGiB/);
});

test("nodes of a stack that holds more wait for it", () => {
  const scope = stack();
  const host = connectedHost(scope);
  ensureAwsProvider(scope, host.reference);
  const first = new EksNodePool(scope, "First", { ...PLAIN, host });
  new EksNodePool(scope, "Second", { ...SNP, host, dependsOn: first.ready });
  const second = Template.of(scope)
    .all(EksNodeGroup)
    .find((g) => g.node_group_name_prefix === "snp-")!;
  expect(String(second.depends_on)).toMatch(/aws_eks_node_group\.First/);
});

test("Graviton nodes get the arm64 image", () => {
  expect(synthesized({ ...PLAIN, instanceType: "m7g.large" }).only(EksNodeGroup).ami_type).toBe(
    "AL2023_ARM_64_STANDARD",
  );
});

test("the longest names of host and pool still make a role", () => {
  const scope = stack();
  const host = connectedHost(scope, { name: "h".repeat(32) });
  ensureAwsProvider(scope, host.reference);
  new EksNodePool(scope, "Pool", { ...PLAIN, name: "p".repeat(30), host });
  expect(Template.of(scope).only(IamRole).name).toHaveLength(64);
});

test("the root volume's size is an option", () => {
  const [mapping] = synthesized({ ...PLAIN, diskGiB: 250 }).only(LaunchTemplate).block_device_mappings as [
    { ebs: object },
  ];
  expect(mapping.ebs).toMatchObject({ volume_size: 250 });
});

test("a throw-away pool's key goes after a week and is not protected", () => {
  const key = synthesized(PLAIN, Retention.destroy("a test")).only(KmsKey);
  expect(key).toMatchObject({ deletion_window_in_days: 7 });
  expect(key).not.toHaveProperty("lifecycle");
});

test("user data is one MIME part that raises the pod limit by flag", () => {
  expect(Buffer.from(eksUserData(), "base64").toString()).toBe(
    [
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="tenclave"',
      "",
      "--tenclave",
      "Content-Type: application/node.eks.aws",
      "",
      "apiVersion: node.eks.aws/v1alpha1",
      "kind: NodeConfig",
      "spec:",
      "  kubelet:",
      "    config:",
      "      kubeReserved:",
      "        memory: 1465Mi",
      "    flags:",
      "      - --max-pods=110",
      "",
      "--tenclave--",
      "",
    ].join("\n"),
  );
});

const decoded = (text: unknown): string => Buffer.from(text as string, "base64").toString();

test("pools without the new options keep their user data, byte for byte", () => {
  expect(synthesized(PLAIN).only(LaunchTemplate).user_data).toBe(eksUserData());
  expect(synthesized(SNP).only(LaunchTemplate).user_data).toBe(eksUserData());
});

test("pods get cores of their own by kubelet's configuration, and of one NUMA node on demand", () => {
  const config = (options: Partial<EksNodePoolOptions>): string =>
    decoded(synthesized({ ...PLAIN, ...options }).only(LaunchTemplate).user_data);
  const kubelet = (...lines: string[]): string =>
    ["        memory: 1465Mi", ...lines, "    flags:", "      - --max-pods=110", ""].join("\n");
  expect(config({ staticCpuManager: true })).toContain(kubelet("      cpuManagerPolicy: static"));
  expect(config({ staticCpuManager: true, numaAligned: true })).toContain(
    kubelet("      cpuManagerPolicy: static", "      topologyManagerPolicy: single-numa-node"),
  );
});

test("the image's release is EKS' choice, or one that was tested", () => {
  expect(synthesized(PLAIN).only(EksNodeGroup)).not.toHaveProperty("release_version");
  expect(synthesized({ ...PLAIN, releaseVersion: "1.34.9-20260714" }).only(EksNodeGroup)).toMatchObject({
    version: "1.34",
    release_version: "1.34.9-20260714",
  });
});

test("a release of another minor is refused by the host and by the pool", () => {
  const old = { ...PLAIN, releaseVersion: "1.33.3-20250819" };
  expect(() => exampleHost({ pools: [old] })).toThrow(
    /\[POOL_OS\] pools\.plain: .*Kubernetes 1\.34, got '1\.33\.3-20250819'.*1\.34\.9-20260714/,
  );
  expect(() => synthesized(old)).toThrow(/\[POOL_OS\]/);
});

test("capacity is what a node leaves, times the most nodes", () => {
  // 8 vCPU: 8000 - (60 + 10 + 5 + 5 + 4 x 2.5) - 200. 32 GiB: 92.5 % less 255 + 1210, 100 and 600 MiB.
  expect(eksPoolReference("eu-west-1", SNP).capacity).toEqual({
    nodeMilliCpu: 7710,
    nodeMemoryMiB: 30310 - 1465 - 100 - 600,
    nodePods: 104,
    milliCpu: 7710 * 6,
    memoryMiB: (30310 - 1465 - 100 - 600) * 6,
    pods: 624,
  });
});

test("a pool's RuntimeClass selects its nodes and tolerates its taint, and nothing else", () => {
  const pool = exampleHost().pools.find(({ name }) => name === "snp")!;
  expect(runtimeClass(pool)).toEqual({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "tenclave-snp", labels: { "tenclave.dev/pool": "snp" } },
    handler: "runc",
    scheduling: {
      nodeSelector: { "tenclave.dev/pool": "snp", "tenclave.dev/tee": "sev-snp" },
      tolerations: [{ key: "tenclave.dev/pool", operator: "Equal", value: "snp", effect: "NoSchedule" }],
    },
  });
});

describe("add-ons", () => {
  const scope = stack();
  const host = connectedHost(scope);
  ensureAwsProvider(scope, host.reference);
  const pool = new EksNodePool(scope, "Pool", { ...PLAIN, host });
  new EksAddOns(scope, "AddOns", { host, pools: [pool] });
  const template = Template.of(scope);
  const addon = (name: string): Record<string, unknown> =>
    template.all(EksAddon).find((a) => a.addon_name === name)!;

  test("are the pod identity agent, CoreDNS and the EBS CSI driver, owned by this code", () => {
    expect(
      template
        .all(EksAddon)
        .map((a) => a.addon_name)
        .sort(),
    ).toEqual(["aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent"]);
    for (const one of template.all(EksAddon))
      expect(one).toMatchObject({
        resolve_conflicts_on_create: "OVERWRITE",
        resolve_conflicts_on_update: "OVERWRITE",
      });
  });

  test("wait for nodes; the driver waits for the agent that gives it its role", () => {
    const [group] = Object.keys(template.json.resource!.aws_eks_node_group!) as [string];
    expect(addon("coredns").depends_on).toEqual([`aws_eks_node_group.${group}`]);
    expect(addon("eks-pod-identity-agent").depends_on).toEqual([`aws_eks_node_group.${group}`]);
    expect(String(addon("aws-ebs-csi-driver").depends_on)).toMatch(/PodIdentityAgent/);
    expect(addon("aws-ebs-csi-driver").pod_identity_association).toEqual([
      { role_arn: expect.stringMatching(/DriverRole/) as string, service_account: "ebs-csi-controller-sa" },
    ]);
  });

  test("the driver's role is assumed by its own service account of this cluster only", () => {
    const role = template.all(IamRole).find((r) => r.name === "tenclave.eu-west-1.prod.ebs-csi")!;
    expect(JSON.parse(role.assume_role_policy as string)).toMatchObject({
      Statement: [
        {
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: {
              "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
              "aws:RequestTag/kubernetes-namespace": "kube-system",
              "aws:RequestTag/kubernetes-service-account": "ebs-csi-controller-sa",
            },
          },
        },
      ],
    });
  });

  test("volumes' key is used by the driver alone, and found by the alias the StorageClass names", () => {
    const key = template.all(KmsKey).find((k) => /Persistent volumes/.test(String(k.description)))!;
    const { Statement } = JSON.parse((key.policy as string).replace(/\$\{[^}]+\}/g, "driver")) as {
      Statement: { Sid: string; Principal: { AWS: string }; Action: string[] }[];
    };
    expect(Statement.filter((s) => s.Action.includes("kms:Decrypt")).map((s) => s.Principal.AWS)).toEqual([
      "driver",
    ]);
    const [alias] = Object.values(template.json.resource!.aws_kms_alias!) as [{ name: string }];
    expect(host.reference.storageClass.parameters.kmsKeyId).toBe(
      `arn:aws:kms:eu-west-1:123456789012:${alias.name}`,
    );
  });
});
