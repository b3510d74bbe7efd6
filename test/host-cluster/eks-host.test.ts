import {
  EksHost,
  EksNetwork,
  EksNodePool,
  eksPoolReference,
  type EksGivenNetworkOptions,
  type EksHostOptions,
} from "../../lib/aws";
import {
  CloudwatchLogGroup,
  DefaultSecurityGroup,
  EksAccessEntry,
  EksAccessPolicyAssociation,
  EksCluster,
  EksNodeGroup,
  IamRole,
  IamRolePolicyAttachment,
  KmsKey,
  NatGateway,
  RouteTable,
  Subnet,
  VpcEndpoint,
  VpcSecurityGroupIngressRule,
} from "../../lib/core/bindings/aws";
import { TerraformStack } from "../../lib/core/cdk";
import { warningsOf } from "../../lib/core/notes";
import { ClusterAccess, Retention } from "../../lib";
import { Template } from "../../lib/testing";
import { EksHostStack } from "../../stacks/aws";
import { exampleHost, hostOptions } from "../support/host";
import { app, ATTRIBUTES, stack } from "../support/scope";

function synthesized(change: Partial<EksHostOptions> = {}): { template: Template; stack: EksHostStack } {
  const hostStack = new EksHostStack(app(), "host", hostOptions(change));
  return { template: Template.of(hostStack), stack: hostStack };
}

