// Volume keys on EKS: names known at synth, and who may use them.
import { Testing } from "../../lib/core/cdk";
import { Retention } from "../../lib";
import { AwsVolumeKeys, EksAddOns, EksHost } from "../../lib/aws";
import { STORAGE_CLASS } from "../../lib/core/names";
import { exampleHost, exampleTenant } from "../support/host";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { ATTRIBUTES, connectedHost, stack } from "../support/scope";

type Resources = Record<string, Record<string, Record<string, unknown>>>;

const host = exampleHost();
const tenant = checkTenant(exampleTenant(), host);

function made(keys = AwsVolumeKeys.of({ host })): {
  resource: Resources;
  key: ReturnType<typeof keys.volumeKey>;
} {
  const scope = stack();
  const connected = EksHost.fromAttributes(scope, "Host", host, ATTRIBUTES);
  const key = keys.volumeKey(scope, { tenant, host: connected });
  return { key, resource: (JSON.parse(Testing.synth(scope)) as { resource: Resources }).resource };
}

test("the class names the key by the alias that the stack gives", () => {
  const { resource, key } = made();
  const arn = `arn:aws:kms:eu-west-1:123456789012:${resource.aws_kms_alias!.VolumesKeyAlias!.name as string}`;
  const storageClass = AwsVolumeKeys.of({ host }).storageClass(tenant);
  expect(storageClass).toEqual({
    name: "tenclave-tenant-acme",
    provisioner: "ebs.csi.aws.com",
    refused: ["gp2"],
    parameters: { type: "gp3", encrypted: "true", kmsKeyId: arn },
  });
  expect(key).toMatchObject({ keyId: arn, storageClassParameters: storageClass.parameters });
});

test.each([
  ["of another name", { name: "other" }],
  ["in another region", { location: "eu-central-1" }],
  ["in another account", { account: "210987654321" }],
])("fails for keys of a host %s", (_, other) => {
  expect(() => made(AwsVolumeKeys.of({ host: { ...host, ...other } }))).toThrow(
    /TENANT_HOST.*AwsVolumeKeys of '.*' .* on 'prod' \(aws, eu-west-1, 123456789012\); make keys of the host/,
  );
});

test("no tenant's class or alias is the host's, or another tenant's", () => {
  const keys = AwsVolumeKeys.of({ host });
  const classes = ["encrypted", "a", "a-b", "b"].map((name) =>
    keys.storageClass({ spec: exampleTenant({ name }) }),
  );
  const all = [host.storageClass, ...classes];
  expect(new Set(all.map(({ name }) => name)).size).toBe(5);
  expect(new Set(all.map(({ parameters }) => parameters.kmsKeyId)).size).toBe(5);
  expect(host.storageClass.name).toBe(STORAGE_CLASS);
});

test("the key: rotated, protected, 30 days; less for a throw-away platform", () => {
  expect(made().resource.aws_kms_key!.VolumesKey).toMatchObject({
    enable_key_rotation: true,
    deletion_window_in_days: 30,
    lifecycle: { prevent_destroy: true },
  });
  const { VolumesKey: none } = made(AwsVolumeKeys.of({ host, retention: Retention.destroy("a test") }))
    .resource.aws_kms_key!;
  expect(none).toMatchObject({ deletion_window_in_days: 7 });
  expect(none).not.toHaveProperty("lifecycle");
  const { VolumesKey: own } = made(AwsVolumeKeys.of({ host, deletionWindowDays: 10 })).resource.aws_kms_key!;
  expect(own).toMatchObject({ deletion_window_in_days: 10 });
});

test("the key's policy names the role that the driver really gets", () => {
  const scope = stack();
  new EksAddOns(scope, "AddOns", { host: connectedHost(scope), pools: [] });
  const { resource } = JSON.parse(Testing.synth(scope)) as { resource: Resources };
  const driver = Object.values(resource.aws_iam_role!)[0]!.name as string;
  expect(driver).toContain("ebs-csi");
  const { Statement } = JSON.parse(made().resource.aws_kms_key!.VolumesKey!.policy as string) as {
    Statement: { Sid: string; Principal: { AWS: string } }[];
  };
  expect(
    Statement.filter(({ Sid }) => Sid.startsWith("Driver")).map(({ Principal }) => Principal.AWS),
  ).toEqual(Array(2).fill(`arn:aws:iam::123456789012:role/${driver}`));
});

test("what comes after waits for the alias", () => {
  const scope = stack();
  const { ready } = AwsVolumeKeys.of({ host }).volumeKey(scope, { tenant, host: connectedHost(scope) });
  expect(ready).toEqual([scope.node.findChild("VolumesKeyAlias")]);
});

test.each([
  ["another cloud", { host: { ...host, cloud: "azure" } }, "HOST_CLOUD"],
  ["too short a window", { host, deletionWindowDays: 1 }, "KEY_DELETION"],
  ["half a day", { host, deletionWindowDays: 7.5 }, "KEY_DELETION"],
  ["no host", {} as { host: typeof host }, "OPTION_TYPE"],
  ["an unknown option", { host, days: 7 } as { host: typeof host }, "OPTION_TYPE"],
])("%s: refused", (_, options, code) => {
  expect(() => AwsVolumeKeys.of(options)).toThrow(expect.objectContaining({ code }));
});
