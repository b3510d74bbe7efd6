// A tenant's workloads that get secrets on evidence, as its file says once what it names has been read.
import { isHostName } from "../core/formats";
import type { TenantSpec } from "../tenant/tenant-spec";
import type { ReferenceValueSet } from "./reference-values";

/** A workload with its reference values. */
export interface AttestedWorkload {
  /** DNS-1123, unique within the tenant. */
  readonly name: string;
  readonly referenceValues: readonly ReferenceValueSet[];
  /** Rego of the guest's agent. @default - none, the wiring's evidence names no pods */
  readonly agentPolicy?: string;
  readonly certificate?: CertificateSpec;
}

/** Certificates of a workload, from the tenant's own PKI. */
export interface CertificateSpec {
  readonly dnsNames: readonly string[];
  /** Life, 15 to 60. */
  readonly minutes: number;
}

/** Life of a certificate in minutes. Below, clients do nothing but renew; above, a bad workload keeps its access. */
export const CERTIFICATE_MINUTES = { least: 15, most: 60 } as const;

/** True for whole minutes a certificate may live. */
export function isCertificateLife(minutes: number): boolean {
  return (
    Number.isInteger(minutes) && minutes >= CERTIFICATE_MINUTES.least && minutes <= CERTIFICATE_MINUTES.most
  );
}

/** True for a name a certificate may carry: a host's own, written out. */
export function isCertificateName(name: string): boolean {
  return isHostName(name) && name !== "localhost";
}

/** The workloads of a tenant whose files were read: values are there, wherever they were written. */
export function workloadsOf(spec: Pick<TenantSpec, "attestation">): readonly AttestedWorkload[] {
  return (spec.attestation?.workloads ?? []).map(({ name, referenceValues, agentPolicy, certificate }) => ({
    name,
    referenceValues: referenceValues.map(({ release, from, until, values }) => ({
      release,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      values: values ?? {},
    })),
    ...(agentPolicy === undefined ? {} : { agentPolicy }),
    ...(certificate === undefined ? {} : { certificate }),
  }));
}