describe("an EKS host, by default", () => {
  const { template, stack: hostStack } = synthesized();
  const cluster = template.only(EksCluster);

  test("has a private endpoint only", () => {
    expect(cluster.vpc_config).toMatchObject({
      endpoint_private_access: true,
      endpoint_public_access: false,
    });
    expect(cluster.vpc_config).not.toHaveProperty("public_access_cidrs");
  });

  test("is reached by access entries, and its creator is no administrator", () => {
    expect(cluster.access_config).toEqual({
      authentication_mode: "API",
      bootstrap_cluster_creator_admin_permissions: false,
    });
    expect(template.only(EksAccessEntry)).toMatchObject({
      principal_arn: "arn:aws:iam::123456789012:role/admin",
    });
    expect(template.only(EksAccessPolicyAssociation)).toMatchObject({
      policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      access_scope: { type: "cluster" },
    });
  });

  test("has no default add-ons and no node group", () => {
    expect(cluster.bootstrap_self_managed_addons).toBe(false);
    expect(template.all(EksNodeGroup)).toEqual([]);
  });

  test("encrypts secrets with a rotating key that only the cluster's role uses", () => {
    expect(cluster.encryption_config).toEqual({
      provider: { key_arn: expect.stringMatching(/SecretsKey/) as string },
      resources: ["secrets"],
    });
    const key = template.all(KmsKey).find((k) => /secrets/.test(String(k.description)))!;
    expect(key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(decrypters(key)).toEqual(["role"]);
  });

  test("keeps all five control-plane logs for a year, encrypted for that log group alone", () => {
    expect(cluster.enabled_cluster_log_types).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    expect(template.only(CloudwatchLogGroup)).toMatchObject({
      name: "/aws/eks/prod/cluster",
      retention_in_days: 365,
      skip_destroy: true,
      kms_key_id: expect.stringMatching(/LogsKey/) as string,
    });
    const key = template.all(KmsKey).find((k) => /logs/.test(String(k.description)))!;
    expect(JSON.parse(key.policy as string)).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Principal: { Service: "logs.eu-west-1.amazonaws.com" },
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn":
                "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/eks/prod/cluster",
            },
          },
        }),
      ]) as unknown[],
    });
  });

  test("waits for its log group and its role's policy", () => {
    expect(String(cluster.depends_on)).toMatch(/Logs/);
    expect(String(cluster.depends_on)).toMatch(/AmazonEKSClusterPolicy/);
  });

  test("has a role with one policy", () => {
    expect(template.only(IamRole).name).toBe("tenclave.eu-west-1.prod.cluster");
    expect(template.only(IamRolePolicyAttachment).policy_arn).toBe(
      "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    );
  });

  test("is protected against deletion, on standard support, IPv4", () => {
    expect(cluster).toMatchObject({
      version: "1.34",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
      upgrade_policy: { support_type: "STANDARD" },
      kubernetes_network_config: { ip_family: "ipv4", service_ipv4_cidr: "172.20.0.0/16" },
    });
  });

  test("works in one account and region", () => {
    expect(template.json.provider).toMatchObject({
      aws: [
        {
          region: "eu-west-1",
          allowed_account_ids: ["123456789012"],
          default_tags: [{ tags: { "tenclave.dev/host": "prod" } }],
        },
      ],
    });
  });

  test("owns a VPC with private subnets in three zones, NAT in each, and nothing allowed by the default group", () => {
    const subnets = template
      .all(Subnet)
      .map(({ availability_zone, cidr_block }) => [availability_zone, cidr_block]);
    expect(subnets.sort()).toEqual([
      ["eu-west-1a", "10.42.0.0/18"],
      ["eu-west-1a", "10.42.192.0/24"],
      ["eu-west-1b", "10.42.193.0/24"],
      ["eu-west-1b", "10.42.64.0/18"],
      ["eu-west-1c", "10.42.128.0/18"],
      ["eu-west-1c", "10.42.194.0/24"],
    ]);
    expect(template.all(NatGateway)).toHaveLength(3);
    const group = template.only(DefaultSecurityGroup);
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
    for (const subnet of template.all(Subnet)) expect(subnet.map_public_ip_on_launch).toBe(false);
  });

  test("puts the cluster into the private subnets alone", () => {
    const { subnet_ids } = cluster.vpc_config as { subnet_ids: string[] };
    expect(subnet_ids).toHaveLength(3);
    for (const id of subnet_ids) expect(id).toMatch(/Zone[123]/);
  });

  test("reaches AWS by endpoints inside the VPC", () => {
    const endpoints = template
      .all(VpcEndpoint)
      .map(({ service_name, vpc_endpoint_type }) => `${String(vpc_endpoint_type)} ${String(service_name)}`);
    expect(endpoints.sort()).toEqual([
      "Gateway com.amazonaws.eu-west-1.s3",
      ...["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "kms", "logs", "sts"].map(
        (s) => `Interface com.amazonaws.eu-west-1.${s}`,
      ),
    ]);
    const rule = template
      .all(VpcSecurityGroupIngressRule)
      .find((r) => /Endpoints/.test(String(r.security_group_id)));
    expect(rule).toMatchObject({
      cidr_ipv4: "10.42.0.0/16",
      from_port: 443,
      to_port: 443,
    });
  });

  test("routes S3 by its gateway in every private subnet, and HTTPS to AWS by interfaces in them", () => {
    const endpoints = template.all(VpcEndpoint);
    const gateway = endpoints.find((e) => e.vpc_endpoint_type === "Gateway")!;
    expect((gateway.route_table_ids as string[]).map((id) => /Zone(\d)/.exec(id)?.[1])).toEqual([
      "1",
      "2",
      "3",
    ]);
    for (const one of endpoints.filter((e) => e.vpc_endpoint_type === "Interface")) {
      expect(one).toMatchObject({ private_dns_enabled: true });
      expect((one.subnet_ids as string[]).map((id) => /Zone(\d)/.exec(id)?.[1])).toEqual(["1", "2", "3"]);
      expect(one.security_group_ids).toEqual([expect.stringMatching(/EndpointsSecurityGroup/)]);
    }
    const ways = template
      .all(RouteTable)
      .map(({ route }) => (route as Record<string, unknown>[])[0]!)
      .map((one) => [one.cidr_block, one.nat_gateway_id ? "nat" : "internet"]);
    expect(ways.sort()).toEqual([
      ["0.0.0.0/0", "internet"],
      ...Array.from({ length: 3 }, () => ["0.0.0.0/0", "nat"]),
    ]);
  });

  test("warns of nothing", () => {
    expect(warningsOf(hostStack)).toEqual([]);
  });
});

