// Snippets of pods that get secrets on evidence, on tenants of every kind of pool.
import { enclaveKeyPod, secretsStorePod, TrustTier, type WorkloadPod } from "../../lib";
import { PARAMETERS } from "../../lib/admission/parameters";
import { brokerPod, syncedWorkload, vaultPods } from "../../lib/testing/evidence-pods";
import type { Manifest } from "../../lib/testing/requests";
import { onKata, onNitro, onSnp, type PodOwner } from "./pods";

export const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
export const byDigest = (name: string): string => `registry.example.com/${name}@${DIGEST}`;

/** On confidential nodes, with the strictest prerequisites a tenant may ask for. */
const onStrictSnp = (): PodOwner =>
  onSnp({
    confidential: {},
    images: { digests: true, registries: ["registry.example.com"] },
  });

/** A Kata tenant whose file lists its initialisation data, as one on pod VMs would. */
function onListedKata(): PodOwner {
  const owner = onKata();
  return {
    ...owner,
    tenant: {
      ...owner.tenant,
      annotations: {
        ...owner.tenant.annotations,
        [PARAMETERS.kataAnnotations]: "io.katacontainers.config.hypervisor.cc_init_data",
        [PARAMETERS.confidentialPrerequisites]: "required",
        [PARAMETERS.initData]: "aW5pdA==",
      },
    },
  };
}

/** The enclave with its way to KMS. */
export function keyPod({ host, tenant }: PodOwner): WorkloadPod {
  const pool = host.pools.find(({ runtimeClassName }) => runtimeClassName === tenant.runtimeClass)!;
  return enclaveKeyPod(pool, {
    enclave: { image: byDigest("signer"), memoryMiB: 512, inVirtualCluster: true },
    proxyImage: byDigest("vsock-proxy"),
    region: "eu-west-1",
  });
}

/** A pod whose secrets the node brings. */
export const storePod = (tier: TrustTier = TrustTier.CONFIDENTIAL_NODE): WorkloadPod =>
  secretsStorePod({ workload: { image: byDigest("app") }, tier, providerClass: "db" });

/** One pod on the host, and the rule that refuses it, if one does. */
export interface PodOnHost {
  readonly name: string;
  readonly owner: PodOwner;
  readonly pod: Manifest;
  readonly refusedBy?: string;
}

/** All snippets, where they are meant to be, and where they are not. */
export function podsOnHosts(): readonly PodOnHost[] {
  const snp = onSnp();
  const strict = onStrictSnp();
  const kata = onListedKata();
  const nitro = onNitro();
  return [
    ...[snp, strict].flatMap((owner) => {
      const { server, client } = vaultPods(owner.tenant);
      const on = owner === strict ? "strict SNP" : "SNP";
      return [
        { name: `server with Vault's agent on ${on}`, owner, pod: server },
        { name: `client with Vault's agent on ${on}`, owner, pod: client },
      ];
    }),
    { name: "client of the key broker in a Kata sandbox", owner: kata, pod: brokerPod(kata.tenant) },
    {
      name: "client of the key broker where no initialisation data is listed",
      owner: snp,
      pod: brokerPod(snp.tenant),
      refusedBy: "runtime-annotations",
    },
    {
      name: "enclave with its way to KMS",
      owner: nitro,
      pod: syncedWorkload(nitro.tenant, "signer", keyPod(nitro)),
    },
    {
      name: "secrets store in a tenant's namespace",
      owner: snp,
      pod: syncedWorkload(snp.tenant, "store", storePod()),
      refusedBy: "volumes",
    },
  ];
}
