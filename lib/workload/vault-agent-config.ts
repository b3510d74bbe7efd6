// The configuration of Vault's agent: log in with the verifier's token, render files in memory, again and again.
import { isHostName } from "../core/formats";
import type { Fault } from "./workload-pod";

/** A Vault, and the log-in of one workload. */
export interface VaultAgentLogin {
  /** `https://` address with a port where it is not 443. Fails with WORKLOAD_POD. */
  readonly address: string;
  /** CA of its certificate, PEM. @default - the CAs of the agent's image */
  readonly caPem?: string;
  /** Mount of the JWT log-in, without `auth/`, like `jwt-trustee`. Fails with WORKLOAD_POD. */
  readonly mount: string;
  /** Role of the workload, like `acme.web`. Fails with WORKLOAD_POD. */
  readonly role: string;
}

/** A field of a secret, as a file. */
export interface VaultAgentSecret {
  /** Path of a KV secret, version 2, like `kv-acme/data/web/db`. Fails with WORKLOAD_POD. */
  readonly path: string;
  /** Field of it. */
  readonly field: string;
}

/** A certificate of the tenant's own PKI. */
export interface VaultAgentCertificate {
  /** Mount of the tenant's PKI, like `pki-acme`. Fails with WORKLOAD_POD. */
  readonly mount: string;
  /** Role of the workload there. Fails with WORKLOAD_POD. */
  readonly role: string;
  /** Names it carries; the first is its common name. Fails with WORKLOAD_POD. */
  readonly dnsNames: readonly string[];
  /** Life, 15 to 60 minutes. Fails with CERTIFICATE_LIFE. @default 30 */
  readonly minutes?: number;
}

/** Where the agent finds the verifier's token; it removes what it read. */
export const TOKEN_FOLDER = "/run/attestation";
export const TOKEN_FILE = `${TOKEN_FOLDER}/token`;

/** Where it renders. */
export const SECRETS_FOLDER = "/run/secrets/vault";
/** Files of a certificate. `bundle` is the agent's own: from it, it knows when to ask for the next. */
export const TLS_FILES = {
  certificate: `${SECRETS_FOLDER}/tls.crt`,
  key: `${SECRETS_FOLDER}/tls.key`,
  ca: `${SECRETS_FOLDER}/ca.crt`,
  bundle: `${SECRETS_FOLDER}/tls.pem`,
} as const;

/** Texts stand between quotes in templates: nothing in them may end one. */
const PATH = /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?(\/[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?)*$/;
const FIELD = /^[A-Za-z0-9_][-._A-Za-z0-9]*$/;

export interface VaultAgentInput {
  readonly login: VaultAgentLogin;
  /** By name of the file. */
  readonly secrets: Readonly<Record<string, VaultAgentSecret>>;
  readonly certificate?: VaultAgentCertificate;
}

/** What can be wrong with it. */
export function agentFaults({ login, secrets, certificate }: VaultAgentInput): Fault[] {
  const { address, mount, role, caPem } = login;
  const listed = Object.entries(secrets);
  return [
    {
      fails: !/^https:\/\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?(:\d{1,5})?$/.test(address),
      text: `Vault must be reached by https, got '${address}'; write it like https://vault.example.com:8200`,
    },
    {
      fails:
        caPem !== undefined &&
        !/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n?$/.test(caPem),
      // It may be a key that was given by mistake.
      text: `caPem must be one certificate in PEM, got ${caPem?.length} characters; give the CA's certificate alone`,
    },
    {
      fails: ![mount, role].every((text) => PATH.test(text)),
      text: `mount and role of the log-in must be paths, got '${mount}' and '${role}'; write them like jwt-trustee and acme.web`,
    },
    {
      fails: listed.length === 0 && certificate === undefined,
      text: "a pod must get secrets or a certificate, got neither; name what it needs",
    },
    {
      fails: !listed.every(
        ([file, { path, field }]) =>
          FIELD.test(file) &&
          !Object.values(TLS_FILES).includes(`${SECRETS_FOLDER}/${file}` as never) &&
          PATH.test(path) &&
          FIELD.test(field),
      ),
      text:
        "secrets must be a path and a field by the name of a file, got " +
        `${listed.map(([file, { path, field }]) => `${file}: ${path} ${field}`).join(", ")}; ` +
        "write them like db: { path: 'kv-acme/data/web/db', field: 'password' }, and leave the names of tls files",
    },
    {
      fails:
        certificate !== undefined &&
        !(
          PATH.test(certificate.mount) &&
          PATH.test(certificate.role) &&
          certificate.dnsNames.length > 0 &&
          certificate.dnsNames.every(isHostName)
        ),
      text:
        `a certificate must have a mount, a role and host names, got '${certificate?.mount}', '${certificate?.role}' and ` +
        `${certificate?.dnsNames.join(", ") || "no name"}; write them like pki-acme, web and web.acme.example.com`,
    },
  ];
}

/**
 * The configuration, as JSON. The token is read once and removed; there is no sink, so the agent's own token is on no
 * disk; each new token of the verifier is a new log-in.
 * SOURCE: Vault 1.21, agent: command/agentproxyshared/auth/jwt; consul-template 0.41, dependency/vault_pki.go.
 */
export function agentConfig({ login, secrets, certificate }: VaultAgentInput): string {
  return JSON.stringify({
    vault: { address: login.address, retry: { num_retries: 5 } },
    auto_auth: {
      method: [
        {
          type: "jwt",
          mount_path: `auth/${login.mount}`,
          max_backoff: "30s",
          config: { path: TOKEN_FILE, role: login.role, remove_jwt_after_reading: true },
        },
      ],
    },
    template_config: { exit_on_retry_failure: true, static_secret_render_interval: "5m" },
    template: [
      ...Object.entries(secrets).map(([file, { path, field }]) => ({
        destination: `${SECRETS_FOLDER}/${file}`,
        contents: `{{ with secret "${path}" }}{{ index .Data.data "${field}" }}{{ end }}`,
        perms: "0400",
        error_on_missing_key: true,
      })),
      ...(certificate
        ? [{ destination: TLS_FILES.bundle, contents: certificateTemplate(certificate), perms: "0400" }]
        : []),
    ],
  });
}

/** The bundle has the key, too: after a restart the agent reads all of it back from there. */
function certificateTemplate({ mount, role, dnsNames, minutes = 30 }: VaultAgentCertificate): string {
  const asked = [`common_name=${dnsNames[0]}`, `alt_names=${dnsNames.join(",")}`, `ttl=${minutes}m`];
  const write = (what: string, path: string): string => `{{ .${what} | writeToFile "${path}" "" "" "0400" }}`;
  return (
    `{{ with pkiCert "${mount}/issue/${role}" ${asked.map((text) => `"${text}"`).join(" ")} }}` +
    "{{ .Cert }}{{ .CA }}{{ .Key }}" +
    write("Key", TLS_FILES.key) +
    write("CA", TLS_FILES.ca) +
    write("Cert", TLS_FILES.certificate) +
    "{{ end }}"
  );
}
