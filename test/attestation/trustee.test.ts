// Trustee as a verifier: whom it refuses, what it opens to whom, and what the trust-policy stack ships.
import { initData, guestConfig } from "../../lib/attestation/init-data";
import { policyObjects } from "../../lib/attestation/trustee/policies";
import { Trustee, type TrusteeOptions } from "../../lib/attestation/trustee/trustee";
import type { TrusteeNodes } from "../../lib/attestation/trustee/trustee-nodes";
import type { TenantPlace } from "../../lib/attestation/verifier";
import { Wiring } from "../../lib/attestation/wiring";
import { Release } from "../../lib/core/bindings/helm";
import { App, TerraformStack } from "../../lib/core/cdk";
import { warningsOf } from "../../lib/core/notes";
import { EksHost } from "../../lib/aws";
import { TrustTier } from "../../lib/tee/trust-tier";
import { checked, type CheckedTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { TrustPolicyStack, TrustStack } from "../../stacks/neutral";
import { exampleHost, exampleTenant } from "../support/host";
import { app, ATTRIBUTES } from "../support/scope";
import { trusteeServer } from "../support/trustee";

const AGENT_POLICY = "package agent_policy\n\ndefault CreateContainerRequest := false\n";
const HEX = (digit: string, bytes = 48): string => digit.repeat(bytes * 2);
const TDX = [
  { name: "mr_td", values: [HEX("a")] },
  { name: "rtmr_1", values: [HEX("b")] },
  { name: "rtmr_2", values: [HEX("c")] },
  { name: "xfam", values: ["e702060000000000"] },
];

const TODAY = "2026-11-21";
const SNP = [
  { name: "snp_launch_measurement", values: [HEX("a")] },
  ...["snp_bootloader", "snp_microcode", "snp_snp_svn", "snp_tee_svn"].map((name) => ({ name, values: [7] })),
  ...["snp_guest_abi_major", "snp_guest_abi_minor"].map((name) => ({ name, values: [1] })),
  ...["snp_smt_enabled", "snp_tsme_enabled", "snp_single_socket", "snp_smt_allowed"].map((name) => ({
    name,
    values: [true],
  })),
];

const AZURE_TDX = [
  { name: "tdx_pcr11", values: ["1".repeat(64)] },
  { name: "mr_td", values: [HEX("a")] },
  { name: "xfam", values: ["e702060000000000"] },
];

function podTrustee(change: Partial<TrusteeOptions> = {}): Trustee {
  return Trustee.of({
    server: trusteeServer(),
    evidence: "snp",
    referenceValues: SNP,
    today: TODAY,
    ...change,
  });
}

function nodeTrustee(repository = "platform-nodes"): TrusteeNodes {
  return Trustee.node({
    server: trusteeServer({ name: "trustee-nodes" }),
    nodes: [{ evidence: "tdx", measurement: HEX("a"), repository }],
    referenceValues: TDX,
    today: TODAY,
  });
}

const ANY_CERTIFICATE: unknown = expect.stringMatching(
  /any public authority for https:\/\/kbs[.]example[.]com: .*give kbsCertificate/,
);

const TABLES: unknown = expect.stringMatching(/^no reference value covers the ACPI tables/);

const host = exampleHost();
const snp = host.pools.find(({ name }) => name === "snp")!;
const NODES: TenantPlace = { host, pool: snp, today: TODAY };
/** A pool as none exists yet. */
const PODS: TenantPlace = {
  host,
  pool: { ...snp, tier: TrustTier.CONFIDENTIAL_POD.name, handler: "kata-remote" },
  today: TODAY,
};

function tenant(name: string, agentPolicy = AGENT_POLICY, values?: string): CheckedTenant {
  const spec = exampleTenant({
    name,
    attestation: {
      verifier: "trustee",
      workloads: [
        {
          name: "app",
          agentPolicy,
          referenceValues:
            values === undefined
              ? []
              : [
                  { release: "old", until: "2026-12-31", values: { initData: values } },
                  { release: "gone", until: "2026-11-20", values: { initData: HEX("d", 32) } },
                ],
        },
      ],
    },
  });
  return checked(spec, host, {});
}

function claimOf(agentPolicy: string): string {
  const data = { ...guestConfig({ kbsUrl: "https://kbs.example.com" }), "policy.rego": agentPolicy };
  return initData({ evidence: "snp", data }).claim;
}

describe("tenants' pods", () => {
  test("a pool of nodes is refused: the evidence of a node is never a tenant's", () => {
    const { spec } = tenant("acme");
    expect(podTrustee().problems(spec, NODES)).toEqual([
      expect.objectContaining({
        code: "ATTESTATION_VERIFIER",
        path: ["attestation", "verifier"],
        text: expect.stringMatching(
          /evidence of a node is never a tenant's, got pool 'snp' of tier CONFIDENTIAL_NODE; name/,
        ) as unknown,
      }),
    ]);
    expect(podTrustee().grants(spec, NODES)).toBeUndefined();
  });

  test("a pool of pod VMs is not", () => {
    const { spec } = tenant("acme");
    expect(podTrustee().problems(spec, PODS)).toEqual([]);
    expect(podTrustee().grants(spec, PODS)).toBe(TrustTier.CONFIDENTIAL_POD);
  });

  test.each([
    ["az-tdx-vtpm", AZURE_TDX, 1],
    ["snp", SNP, 0],
    ["tdx", TDX, 0],
  ] as const)(
    "evidence %s warns where the guest itself writes the digest",
    (evidence, referenceValues, count) => {
      const warnings = podTrustee({ evidence, referenceValues }).warnings.filter((text) => /PCR8/.test(text));
      expect(warnings).toHaveLength(count);
    },
  );

  test.each([
    ["az-tdx-vtpm", AZURE_TDX, 0],
    ["snp", SNP, 1],
    ["tdx", TDX, 1],
  ] as const)("evidence %s warns where the host writes ACPI tables", (evidence, referenceValues, count) => {
    const warnings = podTrustee({ evidence, referenceValues }).warnings.filter((text) => /ACPI/.test(text));
    expect(warnings).toHaveLength(count);
  });

  test("a broker whose certificate is pinned does not warn of public authorities", () => {
    const kbsCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    expect(podTrustee({ kbsCertificate }).warnings).toEqual([TABLES]);
    expect(podTrustee().warnings).toEqual([TABLES, ANY_CERTIFICATE]);
  });

  test("a certificate that is none is refused before any tenant names the verifier", () => {
    expect(() => podTrustee({ kbsCertificate: "-----BEGIN PRIVATE KEY-----" })).toThrow(
      /ATTESTATION_INIT_DATA.*kbsCertificate must be certificates in PEM/,
    );
  });

  test("the tenants' own cluster is refused without consent, and shown with it", () => {
    const { spec } = tenant("acme");
    const beside = podTrustee({ server: trusteeServer({ host }) });
    expect(beside.problems(spec, PODS)).toEqual([
      expect.objectContaining({
        code: "TRUSTEE_HOST",
        text: expect.stringMatching(
          /tenants' own cluster.*got 'trustee' on prod; .*sameClusterReason/,
        ) as unknown,
      }),
    ]);
    expect(beside.warnings).toEqual([TABLES, ANY_CERTIFICATE]);
    const consented = podTrustee({
      server: trusteeServer({ host, sameClusterReason: "a trial of two weeks" }),
    });
    expect(consented.problems(spec, PODS)).toEqual([]);
    expect(consented.warnings).toEqual([
      expect.stringMatching(/'trustee' runs on prod, the tenants' own cluster.*: a trial of two weeks$/),
      TABLES,
      ANY_CERTIFICATE,
    ]);
  });

  test.each([{ location: "us-east-2" }, { account: "210987654321" }, { cloud: "azure" }])(
    "a cluster of the same name that differs in %j is another",
    (change) => {
      const beside = podTrustee({ server: trusteeServer({ host: { ...host, ...change } }) });
      expect(beside.problems(tenant("acme").spec, PODS)).toEqual([]);
    },
  );

  test("a text that cannot be initialisation data is a problem of its workload", () => {
    expect(podTrustee().problems(tenant("acme", "a\u0000b").spec, PODS)).toEqual([
      expect.objectContaining({
        code: "ATTESTATION_INIT_DATA",
        path: ["attestation", "workloads", 0, "agentPolicy"],
        text: expect.stringMatching(/^policy\.rego must be text/) as unknown,
      }),
    ]);
  });

  test("bind makes nothing and hands out what the workload must be told", () => {
    const stack = new TerraformStack(app(), "tenants");
    const one = tenant("acme");
    const connected = EksHost.byAttributes(host, ATTRIBUTES).connect(stack);
    const before = Template.of(stack).resourceCount;
    const binding = podTrustee().bind(stack, {
      tenant: { ...one, pool: PODS.pool },
      host: connected,
    });
    expect(Template.of(stack).resourceCount).toBe(before);
    expect(binding).toMatchObject({
      proves: Wiring.TRUSTEE_POD.cases,
      workload: {
        url: "https://kbs.example.com",
        policyId: "default",
        resource: "acme",
        settings: { evidence: "snp" },
      },
    });
    const data = { ...guestConfig({ kbsUrl: "https://kbs.example.com" }), "policy.rego": AGENT_POLICY };
    expect(binding.workload.initData).toEqual({ app: initData({ evidence: "snp", data }).annotation });
    expect(() => podTrustee().bind(stack, { tenant: one, host: connected })).toThrow(
      /\[ATTESTATION_VERIFIER\]/,
    );
  });
});

test("no tenant gets by with evidence of nodes", () => {
  const nodes = nodeTrustee();
  expect(nodes.problems()).toEqual([expect.objectContaining({ code: "ATTESTATION_VERIFIER" })]);
  expect(nodes.grants()).toBeUndefined();
  expect(nodes.wiring).toBe(Wiring.TRUSTEE_NODE);
  expect(() => nodes.bind(new TerraformStack(app(), "s"))).toThrow(
    /\[ATTESTATION_VERIFIER\].*never a tenant's/,
  );
});

describe("the trust-policy stack", () => {
  interface Shipped {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly data?: Readonly<Record<string, string>>;
  }

  function shipped(verifier: Trustee | TrusteeNodes, tenants: readonly CheckedTenant[]): Shipped[] {
    const connection = EksHost.byAttributes(exampleHost({ name: "trust" }), ATTRIBUTES);
    const stack = new TrustPolicyStack(new App(), "trust-policy", {
      host: connection,
      tenants,
      policies: [verifier.policy],
    });
    const release = Template.of(stack).only(Release);
    expect(release).toMatchObject({ name: "trustee-policies", wait: true, wait_for_jobs: true });
    return (JSON.parse((release.values as [string])[0]) as { objects: Shipped[] }).objects;
  }
  const sqlOf = (objects: readonly Shipped[]): string =>
    objects.find(({ data }) => data?.["policy.sql"] !== undefined)!.data!["policy.sql"]!;

  test("ships four policies by the names that keep Trustee's own out, the values, the SQL and its Job", () => {
    const objects = shipped(podTrustee(), []);
    expect(objects.map(({ kind }) => kind)).toEqual(["ConfigMap", "ConfigMap", "ConfigMap", "Job"]);
    expect(Object.keys(objects[0]!.data!).sort()).toEqual([
      "default_cpu.rego",
      "default_gpu.rego",
      "default_ppcie.rego",
      "default_switch.rego",
    ]);
    expect(JSON.parse(objects[1]!.data!.snp_launch_measurement!)).toMatchObject({
      version: "0.1.0",
      name: "snp_launch_measurement",
      value: [HEX("a")],
    });
  });

  test("opens each tenant's repository to its own digests, of now and of releases in their window", () => {
    const other = `${AGENT_POLICY}# other\n`;
    const sql = sqlOf(
      shipped(podTrustee(), [tenant("acme", AGENT_POLICY, HEX("e", 32)), tenant("globex", other)]),
    );
    expect(sql).toContain(`"${claimOf(AGENT_POLICY)}": "acme"`);
    expect(sql).toContain(`"${HEX("e", 32)}": "acme"`);
    expect(sql).toContain(`"${claimOf(other)}": "globex"`);
    expect(sql).not.toContain(HEX("d", 32));
  });

  test("gives nothing to tenants that name another verifier", () => {
    const sql = sqlOf(shipped(podTrustee({ server: trusteeServer({ name: "other" }) }), [tenant("acme")]));
    expect(sql).not.toContain("acme");
  });

  test("two tenants with one text are refused: they would be one to a verifier", () => {
    expect(() => shipped(podTrustee(), [tenant("acme"), tenant("globex")])).toThrow(
      /\[TRUSTEE_POLICY\].*'acme' and 'globex'/,
    );
  });

  test("opens the platform's repository to nodes, and never one of a tenant", () => {
    expect(sqlOf(shipped(nodeTrustee(), [tenant("acme")]))).toContain(`"${HEX("a")}": "platform-nodes"`);
    expect(() => shipped(nodeTrustee("acme"), [tenant("acme")])).toThrow(/\[TRUSTEE_POLICY\].*'acme'/);
  });

  test("more than Kubernetes stores is refused, not cut", () => {
    const large = { resource: "#".repeat(1_048_577), attestation: {}, referenceValues: [] };
    const fits = { ...large, resource: "#".repeat(1_000_000) };
    expect(() => policyObjects(trusteeServer().options, large)).toThrow(
      /\[TRUSTEE_POLICY\].*ConfigMap trustee-policy-\w+ must be at most 1048576 bytes.*got \d+; give/,
    );
    expect(policyObjects(trusteeServer().options, fits)).toHaveLength(4);
  });

  test("values that are not there are said before anything is made", () => {
    expect(() => podTrustee({ referenceValues: [] })).toThrow(/\[TRUSTEE_POLICY\]/);
    expect(() => podTrustee({ evidence: "sample" as never })).toThrow(/\[TRUSTEE_POLICY\]/);
  });
});

describe("the trust stack", () => {
  const trustHost = exampleHost({ name: "trust" });
  const connection = EksHost.byAttributes(trustHost, ATTRIBUTES);

  test("does not wait for pods, which wait for the trust-policy stack", () => {
    const stack = new TrustStack(new App(), "trust", { host: connection, trustee: trusteeServer() });
    expect(Template.of(stack).only(Release)).toMatchObject({
      name: "trustee",
      namespace: "trustee",
      wait: false,
    });
    expect(warningsOf(stack)).toEqual([]);
  });

  test("shows warnings of its Trustee", () => {
    const trustee = trusteeServer({ sameClusterReason: "a trial of two weeks" });
    const stack = new TrustStack(new App(), "trust", { host: connection, trustee });
    expect(warningsOf(stack).map(({ text }) => text)).toEqual([...trustee.warnings]);
  });

  test("refuses a host the Trustee was not checked for", () => {
    const other = EksHost.byAttributes(exampleHost({ name: "else" }), ATTRIBUTES);
    expect(() => new TrustStack(new App(), "trust", { host: other, trustee: trusteeServer() })).toThrow(
      /\[TRUSTEE_HOST\].*got else for one of trust/,
    );
  });
});
