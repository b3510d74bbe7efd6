// Google's verifiers: conditions, grants, the trust stack, volume keys.
import {
  IamDenyPolicy,
  IamWorkloadIdentityPool,
  IamWorkloadIdentityPoolProvider,
  KmsCryptoKey,
  KmsCryptoKeyIamMember,
  KmsKeyRing,
} from "../../lib/core/bindings/google";
import { Construct, TerraformStack, Testing } from "../../lib/core/cdk";
import { warningsOf } from "../../lib/core/notes";
import { Retention } from "../../lib/core/retention";
import { TenantDirectory } from "../../lib";
import { ConfidentialSpace, GkeHost, GkeNodeAttestation, GoogleVolumeKeys } from "../../lib/google";
import { celOf } from "../../lib/attestation/google/google-condition";
import { staleness } from "../../lib/attestation/staleness";
import type { AttestationBinding } from "../../lib/attestation/verifier";
import { serviceAccountEmail, serviceAccountId } from "../../lib/host-cluster/gke-names";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { Tee } from "../../lib/tee/tee";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { GkePoolsStack, GoogleTrustStack, TenantsStack } from "../../stacks/google";
import { lock, namedTenants } from "../support/files";
import { exampleGkeHost, GKE_ATTRIBUTES, GKE_SYSTEM, GKE_TDX, gkeHostOptions } from "../support/gke-host";
import { digest, HOST } from "../support/google-platform";
import { GOOGLE_TRUST } from "../support/google-trust";
import { exampleHost, exampleTenant } from "../support/host";

const SHARED = exampleGkeHost();
const NODES = { ...GOOGLE_TRUST, name: "nodes", host: HOST, hostProjectNumber: "123456789012" };
const OWN = { pools: ["tdx-aperture"] };
const values = { imageDigest: digest("acme") };
const inSpace = {
  verifier: "space",
  workloads: [{ name: "app", referenceValues: [{ release: "1", values }] }],
};

/** One tenant's part of a tenants stack. */
function bound(
  verifier: ConfidentialSpace | GkeNodeAttestation,
  change: Parameters<typeof exampleTenant>[0],
  host: HostReference = HOST,
): { readonly template: Template; readonly binding: AttestationBinding } {
  const stack = new TerraformStack(Testing.app(), "tenants");
  const tenant = checkTenant(exampleTenant({ pool: "tdx", ...change }), host, undefined, [verifier]);
  const binding = verifier.bind(new Construct(stack, "acme"), {
    tenant,
    host: GkeHost.fromAttributes(stack, "Host", host, GKE_ATTRIBUTES),
  });
  return { template: Template.of(stack), binding };
}

