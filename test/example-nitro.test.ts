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
    spec: { containers: { resources: { requests: Record<string, string> } }[] };
  };
  const asked = new Map<string, number>();
  for (const { resources } of spec.containers)
    for (const [name, quantity] of Object.entries(resources.requests))
      asked.set(name, (asked.get(name) ?? 0) + parseQuantity(quantity)!);
  expect([...asked.keys()].sort()).toEqual([
    "aws.ec2.nitro/nitro_enclaves",
    "cpu",
    "hugepages-2Mi",
    "memory",
  ]);
  for (const [name, quantity] of asked)
    expect([name, quantity <= parseQuantity(hard![`requests.${name}`]!)!]).toEqual([name, true]);
});

interface Changed {
  sensitivity: string;
  quota: { enclaves?: number };
  attestation?: { workloads: [{ referenceValues: { release: string; file?: string; values?: object }[] }] };
}

/** Runs the example with a changed file of tenant `signer`. */
function runWith(change: (signer: Changed) => void): { code: number; stderr: string } {
  const tenants = join(folder(), "tenants");
  cpSync(join(EXAMPLE, "tenants"), tenants, { recursive: true });
  cpSync(join(EXAMPLE, "tenants.lock.json"), `${tenants}.lock.json`);
  const file = join(tenants, "signer.json");
  const signer = JSON.parse(readFileSync(file, "utf8")) as Changed;
  change(signer);
  writeFileSync(file, JSON.stringify(signer));
  return runTs("examples/eks-nitro/main.ts", [], {
    TENANTS: tenants,
    CDKTF_OUTDIR: join(folder(), "cdktf.out"),
  });
}

test.each<[string, (signer: Changed) => void, RegExp]>([
  [
    "sealed without attestation",
    (signer) => delete signer.attestation,
    /\[TENANT_TIER\].*got pool 'vault' of tier SHARED/,
  ],
  ["no quota for enclaves", (signer) => delete signer.quota.enclaves, /\[ATTESTATION_VERIFIER\].*quota/],
  [
    "no reference values",
    (signer) => (signer.attestation!.workloads[0].referenceValues = []),
    /\[ATTESTATION_REFERENCE\]/,
  ],
  [
    "an enclave in debug mode",
    (signer) => {
      const values = { PCR0: "0".repeat(96), PCR1: "0".repeat(96), PCR2: "0".repeat(96) };
      signer.attestation!.workloads[0].referenceValues = [{ release: "signer 1", values }];
    },
    /\[ATTESTATION_REFERENCE\].*all zeros/,
  ],
  [
    "internal, which AWS must be out of",
    (signer) => (signer.sensitivity = "internal"),
    /\[TENANT_TIER\].*provider/,
  ],
])("refused: %s", (_, change, words) => {
  const { code, stderr } = runWith(change);
  expect([code, stderr]).toEqual([1, expect.stringMatching(words)]);
});

test("the key is for the image in the file, and the README names its alias", () => {
  const outdir = join(folder(), "cdktf.out");
  expect(runTs("examples/eks-nitro/main.ts", [], { CDKTF_OUTDIR: outdir }).code).toBe(0);
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/tenants-01/cdk.tf.json"), "utf8")) as {
    resource: {
      aws_kms_key: Record<string, { policy: string }>;
      aws_kms_alias: Record<string, { name: string }>;
      aws_eks_pod_identity_association: Record<string, object>;
    };
  };
  const printed = JSON.parse(readFileSync(join(EXAMPLE, "tenants/measurements/signer-1.json"), "utf8")) as {
    Measurements: { PCR0: string };
  };
  const { PCR0 } = printed.Measurements;
  expect(Buffer.from(PCR0, "hex").toString()).toContain("example only");
  const released = Object.values(resource.aws_kms_key).filter(({ policy }) => policy.includes(PCR0));
  expect(released).toHaveLength(1);
  expect(Object.keys(resource.aws_kms_key)).toHaveLength(3);
  expect(Object.keys(resource.aws_eks_pod_identity_association)).toHaveLength(1);
  const readme = readFileSync(join(EXAMPLE, "README.md"), "utf8");
  expect(Object.values(resource.aws_kms_alias).filter(({ name }) => readme.includes(name))).toHaveLength(1);
});

test("its platform stack ships the device plug-in", () => {
  const outdir = join(folder(), "cdktf.out");
  expect(runTs("examples/eks-nitro/main.ts", [], { CDKTF_OUTDIR: outdir }).code).toBe(0);
  const platform = readFileSync(join(outdir, "stacks/platform/cdk.tf.json"), "utf8");
  expect(platform).toContain("public.ecr.aws/aws-nitro-enclaves/aws-nitro-enclaves-k8s-device-plugin:0.4.1");
});
