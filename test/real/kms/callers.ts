// Who calls KMS, with what rights, and the evidence that may come with a call.
import { parentRolePcr3 } from "../../../lib/aws";
import { digest, pcrs, role } from "../../support/nitro";
import {
  ACCOUNT,
  DRIVER,
  ENCRYPTER,
  nodeRole,
  NODE_IMAGE,
  OTHER_ACCOUNT,
  PLATFORM,
  TENANTS,
  type SynthesizedKey,
} from "./tenants";

/** A caller. */
export interface Caller {
  readonly name: string;
  readonly arn: string;
  /** Its IAM policies: none, as synthesized, or everything, which somebody may have attached. */
  readonly policies: readonly object[];
  /** Whose pods' role it is. */
  readonly tenant?: string;
}

const EVERYTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

const mighty = (name: string, arn: string): Caller => ({ name, arn, policies: [EVERYTHING] });

/** Everybody who calls. Whoever is no tenant's role as synthesized may do everything that IAM can allow. */
export function callers(keys: readonly SynthesizedKey[]): Caller[] {
  return [
    ...keys.flatMap(({ tenant, role: arn }) => [
      { name: `pods of ${tenant.name}`, arn, policies: [], tenant: tenant.name },
      { ...mighty(`pods of ${tenant.name}, with AdministratorAccess`, arn), tenant: tenant.name },
    ]),
    mighty("the account's root user", `arn:aws:iam::${ACCOUNT}:root`),
    mighty("platform administrator", PLATFORM),
    mighty("another administrator of the account", role("admin")),
    mighty("nodes of vault", nodeRole("vault")),
    mighty("nodes of vault2", nodeRole("vault2")),
    mighty("EBS CSI driver, with AdministratorAccess", DRIVER),
    { name: "EBS CSI driver", arn: DRIVER, policies: [] },
    { name: "secret writer", arn: ENCRYPTER, policies: [] },
    mighty("administrator of another account", `arn:aws:iam::${OTHER_ACCOUNT}:role/admin`),
  ];
}

/** Evidence. */
export interface Evidence {
  readonly name: string;
  /** By register; empty for none. */
  readonly registers: Readonly<Record<string, string>>;
  /** What really runs, when the evidence is that of a sound enclave on a node of the host. */
  readonly sound?: { readonly image: string; readonly pool: string; readonly signer?: string };
}

const ZEROS = "0".repeat(96);

function enclave(image: string, pool: string, signer?: string): Evidence {
  return {
    name: `${image} on ${pool}${signer === undefined ? "" : ", signed"}`,
    registers: {
      ...pcrs(image),
      PCR3: parentRolePcr3(nodeRole(pool)),
      PCR4: digest(`an instance of ${pool}`),
      ...(signer === undefined ? {} : { PCR8: signer }),
    },
    sound: { image, pool, ...(signer === undefined ? {} : { signer }) },
  };
}

const beta1 = enclave("beta 1", "vault").registers;
const beta2 = enclave("beta 2", "vault").registers;
const alpha = enclave("alpha 1", "vault").registers;

/** Every image of every tenant on both pools, and what is wrong in each way. */
export const EVIDENCE: readonly Evidence[] = [
  { name: "none", registers: {} },
  ...TENANTS.flatMap(({ images }) =>
    images.flatMap(({ image, signer }) =>
      ["vault", "vault2"].flatMap((pool) => [
        enclave(image, pool, signer),
        ...(signer === undefined ? [] : [enclave(image, pool), enclave(image, pool, digest("a stranger"))]),
      ]),
    ),
  ),
  enclave("alpha 2, on nobody's list", "vault"),
  {
    name: "an enclave in debug mode",
    registers: Object.fromEntries(
      ["PCR0", "PCR1", "PCR2", "PCR3", "PCR4", "PCR8"].map((pcr) => [pcr, ZEROS]),
    ),
  },
  {
    name: "debug mode, but for the parent",
    registers: { PCR0: ZEROS, PCR1: ZEROS, PCR2: ZEROS, PCR3: alpha.PCR3! },
  },
  { name: "beta 1 with the application of beta 2", registers: { ...beta1, PCR2: beta2.PCR2! } },
  { name: "beta 2 with the kernel of beta 1", registers: { ...beta2, PCR1: beta1.PCR1! } },
  { name: "alpha 1 with another kernel", registers: { ...alpha, PCR1: digest("another kernel") } },
  {
    name: "alpha 1 in another account",
    registers: { ...alpha, PCR3: parentRolePcr3(`arn:aws:iam::${OTHER_ACCOUNT}:role/node`) },
  },
  { name: "alpha 1 on an instance without a role", registers: { ...alpha, PCR3: ZEROS } },
  {
    name: "alpha 1, as NitroTPM would write it",
    registers: Object.fromEntries(Object.entries(alpha).map(([pcr, value]) => [`NitroTPM${pcr}`, value])),
  },
  { name: "the platform's node image", registers: NODE_IMAGE },
  {
    name: "alpha 1 in capitals",
    registers: Object.fromEntries(Object.entries(alpha).map(([pcr, value]) => [pcr, value.toUpperCase()])),
    sound: { image: "alpha 1", pool: "vault" },
  },
];
