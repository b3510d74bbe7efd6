import { enclavePod, Tee, type EnclavePodOptions, type PoolReference } from "../../lib";
import {
  EKS_TEE_TYPES,
  EksHost,
  EksNetwork,
  EksNodePool,
  eksPoolReference,
  type EksEnclaveOptions,
  type EksNodePoolOptions,
} from "../../lib/aws";
import { EksNodeGroup, LaunchTemplate } from "../../lib/core/bindings/aws";
import { Release } from "../../lib/core/bindings/helm";
import { warningsOf } from "../../lib/core/notes";
import { ensureAwsProvider } from "../../lib/host-cluster/aws-provider";
import { runtimeClass } from "../../lib/node-pool/node-pool";
import { Template } from "../../lib/testing";
import { PlatformStack } from "../../stacks/aws";
import { exampleHost } from "../support/host";
import { app, ATTRIBUTES, connectedHost, stack } from "../support/scope";

const SYSTEM = { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true };
const POOL: EksNodePoolOptions = {
  name: "vault",
  instanceType: "m6i.2xlarge",
  tee: Tee.NITRO_ENCLAVES,
  minNodes: 1,
  maxNodes: 3,
  enclaves: { memoryMiB: 4096, vcpus: 4 },
  releaseVersion: "1.34.9-20260714",
};

function pool(change: Partial<EksNodePoolOptions> = {}): PoolReference {
  return eksPoolReference("eu-central-1", { ...POOL, ...change });
}

function enclaves(change: Partial<EksEnclaveOptions>, instanceType = "m6i.2xlarge"): PoolReference {
  return pool({ instanceType, enclaves: { memoryMiB: 4096, vcpus: 4, ...change } });
}

function synthesized(change: Partial<EksNodePoolOptions> = {}): Template {
  const scope = stack();
  const host = connectedHost(scope);
  ensureAwsProvider(scope, host.reference);
  new EksNodePool(scope, "Pool", { ...POOL, ...change, host });
  return Template.of(scope);
}

describe("the catalogue", () => {
  const named = (tee: Tee): string[] => EKS_TEE_TYPES.filter((r) => r.tee === tee).map((r) => r.name);

  test("has 16 types with SEV-SNP and 237 with enclaves, each once", () => {
    expect([named(Tee.SEV_SNP).length, named(Tee.NITRO_ENCLAVES).length]).toEqual([16, 237]);
    expect(new Set(named(Tee.NITRO_ENCLAVES)).size).toBe(237);
    expect(EKS_TEE_TYPES).toHaveLength(253);
  });

  test.each([
    ["m6i.large", false],
    ["m7a.large", false],
    ["m8a.large", true],
    ["m6g.large", true],
    ["m5.24xlarge", true],
    ["c5.large", false],
    ["c5.9xlarge", true],
  ])("%s offers enclaves: %s", (name, offered) => {
    expect(named(Tee.NITRO_ENCLAVES).includes(name)).toBe(offered);
  });

  test("says where a row comes from, and what is unproven", () => {
    expect(EKS_TEE_TYPES.find((r) => r.name === "m6a.xlarge" && r.tee === Tee.SEV_SNP)).toEqual({
      cloud: "aws",
      name: "m6a.xlarge",
      family: "m6a",
      tee: Tee.SEV_SNP,
      vcpus: 4,
      memoryGiB: 16,
      arch: "x86_64",
      source: expect.stringMatching(/amd-sev-snp; AWS EC2 guide/) as string,
      date: "2026-08-02",
      regions: ["us-east-2", "eu-west-1"],
      unproven: [
        expect.stringMatching(/managed node group/) as string,
        expect.stringMatching(/uefi/) as string,
      ],
    });
    expect(EKS_TEE_TYPES.find((r) => r.name === "m6a.xlarge" && r.tee === Tee.NITRO_ENCLAVES)).toMatchObject({
      source: expect.stringMatching(/NitroEnclavesSupport/) as string,
      regions: undefined,
      unproven: undefined,
    });
  });
});

