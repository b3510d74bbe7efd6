// Nitro Enclaves and NitroTPM as verifiers: options, what is wrong with a tenant, the tier, and what is made.
import { Testing } from "../../lib/core/cdk";
import { EksHost, EksNodePool, NitroTpm, parentRolePcr3 } from "../../lib/aws";
import { Retention, TrustTier } from "../../lib";
import type { KeyPolicyDocument } from "../../lib/keys/aws-enclave-key-policy";
import type { TenantPlace } from "../../lib/attestation/verifier";
import type { TenantSpec } from "../../lib/tenant/tenant-spec";
import { hostOptions } from "../support/host";
import {
  checkedNitroTenant,
  digest,
  nitro,
  nitroHost,
  nitroTenant,
  pcrs,
  placeOf,
  role,
} from "../support/nitro";
import { ATTRIBUTES, connectedHost, stack } from "../support/scope";

interface Synthesized {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
}

const TPM = {
  name: "tpm",
  keyAdministrators: [role("platform")],
  acceptUnproven: "an image of our own",
};

/** What a verifier defines for a tenant, with its binding. */
function bound(
  spec: TenantSpec = nitroTenant(),
  verifier = nitro(),
): {
  resource: Synthesized["resource"];
  policy: KeyPolicyDocument;
  binding: ReturnType<typeof verifier.bind>;
} {
  const scope = stack();
  const host = EksHost.fromAttributes(scope, "Host", nitroHost(), ATTRIBUTES);
  const binding = verifier.bind(scope, { tenant: checkedNitroTenant(spec, nitroHost(), verifier), host });
  const { resource } = JSON.parse(Testing.synth(scope)) as Synthesized;
  const policy = JSON.parse(resource.aws_kms_key!.SecretsKey!.policy as string) as KeyPolicyDocument;
  return { resource, policy, binding };
}

const statement = (policy: KeyPolicyDocument, sid: string): KeyPolicyDocument["Statement"][number] =>
  policy.Statement.find(({ Sid }) => Sid === sid)!;

const problems = (spec: TenantSpec, place: Partial<TenantPlace> = {}, verifier = nitro()): string[] =>
  verifier
    .problems(spec, { ...placeOf(spec), ...place })
    .map(({ code, path, text }) => `[${code}] ${path.join(".")}: ${text}`);

describe("options", () => {
  test.each([
    ["no administrators", { keyAdministrators: [] }, "KEY_ADMIN", /keyAdministrators .* got none/],
    ["the whole account", { keyAdministrators: ["arn:aws:iam::123456789012:root"] }, "KEY_ADMIN", /:root'/],
    ["everybody", { keyAdministrators: ["*"] }, "KEY_ADMIN", /got '\*'/],
    ["one twice", { keyAdministrators: [role("a"), role("a")] }, "KEY_ADMIN", /role\/a'/],
    ["a session", { keyAdministrators: ["arn:aws:sts::123456789012:assumed-role/a/s"] }, "KEY_ADMIN", /sts/],
    [
      "a service's role",
      { keyAdministrators: [role("aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS")] },
      "KEY_ADMIN",
      /service-role/,
    ],
    ["an encrypter that is everybody", { encrypters: ["*"] }, "KEY_ADMIN", /encrypters/],
    ["too short a window", { deletionWindowDays: 6 }, "KEY_DELETION", /7 to 30 days.* got 6/],
    ["too long a window", { deletionWindowDays: 31 }, "KEY_DELETION", /got 31/],
    ["no name", { name: "Nitro" }, "NAME", /name must be/],
    ["no reason", { anyParent: " " }, "REASON", /anyParent/],
    ["a text for a list", { encrypters: "me" as unknown as string[] }, "OPTION_TYPE", /encrypters/],
    ["an unknown option", { administrators: [] } as object, "OPTION_TYPE", /administrators/],
  ])("%s: refused", (_, change, code, words) => {
    expect(() => nitro(change)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(words) as string }),
    );
  });

  test("NitroTPM takes a reason", () => {
    expect(() => NitroTpm.of({ ...TPM, acceptUnproven: "" })).toThrow(
      expect.objectContaining({ code: "REASON" }),
    );
    expect(NitroTpm.of(TPM).warnings).toEqual([expect.stringContaining("an image of our own")]);
  });
});