describe("a condition", () => {
  test("is text made of data", () => {
    expect(
      celOf({
        all: [
          { claim: "swname", is: "it's" },
          { claim: "hwmodel", is: ["A", "B"] },
          { claim: "secboot", is: true },
          { claim: "google_service_accounts", has: "a@b" },
        ],
        extra: "assertion.oemid == 11129 || true",
      }),
    ).toBe(
      "assertion.swname == 'it\\'s' && assertion.hwmodel in ['A', 'B'] && assertion.secboot == true && " +
        "'a@b' in assertion.google_service_accounts && (assertion.oemid == 11129 || true)",
    );
  });

  const space = (extraCondition: string, acceptUnproven?: string) => (): unknown =>
    ConfidentialSpace.of({ ...GOOGLE_TRUST, extraCondition, acceptUnproven });
  const node = (extraCondition: string, acceptUnproven?: string) => (): unknown =>
    GkeNodeAttestation.of({ ...NODES, extraCondition, acceptUnproven });

  test.each([
    ["a zone", space("assertion.submods.gce.zone == 'europe-west4-a'")],
    ["the launcher's release", space("'LATEST' in assertion.submods.confidential_space.support_attributes")],
    ["an image's name", space("assertion.submods.container.image_reference.startsWith('example.com/')")],
    ["an environment", space("assertion.submods.container.env['MODE'] == 'production'")],
    ["what looks like a claim in a text", space("assertion.sub != 'assertion.nope) ||'")],
    ["a zone of a node", node("assertion.submods['gce']['zone'] in ['europe-west4-a']")],
    ["a claim seen by the caller", node("'INTEL' in assertion.attester_tcb", "seen on TDX in test, 2026-11")],
  ])("takes %s", (_what, make) => {
    expect(make).not.toThrow();
  });

  test.each([
    [
      "an image's digest on a node",
      node(`assertion.submods.container.image_digest == '${digest("acme")}'`),
      /Confidential Space has/,
    ],
    [
      "support attributes on a node",
      node("'STABLE' in assertion.submods.confidential_space.support_attributes"),
      /Confidential Space has/,
    ],
    [
      "the same, by index",
      node("assertion['submods']['container']['image_id'] == 'x'"),
      /Confidential Space has/,
    ],
    ["debugging on a node", node("assertion.dbgstat == 'disabled-since-boot'"), /seen without it/],
    ["a claim nobody has", space("assertion.subject == 'me'"), /'subject'/],
    ["a claim that is not named in full", space("'container' in assertion.submods"), /'submods'/],
    ["the whole token", space("has(assertion)"), /got ''/],
    ["no claim", space("true"), /names no claim/],
    ["another kind of evidence", space("assertion.swname == 'GCE'"), /leave alone.*'swname'/],
    ["other hardware", space("assertion.hwmodel == 'GCP_AMD_SEV'"), /leave alone/],
    ["a way around the library's part", space("assertion.sub == '') || (true"), /parenthesis/],
    ["an open parenthesis", space("(assertion.sub == ''"), /parenthesis/],
    ["a comment that swallows the rest", space("assertion.sub == '' // first"), /comment/],
    ["two lines", space("assertion.sub == ''\n|| true"), /more than one line/],
    ["a text without an end", space("assertion.sub == 'a"), /does not end/],
    ["a text in triple quotes", space("assertion.sub == '''a'''"), /triple quotes/],
    ["a backslash", space("assertion.sub == 'a\\'b'"), /backslash/],
    ["mapped attributes", space("assertion.sub != '' && attribute.image_digest != ''"), /library's/],
    ["more than Google takes", space(`assertion.sub != '${"a".repeat(4096)}'`), /at most 4096/],
    ["a claim only some tokens have", space("'INTEL' in assertion.attester_tcb"), /acceptUnproven/],
  ])("refuses %s", (_what, make, text) => {
    expect(make).toThrow(/^\[GOOGLE_CONDITION\] verifier\.\w+: .+, got .*; /s);
    expect(make).toThrow(text);
  });

  test("a claim is accepted with a reason only, which stands on every report", () => {
    expect(node("'INTEL' in assertion.attester_tcb", "yes")).toThrow(/\[REASON\]/);
    const { warnings } = GkeNodeAttestation.of({
      ...NODES,
      extraCondition: "'INTEL' in assertion.attester_tcb",
      acceptUnproven: "seen in test",
    });
    expect(warnings).toContain("unproven: only tokens of Intel TDX have it; accepted: seen in test");
  });
});

describe("Confidential Space", () => {
  const space = ConfidentialSpace.of(GOOGLE_TRUST);

  test("grants the digest alone, on the tenant's key alone", () => {
    const { template, binding } = bound(space, { attestation: inSpace });
    expect(template.only(KmsCryptoKey)).toMatchObject({
      name: "acme-secrets",
      key_ring: "projects/example-trust/locations/europe-west4/keyRings/tenclave-prod-tenants",
      purpose: "ENCRYPT_DECRYPT",
      rotation_period: "7776000s",
      destroy_scheduled_duration: "2592000s",
      version_template: { protection_level: "HSM" },
      lifecycle: { prevent_destroy: true },
    });
    const grant = template.only(KmsCryptoKeyIamMember);
    expect(grant).toMatchObject({
      crypto_key_id: binding.workload.resource,
      role: "roles/cloudkms.cryptoKeyDecrypter",
      member: `principalSet://iam.googleapis.com/projects/987654321098/locations/global/workloadIdentityPools/example-space/attribute.image_digest/${digest("acme")}`,
      depends_on: [expect.stringMatching(/^google_kms_crypto_key\./)],
    });
    expect(grant).not.toHaveProperty("condition");
    expect(binding.workload.resource).toBe(
      "projects/example-trust/locations/europe-west4/keyRings/tenclave-prod-tenants/cryptoKeys/acme-secrets",
    );
  });

  test("says where the workload runs and how it trades its token, and grants no tier", () => {
    const { binding } = bound(space, { attestation: inSpace });
    expect(space.grants()).toBeUndefined();
    expect(binding.grants.name).toBe("CONFIDENTIAL_NODE");
    expect(binding.workload.settings!.runs).toMatch(/outside the cluster/);
    expect(JSON.parse(binding.workload.settings!.credentialConfiguration!)).toEqual({
      type: "external_account",
      audience: `//iam.googleapis.com/${binding.workload.policyId}`,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: "https://sts.googleapis.com/v1/token",
      credential_source: { file: "/run/container_launcher/attestation_verifier_claims_token" },
    });
  });

  test("a release has its days, one image of two workloads one grant, and whoever encrypts cannot decrypt", () => {
    const verifier = ConfidentialSpace.of({
      ...GOOGLE_TRUST,
      encrypters: ["group:release@example.com"],
      deletionDays: 7,
      retention: Retention.destroy("a test"),
    });
    const { template, binding } = bound(verifier, {
      attestation: {
        verifier: "space",
        workloads: [
          {
            name: "app",
            referenceValues: [
              { release: "1", until: "2098-12-31", values },
              { release: "2", from: "2026-01-01", values: { imageDigest: digest("acme", 2) } },
            ],
          },
          {
            name: "job",
            referenceValues: [
              { release: "2", from: "2026-01-01", values: { imageDigest: digest("acme", 2) } },
            ],
          },
        ],
      },
    });
    const grants = template.all(KmsCryptoKeyIamMember);
    expect(grants).toHaveLength(3);
    expect(
      new Set(grants.map(({ role, condition }) => `${String(role)} ${JSON.stringify(condition)}`)),
    ).toEqual(
      new Set([
        `roles/cloudkms.cryptoKeyDecrypter {"expression":"request.time < timestamp('2099-01-01T00:00:00Z')","title":"reference values"}`,
        `roles/cloudkms.cryptoKeyDecrypter {"expression":"request.time >= timestamp('2026-01-01T00:00:00Z')","title":"reference values"}`,
        "roles/cloudkms.cryptoKeyEncrypter undefined",
      ]),
    );
    expect(template.only(KmsCryptoKey)).toMatchObject({ destroy_scheduled_duration: "604800s" });
    expect(template.only(KmsCryptoKey)).not.toHaveProperty("lifecycle");
    expect(binding.stillTrusted.map(({ who }) => who)).toContain("encrypters (group:release@example.com)");
  });

  test("two workloads of different images have a grant each", () => {
    const { template } = bound(ConfidentialSpace.of(GOOGLE_TRUST), {
      attestation: {
        verifier: "space",
        workloads: [1, 2].map((nth) => ({
          name: `app-${nth}`,
          referenceValues: [{ release: "1", values: { imageDigest: digest("acme", nth) } }],
        })),
      },
    });
    expect(template.all(KmsCryptoKeyIamMember).map(({ member }) => String(member).split("/").at(-1))).toEqual(
      [1, 2].map((nth) => digest("acme", nth)),
    );
  });

  test("an image of two tenants is refused: its digest alone opens both keys", () => {
    const stack = new TerraformStack(Testing.app(), "tenants");
    const host = GkeHost.fromAttributes(stack, "Host", HOST, GKE_ATTRIBUTES);
    const bind = (name: string, scope: string): unknown =>
      space.bind(new Construct(stack, scope), {
        tenant: checkTenant(exampleTenant({ name, pool: "tdx", attestation: inSpace }), HOST, undefined, [
          space,
        ]),
        host,
      });
    bind("acme", "a");
    expect(() => bind("globex", "b")).toThrow(/\[GOOGLE_TRUST\].*one tenant.*'acme' and 'globex'/);
    // Another app is another platform.
    expect(() => bound(space, { name: "globex", attestation: inSpace })).not.toThrow();
  });

  test.each([
    [
      "hardware without a name in tokens",
      { tees: [Tee.SGX] },
      /GOOGLE_CONDITION.*lock everybody out.*Intel SGX/,
    ],
    ["no hardware", { tees: [] }, /GOOGLE_CONDITION/],
    ["SEV-SNP, whose name nobody knows", { tees: [Tee.SEV_SNP] }, /GOOGLE_CONDITION.*acceptUnproven/],
    ["a project that is none", { project: "Example" }, /GOOGLE_TRUST/],
    ["a number that is none", { projectNumber: "example" }, /GOOGLE_TRUST/],
    ["the workloads' number", { workloadProjectNumber: "example" }, /GOOGLE_TRUST.*workloadProjectNumber/],
    ["a trust domain too long", { trustDomain: "a".repeat(27) }, /GOOGLE_TRUST/],
    ["everybody as encrypters", { encrypters: ["allUsers"] }, /GOOGLE_TRUST.*'allUsers'/],
    ["Google's own prefix", { trustDomain: "gcp-prod" }, /GOOGLE_TRUST/],
    ["a name that is none", { name: "Space" }, /NAME/],
    ["an unknown option", { audience: "https://example.com" }, /OPTION_TYPE/],
  ])("refuses %s", (_what, change, text) => {
    expect(() => ConfidentialSpace.of({ ...GOOGLE_TRUST, ...change })).toThrow(text);
  });

  test("takes SEV-SNP with a reason, which is a warning", () => {
    const { warnings } = ConfidentialSpace.of({
      ...GOOGLE_TRUST,
      tees: [Tee.SEV_SNP],
      acceptUnproven: "seen in test",
    });
    expect(warnings).toEqual([expect.stringMatching(/hwmodel of AMD SEV-SNP; accepted: seen in test/)]);
    expect(space.warnings).toEqual([]);
  });

  test.each([
    ["certificate", { certificate: { dnsNames: ["api.acme.svc"] } }],
    ["agentPolicy", { agentPolicy: "package agent_policy" }],
  ])("issues no %s", (key, change) => {
    const attestation = { ...inSpace, workloads: [{ ...inSpace.workloads[0]!, ...change }] };
    expect(() =>
      checkTenant(exampleTenant({ pool: "tdx", attestation }), SHARED, undefined, [space]),
    ).toThrow(new RegExp(`\\[ATTESTATION_VERIFIER\\].*workloads\\.0\\.${key}`));
  });

  test("an hour of the token and one of what it is traded for", () => {
    expect(staleness({ wiring: space.wiring, sessionMinutes: 60 })).toMatchObject({ bounded: true });
    expect(staleness({ wiring: space.wiring, sessionMinutes: 60 }).minutes).toBeGreaterThanOrEqual(120);
  });

  test("keys lie in a project of their own, on Google", () => {
    const shared = ConfidentialSpace.of({ ...GOOGLE_TRUST, project: "example-platform" });
    const check = (host: HostReference, verifier: ConfidentialSpace, pool: string) => (): unknown =>
      checkTenant(exampleTenant({ pool, attestation: inSpace }), host, undefined, [verifier]);
    expect(check(SHARED, shared, "tdx")).toThrow(
      /\[GOOGLE_TRUST\].*attestation\.verifier.*project of their own/,
    );
    expect(check(exampleHost(), space, "snp")).toThrow(/\[ATTESTATION_VERIFIER\].*on google/);
    expect(check(SHARED, space, "tdx")).not.toThrow();
    expect(
      () =>
        new GoogleTrustStack(Testing.app(), "trust", { host: { reference: SHARED }, verifiers: [shared] }),
    ).toThrow(/\[GOOGLE_TRUST\]/);
  });
});

describe("GKE nodes", () => {
  const nodes = GkeNodeAttestation.of({ ...NODES, ...OWN });
  const attestation = { verifier: "nodes", workloads: [{ name: "agent" }] };

  test("grant nodes of the tenant's own pool: hardware, and the service account that the pool makes", () => {
    const { template, binding } = bound(nodes, { name: "aperture", attestation });
    const email = serviceAccountEmail(
      "example-platform",
      serviceAccountId("europe-west4", "prod", "tdx-aperture"),
    );
    expect(template.only(KmsCryptoKeyIamMember)).toMatchObject({
      role: "roles/cloudkms.cryptoKeyDecrypter",
      member: `principalSet://iam.googleapis.com/projects/987654321098/locations/global/workloadIdentityPools/example-nodes/attribute.node/GCP_INTEL_TDX/${email}`,
    });
    expect(binding.workload.settings).toMatchObject({
      nodeServiceAccount: email,
      runs: expect.stringMatching(/agent of the platform/) as string,
    });
    expect(nodes.grants()).toBeUndefined();
  });

  test("the pool's nodes do run under that service account", () => {
    const options = gkeHostOptions({ pools: [GKE_SYSTEM, { ...GKE_TDX, name: "tdx-aperture" }] });
    const pools = new GkePoolsStack(Testing.app(), "pools", {
      host: GkeHost.byAttributes(GkeHost.reference(options), GKE_ATTRIBUTES),
      pools: options.pools,
    });
    const { binding } = bound(nodes, { name: "aperture", attestation });
    expect(JSON.stringify(Template.of(pools).json.resource!.google_container_node_pool)).toContain(
      `"service_account":"${binding.workload.settings!.nodeServiceAccount!}"`,
    );
  });

  test("say that they name no pod and no image", () => {
    expect(nodes.warnings).toEqual([expect.stringMatching(/names no pod and no image/)]);
  });

  test("never ask for images, nor for what their tokens do not say", () => {
    const trust = new GoogleTrustStack(Testing.app(), "trust", {
      host: { reference: HOST },
      verifiers: [nodes],
    });
    const provider = JSON.stringify(Template.of(trust).only(IamWorkloadIdentityPoolProvider));
    expect(provider).toMatch(/swname == 'GCE'/);
    expect(provider).not.toMatch(/container|confidential_space|dbgstat/);
  });

  test.each([
    [
      "a shared pool, where neighbours have the same evidence",
      { name: "acme" },
      HOST,
      /neighbours on a pool have the same/,
    ],
    ["a pool of its own that is not attested", { name: "wayne" }, HOST, /must be one that 'nodes' attests/],
  ])("refuse %s", (_what, change, host, text) => {
    expect(() =>
      checkTenant(exampleTenant({ pool: "tdx", attestation, ...change }), host, undefined, [nodes]),
    ).toThrow(text);
  });

  test("refuse a pool of another tenant's own", () => {
    const pool = HOST.pools.find(({ name }) => name === "tdx-aperture")!;
    const spec = exampleTenant({ name: "acme", pool: "tdx", attestation });
    expect(nodes.problems(spec, { host: HOST, pool })).toEqual([
      expect.objectContaining({ code: "GOOGLE_CONDITION", path: ["attestation", "verifier"] }),
    ]);
  });

  test.each([
    ["a plain pool", { pools: ["system"] }, /\[GOOGLE_CONDITION\].*'system'/],
    ["no pool", { pools: [] }, /\[GOOGLE_CONDITION\].*got none/],
    ["SEV-SNP without a reason", { host: SHARED }, /\[GOOGLE_CONDITION\].*AMD SEV-SNP/],
    ["a host elsewhere", { host: exampleHost() }, /\[HOST_CLOUD\]/],
    ["a number that is none", { hostProjectNumber: "x" }, /\[GOOGLE_TRUST\]/],
  ])("refuse %s", (_what, change, text) => {
    expect(() => GkeNodeAttestation.of({ ...NODES, ...change })).toThrow(text);
  });

  test("by default all confidential pools are attested", () => {
    const trust = new GoogleTrustStack(Testing.app(), "trust", {
      host: { reference: HOST },
      verifiers: [GkeNodeAttestation.of(NODES)],
    });
    expect(Template.of(trust).only(IamWorkloadIdentityPoolProvider).attribute_condition).toContain(
      "assertion.hwmodel in ['GCP_INTEL_TDX', 'GCP_AMD_SEV']",
    );
  });
});

describe("the trust stack", () => {
  const trust = (props: Partial<ConstructorParameters<typeof GoogleTrustStack>[2]> = {}): Template =>
    Template.of(
      new GoogleTrustStack(Testing.app(), "trust", {
        host: { reference: HOST },
        verifiers: [ConfidentialSpace.of(GOOGLE_TRUST), GkeNodeAttestation.of({ ...NODES, ...OWN })],
        keys: GoogleVolumeKeys.of({ host: HOST, projectNumber: "123456789012" }),
        ...props,
      }),
    );

  test("makes a pool with one provider for each kind of evidence", () => {
    const template = trust();
    expect(template.all(IamWorkloadIdentityPool)).toEqual(
      ["example-nodes", "example-space"].map((id) =>
        expect.objectContaining({
          workload_identity_pool_id: id,
          project: "example-trust",
          lifecycle: { prevent_destroy: true },
        }),
      ),
    );
    expect(template.all(IamWorkloadIdentityPoolProvider)).toEqual(
      ["example-nodes", "example-space"].map((pool) =>
        expect.objectContaining({
          workload_identity_pool_id: pool,
          oidc: {
            issuer_uri: "https://confidentialcomputing.googleapis.com/",
            allowed_audiences: ["https://sts.googleapis.com"],
          },
          depends_on: [expect.stringMatching(/^google_iam_workload_identity_pool\./)],
        }),
      ),
    );
  });

  test("keeps everybody but these pools from decrypting, in their project alone", () => {
    expect(trust().only(IamDenyPolicy)).toMatchObject({
      parent: "cloudresourcemanager.googleapis.com%2Fprojects%2Fexample-trust",
      rules: [
        {
          deny_rule: {
            denied_principals: ["principalSet://goog/public:all"],
            denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
            exception_principals: ["example-space", "example-nodes"].map(
              (pool) =>
                `principalSet://iam.googleapis.com/projects/987654321098/locations/global/workloadIdentityPools/${pool}/*`,
            ),
          },
        },
      ],
    });
  });

  test("makes a ring in each project that holds keys", () => {
    expect(trust().all(KmsKeyRing)).toEqual(
      ["example-platform", "example-trust"].map((project) =>
        expect.objectContaining({ project, name: "tenclave-prod-tenants", location: "europe-west4" }),
      ),
    );
    const [platform, attested] = trust().all(KmsKeyRing);
    expect(platform).not.toHaveProperty("depends_on");
    expect(attested!.depends_on).toEqual(["google_iam_deny_policy.Deny-example-trust"]);
    expect(trust({ verifiers: undefined }).all(IamDenyPolicy)).toEqual([]);
  });

  test("lifts protection with a reason", () => {
    const template = trust({ retention: Retention.destroy("a test") });
    expect(template.all(KmsKeyRing)[0]).not.toHaveProperty("lifecycle");
  });

  test("lifts a denial for pools of its own project alone", () => {
    const projects = ["example-trust", "example-other"];
    const template = trust({
      verifiers: projects.map((project, index) =>
        ConfidentialSpace.of({
          ...GOOGLE_TRUST,
          name: project,
          project,
          projectNumber: `98765432109${index}`,
        }),
      ),
    });
    const denials = template.all(IamDenyPolicy).map((policy) => JSON.stringify(policy));
    expect(denials).toHaveLength(2);
    for (const denial of denials) {
      const [own, other] = denial.includes("example-trust") ? ["0", "1"] : ["1", "0"];
      expect(denial).toContain(`projects/98765432109${own}/`);
      expect(denial).not.toContain(`projects/98765432109${other}/`);
    }
  });

  test("says that protection is off", () => {
    const stack = new GoogleTrustStack(Testing.app(), "trust", {
      host: { reference: HOST },
      retention: Retention.destroy("a test"),
    });
    expect(warningsOf(stack).map(({ text }) => text)).toEqual(["deletion protection is off: a test"]);
  });

  test("refuses two verifiers of one pool", () => {
    const twice = ["space", "other"].map((name) => ConfidentialSpace.of({ ...GOOGLE_TRUST, name }));
    expect(() => trust({ verifiers: twice })).toThrow(
      /\[GOOGLE_TRUST\].*example-trust\/example-space' twice/,
    );
  });
});

describe("volume keys", () => {
  const keys = GoogleVolumeKeys.of({ host: HOST, projectNumber: "123456789012", deletionDays: 60 });
  const keyName =
    "projects/example-platform/locations/europe-west4/keyRings/tenclave-prod-tenants/cryptoKeys/acme-volumes";

  test("a class names the tenant's own key, as text", () => {
    expect(keys.storageClass({ spec: exampleTenant() })).toMatchObject({
      name: "tenclave-tenant-acme",
      provisioner: "pd.csi.storage.gke.io",
      parameters: { type: "pd-balanced", "disk-encryption-kms-key": keyName },
    });
  });

  test("Compute Engine's account alone is granted, before the first volume", () => {
    const stack = new TerraformStack(Testing.app(), "tenants");
    const key = keys.volumeKey(new Construct(stack, "acme"), {
      tenant: checkTenant(exampleTenant({ pool: "tdx" }), HOST),
      host: GkeHost.fromAttributes(stack, "Host", HOST, GKE_ATTRIBUTES),
    });
    const template = Template.of(stack);
    expect(template.only(KmsCryptoKeyIamMember)).toMatchObject({
      crypto_key_id: keyName,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: "serviceAccount:service-123456789012@compute-system.iam.gserviceaccount.com",
      depends_on: [expect.stringMatching(/^google_kms_crypto_key\./)],
    });
    expect(template.only(KmsCryptoKey)).toMatchObject({
      name: "acme-volumes",
      rotation_period: "7776000s",
      destroy_scheduled_duration: `${60 * 86_400}s`,
      version_template: { protection_level: "HSM" },
      lifecycle: { prevent_destroy: true },
    });
    expect(key).toMatchObject({
      keyId: keyName,
      storageClassParameters: { "disk-encryption-kms-key": keyName },
    });
    expect(key.ready).toHaveLength(2);
  });

  test.each([
    ["a host elsewhere", { host: exampleHost() }, /\[HOST_CLOUD\]/],
    ["a number that is none", { projectNumber: "prod" }, /\[HOST_SCOPE\]/],
    ["text for days", { deletionDays: "30" as unknown as number }, /\[OPTION_TYPE\]/],
  ])("refuse %s", (_what, change, text) => {
    expect(() => GoogleVolumeKeys.of({ host: HOST, projectNumber: "123456789012", ...change })).toThrow(text);
  });

  test.each([
    ["name", { name: "other" }],
    ["project", { account: "another-platform" }],
  ])("fails for keys of a host with another %s", (_what, other) => {
    const stack = new TerraformStack(Testing.app(), "tenants");
    const elsewhere = GoogleVolumeKeys.of({ host: { ...HOST, ...other }, projectNumber: "123456789012" });
    expect(() =>
      elsewhere.volumeKey(stack, {
        tenant: checkTenant(exampleTenant({ pool: "tdx" }), HOST),
        host: GkeHost.fromAttributes(stack, "Host", HOST, GKE_ATTRIBUTES),
      }),
    ).toThrow(/TENANT_HOST.*GoogleVolumeKeys of .* on 'prod' \(google, europe-west4, example-platform\)/);
  });

  test.each([6, 121, 7.5])("a window of %d days is refused", (deletionDays) => {
    const stack = new TerraformStack(Testing.app(), "tenants");
    expect(() =>
      GoogleVolumeKeys.of({ host: HOST, projectNumber: "123456789012", deletionDays }).volumeKey(stack, {
        tenant: checkTenant(exampleTenant({ pool: "tdx" }), HOST),
        host: GkeHost.fromAttributes(stack, "Host", HOST, GKE_ATTRIBUTES),
      }),
    ).toThrow(/\[KEY_DELETION\]/);
  });
});

test("a tenants stack holds key, grants and class; guardrails wait for them", () => {
  const space = ConfidentialSpace.of(GOOGLE_TRUST);
  const reference = SHARED;
  const app = Testing.app();
  const folder = namedTenants(["acme"], { pool: "tdx", attestation: inSpace });
  lock(folder);
  const directory = TenantDirectory.load(folder, {
    host: reference,
    verifiers: [space],
  });
  const trust = new GoogleTrustStack(app, "trust", { host: { reference }, verifiers: [space] });
  const stack = new TenantsStack(app, "tenants-01", {
    host: GkeHost.byAttributes(reference, GKE_ATTRIBUTES),
    shard: directory.shards[0]!,
    keys: GoogleVolumeKeys.of({ host: reference, projectNumber: "123456789012" }),
  });
  expect(stack.dependencies).toEqual([trust]);
  const template = Template.of(stack);
  expect(template.all(KmsCryptoKey).map(({ name }) => name)).toEqual(["acme-secrets", "acme-volumes"]);
  const releases = Object.values(template.json.resource!.helm_release!);
  const rails = releases.find(({ name }) => name === "guardrails-acme")!;
  expect((rails.depends_on as string[]).filter((one) => one.startsWith("google_kms"))).toHaveLength(4);
  expect(JSON.stringify(rails)).toContain("cryptoKeys/acme-volumes");
  expect(template.json).not.toHaveProperty("data");
});