describe("a pool with enclaves", () => {
  test("gives pods nothing more than a plain pool, and says so", () => {
    expect(pool()).toMatchObject({ tee: "nitro-enclaves", tier: "SHARED", handler: "runc" });
    expect(pool().warnings).toEqual([
      expect.stringMatching(/^pods on these nodes are outside every enclave: the provider can read/),
      expect.stringMatching(/^any pod on a node may reach its enclaves over vsock/),
      expect.stringMatching(/^AWS stays in the trust base/),
    ]);
    expect(pool({ releaseVersion: undefined }).warnings).toHaveLength(4);
  });

  test("is asked for by launch template, and is labelled for the device plug-in", () => {
    const template = synthesized();
    expect(template.only(LaunchTemplate)).toMatchObject({ enclave_options: { enabled: true } });
    expect(template.only(LaunchTemplate)).not.toHaveProperty("cpu_options");
    expect(template.only(EksNodeGroup)).toMatchObject({
      labels: {
        "tenclave.dev/pool": "vault",
        "tenclave.dev/tee": "nitro-enclaves",
        "aws-nitro-enclaves-k8s-dp": "enabled",
      },
      release_version: "1.34.9-20260714",
    });
  });

  test("has no enclaves in the template of other pools", () => {
    const plain = synthesized({ tee: undefined, enclaves: undefined });
    expect(plain.only(LaunchTemplate)).not.toHaveProperty("enclave_options");
  });

  test("warns on the construct, too", () => {
    const scope = stack();
    const host = connectedHost(scope);
    const made = new EksNodePool(scope, "Pool", { ...POOL, host });
    expect(warningsOf(made).map(({ text }) => text)).toEqual(pool().warnings);
  });

  test("leaves pods what enclaves do not take", () => {
    // 8 vCPU: 8000 - 4000 - 90 - 200 - 10. 32 GiB: 92.5 % less 4096, 1465, 100, 600 and 15 MiB.
    expect(pool().capacity).toEqual({
      nodeMilliCpu: 3700,
      nodeMemoryMiB: 30310 - 4096 - 1465 - 100 - 600 - 15,
      nodePods: 103,
      milliCpu: 3700 * 3,
      memoryMiB: (30310 - 4096 - 1465 - 100 - 600 - 15) * 3,
      pods: 309,
      enclaves: {
        nodeEnclaves: 2,
        nodeVcpus: 4,
        nodeMemoryMiB: 4096,
        resource: "aws.ec2.nitro/nitro_enclaves",
        hugePages: "hugepages-2Mi",
        deviceGroup: 7563,
        seccompProfile: "tenclave/enclave.json",
      },
    });
  });

  test.each([
    ["m6i.2xlarge", 6, 3],
    ["m7a.2xlarge", 3, 3],
    ["m6g.large", 1, 1],
    ["m6g.2xlarge", 7, 4],
    ["c5.9xlarge", 34, 4],
  ])("on %s, %i vCPUs run %i enclaves by default", (instanceType, vcpus, count) => {
    expect(enclaves({ vcpus, memoryMiB: 1024 }, instanceType).capacity.enclaves).toMatchObject({
      nodeVcpus: vcpus,
      nodeEnclaves: count,
    });
  });
});

