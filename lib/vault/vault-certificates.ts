// A PKI of an owner's own: a root that never leaves Vault, and a role for each workload with certificates.
import { Mount, PkiSecretBackendRole, PkiSecretBackendRootCert } from "../core/bindings/vault";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { ConfigurationError } from "../core/errors";
import type { Retention } from "../core/retention";
import {
  CERTIFICATE_MINUTES,
  isCertificateLife,
  isCertificateName,
  type CertificateSpec,
} from "../attestation/attested-workload";
import { certificatesMount, spiffeId } from "./vault-names";

/** Life of a root: five years. Whoever rotates it makes a second one first, and gives both to the peers. */
const ROOT_HOURS = 5 * 8760;

/** What is wrong with a workload's certificates. */
export function certificateFaults(
  scope: string,
  { dnsNames, minutes }: CertificateSpec,
): ConfigurationError[] {
  const { least, most } = CERTIFICATE_MINUTES;
  const bad = dnsNames.filter((name) => !isCertificateName(name));
  return [
    ...(isCertificateLife(minutes)
      ? []
      : [
          new ConfigurationError(
            "CERTIFICATE_LIFE",
            `${scope}.minutes`,
            `a certificate must live ${least} to ${most} whole minutes, because no list takes it back before its end, ` +
              `got ${minutes}; use 30`,
          ),
        ]),
    ...(bad.length === 0 && dnsNames.length > 0
      ? []
      : [
          new ConfigurationError(
            "CERTIFICATE_NAME",
            `${scope}.dnsNames`,
            "names must be host names in lower case, each written out, without wildcards and addresses, " +
              `got ${bad.map((name) => `'${name}'`).join(", ") || "none"}; write each name`,
          ),
        ]),
  ];
}

/** Whose PKI it is. */
export interface CertificatesOptions {
  readonly owner: string;
  readonly trustDomain: string;
  readonly retention: Retention;
  readonly dependsOn: ITerraformDependable[];
  readonly workloads: readonly { readonly name: string; readonly certificate: CertificateSpec }[];
}

/** Defines mount, root and roles. */
export function defineCertificates(scope: Construct, options: CertificatesOptions): ITerraformDependable[] {
  const { owner, trustDomain, retention, dependsOn, workloads } = options;
  const path = certificatesMount(owner);
  const lifecycle = retention.lifecycle;
  const mount = new Mount(scope, "Certificates", {
    path,
    type: "pki",
    description: `certificates of ${owner}`,
    defaultLeaseTtlSeconds: CERTIFICATE_MINUTES.least * 60,
    // The root's own life must fit; the roles bound what workloads get.
    maxLeaseTtlSeconds: ROOT_HOURS * 3600,
    dependsOn,
    ...(lifecycle === undefined ? {} : { lifecycle }),
  });
  const root = new PkiSecretBackendRootCert(scope, "Root", {
    backend: path,
    // Made inside Vault: the key is in no answer, and so in no state.
    type: "internal",
    commonName: `${owner} root`,
    issuerName: "root",
    keyType: "ec",
    keyBits: 256,
    ttl: `${ROOT_HOURS}h`,
    // No certificate authority below it.
    maxPathLength: 0,
    dependsOn: [mount],
    ...(lifecycle === undefined ? {} : { lifecycle }),
  });
  return workloads.map(
    ({ name, certificate: { dnsNames, minutes } }) =>
      new PkiSecretBackendRole(scope, `Certificate-${name}`, {
        backend: path,
        name,
        allowedDomains: [...dnsNames],
        allowBareDomains: true,
        allowSubdomains: false,
        allowGlobDomains: false,
        allowWildcardCertificates: false,
        allowAnyName: false,
        allowLocalhost: false,
        allowIpSans: false,
        allowedUriSans: [spiffeId(trustDomain, owner, name)],
        enforceHostnames: true,
        requireCn: false,
        useCsrCommonName: true,
        useCsrSans: true,
        keyType: "ec",
        keyBits: 256,
        keyUsage: ["DigitalSignature"],
        clientFlag: true,
        serverFlag: true,
        codeSigningFlag: false,
        emailProtectionFlag: false,
        basicConstraintsValidForNonCa: true,
        ttl: `${minutes * 60}`,
        maxTtl: `${minutes * 60}`,
        notBeforeDuration: "30s",
        // Too short-lived to take back: no list, no lease.
        noStore: true,
        generateLease: false,
        dependsOn: [root],
      }),
  );
}
