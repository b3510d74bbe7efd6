// Kubernetes Secrets in pods: found wherever a spec may name one, and refused above CONFIDENTIAL_NODE.
import type { PodSpec } from "kubernetes-types/core/v1";
import { assertNoPlainSecrets, plainSecretProblems, TrustTier } from "../../lib";
import { exampleTenant } from "../support/host";

const container = (change: object): PodSpec => ({ containers: [{ name: "app", image: "app", ...change }] });
const volume = (change: object): PodSpec => ({ ...container({}), volumes: [{ name: "v", ...change }] });

/** Every way of a pod to what the host can read. */
const WAYS: readonly (readonly [string, PodSpec])[] = [
  ["volumes[0].secret", volume({ secret: { secretName: "db" } })],
  [
    "volumes[0].projected.sources[1].secret",
    volume({ projected: { sources: [{ configMap: { name: "a" } }, { secret: { name: "db" } }] } }),
  ],
  ["volumes[0].csi", volume({ csi: { driver: "secrets-store.csi.k8s.io" } })],
  [
    "containers[0].env[1]",
    container({
      env: [
        { name: "A", value: "a" },
        { name: "B", valueFrom: { secretKeyRef: { name: "db", key: "b" } } },
      ],
    }),
  ],
  ["containers[0].envFrom[0]", container({ envFrom: [{ secretRef: { name: "db" } }] })],
  [
    "initContainers[0].envFrom[0]",
    {
      ...container({}),
      initContainers: [{ name: "i", image: "i", envFrom: [{ secretRef: { name: "db" } }] }],
    },
  ],
  [
    "ephemeralContainers[0].env[0]",
    {
      ...container({}),
      ephemeralContainers: [
        {
          name: "e",
          image: "e",
          env: [{ name: "A", valueFrom: { secretKeyRef: { name: "db", key: "a" } } }],
        },
      ],
    },
  ],
];

const HARMLESS: readonly (readonly [string, PodSpec])[] = [
  ["memory", volume({ emptyDir: { medium: "Memory" } })],
  ["a ConfigMap", volume({ configMap: { name: "a" } })],
  ["a token", volume({ projected: { sources: [{ serviceAccountToken: { path: "token" } }] } })],
  ["a plain variable", container({ env: [{ name: "A", value: "a" }] })],
  ["credentials for pulling", { ...container({}), imagePullSecrets: [{ name: "registry" }] }],
];

const above = TrustTier.ALL.filter(({ name }) => !["SHARED", "ISOLATED", "CONFIDENTIAL_NODE"].includes(name));

test("above CONFIDENTIAL_NODE are the tiers that keep the host out, and the attested node", () => {
  expect([...new Set(above.map(({ name }) => name))]).toEqual([
    "ATTESTED_NODE",
    "CONFIDENTIAL_POD",
    "ENCLAVE",
  ]);
});

describe.each(above.map((tier) => [`${tier.label} (${tier.reachedBy})`, tier] as const))("%s", (_, tier) => {
  test.each(WAYS)("refuses %s", (path, spec) => {
    expect(() => assertNoPlainSecrets(spec, tier, "pod web")).toThrow(
      `[WORKLOAD_SECRET] pod web: a pod of tier ${tier} must take secrets on evidence alone, got ${path}, which`,
    );
  });

  test.each(HARMLESS)("takes %s", (_name, spec) => {
    expect(() => assertNoPlainSecrets(spec, tier)).not.toThrow();
  });

  test("refuses a tenant's list of plain Secrets", () => {
    const spec = exampleTenant({ confidential: { plainSecrets: ["web/tls", "web/db"] } });
    expect(plainSecretProblems(spec, tier)).toEqual([
      {
        code: "WORKLOAD_SECRET",
        path: ["confidential", "plainSecrets"],
        text: expect.stringContaining("got web/tls, web/db, which the host can read") as string,
      },
    ]);
  });
});

test.each([
  TrustTier.SHARED,
  TrustTier.ISOLATED,
  TrustTier.CONFIDENTIAL_NODE,
  TrustTier.CONFIDENTIAL_NODE.onOwnPool,
])("%s takes Secrets: whoever reads etcd there can read more", (tier) => {
  for (const [, spec] of WAYS) expect(() => assertNoPlainSecrets(spec, tier)).not.toThrow();
  expect(plainSecretProblems(exampleTenant({ confidential: { plainSecrets: ["web/tls"] } }), tier)).toEqual(
    [],
  );
});

test("a tenant without such a list has no problem on any tier", () => {
  for (const tier of TrustTier.ALL)
    for (const change of [{}, { confidential: {} }, { confidential: { plainSecrets: [] } }])
      expect(plainSecretProblems(exampleTenant(change), tier)).toEqual([]);
});
