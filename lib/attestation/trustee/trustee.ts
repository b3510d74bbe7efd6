// Trustee as a verifier of pods: the initialisation data of a pod opens its tenant's repository.
import type { Construct } from "../../core/cdk";
import { ConfigurationError } from "../../core/errors";
import { assertShape, shape } from "../../core/option-shape";
import { TrustTier } from "../../tee/trust-tier";
import type { CheckedTenant } from "../../tenant/tenant-checks";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf, type AttestedWorkload } from "../attested-workload";
import { guestConfig, initData, type InitData } from "../init-data";
import { referenceValuesOn } from "../reference-values";
import type { ITrustPolicy } from "../trust-policy";
import type { AttestationBinding, IVerifier, TenantContext, TenantPlace } from "../verifier";
import { Wiring } from "../wiring";
import { attestationPolicies } from "./attestation-policy";
import type { AttestedKind } from "./claims";
import { JUDGED, refusal, trustPolicy, type Judged } from "./judged";
import type { TrusteePolicies } from "./policies";
import { assertKind } from "./policy-checks";
import { referenceValuesStored } from "./reference-values";
import { podResourcePolicy } from "./resource-policy";
import type { TrusteeServer } from "./server";
import { TrusteeNodes, type TrusteeNodesOptions } from "./trustee-nodes";

export interface TrusteeOptions extends Judged {
  /** Kind of the pods' evidence: `snp`, `tdx`, `az-snp-vtpm` or `az-tdx-vtpm`. */
  readonly evidence: AttestedKind;
  /** PEM of the broker's certificate, or of its CA, for guests. Fails with ATTESTATION_INIT_DATA. @default - one of the public roots in the guest image */
  readonly kbsCertificate?: string;
}

/** Evidence in which the guest itself writes the digest. */
const EXTENDED: readonly string[] = ["az-snp-vtpm", "az-tdx-vtpm"];

/** SOURCE: confidential-containers/cloud-api-adaptor#1999, #2604, read 2026-11. */
const BY_THE_GUEST =
  "on Azure the guest image writes the digest of its initialisation data into PCR8, and nothing fixes it at launch: " +
  "list only images that write it before anything else runs, and that stop when writing fails";

/** Evidence of guests whose firmware takes ACPI tables from the host. */
const TABLES_OF_HOST: readonly string[] = ["snp", "tdx"];

/** SOURCE: google/gce-tcb-verifier#73, intel/ccc-linux-guest-hardening#150, Dstack-TEE/dstack#1051, read 2026-11. */
const TABLES =
  "no reference value covers the ACPI tables that the host gives a guest (TDX measures them into RTMR0, which is not compared, " +
  "SNP not at all), and the guest's kernel runs code in them: list only images whose kernel is built against a hostile host";

/** Certificates of public authorities are for whoever answers for the name. */
const anyCertificate = (url: string): string =>
  `guests take a certificate of any public authority for ${url}: whoever controls that name can hand out secrets of their ` +
  "own, under which a workload would keep its data; give kbsCertificate to pin the broker's";

/**
 * Trustee for tenants' pods: each opens the repository with its tenant's name, by the whole digest of its initialisation data.
 *
 * It takes a pool of confidential pod VMs. This release has none, so a tenant that names it on a pool of nodes is refused with
 * ATTESTATION_VERIFIER; policies, digests and servers are real and tested. Fails with OPTION_TYPE and TRUSTEE_POLICY.
 */
export class Trustee implements IVerifier {
  /** Checks options. */
  public static of(options: TrusteeOptions): Trustee {
    assertShape(
      "trustee",
      shape.object({ ...JUDGED, evidence: shape.text, kbsCertificate: shape.text.optional() }),
      options,
    );
    assertKind(options.evidence);
    return new Trustee(options);
  }

  /** Trustee for the platform's own nodes. Tenants never name it. */
  public static node(options: TrusteeNodesOptions): TrusteeNodes {
    return TrusteeNodes.of(options);
  }

  public readonly name: string;
  public readonly wiring = Wiring.TRUSTEE_POD;
  public readonly warnings: readonly string[];
  /** For the trust-policy stack. */
  public readonly policy: ITrustPolicy;

  private constructor(private readonly options: TrusteeOptions) {
    const { server } = options;
    this.name = server.options.name;
    this.warnings = [
      ...server.warnings,
      ...(EXTENDED.includes(options.evidence) ? [BY_THE_GUEST] : []),
      ...(TABLES_OF_HOST.includes(options.evidence) ? [TABLES] : []),
      ...(options.kbsCertificate === undefined ? [anyCertificate(server.options.url)] : []),
    ];
    this.policy = trustPolicy(server, (tenants) => this.policies(tenants));
    // Whatever is wrong with certificate and reference values is said before `new App()`.
    this.guestConfig();
    this.policies([]);
  }

