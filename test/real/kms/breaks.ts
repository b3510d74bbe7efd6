// Ways to weaken a key policy: each must change a verdict, or must be caught by the statements that are left.
import type { KeyPolicyDocument, KeyPolicyStatement } from "../../../lib/keys/aws-enclave-key-policy";
import { ACCOUNT } from "./tenants";

/** A change to a key policy. */
export interface PolicyBreak {
  readonly name: string;
  readonly change: (policy: KeyPolicyDocument) => KeyPolicyDocument;
  /** True where another statement still refuses: two weaknesses at once are needed. */
  readonly caught: boolean;
}

type Change = (statements: readonly KeyPolicyStatement[]) => readonly KeyPolicyStatement[];

const isDeny = ({ Effect }: KeyPolicyStatement): boolean => Effect === "Deny";
const isRelease = ({ Sid }: KeyPolicyStatement): boolean => Sid.startsWith("Release");

const ROOT_EVERYTHING: KeyPolicyStatement = {
  Sid: "EnableIAM",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: ["kms:*"],
  Resource: "*",
};

/** The statement everybody copies from the console. */
const rootEverything: Change = (statements) => [...statements, ROOT_EVERYTHING];
const without =
  (...sids: readonly string[]): Change =>
  (statements) =>
    statements.filter(({ Sid }) => !sids.includes(Sid));
const withoutDeny: Change = (statements) => statements.filter((one) => !isDeny(one));

/** Takes a register out of every condition. */
const withoutRegister =
  (register: string): Change =>
  (statements) =>
    statements
      .filter(({ Sid }) => Sid !== `Other${register}`)
      .map((statement) => {
        const { StringEqualsIgnoreCase: equal, ...rest } = statement.Condition ?? {};
        if (!equal) return statement;
        const { [`kms:RecipientAttestation:${register}`]: _, ...others } = equal;
        return { ...statement, Condition: { ...rest, StringEqualsIgnoreCase: others } };
      });

const anyPrincipal: Change = (statements) =>
  statements.map((one) => (isRelease(one) ? { ...one, Principal: { AWS: "*" } } : one));
const noEvidence: Change = (statements) =>
  statements.map((one) => {
    const { Condition: _, ...rest } = one;
    return isRelease(one) ? rest : one;
  });
const noDates: Change = (statements) =>
  statements.map((one) =>
    isRelease(one)
      ? { ...one, Condition: { StringEqualsIgnoreCase: one.Condition!.StringEqualsIgnoreCase! } }
      : one,
  );
const administratorsDecrypt: Change = (statements) =>
  statements.map((one) =>
    one.Sid === "Administration" ? { ...one, Action: [...one.Action, "kms:Decrypt"] } : one,
  );
const anybodyPuts: Change = (statements) =>
  statements.map((one) => {
    const { Condition: _, ...rest } = one;
    return one.Sid === "Recovery" ? rest : one;
  });

function change(...changes: readonly Change[]): PolicyBreak["change"] {
  return ({ Version, Statement }) => ({
    Version,
    Statement: changes.reduce<readonly KeyPolicyStatement[]>((all, one) => one(all), Statement),
  });
}

export const POLICY_BREAKS: readonly PolicyBreak[] = [
  { name: "root has kms:*", change: change(rootEverything), caught: false },
  { name: "what denies is gone", change: change(withoutDeny), caught: true },
  { name: "administrators decrypt", change: change(administratorsDecrypt), caught: true },
  // What denies knows no sets and no days: a mixture, and an old release, get through.
  { name: "releases ask for no evidence", change: change(noEvidence), caught: false },
  { name: "releases are anybody's", change: change(anyPrincipal), caught: true },
  { name: "root has kms:*, nothing denies", change: change(rootEverything, withoutDeny), caught: false },
  {
    name: "administrators decrypt, nothing denies",
    change: change(administratorsDecrypt, withoutDeny),
    caught: false,
  },
  {
    name: "releases ask for no evidence, nothing denies",
    change: change(noEvidence, withoutDeny),
    caught: false,
  },
  {
    name: "releases are anybody's, OtherPrincipals is gone",
    change: change(anyPrincipal, without("OtherPrincipals")),
    caught: false,
  },
  {
    name: "root has kms:*, HandingOn is gone",
    change: change(rootEverything, without("HandingOn")),
    caught: false,
  },
  {
    name: "root has kms:*, OtherPCR3 is gone",
    change: change(rootEverything, without("OtherPCR3")),
    caught: false,
  },
  { name: "no release asks for PCR1", change: change(withoutRegister("PCR1")), caught: false },
  { name: "no release asks for PCR3", change: change(withoutRegister("PCR3")), caught: false },
  { name: "no release ends", change: change(noDates), caught: false },
  { name: "anybody IAM lets may put a policy", change: change(anybodyPuts), caught: false },
];
