// Attacks on keys that open for Google's attestation, as data: who asks, for whose key, and whether it opens.
import {
  digest,
  nodeToken,
  NODE_TENANTS,
  POOL,
  SPACE_TENANTS,
  spaceToken,
} from "../../support/google-platform";
import type { Caller, Claims } from "../../support/google-iam";
import type { AttackedCell } from "./cell";

/** Somebody asks for a tenant's key. */
export interface GoogleAttack {
  readonly name: string;
  /** Whose key. */
  readonly tenant: string;
  readonly caller: Caller;
  /** When. @default NOW of the platform */
  readonly at?: string;
}

/** An attack that counts in the table of wirings. */
export type GoogleCell = GoogleAttack & AttackedCell;

const SPACE = "confidential-space";
const NODE = "gke-node";

/** A container of `tenant` on Confidential Space, with other claims. */
export function inSpace(tenant: string, change: Claims = {}): Caller {
  return { token: spaceToken(tenant, change), pool: POOL[SPACE] };
}

/** An agent on a node of `tenant`, with other claims. */
export function onNode(tenant: string, change: Claims = {}): Caller {
  return { token: nodeToken(tenant, change), pool: POOL[NODE] };
}

const cells = (
  wiring: string,
  negative: string,
  refused: boolean,
  attacks: readonly (readonly [string, Caller, string?])[],
): GoogleCell[] =>
  attacks.map(([name, caller, at]) => ({
    wiring,
    negative,
    refused,
    name: `${wiring}: ${name}`,
    tenant: wiring === SPACE ? "acme" : "aperture",
    caller,
    ...(at === undefined ? {} : { at }),
  }));

/** Each tenant against each other's key. */
export function pairs(tenants: readonly string[]): (readonly [string, string])[] {
  return tenants.flatMap((one) =>
    tenants.filter((other) => other !== one).map((other) => [one, other] as const),
  );
}

const HOUR_AGO = { iat: 1_795_255_000, nbf: 1_795_255_000, exp: 1_795_258_600 };

/** Tokens that are too old, too new, for somebody else, or nobody's. */
const outOfDate = (own: (change?: Claims) => Caller): (readonly [string, Caller, string?])[] => [
  ["a token of yesterday", own(HOUR_AGO)],
  ["a token that was good an hour ago", own(), "2026-11-21T13:00:00Z"],
  ["a token in the second in which it ends", own(), "2026-11-21T12:50:00Z"],
  ["a token that begins later", own(), "2026-11-21T11:00:00Z"],
];

/** All that count in the table. */
export const GOOGLE_CELLS: readonly GoogleCell[] = [
  ...pairs(SPACE_TENANTS).map(([one, other]): GoogleCell => ({
    wiring: SPACE,
    negative: "neighbour",
    refused: true,
    name: `${SPACE}: ${one} asks for ${other}'s key`,
    tenant: other,
    caller: inSpace(one),
  })),
  ...cells(SPACE, "neighbour", true, [
    [
      "a neighbour writes the digest into its environment and arguments",
      inSpace("globex", {
        "submods.container.env": { image_digest: digest("acme") },
        "submods.container.args": [digest("acme")],
      }),
    ],
    [
      "a neighbour's image is called like the tenant's",
      inSpace("globex", {
        "submods.container.image_reference": `example.com/acme@${digest("acme")}`,
      }),
    ],
    [
      "a neighbour runs under the tenant's service account",
      inSpace("globex", {
        google_service_accounts: ["acme@example-trust.iam.gserviceaccount.com"],
      }),
    ],
    ["a node of a neighbour, at the nodes' pool", onNode("aperture")],
    ["a node of a neighbour, at the containers' pool", { token: nodeToken("aperture"), pool: POOL[SPACE] }],
    [
      "a node, with the digest as its service account",
      onNode("aperture", {
        google_service_accounts: [digest("acme")],
      }),
    ],
  ]),
  ...cells(SPACE, "unmeasuredImage", true, [
    ["an image nobody listed", inSpace("acme", { "submods.container.image_digest": digest("evil") })],
    ["no digest", inSpace("acme", { "submods.container.image_digest": undefined })],
    ["no container", inSpace("acme", { "submods.container": undefined })],
    [
      "the digest without its algorithm",
      inSpace("acme", {
        "submods.container.image_digest": digest("acme").slice("sha256:".length),
      }),
    ],
    [
      "the digest in capitals",
      inSpace("acme", {
        "submods.container.image_digest": digest("acme").toUpperCase(),
      }),
    ],
    [
      "several digests",
      inSpace("acme", {
        "submods.container.image_digest": [digest("acme"), digest("evil")],
      }),
    ],
    [
      "a release after its last day",
      inSpace("acme", { "submods.container.image_digest": digest("acme", 0) }),
    ],
    [
      "a release before its first day",
      inSpace("acme", { "submods.container.image_digest": digest("acme", 2) }),
    ],
  ]),
  ...cells(SPACE, "debug", true, [
    [
      "a debug image",
      inSpace("acme", {
        dbgstat: "enabled",
        "submods.confidential_space.support_attributes": undefined,
      }),
    ],
    ["debugging on, on a stable image", inSpace("acme", { dbgstat: "enabled" })],
    ["nothing said about debugging", inSpace("acme", { dbgstat: undefined })],
    [
      "an image that is no longer stable",
      inSpace("acme", {
        "submods.confidential_space.support_attributes": ["USABLE"],
      }),
    ],
    [
      "an image without support",
      inSpace("acme", {
        "submods.confidential_space.support_attributes": [],
      }),
    ],
    ["secure boot off", inSpace("acme", { secboot: false })],
    ["secure boot as a text", inSpace("acme", { secboot: "true" })],
    ["a machine without a TEE", inSpace("acme", { hwmodel: "GCP_SHIELDED_VM" })],
    ["hardware that was not asked for", inSpace("acme", { hwmodel: "GCP_AMD_SEV" })],
  ]),
  ...cells(
    SPACE,
    "staleEvidence",
    true,
    outOfDate((change) => inSpace("acme", change)),
  ),
  ...cells(SPACE, "administrator", true, [
    ["the owner of the project", { member: "user:owner@example.com", projectRoles: ["roles/owner"] }],
    ["an administrator of keys", { member: "user:kms@example.com", projectRoles: ["roles/cloudkms.admin"] }],
    [
      "somebody who granted himself decryption on the project",
      { member: "user:eve@example.com", projectRoles: ["roles/cloudkms.cryptoKeyDecrypter"] },
    ],
    [
      "the workload's own service account, impersonated",
      {
        member: "serviceAccount:acme@example-trust.iam.gserviceaccount.com",
        projectRoles: ["roles/cloudkms.cryptoOperator"],
      },
    ],
    [
      "an administrator of the host, with a token of its nodes",
      {
        token: nodeToken("aperture", {
          google_service_accounts: ["acme@example-trust.iam.gserviceaccount.com"],
        }),
        pool: POOL[SPACE],
      },
    ],
    [
      "an administrator of another project, with the tenant's image",
      inSpace("acme", {
        "submods.gce.project_number": "111111111111",
      }),
    ],
    ["an administrator, with a token he signed himself", { ...inSpace("acme"), signed: false }],
  ]),
  ...cells(NODE, "neighbour", false, [
    ["a neighbour's pod that landed on the node, with the device", onNode("aperture")],
  ]),
  ...cells(NODE, "unmeasuredImage", false, [["any image on the node", onNode("aperture")]]),
  ...cells(NODE, "debug", false, [
    ["nothing said about debugging", onNode("aperture", { dbgstat: undefined })],
    ["debugging on", onNode("aperture", { dbgstat: "enabled" })],
  ]),
  ...cells(
    NODE,
    "staleEvidence",
    true,
    outOfDate((change) => onNode("aperture", change)),
  ),
  ...cells(NODE, "administrator", false, [
    ["a pod that an administrator of the host started on the node", onNode("aperture")],
  ]),
];

