// The public data contract of a tenant: one JSON file, one schema. tenant.schema.json is generated from here.
import * as z from "../core/zod";
import type { ErrorCode } from "../core/errors";
import { isName, MAX_NAME } from "../core/names";
import { Sensitivity } from "../tee/sensitivity";
import { CONTAINER } from "./container-defaults";
import { CONTROL_PLANE_SIZES } from "./control-plane-size";
import { parseQuantity } from "./quantity";

/**
 * Names that belong to Kubernetes, to the platform or to well-known tools. A tenant's namespace is `tenant-<name>`, its
 * releases are `<name>` and `guardrails-<name>`.
 */
const RESERVED = [
  "cilium",
  "default",
  "guardrails",
  "host",
  "kube",
  "kubernetes",
  "platform",
  "shared",
  "system",
  "tenclave",
];
const RESERVED_PREFIXES = ["kube-", "guardrails-", "tenclave-"];

/** Carries our code through zod's issue. */
export interface CodedIssue {
  readonly code: ErrorCode;
  readonly text: string;
}

function coded(code: ErrorCode, text: string): { params: { coded: CodedIssue } } {
  return { params: { coded: { code, text } } };
}

/** What tenant.schema.json tells editors of a quantity; the check itself is parseQuantity. */
const QUANTITY_PATTERN = "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$";

const quantity = (description: string): z.ZodString =>
  z
    .string()
    .refine(
      (text) => parseQuantity(text) !== undefined,
      coded("TENANT_QUANTITY", "must be a Kubernetes quantity above zero; write one like 500m, 2 or 16Gi"),
    )
    .meta({ description, pattern: QUANTITY_PATTERN }) as unknown as z.ZodString;

const count = (description: string, fallback: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(0).max(10_000).default(fallback).describe(description);

const name = z
  .string()
  .refine(
    (text) => isName(text),
    coded(
      "TENANT_NAME",
      `must be a DNS-1123 label of at most ${MAX_NAME} characters (a-z, 0-9, '-', starting with a letter); choose another name`,
    ),
  )
  .refine(
    (text) => !RESERVED.includes(text) && !RESERVED_PREFIXES.some((prefix) => text.startsWith(prefix)),
    coded("TENANT_NAME_RESERVED", "must not be reserved for Kubernetes or the platform; choose another name"),
  )
  .meta({
    description: "Name of the tenant: DNS-1123, at most 40 characters, never used again after off-boarding.",
    pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$",
    maxLength: MAX_NAME,
  });

const quota = z
  .strictObject({
    requests: z.strictObject({
      cpu: quantity("Sum of CPU requests of the tenant's pods, like 4 or 500m."),
      memory: quantity("Sum of memory requests of the tenant's pods, like 16Gi."),
      storage: quantity("Sum of the tenant's volumes, like 50Gi."),
    }),
    limits: z.strictObject({
      memory: quantity("Sum of memory limits of the tenant's pods. Not below requests.memory."),
    }),
    pods: count("Pods.", 30),
    services: count("Services.", 20),
    secrets: count("Secrets that pods use; each pod's token is counted on top.", 50),
    configMaps: count("ConfigMaps that pods use.", 50),
    persistentVolumeClaims: count("Volumes.", 10),
    enclaves: count("Enclaves at a time, on a pool with enclaves.", 0),
    enclaveMemory: quantity(
      "Huge pages of all the tenant's enclaves together. When left out, each enclave counts an equal part of a node's.",
    ).optional(),
  })
  .describe("What the tenant's own workloads may use. The control plane's share is added to it.");

const container = z
  .strictObject({
    requests: z.strictObject({
      cpu: quantity("CPU request of a container that names none.").default(CONTAINER.requests.cpu),
      memory: quantity("Memory request of a container that names none.").default(CONTAINER.requests.memory),
    }),
    limits: z.strictObject({
      memory: quantity("Memory limit of a container that names none.").default(CONTAINER.limits.memory),
    }),
  })
  .describe("Defaults for containers that say nothing.");

const egress = z
  .strictObject({
    cidr: z.string().optional().describe("IPv4 range outside the cluster, like 203.0.113.0/24. At least /8."),
    fqdn: z
      .string()
      .optional()
      .describe("Name of one host outside the cluster, like api.example.com. Holds against mistakes only."),
    // Cilium takes 40 in one rule.
    ports: z.array(z.number().int().min(1).max(65535)).min(1).max(40).describe("Ports, at most 40."),
    protocol: z.enum(["TCP", "UDP"]).default("TCP").describe("Protocol."),
  })
  // Editors see it; the check itself is in tenant-rules.ts, with our words.
  .meta({
    description: "One way out of the fence.",
    oneOf: [{ required: ["cidr"] }, { required: ["fqdn"] }],
  });

const hostname = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/)
  .describe("Host name of the tenant's API server, like acme.k8s.example.com.");

const persona = (what: string): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  z.array(z.string()).min(1).optional().describe(what);

const oidc = z
  .strictObject({
    issuer: z.string().describe("The provider's https address, as its tokens carry it in `iss`."),
    clientId: z
      .string()
      .regex(/^\S+$/)
      .describe("Audience of the tokens: the client registered for this virtual cluster alone."),
    groupsClaim: z.string().regex(/^\S+$/).default("groups").describe("Claim that holds the groups."),
    groups: z
      .strictObject({
        admin: persona("Groups that are cluster-admin inside."),
        developer: persona("Groups that may edit in every namespace inside, Secrets included."),
        viewer: persona("Groups that may read, Secrets excluded."),
      })
      .describe("Groups of the provider, by what they may do inside. At least one."),
  })
  .describe("Log-in by an identity provider.");

