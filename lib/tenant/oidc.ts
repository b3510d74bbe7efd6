// Log-in to a virtual cluster by an identity provider: flags of its API server, and what each group may do inside.

/** The part of a tenant file about log-in. Groups as the provider names them. */
export interface OidcSpec {
  readonly issuer: string;
  readonly clientId: string;
  readonly groupsClaim: string;
  readonly groups: Readonly<Partial<Record<Persona, readonly string[]>>>;
}

/** Who works inside a virtual cluster, with the ClusterRole that Kubernetes ships for it. */
export const PERSONAS = {
  admin: "cluster-admin",
  developer: "edit",
  viewer: "view",
} as const;

export type Persona = keyof typeof PERSONAS;

/** Stands before every name and group of the provider, so that no token can say `system:masters`. */
export const OIDC_PREFIX = "oidc:";

/** Flags of the virtual API server. The user's name is the token's `sub`: an e-mail address can change hands. */
export function oidcFlags(oidc: OidcSpec): string[] {
  return [
    `--oidc-issuer-url=${oidc.issuer}`,
    `--oidc-client-id=${oidc.clientId}`,
    "--oidc-username-claim=sub",
    `--oidc-username-prefix=${OIDC_PREFIX}`,
    `--oidc-groups-claim=${oidc.groupsClaim}`,
    `--oidc-groups-prefix=${OIDC_PREFIX}`,
  ];
}

/** Bindings inside the virtual cluster, as the manifests its control plane applies. JSON is YAML. */
export function personaManifests({ groups }: OidcSpec): string {
  return (Object.keys(PERSONAS) as Persona[])
    .filter((persona) => (groups[persona] ?? []).length > 0)
    .map((persona) =>
      JSON.stringify({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: `tenclave-${persona}` },
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: PERSONAS[persona],
        },
        subjects: groups[persona]!.map((group) => ({
          apiGroup: "rbac.authorization.k8s.io",
          kind: "Group",
          name: OIDC_PREFIX + group,
        })),
      }),
    )
    .join("\n---\n");
}

/** What is wrong with an issuer; undefined when nothing is. */
export function issuerProblem(issuer: string): string | undefined {
  const cure = "write the provider's https address as its tokens carry it in 'iss'";
  let url: URL;
  try {
    url = new URL(issuer);
  } catch {
    return `the issuer must be a URL, got '${issuer}'; ${cure}`;
  }
  const { protocol, username, password, search, hash, port } = url;
  if (protocol !== "https:") return `the issuer must be reached by https, got '${issuer}'; ${cure}`;
  if (username || password || search || hash)
    return `the issuer must have no user, query or fragment, got '${issuer}'; ${cure}`;
  if (port !== "")
    return `the issuer must be reached on port 443, which the fence opens, got '${issuer}'; ${cure}`;
  return undefined;
}

/** What is wrong with a group; undefined when nothing is. */
export function groupProblem(group: string): string | undefined {
  if (group.trim() !== group || group === "")
    return `a group must be the provider's name or id of it, got '${group}'; write it without spaces around`;
  if (group.startsWith("system:"))
    return `a group must not be one of Kubernetes' own, got '${group}'; name a group of the provider`;
  return undefined;
}
