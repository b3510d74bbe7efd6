// The report on attestation: what is proven and not, which key keeps out whom, what ends soon.
import { summary } from "../../lib";
import { EksHost } from "../../lib/aws";
import { Wiring } from "../../lib/attestation/wiring";
import { App, LocalBackend } from "../../lib/core/cdk";
import { tenantStorageClassName } from "../../lib/core/names";
import type { ITenantKeys } from "../../lib/keys/tenant-key";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { TenantsStack } from "../../stacks/neutral";
import { attested, PCRS, testVerifier } from "../support/attestation";
import { folder } from "../support/files";
import { exampleHost, exampleTenant } from "../support/host";
import { ATTRIBUTES } from "../support/scope";

const host = exampleHost();
const TODAY = "2026-11-21";
const KEYS: ITenantKeys = {
  storageClass: ({ spec }) => ({
    name: tenantStorageClassName(spec.name),
    provisioner: "ebs.csi.aws.com",
    refused: [],
    parameters: {},
  }),
  volumeKey: () => ({ keyId: "alias/x", storageClassParameters: {}, ready: [] }),
};

/** The report on tenants, each with its verifier or none; all of them with keys of their own, or none. */
function report(
  tenants: readonly (readonly [string, Partial<TenantSpecInput>, ReturnType<typeof testVerifier>?])[],
  keys?: ITenantKeys,
): string {
  const outdir = folder();
  const app = new App({ outdir });
  const checked = tenants.map(([name, change, verifier]) =>
    checkTenant(exampleTenant({ name, ...change }), host, TODAY, verifier && [verifier]),
  );
  const shard = { name: "tenants-01", host: host.name, tenants: checked };
  const stack = new TenantsStack(app, shard.name, {
    host: EksHost.byAttributes(host, ATTRIBUTES),
    shard,
    keys,
  });
  new LocalBackend(stack, { path: "state" });
  app.synth();
  return summary({ app, tenants: checked, today: TODAY });
}

const PLAIN = { attestation: attested({ referenceValues: [] }) };

test("each verifier says once what it proves and what not, in the words of the table", () => {
  const verifier = testVerifier(Wiring.AZURE_ATTESTATION);
  const text = report([
    ["acme", PLAIN, verifier],
    ["globex", PLAIN, verifier],
  ]);
  const lines = text.split("\n");
  expect(text).toMatch(/\ntenant\s+verifier\s+secrets are released for\s+key of volumes\n/);
  for (const name of ["acme", "globex"])
    expect(text).toMatch(
      new RegExp(
        `\\n${name}\\s+evidence\\s+evidence of a confidential virtual machine of Azure\\s+the host's`,
      ),
    );
  expect(lines).toContain(
    "evidence: Azure Attestation judges evidence of a confidential virtual machine of Azure, Azure Key Vault releases secrets on it",
  );
  const { cases } = Wiring.AZURE_ATTESTATION;
  expect(cases.filter(({ refused }) => !refused)).not.toHaveLength(0);
  for (const { case: one, refused, why } of cases) {
    const open = `evidence, not proven: ${one.label}: ${why}`;
    expect(lines.filter((line) => line === open)).toHaveLength(refused ? 0 : 1);
  }
  expect(lines).toContain("evidence, refused by evidence: a TEE in debug mode");
  expect(lines).toContain(
    "evidence, refused by identity, while the host's API server is honest: another tenant's workload",
  );
  for (const { who, why } of Wiring.AZURE_ATTESTATION.stillTrusted)
    expect(lines.filter((line) => line === `evidence, ${who} must be trusted: ${why}`)).toHaveLength(1);
});

test("who is trusted comes from what was bound, where that says more", () => {
  const verifier = testVerifier(Wiring.TRUSTEE_NODE, {
    warnings: ["it runs in the tenants' own cluster"],
    bind: (_scope, { tenant }) => ({
      grants: tenant.tier,
      proves: Wiring.TRUSTEE_NODE.cases,
      workload: { resource: "x" },
      stillTrusted: [{ who: "role break-glass", why: "it may change the policy" }],
      ready: [],
    }),
  });
  const text = report([["acme", PLAIN, verifier]]);
  expect(text).toContain("\nevidence, role break-glass must be trusted: it may change the policy\n");
  expect(text).toContain("! it runs in the tenants' own cluster (tenants-01/Tenant-acme)");
});

test("volumes' keys are said to keep out whom they do, and not the provider", () => {
  const own = "volumes, a tenant's own key: keeps out neighbours and whoever takes a disk; not the provider";
  const shared = "volumes, the host's key: keeps out whoever takes a disk; one key for all tenants";
  const with_ = report([["acme", {}]], KEYS);
  expect([with_.includes(own), with_.includes(shared)]).toEqual([true, false]);
  expect(with_).toMatch(/\nacme\s+none\s+nothing\s+its own/);
  const without = report([["acme", PLAIN, testVerifier(Wiring.TRUSTEE_NODE)]]);
  expect([without.includes(own), without.includes(shared)]).toEqual([false, true]);
});

test("nothing is said where no tenant asked", () => {
  const text = report([["acme", {}]]);
  expect(text).not.toMatch(/verifier|key of volumes|\nvolumes|attestation/i);
});

test.each([
  ["2026-11-24", "in 3 days"],
  ["2026-12-21", "in 30 days"],
  ["2026-12-22", undefined],
])("reference values that end on %s are announced: %s", (until, when) => {
  const spec = {
    sensitivity: "public",
    attestation: attested({
      referenceValues: [
        { release: "1", values: PCRS, until },
        { release: "2", values: PCRS, from: TODAY },
      ],
    }),
  };
  const found = report([["acme", spec, testVerifier()]])
    .split("\n")
    .filter((line) => line.includes("reference values of release"));
  expect(found).toEqual(
    when === undefined
      ? []
      : [expect.stringContaining(`! acme, app: reference values of release '1' end on ${until}, ${when}`)],
  );
});

test.each([
  ["both without an end", {}, {}, true],
  ["the old one with an end", { until: "2026-12-31" }, {}, false],
  ["the new one still to come", {}, { from: "2026-11-22" }, false],
])("two releases, %s", (_, old, next, said) => {
  const spec = {
    sensitivity: "public",
    attestation: attested({
      referenceValues: [
        { release: "1", values: PCRS, ...old },
        { release: "2", values: PCRS, ...next },
      ],
    }),
  };
  const found = report([["acme", spec, testVerifier()]])
    .split("\n")
    .filter((line) => line.includes("good without an end"));
  expect(found).toEqual(
    said ? [expect.stringContaining("! acme, app: releases '1', '2' are good without an end")] : [],
  );
});
