// What an EKS node pool cannot be: TEEs, instance types, regions and image releases that do not go together.
import type { ErrorScope } from "../core/errors";
import { Tee } from "../tee/tee";
import {
  EKS_INSTANCE_TYPES,
  EKS_TEE_REGIONS,
  eksInstanceTypesWith,
  type EksInstanceType,
} from "./eks-instance-type";
import type { EksNodePoolOptions } from "./eks-pool-options";
import { refusal } from "./refusal";

const DESCRIBE = "EC2 DescribeInstanceTypes, supported features of all 1395 types, 2026-08-02";

/** TEEs that cannot be had on EKS nodes, and why. */
const REFUSED_TEES: ReadonlyMap<Tee, { readonly why: string; readonly source: string }> = new Map([
  [Tee.TDX, { why: "EC2 sells no instances with Intel TDX", source: DESCRIBE }],
  [Tee.SEV, { why: "EC2 sells AMD SEV-SNP only", source: DESCRIBE }],
  [Tee.SEV_ES, { why: "EC2 sells AMD SEV-SNP only", source: DESCRIBE }],
  [Tee.SGX, { why: "EC2 sells no instances with Intel SGX", source: DESCRIBE }],
  [Tee.ARM_CCA, { why: "no Graviton processor has ARM CCA", source: DESCRIBE }],
  [Tee.TRUSTZONE, { why: "EC2 gives nobody a secure world of TrustZone", source: DESCRIBE }],
  [Tee.IBM_SECURE_EXECUTION, { why: "EC2 has no IBM Z or LinuxONE machines", source: DESCRIBE }],
  [Tee.NVIDIA_CC, { why: "EC2 has no H100 in confidential mode, p5 types included", source: DESCRIBE }],
]);

/** Why types cannot have enclaves, by the shape of their name. */
const NO_ENCLAVES: readonly (readonly [RegExp, string])[] = [
  [/\.metal/, "metal types have none"],
  [/^t\d/, "T types have none"],
  [/-flex\./, "flex types have none"],
  [/\.medium$/, "medium types have none"],
  [/\.large$/, "of types with 2 vCPUs, only Graviton and the 8a line have enclaves"],
];

/** Throws POOL_TEE for a TEE that EKS nodes cannot have. */
export function assertTee(scope: ErrorScope, tee: Tee): void {
  const refused = REFUSED_TEES.get(tee);
  if (!refused) return;
  throw refusal("POOL_TEE", scope, {
    rule: `tee must be one that EKS nodes can have: ${refused.why}`,
    got: `'${tee.id}'`,
    source: refused.source,
    use:
      `use Tee.SEV_SNP (${eksInstanceTypesWith(Tee.SEV_SNP)[0]}), Tee.NITRO_ENCLAVES ` +
      `(${smallest(Tee.NITRO_ENCLAVES)[0]}), or Tee.NONE`,
  });
}

/** The row of an instance type. Throws POOL_INSTANCE_TYPE. */
export function instanceTypeOf(scope: ErrorScope, name: string, tee: Tee): EksInstanceType {
  const type = EKS_INSTANCE_TYPES.get(name);
  if (type && (tee === Tee.NONE || type.tees.includes(tee))) return type;
  throw refusal("POOL_INSTANCE_TYPE", scope, {
    rule: `instanceType must be one known ${KNOWN.get(tee)!}`,
    got: `'${name}'${whyNot(name, type, tee)}`,
    source: DESCRIBE,
    use: `use one of ${choices(tee, type).join(", ")}`,
  });
}

/** What is known of the types a pool may have. */
const KNOWN: ReadonlyMap<Tee, string> = new Map([
  [Tee.NONE, "by size"],
  [Tee.SEV_SNP, "to run AMD SEV-SNP"],
  [Tee.NITRO_ENCLAVES, "to have AWS Nitro Enclaves"],
]);

function whyNot(name: string, type: EksInstanceType | undefined, tee: Tee): string {
  const reasons = [
    tee === Tee.SEV_SNP && type?.arch === "arm64"
      ? "Graviton has no SEV-SNP, whatever the provider accepts"
      : undefined,
    tee === Tee.NITRO_ENCLAVES ? NO_ENCLAVES.find(([shape]) => shape.test(name))?.[1] : undefined,
  ].filter((reason) => reason !== undefined);
  return reasons.length > 0 ? ` (${reasons.join("; ")})` : "";
}

/** All types of a short list, else those of the same family, else the smallest of each family. */
function choices(tee: Tee, type: EksInstanceType | undefined): string[] {
  const all = tee === Tee.NONE ? [...EKS_INSTANCE_TYPES.keys()] : eksInstanceTypesWith(tee);
  if (all.length <= 20) return all;
  const same = all.filter((name) => EKS_INSTANCE_TYPES.get(name)!.family === type?.family);
  return same.length > 0 ? same : smallest(tee);
}

/** The smallest type of each family. */
function smallest(tee: Tee): string[] {
  const all = tee === Tee.NONE ? [...EKS_INSTANCE_TYPES.keys()] : eksInstanceTypesWith(tee);
  const family = (name: string): string => EKS_INSTANCE_TYPES.get(name)!.family;
  return all.filter((name, index) => all.findIndex((other) => family(other) === family(name)) === index);
}

