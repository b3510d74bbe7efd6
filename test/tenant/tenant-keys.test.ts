// A tenant with keys of its own: its StorageClass, its cloud identity, and what waits for what.
import { KmsKey } from "../../lib/core/bindings/aws";
import type { AttestationBinding } from "../../lib/attestation/verifier";
import { Wiring } from "../../lib/attestation/wiring";
import { PARAMETERS } from "../../lib/admission/parameters";
import { STORAGE_CLASS_RULE } from "../../lib/admission/rules/storage-class";
import { LABELS, tenantStorageClassName } from "../../lib/core/names";
import { warningsOf } from "../../lib/core/notes";
import type { KubernetesObject } from "../../lib/core/manifest-release";
import { ensureAwsProvider } from "../../lib/host-cluster/aws-provider";
import type { ITenantKeys } from "../../lib/keys/tenant-key";
import { TrustTier } from "../../lib/tee/trust-tier";
import { guardrails, namespaceAnnotations, namespaceLabels } from "../../lib/tenant/guardrails";
import { Tenant, type TenantProps } from "../../lib/tenant/tenant";
import { checkTenant, type CheckedTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { attested, testVerifier } from "../support/attestation";
import { exampleHost, exampleTenant } from "../support/host";
import { connectedHost, stack } from "../support/scope";

const host = exampleHost();

/** Keys that are made of one resource. */
const KEYS: ITenantKeys = {
  storageClass: ({ spec }) => ({
    name: tenantStorageClassName(spec.name),
    provisioner: "ebs.csi.aws.com",
    refused: ["gp2"],
    parameters: { encrypted: "true", kmsKeyId: `alias/${spec.name}` },
  }),
  volumeKey: (scope, { tenant }) => ({
    keyId: `alias/${tenant.spec.name}`,
    storageClassParameters: {},
    ready: [new KmsKey(scope, "Key", {})],
  }),
};

/** A verifier without measurements, for the identity of a wiring. */
function verifierOf(
  wiring: Wiring,
  change: Partial<AttestationBinding> = {},
): ReturnType<typeof testVerifier> {
  return testVerifier(wiring, {
    warnings: ["the verifier runs in the tenants' own cluster"],
    bind: (scope, { tenant }) => ({
      grants: tenant.tier,
      proves: wiring.cases,
      workload: { resource: `alias/${tenant.spec.name}` },
      stillTrusted: wiring.stillTrusted,
      ready: [new KmsKey(scope, "Key", {})],
      ...change,
    }),
  });
}

function tenantOf(verifier: ReturnType<typeof testVerifier>): CheckedTenant {
  return checkTenant(exampleTenant({ attestation: attested({ referenceValues: [] }) }), host, undefined, [
    verifier,
  ]);
}

function synthesized(props: Partial<TenantProps> = {}): { tenant: Tenant; json: Json } {
  const scope = stack();
  const connected = connectedHost(scope);
  ensureAwsProvider(scope, connected.reference);
  connected.access.helmProvider(scope);
  connected.access.kubernetesProvider(scope);
  const tenant = new Tenant(scope, "Tenant-acme", {
    host: connected,
    tenant: checkTenant(exampleTenant(), host),
    ...props,
  });
  return { tenant, json: Template.of(scope).json as unknown as Json };
}

interface Json {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}
interface Resource {
  readonly name?: string;
  readonly values?: readonly string[];
  readonly set?: unknown;
  readonly depends_on?: readonly string[];
}

/** What a resource waits for, through others. */
function waitsFor(json: Json, address: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (one: string): void => {
    const [type, id] = one.split(".") as [string, string];
    for (const next of json.resource[type]?.[id]?.depends_on ?? [])
      if (!seen.has(next)) visit((seen.add(next), next));
  };
  visit(address);
  return seen;
}

const release = (json: Json, name: string): [address: string, release: Resource] => {
  const [id, found] = Object.entries(json.resource.helm_release!).find(([, one]) => one.name === name)!;
  return [`helm_release.${id}`, found];
};

const objectsOf = (json: Json): readonly KubernetesObject[] =>
  (JSON.parse(release(json, "guardrails-acme")[1].values![0]!) as { objects: KubernetesObject[] }).objects;

describe("a tenant's own StorageClass", () => {
  test("is the platform's to write, keeps volumes, and carries the tenant's key", () => {
    const { json } = synthesized({ keys: KEYS });
    const classes = objectsOf(json).filter(({ kind }) => kind === "StorageClass");
    expect(classes).toEqual([
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "tenclave-tenant-acme", labels: { [LABELS.tenant]: "acme" } },
        provisioner: "ebs.csi.aws.com",
        parameters: { encrypted: "true", kmsKeyId: "alias/acme" },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Retain",
      },
    ]);
  });

  test("is the only one the tenant may name, and the host's is out of its quota", () => {
    const tenant = checkTenant(exampleTenant(), host);
    const own = KEYS.storageClass(tenant);
    expect(STORAGE_CLASS_RULE.variables).toMatchObject([{ name: "storageClasses" }]);
    expect(namespaceAnnotations(tenant, host, [], own)[PARAMETERS.storageClasses]).toBe(
      "tenclave-tenant-acme",
    );
    const quota = guardrails(tenant, host, own).find(({ kind }) => kind === "ResourceQuota") as {
      spec?: { hard: Record<string, string> };
    };
    const refused = Object.entries(quota.spec!.hard).filter(([key]) =>
      key.includes(".storageclass.storage.k8s.io/"),
    );
    expect(refused).toEqual(
      ["gp2", "tenclave-encrypted"].map((name) => [
        `${name}.storageclass.storage.k8s.io/persistentvolumeclaims`,
        "0",
      ]),
    );
  });

  test("is its control plane's, too", () => {
    const { json } = synthesized({ keys: KEYS });
    const [, { values }] = release(json, "acme");
    expect(values![0]).toContain('"storageClass":"tenclave-tenant-acme"');
    expect(values![0]).not.toContain("tenclave-encrypted");
  });

  test("comes after its key and grants, and the control plane after it", () => {
    const { json, tenant } = synthesized({ keys: KEYS });
    const key = Object.keys(json.resource.aws_kms_key!).map((id) => `aws_kms_key.${id}`);
    expect(key).toHaveLength(1);
    const [rails] = release(json, "guardrails-acme");
    const [vcluster] = release(json, "acme");
    expect([...waitsFor(json, rails)]).toContain(key[0]);
    expect([...waitsFor(json, vcluster)]).toEqual(expect.arrayContaining([rails, key[0]]));
    expect(tenant.volumeKey?.keyId).toBe("alias/acme");
    expect(tenant.attestation).toBeUndefined();
  });

  test("goes by one name, which nobody else's can be", () => {
    const keys = {
      ...KEYS,
      storageClass: () => ({ ...KEYS.storageClass({ spec: exampleTenant() }), name: "fast" }),
    };
    expect(() => synthesized({ keys })).toThrow(/\[NAME\].*must be named tenclave-tenant-acme.*got 'fast'/);
    expect(tenantStorageClassName("encrypted")).not.toBe(host.storageClass.name);
  });

  test("is not there without keys", () => {
    const { json, tenant } = synthesized();
    expect(objectsOf(json).map(({ kind }) => kind)).not.toContain("StorageClass");
    expect(json.resource.aws_kms_key).toBeUndefined();
    expect([tenant.volumeKey, tenant.attestation]).toEqual([undefined, undefined]);
    expect(namespaceAnnotations(checkTenant(exampleTenant(), host), host)[PARAMETERS.storageClasses]).toBe(
      "tenclave-encrypted",
    );
  });
});

