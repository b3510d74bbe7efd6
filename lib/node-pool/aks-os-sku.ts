// Which operating system AKS has for which node, by TEE and Kubernetes version.
import type { ErrorScope } from "../core/errors";
import { Tee } from "../tee/tee";
import type { AksNodePoolOptions } from "./aks-pool-options";
import type { AksVmSize } from "./aks-vm-size";
import { refusal } from "./refusal";

/** Kubernetes minors, of 1.x, first and last. */
interface Minors {
  readonly from: number;
  readonly to: number;
}

/** One OS SKU. */
interface OsSku {
  /** On nodes without a confidential VM. */
  readonly plain: Minors;
  /** On confidential VMs; undefined when there is no image. */
  readonly confidential?: Minors;
  readonly unproven?: string;
}

const CVM = "azure-aks-docs, use-cvm.md, 2026-06-24";
const OS = "azure-aks-docs, upgrade-os-version.md, 2026-07-13";

/** SOURCE: CVM for confidential VMs, OS for the others. */
const OS_SKUS: Readonly<Record<string, OsSku>> = {
  AzureLinux: { plain: { from: 27, to: 38 }, confidential: { from: 28, to: 36 } },
  AzureLinux3: {
    plain: { from: 28, to: 36 },
    confidential: { from: 28, to: 36 },
    unproven:
      "osSku AzureLinux3 is accepted by azurerm, and not in AKS' table of confidential images (2026-06-24)",
  },
  Ubuntu: { plain: { from: 25, to: 38 }, confidential: { from: 24, to: 38 } },
  Ubuntu2404: { plain: { from: 32, to: 38 }, confidential: { from: 32, to: 38 } },
  Ubuntu2204: { plain: { from: 25, to: 36 } },
};

/** SKUs that no pool of this library has, and why. First match counts. */
const REFUSED: readonly { readonly name: RegExp; readonly why: string; readonly source: string }[] = [
  {
    name: /^windows/i,
    why: "Windows nodes run no pods of virtual clusters, and no confidential VM",
    source: CVM,
  },
  { name: /^flatcar/i, why: "Flatcar has no confidential image, and azurerm does not take it", source: CVM },
  { name: /osguard/i, why: "Azure Linux with OS Guard has no confidential image", source: CVM },
  {
    name: /^(azurecontainerlinux|acl)$/i,
    why: "Azure Container Linux has no confidential image",
    source: CVM,
  },
  { name: /^(cbl-?mariner|mariner|azurelinux2)$/i, why: "Azure Linux 2.0 ended on 2025-11-30", source: OS },
];

/** Checks the operating system of a pool. Fails with POOL_OS. Its facts without proof are in `aksOsFacts`. */
export function aksOsSku(
  scope: ErrorScope,
  options: AksNodePoolOptions,
  size: AksVmSize,
  kubernetesVersion: string,
): void {
  const name = options.osSku ?? "AzureLinux";
  const sku = Object.hasOwn(OS_SKUS, name) ? OS_SKUS[name] : undefined;
  const known = Object.keys(OS_SKUS).filter((key) => !OS_SKUS[key]!.unproven);
  if (!sku) {
    const odd = REFUSED.find((entry) => entry.name.test(name));
    throw refusal("POOL_OS", scope, {
      rule: odd?.why ?? `osSku must be one of ${known.join(", ")}`,
      got: `'${name}'`,
      source: odd?.source ?? OS,
      use: `use AzureLinux, on ${size.name} as on the others`,
    });
  }
  const minor = Number(kubernetesVersion.split(".")[1]);
  const confidential = size.tee === Tee.SEV_SNP;
  const minors = confidential ? sku.confidential : sku.plain;
  const rules: readonly (readonly [boolean, string, string])[] = [
    [
      options.sandbox === true && name !== "AzureLinux",
      "pod sandboxing must run on AzureLinux",
      "azure-aks-docs, use-pod-sandboxing.md, 2025-11-18",
    ],
    [
      minors === undefined,
      "a confidential VM must have an image of its own, and AKS has none for this osSku",
      CVM,
    ],
    [
      minors !== undefined && (minor < minors.from || minor > minors.to),
      `${name} must go with Kubernetes 1.${minors?.from} to 1.${minors?.to}${confidential ? " on a confidential VM" : ""}`,
      confidential ? CVM : OS,
    ],
  ];
  const broken = rules.find(([wrong]) => wrong);
  if (!broken) return;
  const [, rule, source] = broken;
  throw refusal("POOL_OS", scope, {
    rule,
    got: `'${name}' with '${size.name}' and Kubernetes ${kubernetesVersion}`,
    source,
    use: `use AzureLinux or, without sandbox, Ubuntu on ${size.name}`,
  });
}

/** What no source settles about the operating system of a pool. */
export function aksOsFacts({ osSku }: AksNodePoolOptions): string[] {
  const fact = OS_SKUS[osSku ?? "AzureLinux"]?.unproven;
  return fact ? [fact] : [];
}