const api = z
  .strictObject({
    hostname: hostname.optional(),
    via: z
      .enum(["gateway", "portForward"])
      .default("portForward")
      .describe("How the tenant reaches its API server."),
    oidc: oidc.optional(),
  })
  .describe("How the tenant reaches its API server.");

const exception = z
  .strictObject({
    rule: z.string().describe("Id of an admission rule that takes exceptions, like host-probes."),
    reason: z.string().describe("Why, for whoever audits this later."),
    owner: z.string().describe("Who answers for it, like a team or a person."),
    expires: z
      .string()
      .meta({ description: "Last day it holds, YYYY-MM-DD, at most a year ahead.", format: "date" }),
  })
  .describe("An admission rule that does not bind this tenant.");

const registry = z
  .string()
  .max(255)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/)
  .describe("Registry, with a path where it is shared, like registry.example.com/acme.");

const images = z
  .strictObject({
    registries: z
      .array(registry)
      .min(1)
      .optional()
      .describe("Where the tenant's images come from. When left out, from anywhere."),
    digests: z.boolean().default(false).describe("Images must be named by digest, not by tag."),
  })
  .describe("Rules about images. None by default.");

const kata = z
  .strictObject({
    annotations: z
      .array(z.string().regex(/^io\.katacontainers\.[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/))
      .min(1)
      .describe(
        "Annotations of Kata Containers that pods may carry, like io.katacontainers.config.hypervisor.default_vcpus.",
      ),
  })
  .describe("For pools whose RuntimeClass is a Kata sandbox.");

const confidential = z
  .strictObject({
    plainSecrets: z
      .array(z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/))
      .optional()
      .describe(
        "Secrets that pods may take although the host can read them: namespace/name in the virtual cluster.",
      ),
    initData: z
      .array(
        z
          .string()
          .min(1)
          .max(65_536)
          .regex(/^[A-Za-z0-9+/]+=*$/),
      )
      .min(1)
      .optional()
      .describe(
        "Initialisation data of confidential VMs, base64: pods carry one of these. Needs a Kata pool.",
      ),
  })
  .describe(
    "What pods must look like to be able to keep a secret. It proves no guest. Not asked for by default.",
  );

const referenceValues = z
  .strictObject({
    release: z.string().min(1).max(100).describe("What the values are of, like a version."),
    from: z.string().optional().meta({ description: "First day they are good, YYYY-MM-DD.", format: "date" }),
    until: z.string().optional().meta({ description: "Last day they are good, YYYY-MM-DD.", format: "date" }),
    values: z
      .record(z.string(), z.string())
      .optional()
      .describe("By name, like PCR0: lower-case hex. What names there are says the verifier's kind."),
    file: z
      .string()
      .optional()
      .describe("Instead of values: output of nitro-cli build-enclave, by its path from this file."),
  })
  .meta({
    description: "What a release of the workload is known by in evidence.",
    oneOf: [{ required: ["values"] }, { required: ["file"] }],
  });

const certificate = z
  .strictObject({
    dnsNames: z.array(z.string()).min(1).describe("Names the workload's certificate may carry."),
    minutes: z.number().default(30).describe("Life of a certificate, 15 to 60 minutes."),
  })
  .describe("Certificates of the tenant's own PKI, for mutual TLS between its workloads.");

const workload = z
  .strictObject({
    name: z.string().describe("Name of the workload: DNS-1123, unique within the tenant."),
    referenceValues: z
      .array(referenceValues)
      .default([])
      .describe("Releases whose evidence is good. During a roll-out the old and the new one."),
    agentPolicy: z
      .string()
      .optional()
      .describe(
        "Rego of the guest's agent, as genpolicy writes it: what may run in the pod's virtual machine.",
      ),
    agentPolicyFile: z.string().optional().describe("Instead of agentPolicy: its path from this file."),
    certificate: certificate.optional(),
  })
  .describe("A workload that gets secrets on evidence.");

const attestation = z
  .strictObject({
    verifier: z.string().describe("Verifier of the platform that judges the evidence."),
    workloads: z.array(workload).min(1).max(50).describe("What gets secrets, at most 50."),
  })
  .describe("Keys and secrets released on evidence. None by default.");

/** The schema of a tenant file. */
export const tenantSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Path of tenant.schema.json, for editors."),
    name,
    sensitivity: z
      .enum(Sensitivity.ALL.map((s) => s.name) as [string, ...string[]])
      .describe("How sensitive the tenant's data is; the pool's trust tier must meet it."),
    host: z
      .string()
      .optional()
      .describe(
        "Host the tenant runs on. When left out, the lock file holds the first host that could take it; nobody moves.",
      ),
    pool: z
      .string()
      .describe("Node pool the tenant runs on; naming a dedicated pattern makes a pool of the tenant's own."),
    size: z
      .enum(Object.keys(CONTROL_PLANE_SIZES) as [string, ...string[]])
      .default("small")
      .describe("Size of the virtual control plane."),
    quota,
    container: container.optional(),
    egress: z
      .array(egress)
      .max(50)
      .default([])
      .describe("Ranges and names outside the cluster the tenant may reach, at most 50. Nothing by default."),
    api: api.optional(),
    images: images.optional(),
    kata: kata.optional(),
    confidential: confidential.optional(),
    attestation: attestation.optional(),
    exceptions: z
      .array(exception)
      .default([])
      .describe("Admission rules that do not bind this tenant. None by default."),
  })
  .describe("A tenant: one host namespace, one virtual cluster, one set of guardrails.");

/** What a tenant file says, with defaults filled in. */
export type TenantSpec = z.output<typeof tenantSchema>;

/** What a tenant file may leave out. */
export type TenantSpecInput = z.input<typeof tenantSchema>;
