// From wiring to tier: rows that add up, nothing granted beyond them, and refusals that name party and missing part.
import { EksHost, type EksNodePoolOptions } from "../../lib/aws";
import { Wiring } from "../../lib/attestation/wiring";
import type { IVerifier, TenantPlace } from "../../lib/attestation/verifier";
import { ConfigurationError } from "../../lib/core/errors";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import type { PoolReference } from "../../lib/node-pool/node-pool";
import { Sensitivity } from "../../lib/tee/sensitivity";
import { Tee } from "../../lib/tee/tee";
import { Distance, shortfalls, TrustTier } from "../../lib/tee/trust-tier";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpec } from "../../lib/tenant/tenant-spec";
import { contributions, summed } from "../../lib/tenant/tenant-tier";
import { AKS_SNP, AKS_SYSTEM, exampleAks } from "../support/aks";
import { attested, testVerifier } from "../support/attestation";
import { exampleGkeHost } from "../support/gke-host";
import { exampleTenant, hostOptions } from "../support/host";

const TODAY = "2026-11-21";
const D = Distance;

const NITRO: EksNodePoolOptions = {
  name: "vault",
  instanceType: "m6i.2xlarge",
  tee: Tee.NITRO_ENCLAVES,
  minNodes: 1,
  maxNodes: 3,
  enclaves: { memoryMiB: 4096, vcpus: 4 },
  releaseVersion: "1.34.9-20260714",
};
const OWN = { owner: { tenant: "acme", pattern: "own" } };

const eks = EksHost.reference(
  hostOptions({
    pools: [...hostOptions().pools, NITRO, { ...NITRO, name: "own-acme", ...OWN }],
  }),
);
const HOSTS: readonly HostReference[] = [
  eks,
  exampleAks({
    sgx: { quoteHelper: false },
    pools: [
      AKS_SYSTEM,
      AKS_SNP,
      { name: "sandboxed", vmSize: "Standard_D4s_v5", sandbox: true, minNodes: 1, maxNodes: 2 },
      { name: "sgx", vmSize: "Standard_DC4s_v3", tee: Tee.SGX, minNodes: 1, maxNodes: 2 },
    ],
  }),
  exampleGkeHost(),
];

/** Every pool for tenants as it is, and as one of the tenant's own. */
const PLACES: readonly TenantPlace[] = HOSTS.flatMap((host) =>
  host.pools
    .filter(({ system }) => !system)
    .flatMap((pool) => [pool, { ...pool, owner: { tenant: "acme", pattern: pool.name } }])
    .map((pool) => placeOf(host, pool)),
);

/** The same with every tier that a careless hand could write into a host's file. */
const FORGED: readonly TenantPlace[] = PLACES.flatMap(({ host, pool }) =>
  [...new Set(TrustTier.ALL.map(({ name }) => name)), "NO_TIER"].map((tier) =>
    placeOf(host, { ...pool, tier }),
  ),
);

function placeOf(host: HostReference, pool: PoolReference): TenantPlace {
  return { host: { ...host, pools: [pool] }, pool, today: TODAY };
}

/** None, honest ones, and such as claim what others reach. */
const HONEST: readonly (IVerifier | undefined)[] = [
  undefined,
  ...Wiring.ALL.map((wiring) => testVerifier(wiring)),
];
const CLAIMING: readonly IVerifier[] = Wiring.ALL.flatMap((wiring) =>
  [TrustTier.NITRO_ENCLAVE, TrustTier.SGX_ENCLAVE, TrustTier.CONFIDENTIAL_POD, TrustTier.ATTESTED_NODE].map(
    (tier) => testVerifier(wiring, { grants: () => tier }),
  ),
);

/** Every pair that is tried. */
const PAIRS: readonly (readonly [TenantPlace, IVerifier | undefined])[] = [
  ...PLACES.flatMap((place) => [...HONEST, ...CLAIMING].map((verifier) => [place, verifier] as const)),
  ...FORGED.flatMap((place) => [undefined, testVerifier()].map((verifier) => [place, verifier] as const)),
];