  public problems(spec: TenantSpec, place: TenantPlace): SpecProblem[] {
    return [
      ...clusterProblems(this.name, this.options.server, place),
      ...poolProblems(this.name, place),
      ...this.workloadProblems(spec),
    ];
  }

  public grants(_spec: TenantSpec, { pool }: TenantPlace): TrustTier | undefined {
    return isPodPool(pool.tier) ? TrustTier.CONFIDENTIAL_POD : undefined;
  }

  /** Makes nothing: all of it lies on the trust cluster. The workload's resources are `<tenant>/<type>/<tag>`. */
  public bind(scope: Construct, { tenant, host }: TenantContext): AttestationBinding {
    const [problem] = this.problems(tenant.spec, { host: host.reference, pool: tenant.pool });
    if (problem) throw new ConfigurationError(problem.code, scope, problem.text);
    const { evidence, server } = this.options;
    const made = workloadsOf(tenant.spec).flatMap((workload): [string, string][] => {
      const data = this.initDataOf(workload);
      return data ? [[workload.name, data.annotation]] : [];
    });
    return {
      grants: tenant.tier,
      proves: this.wiring.cases,
      workload: {
        url: server.options.url,
        policyId: "default",
        resource: tenant.spec.name,
        initData: Object.fromEntries(made),
        settings: { evidence },
      },
      stillTrusted: this.wiring.stillTrusted,
      ready: [],
    };
  }

  private policies(tenants: readonly CheckedTenant[]): TrusteePolicies {
    const { evidence, referenceValues, today } = this.options;
    const kinds = [evidence];
    const entries = tenants
      .filter(({ spec }) => spec.attestation?.verifier === this.name)
      .flatMap(({ spec }) =>
        [...new Set(workloadsOf(spec).flatMap((workload) => this.initDataClaims(workload)))].map((claim) => ({
          evidence,
          initData: claim,
          repository: spec.name,
        })),
      );
    return {
      resource: podResourcePolicy({ entries }),
      attestation: attestationPolicies({
        kinds,
        initData: { [evidence]: entries.map((entry) => entry.initData) },
      }),
      referenceValues: referenceValuesStored(referenceValues, { kinds, ...(today ? { today } : {}) }),
    };
  }

  /**
   * Claim `init_data` a workload may have, hex: of what its file says now, and of releases whose window this day is in. A
   * log-in at Vault binds them, too.
   */
  public initDataClaims(workload: AttestedWorkload): readonly string[] {
    const now = this.initDataOf(workload)?.claim;
    return [
      ...(now === undefined ? [] : [now]),
      ...referenceValuesOn(workload.referenceValues, this.options.today).flatMap(
        ({ values }) => values.initData ?? [],
      ),
    ];
  }

  private initDataOf({ agentPolicy }: AttestedWorkload): InitData | undefined {
    const { evidence } = this.options;
    if (agentPolicy === undefined) return undefined;
    return initData({ evidence, data: { ...this.guestConfig(), "policy.rego": agentPolicy } });
  }

  private guestConfig(): ReturnType<typeof guestConfig> {
    const { server, kbsCertificate } = this.options;
    return guestConfig({
      kbsUrl: server.options.url,
      ...(kbsCertificate === undefined ? {} : { kbsCertificate }),
    });
  }

  /** An agent policy that cannot be initialisation data. */
  private workloadProblems(spec: TenantSpec): SpecProblem[] {
    return workloadsOf(spec).flatMap((workload, index): SpecProblem[] => {
      try {
        this.initDataOf(workload);
        return [];
      } catch (error) {
        if (!ConfigurationError.is(error)) throw error;
        return [
          {
            code: error.code,
            path: ["attestation", "workloads", index, "agentPolicy"],
            text: error.message.replace(/^\[[A-Z_]+\] [^:]*: /, ""),
          },
        ];
      }
    });
  }
}

function isPodPool(tier: string): boolean {
  return tier === TrustTier.CONFIDENTIAL_POD.name;
}

function poolProblems(name: string, { pool }: TenantPlace): SpecProblem[] {
  if (isPodPool(pool.tier)) return [];
  return [
    refusal(
      `verifier '${name}' needs a pool of confidential pod VMs, which this release has none of, because the evidence of a node is never ` +
        `a tenant's, got pool '${pool.name}' of tier ${pool.tier}`,
    ),
  ];
}

function clusterProblems(name: string, server: TrusteeServer, { host }: TenantPlace): SpecProblem[] {
  if (!server.isOwnClusterOf(host)) return [];
  return [
    {
      code: "TRUSTEE_HOST",
      path: ["attestation", "verifier"],
      text:
        `a verifier must not run on the tenants' own cluster, whose admins it is to keep out, got '${name}' on ${host.name}; ` +
        "give it a cluster of its own, or consent with sameClusterReason",
    },
  ];
}
