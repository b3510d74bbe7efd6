// A pod whose secrets and certificate come from Vault: an attester gets the verifier's token, Vault's agent logs in with it.
import { CERTIFICATE_MINUTES, isCertificateLife } from "../attestation/attested-workload";
import type { VolumeMount } from "kubernetes-types/core/v1";
import { ConfigurationError } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import {
  agentConfig,
  agentFaults,
  SECRETS_FOLDER,
  TLS_FILES,
  TOKEN_FILE,
  TOKEN_FOLDER,
  type VaultAgentCertificate,
  type VaultAgentLogin,
  type VaultAgentSecret,
} from "./vault-agent-config";
import {
  assertPod,
  CONTAINER_SHAPE,
  containerFaults,
  containerOf,
  memoryVolume,
  PLACEMENT_SHAPE,
  placementFaults,
  podOf,
  type WorkloadContainer,
  type WorkloadPlacement,
  type WorkloadPod,
} from "./workload-pod";

export interface VaultAgentPodOptions extends WorkloadPlacement {
  /** Your container. It reads files, and never speaks to Vault. */
  readonly workload: WorkloadContainer;
  /** Name of its container, DNS-1123. Fails with WORKLOAD_POD. @default app */
  readonly name?: string;
  /**
   * Container that gets the verifier's token and puts it into the file named by `TOKEN_FILE`, by renaming, again before it
   * ends. It alone needs what evidence is made with. @default - none: something else writes the file
   */
  readonly attester?: WorkloadContainer;
  /** Image of Vault by digest, with a shell, as the official one has. Fails with WORKLOAD_POD. */
  readonly agentImage: string;
  readonly login: VaultAgentLogin;
  /** Fields of secrets by the name of their file below /run/secrets/vault. @default - none */
  readonly secrets?: Readonly<Record<string, VaultAgentSecret>>;
  /** Certificate of the tenant's own PKI, for TLS both ways. @default - none */
  readonly certificate?: VaultAgentCertificate;
  /** Limit of the files in memory, Kubernetes quantity. @default 1Mi */
  readonly sizeLimit?: string;
}

const SHAPE = shape.object({
  ...PLACEMENT_SHAPE,
  workload: CONTAINER_SHAPE,
  name: shape.text.optional(),
  attester: CONTAINER_SHAPE.optional(),
  agentImage: shape.text,
  login: shape.object({
    address: shape.text,
    caPem: shape.text.optional(),
    mount: shape.text,
    role: shape.text,
  } satisfies Record<keyof VaultAgentLogin, z.ZodType>),
  secrets: shape
    .byName(
      shape.object({ path: shape.text, field: shape.text } satisfies Record<
        keyof VaultAgentSecret,
        z.ZodType
      >),
    )
    .optional(),
  certificate: shape
    .object({
      mount: shape.text,
      role: shape.text,
      dnsNames: shape.texts,
      minutes: shape.number.optional(),
    } satisfies Record<keyof VaultAgentCertificate, z.ZodType>)
    .optional(),
  sizeLimit: shape.text.optional(),
} satisfies Record<keyof VaultAgentPodOptions, z.ZodType>);

/**
 * Variable of the agent's container with its configuration. Nothing in it is secret, but whoever changes it has the
 * verifier's token sent elsewhere: a container's variables and arguments are what a guest's agent policy holds it to,
 * while files from ConfigMaps and annotations come from the host unmeasured.
 */
export const AGENT_CONFIG = "VAULT_AGENT_CONFIG";

const CONFIG_FOLDER = "/run/vault-agent";
const CONFIG_FILE = `${CONFIG_FOLDER}/agent.json`;

/** Vault's agent reads files alone. */
const START = `umask 077; printf %s "$${AGENT_CONFIG}" > ${CONFIG_FILE}; exec vault agent -config=${CONFIG_FILE}`;

/**
 * The pod. Token, secrets and keys are on volumes in memory; the workload's container sees the rendered files alone. What
 * Vault gives ends by itself: a new certificate takes a new log-in with a new token of the verifier.
 *
 * With a certificate the workload finds its files in `TLS_CERTIFICATE_FILE`, `TLS_KEY_FILE` and `TLS_CA_FILE`, and reads
 * them again before they end. Fails with OPTION_TYPE, WORKLOAD_POD, CERTIFICATE_LIFE.
 */
export function vaultAgentPod(options: VaultAgentPodOptions): WorkloadPod {
  assertShape("vaultAgentPod", SHAPE, options);
  const { workload, name = "app", attester, agentImage, login, secrets = {}, certificate } = options;
  const agent: WorkloadContainer = { image: agentImage, cpu: "50m", memory: "128Mi" };
  const input = { login, secrets, ...(certificate ? { certificate } : {}) };
  assertPod("vaultAgentPod", [
    ...placementFaults(options),
    ...containerFaults(name, workload),
    ...containerFaults("vault-agent", agent),
    ...(attester ? containerFaults("attester", attester) : []),
    {
      fails: ["vault-agent", "attester"].includes(name),
      text: `your container must not be named like the snippet's own, got '${name}'; choose another name`,
    },
    ...agentFaults(input),
  ]);
  assertLife(certificate?.minutes);
  const mount = (volume: string, mountPath: string, readOnly: boolean): VolumeMount => ({
    name: volume,
    mountPath,
    ...(readOnly ? { readOnly } : {}),
  });
  const tls: Record<string, string> = certificate
    ? {
        TLS_CERTIFICATE_FILE: TLS_FILES.certificate,
        TLS_KEY_FILE: TLS_FILES.key,
        TLS_CA_FILE: TLS_FILES.ca,
      }
    : {};
  return {
    annotations: {},
    spec: podOf(options, {
      containers: [
        containerOf(name, workload, { env: tls, mounts: [mount("secrets", SECRETS_FOLDER, true)] }),
        containerOf(
          "vault-agent",
          { ...agent, command: ["/bin/sh", "-ec"], args: [START] },
          {
            env: {
              [AGENT_CONFIG]: agentConfig(input),
              ...(login.caPem === undefined ? {} : { VAULT_CACERT_BYTES: login.caPem }),
            },
            mounts: [
              mount("agent-config", CONFIG_FOLDER, false),
              mount("attestation", TOKEN_FOLDER, false),
              mount("secrets", SECRETS_FOLDER, false),
            ],
          },
        ),
        ...(attester
          ? [
              containerOf("attester", attester, {
                env: { TOKEN_FILE },
                mounts: [mount("attestation", TOKEN_FOLDER, false)],
              }),
            ]
          : []),
      ],
      volumes: [
        memoryVolume("attestation", "1Mi"),
        memoryVolume("secrets", options.sizeLimit ?? "1Mi"),
        memoryVolume("agent-config", "1Mi"),
      ],
    }),
  };
}

function assertLife(minutes = 30): void {
  if (isCertificateLife(minutes)) return;
  const { least, most } = CERTIFICATE_MINUTES;
  throw new ConfigurationError(
    "CERTIFICATE_LIFE",
    "vaultAgentPod",
    `a certificate must live ${least} to ${most} whole minutes, because no list takes it back before its end, got ${minutes}; use 30`,
  );
}