describe("what a node cannot set aside is refused", () => {
  test.each<[string, () => PoolReference, RegExp]>([
    ["part of a core", () => enclaves({ vcpus: 3 }), /whole cores, multiples of 2 on m6i\.2xlarge, got 3/],
    ["no vCPU", () => enclaves({ vcpus: 0 }), /whole cores.*got 0/],
    ["half a vCPU", () => enclaves({ vcpus: 1.5 }, "m6g.2xlarge"), /whole cores.*got 1\.5/],
    ["every core", () => enclaves({ vcpus: 8 }), /leave the node a core: at most 6.*got 8/],
    ["every Graviton core", () => enclaves({ vcpus: 8 }, "m7g.2xlarge"), /at most 7.*got 8/],
    ["five enclaves", () => enclaves({ maxEnclaves: 5 }), /1 to 4.*got 5/],
    ["no enclave", () => enclaves({ maxEnclaves: 0 }), /1 to 4.*got 0/],
    ["three enclaves on two cores", () => enclaves({ maxEnclaves: 3 }), /6 vCPUs.*got 4/],
    ["half a page", () => enclaves({ memoryMiB: 4097 }), /multiple.*2 MiB, got 4097.*set 4098/],
    [
      "part of a large page",
      () => enclaves({ memoryMiB: 1536, hugePages: "1Gi" }),
      /1024 MiB, got 1536.*set 2048/,
    ],
    ["no memory", () => enclaves({ memoryMiB: 0 }), /multiple.*got 0.*set 128/],
    ["memory that is no number", () => enclaves({ memoryMiB: NaN }), /multiple.*got NaN.*set 128/],
    [
      "less than the driver starts an enclave with",
      () => enclaves({ memoryMiB: 126 }),
      /64 MiB for each of 2.*got 126.*at least 128/,
    ],
    [
      "one enclave's memory for two, in large pages",
      () => enclaves({ memoryMiB: 62, maxEnclaves: 1 }),
      /64 MiB for each of 1.*got 62.*at least 64/,
    ],
    [
      "pages called like a property of every object",
      () => enclaves({ hugePages: "constructor" }),
      /got 'constructor'/,
    ],
    ["pages of 4 KiB", () => enclaves({ hugePages: "4Ki" }), /2Mi or 1Gi, got '4Ki'/],
    ["all memory", () => enclaves({ memoryMiB: 30_000 }), /256 MiB for the pod.*got 30000.*at most 27874/],
  ])("%s", (_, attempt, words) => {
    expect(attempt).toThrow(new RegExp(`\\[POOL_ENCLAVES\\] pools\\.vault: .*${words.source}`));
  });

  test("one core is enough for the pod that runs an enclave, on the largest type, too", () => {
    // 96 vCPU: 1000 - (80 + 92 x 2.5) - 200 - 10.
    expect(enclaves({ vcpus: 95 }, "m7a.24xlarge").capacity.nodeMilliCpu).toBe(480);
  });

  test("the most a message offers is what works", () => {
    expect(enclaves({ memoryMiB: 27_874 }).capacity.nodeMemoryMiB).toBe(256);
    expect(() => enclaves({ memoryMiB: 27_876 })).toThrow(/at most 27874/);
  });
});

test.each([
  ["m6i.metal", "metal types have none"],
  ["t3.xlarge", "T types have none"],
  ["m7i-flex.xlarge", "flex types have none"],
  ["m7g.medium", "medium types have none"],
  ["m6i.large", "of types with 2 vCPUs, only Graviton and the 8a line have enclaves"],
])("%s has no enclaves, and the error says why: %s", (instanceType, why) => {
  expect(() => pool({ instanceType })).toThrow(`got '${instanceType}' (${why}) (EC2 DescribeInstanceTypes`);
});

test("enclaves and SEV-SNP exclude each other, and enclaves go with their TEE", () => {
  const snp = { tee: Tee.SEV_SNP, instanceType: "m6a.xlarge", acceptUnproven: "tried by hand" };
  expect(() => eksPoolReference("eu-west-1", { ...POOL, ...snp })).toThrow(
    /\[POOL_FEATURE\] pools\.vault: .*got tee 'sev-snp' with enclaves .*two pools/,
  );
  expect(() => pool({ tee: undefined })).toThrow(/\[POOL_ENCLAVES\].*got enclaves with tee 'none'/);
  expect(() => pool({ enclaves: undefined })).toThrow(/\[POOL_ENCLAVES\].*'nitro-enclaves' without enclaves/);
});

