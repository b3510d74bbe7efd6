import { Tee } from "../../lib";
import { EksHost, eksPoolReference, type EksNodePoolOptions } from "../../lib/aws";
import {
  AutoscalingGroup,
  EksAccessEntry,
  EksNodeGroup,
  IamInstanceProfile,
  LaunchTemplate,
} from "../../lib/core/bindings/aws";
import { Template } from "../../lib/testing";
import { EksPoolsStack } from "../../stacks/aws";
import { exampleHost } from "../support/host";
import { app, ATTRIBUTES } from "../support/scope";

const SYSTEM = { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true };
const OWN: EksNodePoolOptions = {
  name: "snp",
  instanceType: "m6a.large",
  tee: Tee.SEV_SNP,
  minNodes: 1,
  maxNodes: 4,
  selfManaged: true,
  acceptUnproven: "tried by hand",
};

function synthesized(change: Partial<EksNodePoolOptions> = {}, more: EksNodePoolOptions[] = []): Template {
  const pools = [SYSTEM, { ...OWN, ...change }, ...more];
  const host = EksHost.byVariables(exampleHost({ pools }));
  return Template.of(new EksPoolsStack(app(), "pools", { host, pools }));
}

const ownTemplate = (template: Template): Record<string, unknown> =>
  template.all(LaunchTemplate).find((t) => t.name === "tenclave.prod.snp")!;