/** Throws POOL_REGION where the TEE is not sold. */
export function assertRegion(scope: ErrorScope, region: string, tee: Tee): void {
  const sold = EKS_TEE_REGIONS.get(tee);
  if (!sold || sold.regions.includes(region)) return;
  throw refusal("POOL_REGION", scope, {
    rule: `${tee.label} is sold on shared tenancy in ${sold.regions.join(" and ")} only`,
    got: `region '${region}'`,
    source: sold.source,
    use: "move the host, or use a plain pool",
  });
}

/** SEV-SNP and enclaves exclude each other; enclaves and their TEE go together. Throws POOL_FEATURE, POOL_ENCLAVES. */
export function assertEnclavesGoWithTee(scope: ErrorScope, tee: Tee, { enclaves }: EksNodePoolOptions): void {
  if (enclaves && tee === Tee.SEV_SNP)
    throw refusal("POOL_FEATURE", scope, {
      rule: "a node cannot run in AMD SEV-SNP and have Nitro Enclaves",
      got: `tee '${tee.id}' with enclaves`,
      source: "AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026",
      use: `make two pools: one with Tee.SEV_SNP and no enclaves, one with Tee.NITRO_ENCLAVES (${smallest(Tee.NITRO_ENCLAVES)[0]})`,
    });
  if ((enclaves !== undefined) === (tee === Tee.NITRO_ENCLAVES)) return;
  throw refusal("POOL_ENCLAVES", scope, {
    rule: "enclaves and tee: Tee.NITRO_ENCLAVES go together: nodes must set CPUs and memory aside",
    got: enclaves ? `enclaves with tee '${tee.id}'` : `tee '${tee.id}' without enclaves`,
    source: "AWS Nitro Enclaves User Guide, 2026",
    use: enclaves
      ? `set tee: Tee.NITRO_ENCLAVES on ${smallest(Tee.NITRO_ENCLAVES)[0]}, or leave enclaves out`
      : "set enclaves: { memoryMiB: 2048, vcpus: 2 }, or leave tee out",
  });
}

/** Throws POOL_FEATURE for a self-managed system pool: add-ons wait for Ready nodes, and only EKS reports those. */
export function assertManaged(scope: ErrorScope, { system, selfManaged }: EksNodePoolOptions): void {
  if (!system || !selfManaged) return;
  throw refusal("POOL_FEATURE", scope, {
    rule: "a system pool must be a managed node group: add-ons wait for its Ready nodes",
    got: "system with selfManaged",
    source: "Amazon EKS User Guide, Simplify node lifecycle with managed node groups, 2026",
    use: "leave selfManaged out: system pools are plain and EKS takes their template, like on m7i.large",
  });
}

/** A release of the image by Kubernetes minor, to show how they are written. */
const RELEASES: Readonly<Record<string, string>> = { "1.34": "1.34.9-20260714", "1.35": "1.35.6-20260714" };

/** Image release that was seen to fail with enclaves. */
const BAD_FOR_ENCLAVES = "20250807";

/** Throws POOL_OS for an image release that does not fit, POOL_FEATURE on self-managed nodes. */
export function assertRelease(
  scope: ErrorScope,
  options: EksNodePoolOptions,
  kubernetesVersion: string | undefined,
): void {
  const { releaseVersion, selfManaged, enclaves } = options;
  if (releaseVersion === undefined) return;
  const release = /^(\d+\.\d+)\.\d+-(\d{8})$/.exec(releaseVersion);
  const source = "awslabs/amazon-eks-ami, CHANGELOG, 2026-07-21";
  const example = RELEASES[kubernetesVersion ?? ""] ?? Object.values(RELEASES).join(" or ");
  if (selfManaged)
    throw refusal("POOL_FEATURE", scope, {
      rule: "releaseVersion is of managed node groups: self-managed nodes follow the recommended image",
      got: `'${releaseVersion}' with selfManaged`,
      source: "Amazon EKS User Guide, Retrieve recommended Amazon Linux AMI IDs, 2026",
      use: "leave one of the two out",
    });
  if (!release || (kubernetesVersion !== undefined && release[1] !== kubernetesVersion))
    throw refusal("POOL_OS", scope, {
      rule: `releaseVersion must be a release of the EKS image for ${kubernetesVersion ? `Kubernetes ${kubernetesVersion}` : "the host's Kubernetes"}`,
      got: `'${releaseVersion}'`,
      source,
      use: `write it as EKS does, like ${example}`,
    });
  if (enclaves && release[2] === BAD_FOR_ENCLAVES)
    throw refusal("POOL_OS", scope, {
      rule: `enclaves need an image whose kubelet sees huge pages, which release ${BAD_FOR_ENCLAVES} does not`,
      got: `'${releaseVersion}'`,
      source: "awslabs/amazon-eks-ami#2367, 2025-08-12",
      use: `take a later one, like ${example}`,
    });
}
