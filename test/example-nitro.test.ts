// What the README of examples/eks-nitro says of its pod and its tenant is what happens.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceQuota } from "kubernetes-types/core/v1";
import { parseQuantity } from "../lib/tenant/quantity";
import { folder } from "./support/files";
import { ROOT, runTs } from "./support/run";

const EXAMPLE = join(ROOT, "examples/eks-nitro");

test("pod.ts prints the pod the README shows", () => {
  const [, block] = /```json\n(.*?)```/s.exec(readFileSync(join(EXAMPLE, "README.md"), "utf8"))!;
  const { code, stdout } = runTs("examples/eks-nitro/pod.ts");
  expect(code).toBe(0);
  const { spec } = JSON.parse(stdout) as { spec: Record<string, unknown> };
  expect(spec).toMatchObject(JSON.parse(block!) as object);
  expect(spec).not.toHaveProperty("runtimeClassName");
});

test("the pod fits the quota of its tenant, on the host's side", () => {
  const outdir = join(folder(), "cdktf.out");
  expect(runTs("examples/eks-nitro/main.ts", [], { CDKTF_OUTDIR: outdir }).code).toBe(0);
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/tenants-01/cdk.tf.json"), "utf8")) as {
    resource: { helm_release: Record<string, { name: string; values: [string] }> };
  };
  const { values } = Object.values(resource.helm_release).find(({ name }) => name === "guardrails-signer")!;
  const { objects } = JSON.parse(values[0]) as { objects: ResourceQuota[] };
  const hard = objects.find(({ kind }) => kind === "ResourceQuota")!.spec!.hard;
  const { spec } = JSON.parse(runTs("examples/eks-nitro/pod.ts").stdout) as {
    spec: { containers: [{ resources: { requests: Record<string, string> } }] };
  };
  const asked = Object.entries(spec.containers[0].resources.requests);
  expect(asked.map(([name]) => name).sort()).toEqual([
    "aws.ec2.nitro/nitro_enclaves",
    "cpu",
    "hugepages-2Mi",
    "memory",
  ]);
  for (const [name, quantity] of asked)
    expect([name, parseQuantity(quantity)! <= parseQuantity(hard![`requests.${name}`]!)!]).toEqual([
      name,
      true,
    ]);
});

test("enclaves raise no tenant's tier: internal data on their pool is refused", () => {
  const tenants = join(folder(), "tenants");
  cpSync(join(EXAMPLE, "tenants"), tenants, { recursive: true });
  cpSync(join(EXAMPLE, "tenants.lock.json"), `${tenants}.lock.json`);
  const file = join(tenants, "signer.json");
  writeFileSync(file, readFileSync(file, "utf8").replace('"public"', '"internal"'));
  const { code, stderr } = runTs("examples/eks-nitro/main.ts", [], {
    TENANTS: tenants,
    CDKTF_OUTDIR: join(folder(), "cdktf.out"),
  });
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/\[TENANT_TIER\].*got pool 'vault' of tier SHARED/),
  ]);
});

test("its platform stack ships the device plug-in", () => {
  const outdir = join(folder(), "cdktf.out");
  expect(runTs("examples/eks-nitro/main.ts", [], { CDKTF_OUTDIR: outdir }).code).toBe(0);
  const platform = readFileSync(join(outdir, "stacks/platform/cdk.tf.json"), "utf8");
  expect(platform).toContain("public.ecr.aws/aws-nitro-enclaves/aws-nitro-enclaves-k8s-device-plugin:0.4.1");
});