const wrong = (caller: (change: Claims) => Caller, tenant: string): GoogleAttack[] =>
  (
    [
      ["for another audience", { aud: "https://vault.example.com" }],
      ["for no audience", { aud: undefined }],
      ["of another issuer", { iss: "https://accounts.google.com" }],
      [
        "of an issuer whose name begins alike",
        { iss: "https://confidentialcomputing.googleapis.com.example.com" },
      ],
    ] as const
  ).map(([name, change]) => ({ name: `${tenant}: a token ${name}`, tenant, caller: caller(change) }));

/** Attacks that the table has no column for, refused all the same. */
export const GOOGLE_REFUSED: readonly GoogleAttack[] = [
  ...wrong((change) => inSpace("acme", change), "acme"),
  ...wrong((change) => onNode("aperture", change), "aperture"),
  ...pairs(NODE_TENANTS).map(([one, other]): GoogleAttack => ({
    name: `a node of ${one} asks for ${other}'s key`,
    tenant: other,
    caller: onNode(one),
  })),
  {
    name: "a container in the host's project, under the account of a node, at the nodes' pool",
    tenant: "aperture",
    caller: onNode("aperture", { swname: "CONFIDENTIAL_SPACE" }),
  },
  {
    name: "a machine that says nothing of Confidential Space but has its claims",
    tenant: "acme",
    caller: inSpace("acme", { swname: "GCE" }),
  },
  {
    name: "a node of other hardware",
    tenant: "aperture",
    caller: onNode("aperture", { hwmodel: "GCP_AMD_SEV" }),
  },
  { name: "a node without secure boot", tenant: "aperture", caller: onNode("aperture", { secboot: false }) },
  {
    name: "a machine of another project, under the account of a node",
    tenant: "aperture",
    caller: onNode("aperture", {
      "submods.gce.project_id": "example-other",
      "submods.gce.project_number": "111111111111",
    }),
  },
  {
    name: "a machine of a project with the host project's number",
    tenant: "aperture",
    caller: onNode("aperture", { "submods.gce.project_id": "example-other" }),
  },
  {
    name: "a machine of a project with the host project's id",
    tenant: "aperture",
    caller: onNode("aperture", { "submods.gce.project_number": "111111111111" }),
  },
  {
    name: "a plain machine of the host's project",
    tenant: "aperture",
    caller: onNode("aperture", {
      google_service_accounts: ["default@example-platform.iam.gserviceaccount.com"],
    }),
  },
  {
    name: "a node without a service account",
    tenant: "aperture",
    caller: onNode("aperture", { google_service_accounts: [] }),
  },
  {
    name: "the owner of the project, for a node's key",
    tenant: "aperture",
    caller: { member: "user:owner@example.com", projectRoles: ["roles/owner"] },
  },
];