/** Principals that may decrypt with a key; references shortened to `role`. */
function decrypters(key: Record<string, unknown>): unknown[] {
  const { Statement } = JSON.parse((key.policy as string).replace(/\$\{aws_iam_role[^}]+\}/g, "role")) as {
    Statement: { Action: string[]; Principal: { AWS?: string } }[];
  };
  return Statement.filter((s) =>
    s.Action.some((a) => /^kms:(\*|Decrypt|ReEncrypt|GenerateDataKey)/.test(a)),
  ).map((s) => s.Principal.AWS);
}

test("the private endpoint is reached from the VPC, and from ranges that are named", () => {
  const clients = (change: Partial<EksHostOptions>): unknown[] =>
    synthesized(change)
      .template.all(VpcSecurityGroupIngressRule)
      .filter((r) => /cluster_security_group_id/.test(String(r.security_group_id)))
      .map(({ cidr_ipv4, from_port, to_port, ip_protocol }) => [cidr_ipv4, from_port, to_port, ip_protocol]);
  expect(clients({})).toEqual([["10.42.0.0/16", 443, 443, "tcp"]]);
  expect(clients({ apiClientCidrs: ["192.168.7.0/24"] })).toEqual([
    ["10.42.0.0/16", 443, 443, "tcp"],
    ["192.168.7.0/24", 443, 443, "tcp"],
  ]);
});

test("administrators of the account manage keys; only the secrets key can be handed on by grant", () => {
  const grants = synthesized()
    .template.all(KmsKey)
    .map((key) => {
      const { Statement } = JSON.parse((key.policy as string).replace(/\$\{[^}]+\}/g, "role")) as {
        Statement: { Action: string[]; Principal: { AWS?: string } }[];
      };
      return Statement.some(
        (s) => /:root$/.test(s.Principal.AWS ?? "") && s.Action.includes("kms:CreateGrant"),
      );
    });
  expect(grants.sort()).toEqual([false, true]);
});

test("load balancers find their subnets by tag: private ones inside, public ones outside", () => {
  const tags = synthesized()
    .template.all(Subnet)
    .map((subnet) => Object.keys(subnet.tags as object).join());
  expect(tags.sort()).toEqual([
    ...["kubernetes.io/role/elb", "kubernetes.io/role/elb", "kubernetes.io/role/elb"],
    ...[
      "kubernetes.io/role/internal-elb",
      "kubernetes.io/role/internal-elb",
      "kubernetes.io/role/internal-elb",
    ],
  ]);
});

test("without NAT there is no way out, and the reference says so", () => {
  const network = EksNetwork.owned({ cidr: "10.42.0.0/16", nat: false });
  const { template } = synthesized({ network });
  expect(template.all(NatGateway)).toEqual([]);
  expect(template.all(Subnet)).toHaveLength(3);
  for (const routes of template.all(RouteTable)) expect(routes).not.toHaveProperty("route");
  expect(exampleHost({ network }).network.internetEgress).toBe(false);
});

test("a given network is used as it is", () => {
  const network = EksNetwork.given({
    vpcId: "vpc-1",
    cidr: "10.42.0.0/16",
    privateSubnetIds: ["subnet-1", "subnet-2"],
    internetEgress: true,
  });
  const { template } = synthesized({ network });
  expect(template.all(Subnet)).toEqual([]);
  expect(template.only(EksCluster).vpc_config).toMatchObject({ subnet_ids: ["subnet-1", "subnet-2"] });
});

test("a public endpoint is restricted and shows as a warning", () => {
  const { template, stack: hostStack } = synthesized({
    publicEndpoint: { cidrs: ["198.51.100.0/24"], reason: "administrators have no VPN yet" },
  });
  expect(template.only(EksCluster).vpc_config).toMatchObject({
    endpoint_private_access: true,
    endpoint_public_access: true,
    public_access_cidrs: ["198.51.100.0/24"],
  });
  expect(warningsOf(hostStack).map(({ text }) => text)).toEqual([
    "API endpoint is public for 198.51.100.0/24: administrators have no VPN yet",
  ]);
});

