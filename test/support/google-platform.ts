// Five tenants with images on Confidential Space, five with nodes of their own, and the tokens they get.
import { ConfidentialSpace, GkeHost, GkeNodeAttestation } from "../../lib/google";
import type { GoogleEvidence } from "../../lib/attestation/google/google-claims";
import { tenantKeyName } from "../../lib/attestation/google/google-trust-domain";
import { nodeAttribute } from "../../lib/attestation/google/gke-node-attestation";
import { Construct, TerraformStack, Testing } from "../../lib/core/cdk";
import { Tee } from "../../lib/tee/tee";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { GoogleTrustStack } from "../../stacks/google";
import { exampleGkeHost, GKE_ATTRIBUTES, GKE_SYSTEM, GKE_TDX } from "./gke-host";
import type { Claims } from "./google-iam";
import { GOOGLE_TRUST } from "./google-trust";
import { exampleTenant } from "./host";

/** Tenants whose workloads run on Confidential Space. */
export const SPACE_TENANTS = ["acme", "globex", "hooli", "initech", "umbrella"] as const;

/** Tenants with a pool of their own. */
export const NODE_TENANTS = ["aperture", "cyberdyne", "soylent", "tyrell", "wayne"] as const;

/** Digest of a tenant's image: another for each release. */
export function digest(tenant: string, release = 1): string {
  const hex = Buffer.from(`${tenant}-${release}`).toString("hex");
  return `sha256:${hex.repeat(Math.ceil(64 / hex.length)).slice(0, 64)}`;
}

export const HOST = exampleGkeHost({
  pools: [
    GKE_SYSTEM,
    { ...GKE_TDX, maxNodes: 2 },
    { ...GKE_TDX, name: "sev", machineType: "n2d-standard-4", tee: Tee.SEV, maxNodes: 2 },
    ...NODE_TENANTS.map((tenant) => ({
      ...GKE_TDX,
      name: `tdx-${tenant}`,
      maxNodes: 2,
      owner: { tenant, pattern: "tdx" },
    })),
  ],
});

export const space = ConfidentialSpace.of(GOOGLE_TRUST);
export const nodes = GkeNodeAttestation.of({
  ...GOOGLE_TRUST,
  name: "nodes",
  host: HOST,
  hostProjectNumber: "123456789012",
  pools: NODE_TENANTS.map((tenant) => `tdx-${tenant}`),
});

/** The releases of a Confidential Space tenant: one that ended, one that runs, one that comes. */
function releases(
  tenant: string,
): { release: string; from?: string; until?: string; values: Record<string, string> }[] {
  return [
    { release: "0", until: "2026-06-30", values: { imageDigest: digest(tenant, 0) } },
    { release: "1", from: "2026-06-01", values: { imageDigest: digest(tenant, 1) } },
    { release: "2", from: "2027-06-01", values: { imageDigest: digest(tenant, 2) } },
  ];
}

/** The configurations of trust stack and tenants. */
export function configurations(): Template["json"][] {
  const app = Testing.app();
  const trust = new GoogleTrustStack(app, "trust", {
    host: { reference: HOST },
    verifiers: [space, nodes],
  });
  const tenants = new TerraformStack(app, "tenants");
  const host = GkeHost.fromAttributes(tenants, "Host", HOST, GKE_ATTRIBUTES);
  for (const name of SPACE_TENANTS)
    space.bind(new Construct(tenants, name), {
      tenant: checkTenant(
        exampleTenant({
          name,
          pool: "tdx",
          attestation: { verifier: "space", workloads: [{ name: "app", referenceValues: releases(name) }] },
        }),
        HOST,
        "2026-11-21",
        [space, nodes],
      ),
      host,
    });
  for (const name of NODE_TENANTS)
    nodes.bind(new Construct(tenants, name), {
      tenant: checkTenant(
        exampleTenant({
          name,
          pool: "tdx",
          attestation: { verifier: "nodes", workloads: [{ name: "agent" }] },
        }),
        HOST,
        "2026-11-21",
        [space, nodes],
      ),
      host,
    });
  return [Template.of(trust).json, Template.of(tenants).json];
}

/** A tenant's key for secrets. */
export function keyOf(tenant: string): string {
  return tenantKeyName("example-trust", HOST, tenant, "secrets");
}

/** When attacks happen. */
export const NOW = "2026-11-21T12:00:00Z";

const SECONDS = Date.parse(NOW) / 1000;

const COMMON: Claims = {
  aud: "https://sts.googleapis.com",
  iss: "https://confidentialcomputing.googleapis.com",
  iat: SECONDS - 600,
  nbf: SECONDS - 600,
  exp: SECONDS + 3000,
  oemid: 11129,
  secboot: true,
};

/** A token's claims with some replaced, `a.b` deep; undefined takes one away. */
export function changed(claims: Claims, change: Claims): Claims {
  const copy = structuredClone(claims) as Record<string, unknown>;
  for (const [path, value] of Object.entries(change)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return copy;
}

/** What Google says of a tenant's container on Confidential Space. */
export function spaceToken(tenant: string, change: Claims = {}): Claims {
  const image = digest(tenant);
  return changed(
    {
      ...COMMON,
      sub: "https://www.googleapis.com/compute/v1/projects/example-trust/zones/europe-west4-a/instances/app",
      hwmodel: "GCP_INTEL_TDX",
      swname: "CONFIDENTIAL_SPACE",
      swversion: ["260700"],
      dbgstat: "disabled-since-boot",
      submods: {
        confidential_space: { support_attributes: ["LATEST", "STABLE", "USABLE"] },
        container: {
          image_digest: image,
          image_reference: `example.com/${tenant}@${image}`,
          env: {},
          args: [],
        },
        gce: machine("example-trust", "987654321098"),
      },
      google_service_accounts: [`${tenant}@example-trust.iam.gserviceaccount.com`],
    },
    change,
  );
}

/** What Google says of a node of a tenant's own pool. */
export function nodeToken(tenant: string, change: Claims = {}): Claims {
  const pool = HOST.pools.find(({ name }) => name === `tdx-${tenant}`)!;
  return changed(
    {
      ...COMMON,
      sub: "https://www.googleapis.com/compute/v1/projects/example-platform/zones/europe-west4-a/instances/gke-1",
      hwmodel: "GCP_INTEL_TDX",
      swname: "GCE",
      submods: { gce: machine("example-platform", "123456789012") },
      google_service_accounts: [nodeAttribute(HOST, pool).split("/")[1]],
    },
    change,
  );
}

function machine(project: string, number: string): Claims {
  return {
    project_id: project,
    project_number: number,
    zone: "europe-west4-a",
    instance_id: "7333251546816446069",
    instance_name: "app",
  };
}

/** Id of the pool that takes this evidence. */
export const POOL: Readonly<Record<GoogleEvidence, string>> = {
  "confidential-space": "example-space",
  "gke-node": "example-nodes",
};