/** What Terraform would make of the user data: endpoint and CA put in. */
function joined(template: Template): string {
  const [, text] =
    /^\$\{base64encode\(replace\(replace\(base64decode\("([^"]+)"\), "API_SERVER_ENDPOINT", var\.host_endpoint\), "CERTIFICATE_AUTHORITY", var\.host_certificate_authority\)\)\}$/.exec(
      ownTemplate(template).user_data as string,
    ) as unknown as [string, string];
  return Buffer.from(text, "base64")
    .toString()
    .replace("API_SERVER_ENDPOINT", "https://api.example.com")
    .replace("CERTIFICATE_AUTHORITY", "Y2VydA==");
}

describe("a self-managed pool", () => {
  const template = synthesized();

  test("is an Auto Scaling group beside the managed ones", () => {
    expect(template.all(EksNodeGroup).map((group) => group.node_group_name_prefix)).toEqual(["system-"]);
    const { launch_template, depends_on, ...group } = template.only(AutoscalingGroup);
    expect(group).toEqual({
      name_prefix: "prod-snp-",
      vpc_zone_identifier: "${var.host_private_subnet_ids}",
      min_size: 1,
      max_size: 4,
      desired_capacity: 4,
      instance_refresh: { strategy: "Rolling", preferences: { min_healthy_percentage: 90 } },
      tag: [{ key: "kubernetes.io/cluster/prod", value: "owned", propagate_at_launch: true }],
      lifecycle: { create_before_destroy: true },
    });
    expect(launch_template).toEqual({
      id: expect.stringMatching(/Pool-snp_LaunchTemplate\w+\.id/) as string,
      version: expect.stringMatching(/Pool-snp_LaunchTemplate\w+\.latest_version/) as string,
    });
    expect(String(depends_on)).toMatch(/aws_eks_access_entry\.Pool-snp_NodeAccess/);
  });

  test("has nodes that may join: an access entry for their role, and a profile that carries it", () => {
    expect(template.only(EksAccessEntry)).toMatchObject({
      cluster_name: "prod",
      type: "EC2_LINUX",
      principal_arn: expect.stringMatching(/aws_iam_role\.Pool-snp_Role\w+\.arn/) as string,
    });
    expect(template.only(IamInstanceProfile)).toMatchObject({
      name: "tenclave.eu-west-1.prod.snp.node",
      role: expect.stringMatching(/aws_iam_role\.Pool-snp_Role/) as string,
    });
  });

  test("has a template that says everything EKS would: image, type, profile, group, SEV-SNP", () => {
    expect(ownTemplate(template)).toMatchObject({
      image_id:
        "resolve:ssm:/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id",
      instance_type: "m6a.large",
      iam_instance_profile: { arn: expect.stringMatching(/InstanceProfile/) as string },
      vpc_security_group_ids: ["${var.host_cluster_security_group_id}"],
      cpu_options: { amd_sev_snp: "enabled" },
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
    });
  });

  test("tells nodes the cluster, their labels and their taints", () => {
    expect(joined(template)).toBe(
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
        "  cluster:",
        // Quoted: a host called `no` or `on` would be a boolean.
        '    name: "prod"',
        '    apiServerEndpoint: "https://api.example.com"',
        '    certificateAuthority: "Y2VydA=="',
        '    cidr: "172.20.0.0/16"',
        "  kubelet:",
        "    config:",
        "      kubeReserved:",
        "        memory: 1465Mi",
        "    flags:",
        "      - --max-pods=110",
        "      - --node-labels=tenclave.dev/pool=snp,tenclave.dev/tee=sev-snp",
        "      - --register-with-taints=tenclave.dev/pool=snp:NoSchedule,node.cilium.io/agent-not-ready=true:NoExecute",
        "",
        "--tenclave--",
        "",
      ].join("\n"),
    );
  });

  test("rests on one fact less, and says what it does not do", () => {
    expect(eksPoolReference("eu-west-1", OWN).warnings).toEqual([
      expect.stringMatching(/^unproven: .*uefi.*accepted: tried by hand$/),
      expect.stringMatching(/^nodes are self-managed: nothing drains them/),
    ]);
  });

  test("with enclaves runs the same script before nodeadm", () => {
    const text = joined(
      synthesized({
        tee: Tee.NITRO_ENCLAVES,
        instanceType: "m7g.xlarge",
        enclaves: { memoryMiB: 512, vcpus: 1 },
        acceptUnproven: undefined,
        staticCpuManager: true,
      }),
    );
    expect(text).toContain("Content-Type: text/cloud-boothook\n\n#cloud-boothook\n#!/bin/bash\n");
    expect(text).toContain("        memory: 1465Mi\n      cpuManagerPolicy: static\n    flags:\n");
    expect(text).toContain("aws-nitro-enclaves-k8s-dp=enabled\n");
  });
});

test("a Graviton pool takes the Graviton image", () => {
  const plain = { tee: undefined, acceptUnproven: undefined, instanceType: "m7g.large" };
  expect(ownTemplate(synthesized(plain)).image_id).toMatch(/amazon-linux-2023\/arm64\/standard/);
});

test("an autoscaled group starts small, and its number is left alone", () => {
  expect(synthesized({ autoscaled: true, minNodes: 0 }).only(AutoscalingGroup)).toMatchObject({
    min_size: 0,
    desired_capacity: 1,
    lifecycle: { create_before_destroy: true, ignore_changes: ["desired_capacity"] },
  });
});

test("two self-managed pools share one variable; a stack without any has none", () => {
  const two = synthesized({}, [{ ...OWN, name: "more" }]);
  expect(Object.keys(two.json.variable!)).toContain("host_cluster_security_group_id");
  expect(two.all(AutoscalingGroup)).toHaveLength(2);
  expect(Object.keys(synthesized({ selfManaged: false }).json.variable!)).toEqual([
    "host_certificate_authority",
    "host_endpoint",
    "host_private_subnet_ids",
  ]);
});

test("found by name, the host's own security group is used", () => {
  const pools = [SYSTEM, OWN];
  const host = EksHost.byLookup(exampleHost({ pools }));
  const template = Template.of(new EksPoolsStack(app(), "pools", { host, pools }));
  expect(ownTemplate(template).vpc_security_group_ids).toEqual([
    "${data.aws_eks_cluster.Host.vpc_config[0].cluster_security_group_id}",
  ]);
});

test("a host given without its security group cannot have self-managed pools", () => {
  const pools = [SYSTEM, OWN];
  const host = EksHost.byAttributes(exampleHost({ pools }), ATTRIBUTES);
  expect(() => new EksPoolsStack(app(), "pools", { host, pools })).toThrow(
    /\[EKS_SECURITY_GROUP\].*set clusterSecurityGroupId/,
  );
});

test("a system pool is managed, and a release is of managed groups", () => {
  expect(() => eksPoolReference("eu-west-1", { ...SYSTEM, selfManaged: true })).toThrow(
    /\[POOL_FEATURE\] pools\.system: .*got system with selfManaged/,
  );
  expect(() => eksPoolReference("eu-west-1", { ...OWN, releaseVersion: "1.34.9-20260714" })).toThrow(
    /\[POOL_FEATURE\] pools\.snp: .*with selfManaged/,
  );
});