describe("a tenant's cloud identity", () => {
  test.each([
    [Wiring.NITRO_TPM, "eks-pod-identity", "pods.eks.amazonaws.com"],
    [Wiring.AZURE_ATTESTATION, "azure-workload-identity", "api://AzureADTokenExchange"],
    [Wiring.INTEL_TRUST_AUTHORITY, undefined, undefined],
    [Wiring.TRUSTEE_NODE, undefined, undefined],
  ])("%s", (wiring, label, audience) => {
    const values =
      wiring === Wiring.NITRO_TPM ? [{ release: "1", values: { NitroTPMPCR4: "a".repeat(96) } }] : [];
    const spec = exampleTenant({ attestation: attested({ referenceValues: values }) });
    const tenant = checkTenant(spec, host, undefined, [testVerifier(wiring)]);
    expect(namespaceLabels(tenant, host)[LABELS.identity]).toBe(label);
    expect(namespaceAnnotations(tenant, host)[PARAMETERS.tokenAudiences]).toBe(audience);
  });

  test("nobody has one who asks for no attestation", () => {
    const tenant = checkTenant(exampleTenant(), host);
    expect(Object.keys(namespaceLabels(tenant, host))).not.toContain(LABELS.identity);
    expect(Object.keys(namespaceAnnotations(tenant, host))).not.toContain(PARAMETERS.tokenAudiences);
  });

  test("annotations of its pods' service account may be known after apply only", () => {
    const serviceAccountAnnotations = { "azure.workload.identity/client-id": "${azurerm_x.y.client_id}" };
    const verifier = verifierOf(Wiring.AZURE_ATTESTATION, { serviceAccountAnnotations });
    const [, { set }] = release(synthesized({ tenant: tenantOf(verifier) }).json, "acme");
    expect(set).toEqual([
      {
        name: "controlPlane.advanced.workloadServiceAccount.annotations.azure\\.workload\\.identity/client-id",
        value: "${azurerm_x.y.client_id}",
      },
    ]);
    const [, plain] = release(
      synthesized({ tenant: tenantOf(verifierOf(Wiring.AZURE_ATTESTATION)) }).json,
      "acme",
    );
    expect(plain).not.toHaveProperty("set");
  });
});

describe("a binding", () => {
  test("is made in the tenant's stack, first of all, and shows", () => {
    const { json, tenant } = synthesized({ tenant: tenantOf(verifierOf(Wiring.AZURE_ATTESTATION)) });
    expect(tenant.attestation).toMatchObject({
      workload: { resource: "alias/acme" },
      grants: tenant.attestation!.grants,
    });
    const [key] = Object.keys(json.resource.aws_kms_key!);
    expect(key).toMatch(/Tenant-acme_Attestation_Key/);
    expect([...waitsFor(json, release(json, "acme")[0])]).toContain(`aws_kms_key.${key}`);
    expect(warningsOf(tenant).map(({ text }) => text)).toContain(
      "the verifier runs in the tenants' own cluster",
    );
  });

  test("that claims more than the checks found is refused", () => {
    for (const tier of [
      TrustTier.NITRO_ENCLAVE,
      TrustTier.CONFIDENTIAL_POD,
      TrustTier.CONFIDENTIAL_NODE.onOwnPool,
    ]) {
      const tenant = tenantOf(verifierOf(Wiring.AZURE_ATTESTATION, { grants: tier }));
      expect(() => synthesized({ tenant })).toThrow(
        new RegExp(
          `\\[ATTESTATION_VERIFIER\\].*got tier ${tier.label} from 'evidence' for a tenant that reaches CONFIDENTIAL_NODE`,
        ),
      );
    }
  });
});
