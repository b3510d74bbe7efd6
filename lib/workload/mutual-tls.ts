// Two workloads of a tenant that know each other by its own PKI, and nobody else by it.
import { assertPod, type WorkloadPod } from "./workload-pod";
import { vaultAgentPod, type VaultAgentPodOptions } from "./vault-agent-pod";
import type { VaultAgentCertificate } from "./vault-agent-config";

/** A pod with a certificate. */
export interface MutualTlsPodOptions extends VaultAgentPodOptions {
  readonly certificate: VaultAgentCertificate;
}

export interface MutualTlsOptions {
  /** Serves, and takes clients of this PKI alone. */
  readonly server: MutualTlsPodOptions;
  /** Calls the server by the first of its names. */
  readonly client: MutualTlsPodOptions;
  /** TCP port. Fails with WORKLOAD_POD. @default 8443 */
  readonly port?: number;
}

export interface MutualTlsPods {
  readonly server: WorkloadPod;
  readonly client: WorkloadPod;
}

/**
 * Both pods. The server finds `TLS_PORT` and, in `TLS_CA_FILE`, the only CA whose clients it may take; the client finds
 * `TLS_PORT`, `TLS_SERVER_NAME`, and the same CA. Both must ask for the other's certificate: docs/workload.md shows how.
 * Fails as `vaultAgentPod` does, and with WORKLOAD_POD when the two are of different PKIs.
 */
export function mutualTlsPods(options: MutualTlsOptions): MutualTlsPods {
  const { server, client, port = 8443 } = options;
  assertPod("mutualTlsPods", [
    {
      fails: server.certificate === undefined || client.certificate === undefined,
      text: "both pods must have a certificate, got one without; name mount, role and names",
    },
    {
      fails: server.certificate?.mount !== client.certificate?.mount,
      text:
        `both certificates must be of the tenant's one PKI, got '${server.certificate?.mount}' and ` +
        `'${client.certificate?.mount}'; use the tenant's own`,
    },
    {
      fails: !Number.isInteger(port) || port < 1024 || port > 65_535,
      text: `port must be a whole number from 1024 to 65535, got ${port}; leave it out for 8443`,
    },
  ]);
  const serving = vaultAgentPod(withEnv(server, { TLS_PORT: `${port}` }));
  const [app, ...others] = serving.spec.containers;
  return {
    server: {
      ...serving,
      spec: { ...serving.spec, containers: [{ ...app!, ports: [{ containerPort: port }] }, ...others] },
    },
    client: vaultAgentPod(
      withEnv(client, { TLS_PORT: `${port}`, TLS_SERVER_NAME: server.certificate.dnsNames[0]! }),
    ),
  };
}

function withEnv(options: MutualTlsPodOptions, env: Readonly<Record<string, string>>): VaultAgentPodOptions {
  return { ...options, workload: { ...options.workload, env: { ...options.workload.env, ...env } } };
}