test("the image that showed kubelet no huge pages is refused with enclaves, and only there", () => {
  const releaseVersion = "1.34.1-20250807";
  expect(() => pool({ releaseVersion })).toThrow(/\[POOL_OS\].*amazon-eks-ami#2367, 2025-08-12/);
  expect(pool({ releaseVersion, tee: undefined, enclaves: undefined }).warnings).toEqual([]);
});

test("user data of a node with enclaves, whole", () => {
  const [seccomp, ...others] = synthesizedText()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  expect(others).toEqual([]);
  expect(synthesizedText().replace(seccomp!, "SECCOMP")).toBe(
    [
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="tenclave"',
      "",
      "--tenclave",
      "Content-Type: text/cloud-boothook",
      "",
      "#cloud-boothook",
      "#!/bin/bash",
      "set -euo pipefail",
      "# First, so that a failure below keeps kubelet from starting.",
      "mkdir -p /etc/systemd/system/nodeadm-run.service.d /etc/nitro_enclaves /var/lib/kubelet/seccomp/tenclave",
      "cat >/etc/systemd/system/nodeadm-run.service.d/enclaves.conf <<'END'",
      "[Unit]",
      "After=nitro-enclaves-allocator.service",
      "[Service]",
      "ExecStartPre=/usr/bin/systemctl is-active --quiet nitro-enclaves-allocator.service",
      "ExecStartPre=/usr/bin/grep -qx 2048 /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
      "END",
      "systemctl daemon-reload",
      "cat >/var/lib/kubelet/seccomp/tenclave/enclave.json <<'END'",
      "SECCOMP",
      "END",
      "getent group ne >/dev/null || groupadd --gid 7563 ne",
      "command -v nitro-cli >/dev/null || dnf install -y aws-nitro-enclaves-cli",
      "cat >/etc/nitro_enclaves/allocator.yaml <<'END'",
      "---",
      "memory_mib: 4096",
      "cpu_count: 4",
      "END",
      "systemctl enable nitro-enclaves-allocator.service",
      "systemctl restart nitro-enclaves-allocator.service",
      "# Pages of every size become pages of 2048 KiB, on the NUMA node the allocator chose.",
      "for node in /sys/devices/system/node/node*; do",
      "  kib=0",
      "  for pages in $node/hugepages/hugepages-*; do",
      "    size=$(basename $pages | tr -cd 0-9)",
      "    kib=$((kib + size * $(cat $pages/nr_hugepages)))",
      "    echo 0 >$pages/nr_hugepages",
      "  done",
      "  echo $((kib / 2048)) >$node/hugepages/hugepages-2048kB/nr_hugepages",
      "done",
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

test("large pages are counted as large pages", () => {
  const text = synthesizedText({ enclaves: { memoryMiB: 3072, vcpus: 2, hugePages: "1Gi" } });
  expect(text).toContain("grep -qx 3 /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages\n");
  expect(text).toContain("echo $((kib / 1048576)) >$node/hugepages/hugepages-1048576kB/nr_hugepages\n");
});

test("user data fits what EC2 takes, and Terraform finds no template in it", () => {
  expect(synthesizedText().length).toBeLessThan(16 * 1024);
  expect(synthesizedText()).not.toMatch(/[$%]\{/);
});

test("the seccomp profile lets a pod open vsock, and refuses what the runtime's own refuses", () => {
  const line = synthesizedText()
    .split("\n")
    .find((text) => text.startsWith("{"))!;
  const profile = JSON.parse(line) as {
    defaultAction: string;
    syscalls: { names: string[]; action: string; args?: object[] }[];
  };
  expect(profile.defaultAction).toBe("SCMP_ACT_ALLOW");
  expect(profile.syscalls.every(({ action }) => action === "SCMP_ACT_ERRNO")).toBe(true);
  // AF_ALG is 38; AF_VSOCK, 40, is not refused.
  expect(profile.syscalls.find(({ names }) => names.includes("socket"))!.args).toEqual([
    { index: 0, value: 38, op: "SCMP_CMP_EQ" },
  ]);
  expect(profile.syscalls[0]!.names).toEqual(
    expect.arrayContaining(["bpf", "io_uring_setup", "keyctl", "mount", "setns", "unshare", "userfaultfd"]),
  );
});

function synthesizedText(change: Partial<EksNodePoolOptions> = {}): string {
  return Buffer.from(synthesized(change).only(LaunchTemplate).user_data as string, "base64").toString();
}

describe("the device plug-in", () => {
  const two = [
    SYSTEM,
    POOL,
    { ...POOL, name: "small", enclaves: { memoryMiB: 1024, vcpus: 2 } },
    { name: "plain", instanceType: "m7i.large", minNodes: 1, maxNodes: 1 },
  ];
  interface Shipped {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
    };
  }
  const shipped = (imageRegistry?: string): Shipped[] => {
    const reference = exampleHost({ pools: two });
    const platform = new PlatformStack(app(), "platform", {
      host: EksHost.byAttributes(reference, ATTRIBUTES),
      charts: imageRegistry ? { imageRegistry } : undefined,
    });
    const [values] = Template.of(platform).named(Release, "tenclave-platform").values as [string];
    return (JSON.parse(values) as { objects: Shipped[] }).objects.filter(({ kind }) => kind === "DaemonSet");
  };

  test("runs once on each pool with enclaves, and on no other", () => {
    expect(shipped().map(({ metadata }) => metadata.name)).toEqual([
      "tenclave-enclaves-vault",
      "tenclave-enclaves-small",
    ]);
  });

  test("is this", () => {
    const labels = {
      "app.kubernetes.io/name": "tenclave-enclaves-vault",
      "tenclave.dev/pool": "vault",
    };
    expect(shipped()[0]).toEqual({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "tenclave-enclaves-vault", namespace: "kube-system", labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: "RollingUpdate" },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: {
              "tenclave.dev/pool": "vault",
              "tenclave.dev/tee": "nitro-enclaves",
              "aws-nitro-enclaves-k8s-dp": "enabled",
            },
            tolerations: [
              { key: "tenclave.dev/pool", operator: "Equal", value: "vault", effect: "NoSchedule" },
            ],
            priorityClassName: "system-node-critical",
            automountServiceAccountToken: false,
            containers: [
              {
                name: "device-plugin",
                image: "public.ecr.aws/aws-nitro-enclaves/aws-nitro-enclaves-k8s-device-plugin:0.4.1",
                imagePullPolicy: "IfNotPresent",
                env: [
                  { name: "MAX_ENCLAVES_PER_NODE", value: "2" },
                  { name: "ENCLAVE_CPU_ADVERTISEMENT", value: "false" },
                ],
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                resources: {
                  requests: { cpu: "10m", memory: "15Mi" },
                  limits: { cpu: "100m", memory: "15Mi" },
                },
                volumeMounts: [
                  { name: "device-plugin", mountPath: "/var/lib/kubelet/device-plugins" },
                  { name: "dev-dir", mountPath: "/dev" },
                  { name: "sys-dir", mountPath: "/sys" },
                ],
              },
            ],
            volumes: [
              { name: "device-plugin", hostPath: { path: "/var/lib/kubelet/device-plugins" } },
              { name: "dev-dir", hostPath: { path: "/dev" } },
              { name: "sys-dir", hostPath: { path: "/sys" } },
            ],
            terminationGracePeriodSeconds: 30,
          },
        },
      },
    });
  });

  test("comes from a mirror when there is one", () => {
    expect(shipped("registry.example.com/mirror")[0]!.spec.template.spec.containers[0]!.image).toBe(
      "registry.example.com/mirror/aws-nitro-enclaves/aws-nitro-enclaves-k8s-device-plugin:0.4.1",
    );
  });

  test("must be reachable: nodes without a way out need a mirror", () => {
    const network = EksNetwork.given({
      vpcId: "vpc-1",
      cidr: "10.0.0.0/16",
      privateSubnetIds: ["subnet-1", "subnet-2"],
      internetEgress: false,
    });
    const connection = EksHost.byAttributes(exampleHost({ pools: two, network }), ATTRIBUTES);
    expect(() => new PlatformStack(app(), "platform", { host: connection })).toThrow(
      /\[IMAGES_UNREACHABLE\].*aws-nitro-enclaves-k8s-device-plugin pulling from public\.ecr\.aws/,
    );
  });

  test("is not there without pools with enclaves, and then nothing needs a mirror", () => {
    const platform = new PlatformStack(app(), "platform", {
      host: EksHost.byAttributes(exampleHost(), ATTRIBUTES),
    });
    expect(JSON.stringify(Template.of(platform).named(Release, "tenclave-platform"))).not.toContain(
      "DaemonSet",
    );
  });
});

test("the RuntimeClass of a pool with enclaves selects its nodes", () => {
  expect(runtimeClass(pool())).toMatchObject({
    handler: "runc",
    scheduling: {
      nodeSelector: {
        "tenclave.dev/pool": "vault",
        "tenclave.dev/tee": "nitro-enclaves",
        "aws-nitro-enclaves-k8s-dp": "enabled",
      },
    },
  });
});

describe("a pod with an enclave", () => {
  const options = { image: "registry.example.com/signer:1", memoryMiB: 2048 };

  test("asks for the enclave, its pages and their volume, and passes Pod Security restricted", () => {
    const resources = {
      cpu: "250m",
      memory: "256Mi",
      "hugepages-2Mi": "2048Mi",
      "aws.ec2.nitro/nitro_enclaves": "1",
    };
    expect(enclavePod(pool(), options)).toEqual({
      runtimeClassName: "tenclave-vault",
      securityContext: {
        runAsNonRoot: true,
        supplementalGroups: [7563],
        seccompProfile: { type: "Localhost", localhostProfile: "tenclave/enclave.json" },
      },
      containers: [
        {
          name: "enclave",
          image: "registry.example.com/signer:1",
          resources: { requests: resources, limits: resources },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [{ name: "hugepages", mountPath: "/hugepages-2Mi" }],
        },
      ],
      volumes: [{ name: "hugepages", emptyDir: { medium: "HugePages-2Mi" } }],
    });
  });

  test("names no class of the host inside a virtual cluster, which does not know it", () => {
    const { runtimeClassName, ...rest } = enclavePod(pool(), options);
    expect(runtimeClassName).toBe("tenclave-vault");
    expect(enclavePod(pool(), { ...options, inVirtualCluster: true })).toEqual(rest);
  });

  test("asks for large pages where the pool has them", () => {
    const large = enclaves({ hugePages: "1Gi" });
    expect(enclavePod(large, { ...options, enclaves: 2, name: "two" })).toMatchObject({
      containers: [
        {
          name: "two",
          resources: { limits: { "hugepages-1Gi": "2048Mi", "aws.ec2.nitro/nitro_enclaves": "2" } },
          volumeMounts: [{ mountPath: "/hugepages-1Gi" }],
        },
      ],
      volumes: [{ emptyDir: { medium: "HugePages-1Gi" } }],
    });
  });

  test("works on a pool that names neither group nor profile", () => {
    const other = pool();
    const bare = {
      ...other,
      capacity: {
        ...other.capacity,
        enclaves: { ...other.capacity.enclaves!, deviceGroup: undefined, seccompProfile: undefined },
      },
    };
    expect(enclavePod(bare, options).securityContext).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  test.each<[string, Partial<EnclavePodOptions>, RegExp]>([
    ["more enclaves than a node runs", { enclaves: 3 }, /1 to the 2 a node.*got 3/],
    ["no enclave", { enclaves: 0 }, /got 0/],
    ["part of a page", { memoryMiB: 3 }, /whole pages of hugepages-2Mi, 2 MiB each, got 3/],
    ["more memory than a node sets aside", { memoryMiB: 4098 }, /fit the 4096 MiB.*got 4098/],
    ["less than the driver starts with", { memoryMiB: 62 }, /64 MiB for each of 1.*got 62.*at least 64/],
    ["one enclave's memory for two", { memoryMiB: 64, enclaves: 2 }, /64 MiB for each of 2.*at least 128/],
    ["no image", { image: " " }, /name an image.*got image ' '/],
    ["no name", { name: "Signer_1" }, /DNS-1123.*and name 'Signer_1'/],
    ["words for a CPU", { cpu: "two" }, /quantities.*got cpu 'two'/],
    ["words for memory", { memory: "256MB" }, /quantities.*memory '256MB'/],
    ["more CPU than a node has left", { cpu: "3701m" }, /3700m and 24034 MiB.*got cpu '3701m'/],
    ["more memory than a node has left", { memory: "24035Mi" }, /24034 MiB.*memory '24035Mi'/],
  ])("is refused for %s", (_, change, words) => {
    expect(() => enclavePod(pool(), { ...options, ...change })).toThrow(
      new RegExp(`\\[POOL_ENCLAVES\\] pools\\.vault: .*${words.source}`),
    );
  });

  test("is refused on a pool without enclaves", () => {
    const plain = pool({ tee: undefined, enclaves: undefined });
    expect(() => enclavePod(plain, options)).toThrow(/\[POOL_ENCLAVES\].*got a pool without enclaves/);
  });
});
