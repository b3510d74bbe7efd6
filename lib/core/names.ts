// Names and labels that several parts must agree on. They are contract: a change replaces or orphans objects.
import { createHash } from "node:crypto";
import { ConfigurationError, type ErrorCode, type ErrorScope } from "./errors";

/** Begins every label, taint and annotation the library writes. */
export const PREFIX = "tenclave.dev/";

/** Labels and taints the library writes. */
export const LABELS = {
  tenant: `${PREFIX}tenant`,
  host: `${PREFIX}host`,
  pool: `${PREFIX}pool`,
  tee: `${PREFIX}tee`,
  /** On a tenant's namespace: its workloads may reach the cloud's identity service. Any value. */
  identity: `${PREFIX}identity`,
  /** On a tenant's namespace: its control plane may reach the identity provider its people log in with. Any value. */
  login: `${PREFIX}login`,
} as const;

/** Group of the platform's administrators on hosts whose cloud lets us name one. */
export const PLATFORM_GROUP = "tenclave:platform";

/** Namespace of the platform itself: guardrail records live here, out of a tenant's reach. */
export const PLATFORM_NAMESPACE = "tenclave-system";

/** Longest name of a tenant, pool or host: it is a prefix of longer names that end at 53 and 63 characters. */
export const MAX_NAME = 40;

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** True for a DNS-1123 label that starts with a letter (Services need that) and has at most `max` characters. */
export function isName(text: string, max = MAX_NAME): boolean {
  return text.length <= max && DNS_LABEL.test(text);
}

/** Throws when the text is no name. Shape: lower-case letters, digits and '-', starting with a letter. */
export function assertName(
  scope: ErrorScope,
  prop: string,
  text: string,
  code: ErrorCode = "NAME",
  max = MAX_NAME,
): void {
  if (isName(text, max)) return;
  throw new ConfigurationError(
    code,
    scope,
    `${prop} must be a DNS-1123 label of at most ${max} characters (a-z, 0-9, '-', starting with a letter), ` +
      `got '${text}' (${text.length} characters); choose another name`,
  );
}

/** The text, or, when it is longer than a vendor allows, its beginning and eight characters that stand for the rest. */
export function fitted(text: string, max: number): string {
  if (text.length <= max) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${text.slice(0, max - hash.length - 1)}-${hash}`;
}

/** The host namespace of a tenant. */
export function tenantNamespace(tenant: string): string {
  return `tenant-${tenant}`;
}

/** The RuntimeClass that puts a pod on a pool. */
export function runtimeClassName(pool: string): string {
  return `tenclave-${pool}`;
}

/** The StorageClass of one tenant, where it has a volume key of its own. Admission keeps the prefix to the platform. */
export function tenantStorageClassName(tenant: string): string {
  return `tenclave-tenant-${tenant}`;
}

/** The encrypted StorageClass every host gets. */
export const STORAGE_CLASS = "tenclave-encrypted";