function specFor(
  sensitivity: string,
  verifier: IVerifier | undefined,
  pool: PoolReference,
  enclaves: number,
): TenantSpec {
  const needed = verifier?.wiring.measurements ?? [];
  const values = Object.fromEntries(
    needed.map(({ key, prefix = "", bytes }) => [key, `${prefix}${"a".repeat(bytes * 2)}`]),
  );
  return exampleTenant({
    sensitivity,
    pool: pool.owner?.pattern ?? pool.name,
    quota: { ...exampleTenant().quota, enclaves: pool.capacity.enclaves ? enclaves : 0 },
    ...(verifier
      ? { attestation: attested({ referenceValues: needed.length > 0 ? [{ release: "1", values }] : [] }) }
      : {}),
  });
}

const specs = (place: TenantPlace, verifier: IVerifier | undefined): TenantSpec[] =>
  Sensitivity.ALL.flatMap(({ name }) =>
    (place.pool.capacity.enclaves ? [0, 1] : [0]).map((enclaves) =>
      specFor(name, verifier, place.pool, enclaves),
    ),
  );

describe("over all pools, verifiers and sensitivities", () => {
  test("whoever is let in reaches a tier that the rows reach, that is granted, and that meets the sensitivity", () => {
    let passed = 0;
    const reached = new Set<string>();
    for (const [place, verifier] of PAIRS)
      for (const spec of specs(place, verifier)) {
        const options = { verifiers: verifier ? [verifier] : [], today: TODAY };
        let tier: TrustTier;
        try {
          ({ tier } = checkTenant(spec, place.host, TODAY, options.verifiers));
        } catch (error) {
          if (!ConfigurationError.is(error)) throw error;
          expect(["TENANT_TIER", "ATTESTATION_VERIFIER"]).toContain(error.code);
          continue;
        }
        passed++;
        reached.add(tier.label);
        expect(tier.meets(Sensitivity.find(spec.sensitivity)!.requires)).toBe(true);
        const rows = contributions(spec, place, options);
        const covers = tier === TrustTier.NITRO_ENCLAVE ? "enclave" : "pods";
        expect(shortfalls(summed(rows, covers), tier.distances)).toEqual([]);
        // An enclave's tier takes enclaves, on this pool and in this tenant's quota, and the one wiring that checks them.
        if (covers === "enclave")
          expect([verifier?.wiring, place.pool.tee, spec.quota.enclaves]).toEqual([
            Wiring.NITRO_ENCLAVE,
            "nitro-enclaves",
            1,
          ]);
        else expect(tier.notGranted).toBeUndefined();
        // Nothing keeps the provider out but memory encryption of the node.
        if (tier.distances.provider !== D.TRUSTED)
          expect(["sev", "sev-snp", "tdx"]).toContain(place.pool.tee);
        if (tier.distances.neighbours === D.OUT) expect(place.pool.owner).toBeDefined();
      }
    expect(passed).toBeGreaterThan(500);
    expect([...reached].sort()).toEqual([
      "CONFIDENTIAL_NODE",
      "CONFIDENTIAL_NODE, own pool",
      "ENCLAVE",
      "ISOLATED",
      "ISOLATED, own pool",
      "SHARED",
      "SHARED, own pool",
    ]);
  });

  test("regulated is never reached, and sealed in an enclave alone", () => {
    const outcomes = new Set<string>();
    for (const [place, verifier] of PAIRS)
      for (const sensitivity of ["regulated", "sealed"]) {
        const spec = specFor(sensitivity, verifier, place.pool, 1);
        try {
          const { tier } = checkTenant(spec, place.host, TODAY, verifier ? [verifier] : []);
          outcomes.add(`${sensitivity} ${place.pool.tee} ${verifier?.wiring} ${tier.label}`);
        } catch (error) {
          if (!ConfigurationError.is(error)) throw error;
        }
      }
    expect([...outcomes]).toEqual(["sealed nitro-enclaves nitro-enclave ENCLAVE"]);
  });

  test("a verifier that claims a tier its wiring does not reach is refused, whichever it is", () => {
    for (const wiring of Wiring.ALL)
      for (const tier of [TrustTier.ATTESTED_NODE, TrustTier.CONFIDENTIAL_POD, TrustTier.SGX_ENCLAVE]) {
        const verifier = testVerifier(wiring, { grants: () => tier });
        const { pool } = { pool: eks.pools.find(({ name }) => name === "vault")! };
        expect(() => checkTenant(specFor("public", verifier, pool, 1), eks, TODAY, [verifier])).toThrow(
          new RegExp(
            `\\[ATTESTATION_VERIFIER\\].*got tier ${tier.label} from 'evidence' of kind ${wiring} on pool 'vault'`,
          ),
        );
      }
  });
});

