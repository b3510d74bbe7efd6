// Trustee as a verifier: of pods, whose initialisation data opens a tenant's repository, and of the platform's own nodes.
import type { Construct, ITerraformDependable } from "../../core/cdk";
import { ConfigurationError } from "../../core/errors";
import { ManifestRelease } from "../../core/manifest-release";
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
import { policyObjects, type TrusteePolicies } from "./policies";
import { assertKind } from "./policy-checks";
import { referenceValuesStored, type TrusteeReferenceValue } from "./reference-values";
import { nodeResourcePolicy, podResourcePolicy, type NodeResourceEntry } from "./resource-policy";
import type { TrusteeServer } from "./server";

/** What both shapes have. */
interface Judged {
  /** The Trustee that judges. One shape each: evidence of nodes never opens a tenant's repository. */
  readonly server: TrusteeServer;
  /** What guests or nodes may run on, and which images. Fails with TRUSTEE_POLICY. */
  readonly referenceValues: readonly TrusteeReferenceValue[];
  /** Day that reference values are judged on, `YYYY-MM-DD`. @default - the machine's */
  readonly today?: string;
}

export interface TrusteeOptions extends Judged {
  /** Kind of the pods' evidence: `snp`, `tdx`, `az-snp-vtpm` or `az-tdx-vtpm`. */
  readonly evidence: AttestedKind;
  /** PEM of the broker's certificate, or of its CA, for guests. Fails with ATTESTATION_INIT_DATA. @default - one of the public roots in the guest image */
  readonly kbsCertificate?: string;
}

export interface TrusteeNodesOptions extends Judged {
  /** Measurement to repository. Fails with TRUSTEE_POLICY for a repository that is a tenant's. */
  readonly nodes: readonly NodeResourceEntry[];
}

const JUDGED = {
  server: shape.withMember("isOwnClusterOf", "made by TrusteeServer.of"),
  referenceValues: shape.objects("reference values"),
  today: shape.day.optional(),
};

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

  /** Claim `init_data` of each good release of a workload, hex: what a log-in at Vault binds, too. */
  public initDataClaims(workload: AttestedWorkload): readonly string[] {
    return this.claimsOf(workload);
  }

  private policies(tenants: readonly CheckedTenant[]): TrusteePolicies {
    const { evidence, referenceValues, today } = this.options;
    const kinds = [evidence];
    const entries = tenants
      .filter(({ spec }) => spec.attestation?.verifier === this.name)
      .flatMap(({ spec }) =>
        [...new Set(workloadsOf(spec).flatMap((workload) => this.claimsOf(workload)))].map((claim) => ({
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

  /** Claims a workload may have: of what its file says now, and of releases whose window this day is in. */
  private claimsOf(workload: AttestedWorkload): string[] {
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

/**
 * Trustee for the platform's nodes: a node's measurement opens a repository of the platform, never a tenant's, because every pod
 * on a node has the node's evidence. Fails with OPTION_TYPE and TRUSTEE_POLICY.
 */
export class TrusteeNodes implements IVerifier {
  /** Checks options. */
  public static of(options: TrusteeNodesOptions): TrusteeNodes {
    assertShape("trustee", shape.object({ ...JUDGED, nodes: shape.objects("nodes") }), options);
    return new TrusteeNodes(options);
  }

  public readonly name: string;
  public readonly wiring = Wiring.TRUSTEE_NODE;
  public readonly warnings: readonly string[];
  /** For the trust-policy stack. */
  public readonly policy: ITrustPolicy;

  private constructor(private readonly options: TrusteeNodesOptions) {
    const { server } = options;
    this.name = server.options.name;
    this.warnings = server.warnings;
    this.policy = trustPolicy(server, (tenants) => this.policies(tenants));
    this.policies([]);
  }

  /** Refuses every tenant. */
  public problems(): SpecProblem[] {
    return [refusal(`evidence of a node is never a tenant's, got '${this.name}', which judges nodes`)];
  }

  public grants(): undefined {
    return undefined;
  }

  public bind(scope: Construct): AttestationBinding {
    const [{ code, text }] = this.problems() as [SpecProblem];
    throw new ConfigurationError(code, scope, text);
  }

  private policies(tenants: readonly CheckedTenant[]): TrusteePolicies {
    const { nodes, referenceValues, today } = this.options;
    const resource = nodeResourcePolicy({
      entries: nodes,
      tenantRepositories: tenants.map(({ spec }) => spec.name),
    });
    const kinds = [...new Set(nodes.map(({ evidence }) => evidence))];
    return {
      resource,
      attestation: attestationPolicies({ kinds }),
      referenceValues: referenceValuesStored(referenceValues, { kinds, ...(today ? { today } : {}) }),
    };
  }
}

/** One release on the trust cluster. The deploy waits for its Job: a policy that was not written fails it. */
function trustPolicy(
  { options }: TrusteeServer,
  policies: (tenants: readonly CheckedTenant[]) => TrusteePolicies,
): ITrustPolicy {
  return {
    id: `Trustee-${options.name}`,
    onCluster: true,
    define(scope: Construct, tenants: readonly CheckedTenant[]): ITerraformDependable[] {
      const { release } = new ManifestRelease(scope, "Policies", {
        releaseName: "trustee-policies",
        namespace: options.namespace,
        objects: policyObjects(options, policies(tenants)),
        wait: "jobs",
      });
      return [release];
    },
  };
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

function refusal(text: string): SpecProblem {
  return {
    code: "ATTESTATION_VERIFIER",
    path: ["attestation", "verifier"],
    text: `${text}; name a verifier of enclaves or of container images, or leave attestation out`,
  };
}
