import { namespaceAnnotations } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { parseTenantSpec } from "../../lib/tenant/tenant-parse";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { exampleHost, exampleTenant, tenantInput } from "../support/host";

const host = exampleHost();

test("images and Kata annotations become parameters", () => {
  const sandboxed = { ...host, pools: host.pools.map((pool) => ({ ...pool, handler: "kata-qemu-snp" })) };
  const spec = exampleTenant({
    images: { registries: ["registry.example.com/acme", "ghcr.io:5000"], digests: true },
    kata: { annotations: ["io.katacontainers.config.hypervisor.default_vcpus"] },
  });
  expect(namespaceAnnotations(checkTenant(spec, sandboxed), sandboxed)).toMatchObject({
    "tenclave.dev/image-registries": "registry.example.com/acme,ghcr.io:5000",
    "tenclave.dev/image-digests": "required",
    "tenclave.dev/kata-annotations": "io.katacontainers.config.hypervisor.default_vcpus",
  });
});

test("Kata annotations need a pool with Kata", () => {
  const kata = { annotations: ["io.katacontainers.config.hypervisor.default_vcpus"] };
  expect(() => checkTenant(exampleTenant({ kata }), host)).toThrow(
    /TENANT_POOL.*acme\.kata: annotations of Kata need a pool whose handler is Kata, got pool 'snp' with handler 'runc'/,
  );
});

test.each([
  [{ images: { registries: [] } }, "images.registries"],
  [{ images: { registries: ["https://registry.example.com"] } }, "images.registries.0"],
  [{ images: { registries: ["a,b"] } }, "images.registries.0"],
  [{ images: { registries: ["registry.example.com/"] } }, "images.registries.0"],
  [{ images: { digests: "yes" } }, "images.digests"],
  [{ kata: {} }, "kata.annotations"],
  [{ kata: { annotations: ["acme.example.com/x"] } }, "kata.annotations.0"],
])("%j is refused at %s", (change, path) => {
  const { problems } = parseTenantSpec({ ...tenantInput(), ...change });
  expect(problems.map((p) => [p.code, p.path.join(".")])).toEqual([["TENANT_TYPE", path]]);
});

test("vCluster's own images are named where rules look at images, and nowhere else", () => {
  const key = "tenclave.dev/system-images";
  const images = ["docker.io/coredns/coredns:1.12.1"];
  const of = (change: Partial<TenantSpecInput>): string | undefined =>
    namespaceAnnotations(checkTenant(exampleTenant(change), host), host, images)[key];
  expect(of({ images: { digests: true } })).toBe(images[0]);
  expect(of({ images: { registries: ["ghcr.io"] } })).toBe(images[0]);
  expect(of({ confidential: {} })).toBe(images[0]);
  expect(of({ images: {} })).toBeUndefined();
  expect(of({})).toBeUndefined();
});

test("confidential prerequisites become parameters, with the annotation that carries the data", () => {
  const sandboxed = { ...host, pools: host.pools.map((pool) => ({ ...pool, handler: "kata-qemu-snp" })) };
  const spec = exampleTenant({ confidential: { plainSecrets: ["web/tls"], initData: ["H4sIAAAA"] } });
  expect(namespaceAnnotations(checkTenant(spec, sandboxed), sandboxed)).toMatchObject({
    "tenclave.dev/confidential-prerequisites": "required",
    "tenclave.dev/plain-secrets": "web/tls",
    "tenclave.dev/init-data": "H4sIAAAA",
    "tenclave.dev/kata-annotations": "io.katacontainers.config.hypervisor.cc_init_data",
  });
});

test("confidential pods need a TEE, and their data a Kata sandbox", () => {
  expect(() => checkTenant(exampleTenant({ pool: "plain", confidential: {} }), host)).toThrow(
    /TENANT_POOL.*acme\.confidential: .*pool with a TEE, got pool 'plain' without; use one of snp,/,
  );
  expect(() => checkTenant(exampleTenant({ confidential: { initData: ["H4sI"] } }), host)).toThrow(
    /TENANT_POOL.*acme\.confidential\.initData: .*handler is Kata, got pool 'snp'/,
  );
  expect(checkTenant(exampleTenant({ confidential: {} }), host).spec.confidential).toEqual({});
});

test.each([
  [{ confidential: { plainSecrets: ["tls"] } }, "confidential.plainSecrets.0"],
  [{ confidential: { initData: ["a,b"] } }, "confidential.initData.0"],
  [{ confidential: { initData: [] } }, "confidential.initData"],
])("%j is refused at %s", (change, path) => {
  const { problems } = parseTenantSpec({ ...tenantInput(), ...change });
  expect(problems.map((p) => [p.code, p.path.join(".")])).toEqual([["TENANT_TYPE", path]]);
});