test.each([
  [[]],
  [["0.0.0.0/0"]],
  [["198.51.100.7"]],
  [["198.51.100.0/24", "10.1.0.0/16"]],
  [["172.0.0.0/8"]],
  [["198.51.100.0/24", "198.51.100.0/24"]],
  [Array.from({ length: 41 }, (_, index) => `198.51.100.${index}/32`)],
])("a public endpoint for %j is refused", (cidrs) => {
  expect(() => exampleHost({ publicEndpoint: { cidrs, reason: "for a test" } })).toThrow(
    /\[EKS_PUBLIC_ENDPOINT\]/,
  );
});

test("a throw-away host can be destroyed, and says so", () => {
  const { template, stack: hostStack } = synthesized({ retention: Retention.destroy("a test") });
  const cluster = template.only(EksCluster);
  expect(cluster.deletion_protection).toBe(false);
  expect(cluster).not.toHaveProperty("lifecycle");
  expect(template.only(CloudwatchLogGroup).skip_destroy).toBe(false);
  for (const key of template.all(KmsKey)) expect(key.deletion_window_in_days).toBe(7);
  expect(warningsOf(hostStack)).toHaveLength(1);
});

test("log retention and ranges are options", () => {
  const { template } = synthesized({ logRetentionDays: 90, serviceCidr: "10.100.0.0/16" });
  expect(template.only(CloudwatchLogGroup).retention_in_days).toBe(90);
  expect(template.only(EksCluster).kubernetes_network_config).toMatchObject({
    service_ipv4_cidr: "10.100.0.0/16",
  });
});

test.each(["10.42.0.0/15", "10.42.0.0/21", "10.42.0.1/16", "11.0.0.0/16", "172.32.0.0/16", "nonsense"])(
  "a VPC of %s is refused",
  (cidr) => {
    expect(() => exampleHost({ network: EksNetwork.owned({ cidr }) })).toThrow(/\[EKS_NETWORK_CIDR\]/);
  },
);

test.each([
  [{ podCidr: "172.20.0.0/17" }],
  [{ serviceCidr: "10.42.0.0/20" }],
  [{ podCidr: "10.42.5.0/24" }],
  [{ podCidr: "10.244.0.0" }],
])("ranges that meet are refused: %j", (change) => {
  expect(() => exampleHost(change)).toThrow(/\[EKS_NETWORK_OVERLAP\]/);
});

test.each([
  [{ podCidr: "169.254.0.0/16" }],
  [{ podCidr: "8.0.0.0/8" }],
  [{ serviceCidr: "8.8.8.0/24" }],
  [{ serviceCidr: "192.168.1.0/25" }],
  [{ serviceCidr: "10.0.0.0/8", network: EksNetwork.owned({ cidr: "192.168.0.0/16" }) }],
])("ranges AWS or Cilium will not take are refused: %j", (change) => {
  expect(() => exampleHost(change)).toThrow(/\[EKS_NETWORK_OVERLAP\].*private/);
});

test("the pod range holds a /24 for each node and one more of each pool", () => {
  // 3 + 4 + 6 nodes, and one more of three pools: 16.
  expect(exampleHost({ podCidr: "10.244.0.0/20" }).network.podCidr).toBe("10.244.0.0/20");
  expect(() => exampleHost({ podCidr: "10.244.0.0/21" })).toThrow(/\[EKS_POD_RANGE\].*16 nodes.*for 8/);
});

test.each(["tenant-acme", "tenclave-system", "kube-system", "default", "Not A Namespace"])(
  "%s is no gateway's namespace",
  (gatewayNamespace) => {
    expect(() => exampleHost({ gatewayNamespace })).toThrow(/\[EKS_GATEWAY\]/);
  },
);

test.each(["eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"])(
  "%s has zones a, b and c",
  (region) => {
    const { template } = synthesized({ region, pools: hostOptions().pools.slice(0, 1) });
    const zones = new Set(template.all(Subnet).map(({ availability_zone }) => availability_zone));
    expect([...zones].sort()).toEqual(["a", "b", "c"].map((letter) => region + letter));
  },
);

