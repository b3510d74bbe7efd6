import { EksAddOns, EksHost, EksNodePool } from "../../lib/aws";
import { EksAddon, IamRolePolicy, KmsAlias, KmsKey, LaunchTemplate } from "../../lib/core/bindings/aws";
import { ensureAwsProvider } from "../../lib/host-cluster/aws-provider";
import { Template } from "../../lib/testing";
import { exampleHost, hostOptions } from "../support/host";
import { connectedHost, stack } from "../support/scope";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

test("a given key encrypts root volumes, and no other is made", () => {
  const scope = stack();
  const host = connectedHost(scope);
  ensureAwsProvider(scope, host.reference);
  new EksNodePool(scope, "Pool", { ...hostOptions().pools[1]!, host, rootVolumeKeyArn: KEY });
  const template = Template.of(scope);
  expect(template.all(KmsKey)).toEqual([]);
  expect(template.only(LaunchTemplate).block_device_mappings).toMatchObject([{ ebs: { kms_key_id: KEY } }]);
});

test("a given key encrypts volumes: the class names it, the driver's role may use it, and no other is made", () => {
  expect(exampleHost({ volumesKeyArn: KEY }).storageClass.parameters).toEqual({
    type: "gp3",
    encrypted: "true",
    kmsKeyId: KEY,
  });
  const scope = stack();
  const host = connectedHost(scope, { volumesKeyArn: KEY });
  ensureAwsProvider(scope, host.reference);
  new EksAddOns(scope, "AddOns", { host, pools: [] });
  const template = Template.of(scope);
  expect([...template.all(KmsKey), ...template.all(KmsAlias)]).toEqual([]);
  const { policy, role } = template.only(IamRolePolicy) as { policy: string; role: string };
  expect(role).toMatch(/aws_iam_role\..*DriverRole/);
  expect(JSON.parse(policy)).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Sid: "Use", Effect: "Allow", Action: USE, Resource: KEY },
      {
        Sid: "Grant",
        Effect: "Allow",
        Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Resource: KEY,
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
  });
  const driver = template.all(EksAddon).find(({ addon_name: name }) => name === "aws-ebs-csi-driver")!;
  expect(JSON.stringify(driver.depends_on)).toMatch(/aws_iam_role_policy\./);
});

test.each([
  "alias/mine",
  KEY.replace("eu-west-1", "us-east-1"),
  KEY.replace("key/", "alias/"),
  KEY.replace("aws", "aws-us-gov"),
])("%s is no key of the host's region and partition", (arn) => {
  expect(() => EksHost.reference(hostOptions({ volumesKeyArn: arn }))).toThrow(
    /\[EKS_KEY\] host\.prod: volumesKeyArn/,
  );
  const pools = hostOptions().pools.map((pool) => ({ ...pool, rootVolumeKeyArn: arn }));
  expect(() => EksHost.reference(hostOptions({ pools }))).toThrow(
    /\[EKS_KEY\] pools\.system: rootVolumeKeyArn/,
  );
});