describe("refusals", () => {
  const NO_VERIFIER = undefined;
  const vault = eks.pools.find(({ name }) => name === "vault")!;
  const snp = eks.pools.find(({ name }) => name === "snp")!;

  test.each<[string, string, PoolReference, IVerifier | undefined, number, RegExp]>([
    [
      "an enclave pool without attestation",
      "sealed",
      vault,
      NO_VERIFIER,
      1,
      /needs host-cluster administrators OUT_PROVEN, not TRUSTED and neighbours OUT_PROVEN, not TRUSTED, got pool 'vault' of tier SHARED; host-cluster administrators and neighbours: missing a verifier of kind nitro-enclave with reference values; add it/,
    ],
    [
      "no enclaves in the quota",
      "sealed",
      vault,
      testVerifier(),
      0,
      /: missing quota\.enclaves of at least 1; add it/,
    ],
    [
      "a verifier of another kind",
      "sealed",
      vault,
      testVerifier(Wiring.NITRO_TPM),
      1,
      /: missing a verifier of kind nitro-enclave with reference values \(verifier 'evidence' is of kind nitro-tpm, whose evidence covers the boot of an attestable machine image\); add it/,
    ],
    [
      "everything but the verifier's own word",
      "sealed",
      vault,
      testVerifier(Wiring.NITRO_ENCLAVE, { grants: () => undefined }),
      1,
      /: missing what verifier 'evidence' wants before it grants tier ENCLAVE; add it/,
    ],
    [
      "a pool without enclaves",
      "sealed",
      snp,
      NO_VERIFIER,
      0,
      /of tier CONFIDENTIAL_NODE; .*: missing a pool with enclaves, and a verifier of kind nitro-enclave with reference values; add it/,
    ],
    [
      "the provider is to be kept out of an enclave pool",
      "internal",
      vault,
      testVerifier(),
      1,
      /needs the provider's hypervisor OUT, not TRUSTED, got pool 'vault' of tier SHARED; use a pool of tier CONFIDENTIAL_NODE/,
    ],
    [
      "the provider is to be kept out with proof",
      "regulated",
      snp,
      NO_VERIFIER,
      0,
      /the provider's hypervisor OUT_PROVEN, not OUT and neighbours OUT, not TRUSTED.*nothing in this release reaches that .*ATTESTED_NODE, own pool: no node attester exists.*CONFIDENTIAL_POD: no pool.*ENCLAVE: a pool can offer SGX/,
    ],
  ])("%s", (_what, sensitivity, pool, verifier, enclaves, text) => {
    const spec = specFor(sensitivity, verifier, pool, enclaves);
    expect(() => checkTenant(spec, eks, TODAY, verifier ? [verifier] : [])).toThrow(text);
    expect(() => checkTenant(spec, eks, TODAY, verifier ? [verifier] : [])).toThrow(
      /^\[TENANT_TIER\] acme\.sensitivity: /,
    );
  });

  test("with all of it sealed is met, and the tier says that it ends at the enclave", () => {
    const { tier } = checkTenant(specFor("sealed", testVerifier(), vault, 1), eks, TODAY, [testVerifier()]);
    expect(tier).toBe(TrustTier.NITRO_ENCLAVE);
    expect(tier.reachedBy).toMatch(/covers the enclave alone/);
    const words = tier.stillTrusted.map(({ who, why }) => `${who}: ${why}`).join("\n");
    expect(words).toMatch(
      /everybody outside the enclave: virtual cluster, pods beside the enclave, volumes and Kubernetes Secrets are not covered/,
    );
    expect(words).toMatch(/AWS: the Nitro hypervisor/);
  });

  test("a tier that keeps the host out has no plain Secrets on its list", () => {
    const confidential = { plainSecrets: ["default/tls"] };
    const spec = { ...specFor("sealed", testVerifier(), vault, 1), confidential };
    expect(() => checkTenant(spec, eks, TODAY, [testVerifier()])).toThrow(
      /\[WORKLOAD_SECRET\] acme\.confidential\.plainSecrets: .*got default\/tls, which the host can read/,
    );
    const below = { ...specFor("internal", undefined, snp, 0), confidential };
    expect(checkTenant(below, eks, TODAY).tier).toBe(TrustTier.CONFIDENTIAL_NODE);
  });
});
