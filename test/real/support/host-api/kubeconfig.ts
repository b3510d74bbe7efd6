// A kubeconfig as text: JSON, which every client reads as YAML.

export interface Login {
  readonly url: string;
  readonly ca: Buffer;
  readonly token: string;
  /** Namespace of commands that name none. */
  readonly namespace?: string;
  /** The name in the server's certificate, where the address differs. */
  readonly serverName?: string;
}

/** One server, one user, one context. */
export function kubeconfig({ url, ca, token, namespace, serverName }: Login): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "host",
        cluster: {
          server: url,
          "certificate-authority-data": ca.toString("base64"),
          ...(serverName ? { "tls-server-name": serverName } : {}),
        },
      },
    ],
    users: [{ name: "user", user: { token } }],
    contexts: [
      { name: "host", context: { cluster: "host", user: "user", ...(namespace ? { namespace } : {}) } },
    ],
    "current-context": "host",
  });
}