describe("what is wrong with a tenant", () => {
  test("nothing, where pool, quota and reference values are there", () => {
    expect(problems(nitroTenant())).toEqual([]);
  });

  test("a pool without enclaves, with those that have some", () => {
    expect(problems(nitroTenant({ pool: "plain" }))).toEqual([
      "[ATTESTATION_VERIFIER] pool: verifier 'nitro' needs a pool with enclaves, got 'plain'; use one of vault, vault2",
    ]);
  });

  test("no quota for enclaves", () => {
    const spec = nitroTenant();
    expect(problems({ ...spec, quota: { ...spec.quota, enclaves: 0 } })).toEqual([
      expect.stringMatching(/^\[ATTESTATION_VERIFIER\] quota.enclaves: .* got 0; /),
    ]);
  });

  test("another cloud", () => {
    expect(problems(nitroTenant(), { host: { ...nitroHost(), cloud: "google" } })).toEqual([
      expect.stringMatching(/^\[ATTESTATION_VERIFIER\] attestation.verifier: .*aws, got 'google'/),
    ]);
  });

  test("administrators of another partition", () => {
    const host = { ...nitroHost(), location: "us-gov-west-1" };
    const egress = [{ fqdn: "kms-fips.us-gov-west-1.amazonaws.com", ports: [443] }];
    expect(problems(nitroTenant({ egress }), { host })).toEqual([
      expect.stringMatching(/partition, got arn:aws:iam::123456789012:role\/platform in us-gov-west-1/),
    ]);
  });

  test.each([
    ["none", []],
    [
      "the name of the private endpoint, which the fence refuses",
      [{ fqdn: "kms.eu-west-1.amazonaws.com", ports: [443] }],
    ],
    ["another port", [{ fqdn: "kms-fips.eu-west-1.amazonaws.com", ports: [80] }]],
    ["another protocol", [{ cidr: "3.64.0.0/12", ports: [443], protocol: "UDP" as const }]],
  ])("no way to KMS: %s", (_, egress) => {
    expect(problems(nitroTenant({ egress }))).toEqual([
      expect.stringMatching(
        /^\[ATTESTATION_VERIFIER\] egress: .* got none to kms-fips.eu-west-1.amazonaws.com on 443; /,
      ),
    ]);
  });

  test("ranges are a way to KMS, too", () => {
    expect(problems(nitroTenant({ egress: [{ cidr: "3.64.0.0/12", ports: [80, 443] }] }))).toEqual([]);
  });

  test.each(["agentPolicy", "certificate"])("a %s, which KMS does not give", (key) => {
    const value = key === "certificate" ? { dnsNames: ["a.example.com"] } : "package agent_policy";
    expect(problems(nitroTenant({}, { [key]: value }))).toEqual([
      expect.stringMatching(
        new RegExp(`attestation\\.workloads\\.0\\.${key}: .* got ${key} for workload 'signer'`),
      ),
    ]);
  });

  test("more releases than a key policy holds", () => {
    const releases = (count: number): TenantSpec =>
      nitroTenant(
        {},
        {
          referenceValues: Array.from({ length: count }, (_, index) => ({
            release: `${index}`,
            values: pcrs(`${index}`),
          })),
        },
      );
    expect(problems(releases(20))).toEqual([]);
    expect(problems(releases(40))).toEqual([
      expect.stringMatching(/^\[ATTESTATION_REFERENCE\] attestation.workloads: .* 32768 bytes, got \d{5}; /),
    ]);
  });

  test.each([
    ["4 without 12", { NitroTPMPCR4: digest("4") }, 1],
    ["12 alone", { NitroTPMPCR12: digest("12") }, 1],
    ["4 and 12", { NitroTPMPCR4: digest("4"), NitroTPMPCR12: digest("12") }, 0],
    ["7", { NitroTPMPCR7: digest("7") }, 0],
  ])("NitroTPM with register %s", (_, values, count) => {
    const spec = nitroTenant({}, { referenceValues: [{ release: "1", values }] });
    const found = NitroTpm.of(TPM).problems(spec, placeOf(spec));
    expect(found.map(({ code }) => code)).toEqual(Array(count).fill("ATTESTATION_REFERENCE"));
  });
});

describe("the tier", () => {
  test("ENCLAVE, where everything is there", () => {
    const spec = nitroTenant();
    expect(nitro().grants(spec, placeOf(spec))).toBe(TrustTier.NITRO_ENCLAVE);
  });

  const spec = nitroTenant();
  const [signer] = spec.attestation!.workloads as [
    NonNullable<TenantSpec["attestation"]>["workloads"][number],
  ];
  test.each<[string, TenantSpec]>([
    ["pool without enclaves", { ...spec, pool: "plain" }],
    ["no quota", { ...spec, quota: { ...spec.quota, enclaves: 0 } }],
    ["no attestation", { ...spec, attestation: undefined }],
    [
      "one workload of two without reference values",
      {
        ...spec,
        attestation: { verifier: "nitro", workloads: [signer, { name: "other", referenceValues: [] }] },
      },
    ],
  ])("none: %s", (_, changed) => {
    expect(nitro().grants(changed, placeOf(changed))).toBeUndefined();
  });

  test("none by NitroTPM, whatever is there", () => {
    expect(NitroTpm.of(TPM).grants()).toBeUndefined();
    const values = { NitroTPMPCR7: digest("7") };
    const { binding } = bound(
      nitroTenant({}, { referenceValues: [{ release: "1", values }] }),
      NitroTpm.of(TPM) as never,
    );
    expect(binding.grants.name).toBe("SHARED");
  });
});