test("administrators of the account may do with a key what Terraform needs, and nothing that opens data", () => {
  const [key] = synthesized().template.all(KmsKey);
  const { Statement } = JSON.parse((key!.policy as string).replace(/\$\{[^}]+\}/g, "role")) as {
    Statement: { Sid: string; Action: string[]; Principal: { AWS: string } }[];
  };
  const admin = Statement.find((s) => s.Sid === "Administration")!;
  expect(admin.Principal.AWS).toBe("arn:aws:iam::123456789012:root");
  expect(admin.Action).toEqual(
    [
      "CancelKeyDeletion",
      "CreateAlias",
      "DeleteAlias",
      "Describe*",
      "DisableKey",
      "EnableKey",
      "EnableKeyRotation",
      "Get*",
      "List*",
      "PutKeyPolicy",
      "RevokeGrant",
      "RotateKeyOnDemand",
      "ScheduleKeyDeletion",
      "TagResource",
      "UntagResource",
      "UpdateAlias",
      "UpdateKeyDescription",
    ].map((action) => `kms:${action}`),
  );
});

test("zones are known in some regions and named in others", () => {
  const pools = hostOptions().pools.slice(0, 1);
  const region = "ap-northeast-1";
  const zones = ["a", "c", "d"].map((letter) => region + letter);
  expect(() => exampleHost({ region, pools })).toThrow(/\[EKS_ZONES\]/);
  expect(
    exampleHost({ region, pools, network: EksNetwork.owned({ cidr: "10.0.0.0/16", zones }) }).location,
  ).toBe(region);
  expect(() =>
    exampleHost({
      network: EksNetwork.owned({ cidr: "10.0.0.0/16", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1zz"] }),
    }),
  ).toThrow(/\[EKS_ZONES\]/);
});

test.each(["1.33", "1.36", "134"])("Kubernetes %s is refused", (kubernetesVersion) => {
  expect(() => exampleHost({ kubernetesVersion })).toThrow(/\[EKS_KUBERNETES\].*1\.34, 1\.35/);
});

test.each([["a".repeat(33)], ["Prod"], ["1prod"]])("the host name %s is refused", (name) => {
  expect(() => exampleHost({ name })).toThrow(/\[EKS_NAME\]/);
});

const GIVEN: EksGivenNetworkOptions = {
  vpcId: "vpc-1",
  cidr: "10.42.0.0/16",
  privateSubnetIds: ["subnet-1", "subnet-2"],
  internetEgress: true,
};

test.each<[string, Partial<typeof ATTRIBUTES>]>([
  ["an endpoint without https", { endpoint: "api.example.com" }],
  ["a CA in PEM", { certificateAuthority: "-----BEGIN CERTIFICATE-----\nMII" }],
  ["no CA", { certificateAuthority: "" }],
])("a cluster given by values is checked: %s is refused", (_, change) => {
  const given = { ...ATTRIBUTES, ...change };
  expect(() => EksHost.fromAttributes(stack(), "Host", exampleHost(), given)).toThrow(/\[EKS_ATTRIBUTES\]/);
});

test("values of a wrong type are refused, and what is known at plan only is taken", () => {
  const given = { ...ATTRIBUTES, privateSubnetIds: "subnet-1" as unknown as string[] };
  expect(() => EksHost.fromAttributes(stack(), "Host", exampleHost(), given)).toThrow(/\[OPTION_TYPE\]/);
  const later = { ...ATTRIBUTES, endpoint: "${var.endpoint}", certificateAuthority: "${var.ca}" };
  expect(EksHost.fromAttributes(stack(), "Host", exampleHost(), later).access.endpoint).toBe(
    "${var.endpoint}",
  );
});

test("nodes need subnets", () => {
  const scope = stack();
  const host = EksHost.fromAttributes(scope, "Host", exampleHost(), { ...ATTRIBUTES, privateSubnetIds: [] });
  expect(() => new EksNodePool(scope, "Pool", { ...hostOptions().pools[1]!, host })).toThrow(
    /\[EKS_ATTRIBUTES\] stack\/Pool: .*privateSubnetIds/,
  );
});

const ADMIN = "arn:aws:iam::123456789012:role/admin";

test.each<[string, string[]]>([
  ["nobody", []],
  ["a name", ["admin"]],
  ["somebody twice", [ADMIN, ADMIN]],
  ["a role of another partition", ["arn:aws-us-gov:iam::123456789012:role/admin"]],
  ["a pattern", ["arn:aws:iam::123456789012:role/*"]],
  ["two in one text", [`${ADMIN},${ADMIN.replace("admin", "other")} `]],
  [
    "a service's role",
    [ADMIN.replace("admin", "aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS")],
  ],
  ["a session", ["arn:aws:sts::123456789012:assumed-role/admin/me"]],
  ["the account", ["arn:aws:iam::123456789012:root"]],
])("an administrator is a role or user, once: %s is refused", (_, admins) => {
  expect(() => exampleHost({ admins })).toThrow(/\[EKS_ADMIN\] host\.prod: /);
});

test("administrators may be users, with a path, and in GovCloud are GovCloud's", () => {
  const user = "arn:aws:iam::123456789012:user/team/ada.l@example.com";
  expect(exampleHost({ admins: [ADMIN, user] }).name).toBe("prod");
  const region = "us-gov-west-1";
  const network = EksNetwork.owned({ cidr: "10.42.0.0/16", zones: ["a", "b", "c"].map((z) => region + z) });
  const gov = { region, network, pools: hostOptions().pools.slice(0, 2) };
  expect(exampleHost({ ...gov, admins: [ADMIN.replace("aws", "aws-us-gov")] }).location).toBe(region);
  expect(() => exampleHost(gov)).toThrow(/\[EKS_ADMIN\].*arn:aws-us-gov:iam/);
});

test.each([
  "eu-west-1a",
  "EU-WEST-1",
  "eu-wst-1",
  "westeurope",
  "europe-west-1",
  "cn-north-1",
  "us-iso-east-1",
  "eusc-de-east-1",
  "eu-west",
  " eu-west-1",
  "",
])("region '%s' is refused, by the host and by the pool", (region) => {
  const zones = ["a", "b", "c"].map((letter) => region + letter);
  const network = EksNetwork.owned({ cidr: "10.42.0.0/16", zones });
  expect(() => exampleHost({ region, network })).toThrow(/\[EKS_REGION\]/);
  expect(() => eksPoolReference(region, hostOptions().pools[0]!)).toThrow(/\[EKS_REGION\] pools\.system/);
});

test.each(["ap-southeast-4", "us-gov-east-1", "il-central-1", "mx-central-1", "ca-west-1", "me-south-1"])(
  "region %s is taken",
  (region) => {
    expect(eksPoolReference(region, hostOptions().pools[0]!).name).toBe("system");
  },
);

test.each([
  ["the VPC's own", ["10.42.0.0/16"]],
  ["one twice", ["192.168.7.0/24", "192.168.7.0/24"]],
  ["the internet", ["198.51.100.0/24"]],
])("API clients are other private ranges, each once: %s is refused", (_, apiClientCidrs) => {
  expect(() => exampleHost({ apiClientCidrs })).toThrow(/\[EKS_API_CLIENTS\]/);
});

test.each<[string, Partial<EksGivenNetworkOptions>]>([
  ["one subnet twice", { privateSubnetIds: ["subnet-1", "subnet-1"] }],
  ["subnets by name", { privateSubnetIds: ["private-a", "private-b"] }],
  ["a VPC by name", { vpcId: "prod" }],
])("a given network is named by ids: %s is refused", (_, change) => {
  expect(() => EksNetwork.given({ ...GIVEN, ...change })).toThrow(/\[EKS_NETWORK_SUBNETS\]/);
});

test("ids of a given network may be known at plan only", () => {
  const token = "${module.vpc.private_subnet}";
  const network = EksNetwork.given({ ...GIVEN, vpcId: token, privateSubnetIds: [`${token}1`, `${token}2`] });
  expect(exampleHost({ network }).network.internetEgress).toBe(true);
});

test.each(["10.0.0.0/15", "10.0.0.0/29"])("no VPC has the range %s", (cidr) => {
  const network = EksNetwork.given({ ...GIVEN, cidr });
  expect(() => exampleHost({ network })).toThrow(/\[EKS_NETWORK_CIDR\].*\/16 to \/28/);
});

test("the reference carries version, network facts and pools, and is plain data", () => {
  const reference = exampleHost({ gatewayNamespace: "gateway" });
  expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
  expect(reference).toMatchObject({
    cloud: "aws",
    name: "prod",
    location: "eu-west-1",
    account: "123456789012",
    kubernetesVersion: "1.34",
    gatewayNamespace: "gateway",
    network: {
      cni: "cilium",
      podCidr: "10.244.0.0/16",
      serviceCidr: "172.20.0.0/16",
      nodeCidr: "10.42.0.0/16",
      mtu: 9001,
      nodeResolvers: ["10.42.0.2"],
      enforcesNetworkPolicy: true,
      encryptsPodTraffic: true,
      apiServerReachesPods: false,
      internetEgress: true,
    },
    storageClass: { name: "tenclave-encrypted", provisioner: "ebs.csi.aws.com" },
  });
  expect(reference.pools.map(({ name, tier, system }) => [name, tier, system])).toEqual([
    ["system", "SHARED", true],
    ["plain", "SHARED", false],
    ["snp", "CONFIDENTIAL_NODE", false],
  ]);
});

describe("a host of another stack", () => {
  const reference = exampleHost();

  test("is looked up by name, with the provider that needs", () => {
    const scope = stack();
    const host = EksHost.lookup(scope, "Host", reference);
    host.access.helmProvider(scope);
    host.access.kubernetesProvider(scope);
    const { json } = Template.of(scope);
    expect(json.data).toMatchObject({ aws_eks_cluster: { Host: { name: "prod" } } });
    expect(json.provider).toMatchObject({
      aws: [{ region: "eu-west-1" }],
      helm: [
        {
          kubernetes: {
            host: "${data.aws_eks_cluster.Host.endpoint}",
            cluster_ca_certificate:
              "${base64decode(data.aws_eks_cluster.Host.certificate_authority[0].data)}",
            exec: {
              command: "aws",
              args: expect.arrayContaining(["get-token", "prod", "eu-west-1"]) as string[],
            },
          },
        },
      ],
    });
  });

  test("is given by values: no data source, no AWS provider", () => {
    const scope = stack();
    EksHost.byAttributes(reference, ATTRIBUTES).connect(scope).access.kubernetesProvider(scope);
    const { json } = Template.of(scope);
    expect(json).not.toHaveProperty("data");
    expect(Object.keys(json.provider as object)).toEqual(["kubernetes"]);
  });

  test("is given by Terraform variables", () => {
    const scope = stack();
    EksHost.byVariables(reference).connect(scope).access.helmProvider(scope);
    const { json } = Template.of(scope);
    expect(json.variable).toMatchObject({
      host_endpoint: { type: "string" },
      host_certificate_authority: { type: "string" },
      host_private_subnet_ids: { type: "list(string)" },
    });
    expect(json.provider).toMatchObject({ helm: [{ kubernetes: { host: "${var.host_endpoint}" } }] });
  });

  test("is the same host in every form", () => {
    const forms = [
      EksHost.byLookup(reference),
      EksHost.byAttributes(reference, ATTRIBUTES),
      EksHost.byVariables(reference),
    ];
    for (const form of forms) {
      const host = form.connect(stack());
      expect(form.reference).toBe(reference);
      expect(host).toMatchObject({
        reference,
        network: reference.network,
        clusterName: "prod",
        workloadIdentity: { kind: "eks-pod-identity" },
      });
    }
    const owned = new EksHostStack(app(), "host", hostOptions()).host;
    expect(owned.reference).toEqual(reference);
    expect(owned.workloadIdentity).toEqual({ kind: "eks-pod-identity" });
  });

  test("logs in by kubeconfig when asked to, and never by token", () => {
    const scope = new TerraformStack(app(), "s");
    ClusterAccess.kubeconfig("https://api.example.com", "~/.kube/config", "prod").helmProvider(scope);
    expect(Template.of(scope).json.provider).toMatchObject({
      helm: [{ kubernetes: { config_path: "~/.kube/config", config_context: "prod" }, burst_limit: 300 }],
    });
  });
});