describe("what is made", () => {
  test("four resources: key, alias, role, pod identity", () => {
    const { resource } = bound();
    expect(Object.entries(resource).map(([type, all]) => [type, Object.keys(all)])).toEqual([
      ["aws_eks_pod_identity_association", ["PodIdentity"]],
      ["aws_iam_role", ["WorkloadRole"]],
      ["aws_kms_alias", ["SecretsKeyAlias"]],
      ["aws_kms_key", ["SecretsKey"]],
    ]);
  });

  test("the key: rotated, protected, 30 days, never past KMS' own check", () => {
    const { SecretsKey: key } = bound().resource.aws_kms_key!;
    expect(key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
      depends_on: ["aws_iam_role.WorkloadRole"],
    });
    expect(key).not.toHaveProperty("bypass_policy_lockout_safety_check");
    expect(key).not.toHaveProperty("multi_region");
  });

  test("a window, and a retention that protects nothing", () => {
    const short = bound(nitroTenant(), nitro({ deletionWindowDays: 14 })).resource.aws_kms_key!.SecretsKey!;
    expect(short.deletion_window_in_days).toBe(14);
    const none = bound(nitroTenant(), nitro({ retention: Retention.destroy("a test") }));
    expect(none.resource.aws_kms_key!.SecretsKey).toMatchObject({ deletion_window_in_days: 7 });
    expect(none.resource.aws_kms_key!.SecretsKey).not.toHaveProperty("lifecycle");
  });

  test("the role is for the service account of the tenant's pods, and has no policy", () => {
    const { resource } = bound();
    const trust = JSON.parse(resource.aws_iam_role!.WorkloadRole!.assume_role_policy as string) as {
      Statement: [{ Condition: unknown }];
    };
    expect(trust.Statement[0].Condition).toEqual({
      StringEquals: {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
        "aws:RequestTag/kubernetes-namespace": "tenant-acme",
        "aws:RequestTag/kubernetes-service-account": "vc-workload-acme",
      },
    });
    expect(resource.aws_eks_pod_identity_association!.PodIdentity).toMatchObject({
      cluster_name: "prod",
      namespace: "tenant-acme",
      service_account: "vc-workload-acme",
    });
  });

  test("the workload is told names that the stack gives, none of them an expression", () => {
    const { resource, binding } = bound();
    const { resource: alias, settings, url } = binding.workload;
    expect(alias).toBe(
      `arn:aws:kms:eu-west-1:123456789012:${resource.aws_kms_alias!.SecretsKeyAlias!.name as string}`,
    );
    expect(settings!.role).toBe(role(resource.aws_iam_role!.WorkloadRole!.name as string));
    expect(settings).toMatchObject({
      region: "eu-west-1",
      serviceAccount: "vc-workload-acme",
      vsockProxy: "kms-fips.eu-west-1.amazonaws.com:443",
    });
    expect(url).toBe("https://kms-fips.eu-west-1.amazonaws.com");
  });

  test("PCR3 is of the role that the pool's nodes really get", () => {
    const scope = stack();
    const host = connectedHost(scope);
    const [, , pool] = hostOptions().pools;
    new EksNodePool(scope, "Pool", { ...pool!, host });
    const { resource } = JSON.parse(Testing.synth(scope)) as Synthesized;
    const name = Object.values(resource.aws_iam_role!)[0]!.name as string;
    expect(name).toContain(".snp.");
    const { policy } = bound();
    expect(statement(policy, "OtherPCR3").Condition).toEqual({
      StringNotEqualsIgnoreCase: {
        "kms:RecipientAttestation:PCR3": [parentRolePcr3(role(name.replace(".snp.", ".vault.")))],
      },
    });
  });

  test("any parent, for a reason: no condition on PCR3, and a warning", () => {
    const verifier = nitro({ anyParent: "nodes of our own making" });
    const { policy } = bound(nitroTenant(), verifier);
    expect(JSON.stringify(policy)).not.toContain("PCR3");
    expect(verifier.warnings).toEqual([expect.stringContaining("nodes of our own making")]);
    expect(nitro().warnings).toEqual([]);
  });

  test("it says who can still do something, by name", () => {
    const { binding } = bound(nitroTenant(), nitro({ encrypters: [role("writer")] }));
    const who = binding.stillTrusted.map((one) => one.who).join("; ");
    for (const word of ["AWS", role("platform"), "root user", role("writer")]) expect(who).toContain(word);
    expect(new Set(binding.stillTrusted.map((one) => one.who)).size).toBe(binding.stillTrusted.length);
    expect(
      bound()
        .binding.stillTrusted.map((one) => one.who)
        .join(),
    ).not.toContain("encrypters");
  });

  test("NitroTPM asks by names of its own", () => {
    const values = { NitroTPMPCR4: digest("4"), NitroTPMPCR12: digest("12") };
    const { policy } = bound(
      nitroTenant({}, { referenceValues: [{ release: "1", values }] }),
      NitroTpm.of(TPM) as never,
    );
    expect(statement(policy, "Release1").Condition).toEqual({
      StringEqualsIgnoreCase: {
        "kms:RecipientAttestation:NitroTPMPCR4": digest("4"),
        "kms:RecipientAttestation:NitroTPMPCR12": digest("12"),
      },
    });
  });
});
