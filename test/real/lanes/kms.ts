// Lane `kms`: an IAM simulator decides who opens tenants' keys in AWS KMS, from the policies our stacks hold.
import { Wiring } from "../../../lib/attestation/wiring";
import { AWS_CELLS, type AwsCell } from "../attestation/aws-cells";
import { callers, EVIDENCE } from "../kms/callers";
import { POLICY_BREAKS } from "../kms/breaks";
import { managementCalls, OPENS, secretsCall, secretsCalls, volumesCalls, type Call } from "../kms/diagonal";
import { judge, type Judge, type Verdict } from "../kms/judge";
import { enclaveKeys, instanceKeys, type SynthesizedKey } from "../kms/tenants";
import { trustCalls } from "../kms/trust";
import { check, type Check, type Lane } from "../support/lane";

export const kms: Lane = {
  name: "kms",
  proves: "only the tenant's measured enclave, on its pool and under its role, opens the tenant's key",
  async run() {
    const simulator = await judge();
    const keys = enclaveKeys();
    const diagonal = secretsCalls(keys);
    const others = [...managementCalls(keys), ...volumesCalls(keys), ...trustCalls(keys)];
    const verdicts = await simulator.verdicts(diagonal);
    return {
      checks: [
        ...keys.map(({ tenant: { name } }) =>
          check(
            `who opens the key of ${name}`,
            wrong(diagonal, verdicts, ({ key }) => key.tenant.name === name),
          ),
        ),
        check("every tenant's own enclave opens its key", ownDoors(keys, diagonal, verdicts)),
        check("evidence reaches the conditions", deafCalls(diagonal, verdicts)),
        ...(await otherChecks(simulator, others)),
        ...(await breakChecks(simulator, keys)),
        ...(await cellChecks(simulator, keys)),
      ],
      parts: `@cloud-copilot/iam-simulate ${simulator.version}, Node ${process.version}`,
      leftOut: 0,
      notes: [
        `${diagonal.length} calls for secrets, ${diagonal.filter(({ allowed }) => allowed).length} of them to be allowed; ` +
          `${others.length} calls to manage keys, to use those of volumes, and to take on roles`,
      ],
    };
  },
};

/** Calls that were decided otherwise than they should, at most ten. */
function wrong(
  calls: readonly Call[],
  verdicts: readonly Verdict[],
  concerns: (call: Call) => boolean = () => true,
): string[] {
  return calls
    .flatMap((call, index) => {
      const { result } = verdicts[index]!;
      return concerns(call) && (result === "Allowed") !== call.allowed ? [`${call.name}: ${result}`] : [];
    })
    .slice(0, 10);
}

/** Tenants whose key nothing opens: a policy that refuses everybody would pass every other check. */
function ownDoors(
  keys: readonly SynthesizedKey[],
  calls: readonly Call[],
  verdicts: readonly Verdict[],
): string[] {
  return keys.flatMap(({ tenant: { name } }) => {
    const opened = OPENS.filter((action) =>
      calls.some(
        (call, index) =>
          call.key.tenant.name === name &&
          call.caller.name === `pods of ${name}` &&
          call.action === action &&
          verdicts[index]!.result === "Allowed",
      ),
    );
    return opened.length === OPENS.length ? [] : [`${name}: only ${opened.join(", ") || "nothing"}`];
  });
}

/** Calls that open, whose evidence the simulator did not take for a condition key of the action. */
function deafCalls(calls: readonly Call[], verdicts: readonly Verdict[]): string[] {
  return calls
    .flatMap(({ name, action }, index) => {
      const { ignored } = verdicts[index]!;
      return OPENS.includes(action) && ignored.length > 0 ? [`${name}: ${ignored.join(", ")}`] : [];
    })
    .slice(0, 10);
}

async function otherChecks(simulator: Judge, calls: readonly Call[]): Promise<Check[]> {
  const verdicts = await simulator.verdicts(calls);
  return [...new Set(calls.map(({ topic }) => topic))].map((topic) =>
    check(
      topic,
      wrong(calls, verdicts, (call) => call.topic === topic),
    ),
  );
}

/** Weakens the policies of `alpha`, with one release, and of `beta`, with two, and days. */
async function breakChecks(simulator: Judge, keys: readonly SynthesizedKey[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { name, change, caught } of POLICY_BREAKS) {
    const weak = keys.map((key) => ({ ...key, policy: change(key.policy) }));
    const [alpha, beta] = weak as [SynthesizedKey, SynthesizedKey];
    const calls = [
      ...secretsCalls(weak, [alpha, beta]).filter(
        ({ action, caller }) => WATCHED.includes(action) && WATCHED_CALLERS.includes(caller.name),
      ),
      ...managementCalls([alpha]),
    ];
    const seen = wrong(calls, await simulator.verdicts(calls));
    checks.push(
      caught
        ? check(`held although ${name}`, seen)
        : check(`seen when ${name}`, seen.length > 0 ? [] : ["every verdict stayed as it was"]),
    );
  }
  return checks;
}

/** Enough actions to see a break by. */
const WATCHED = ["kms:Decrypt", "kms:CreateGrant"];
const WATCHED_CALLERS = [
  "pods of alpha",
  "pods of beta",
  "pods of beta, with AdministratorAccess",
  "platform administrator",
  "another administrator of the account",
];

/** The rows of the table of wirings, case by case. */
async function cellChecks(simulator: Judge, enclaves: readonly SynthesizedKey[]): Promise<Check[]> {
  const instances = instanceKeys();
  const calls = AWS_CELLS.map((cell) =>
    callOf(cell, cell.wiring === Wiring.NITRO_TPM.id ? instances : enclaves),
  );
  const verdicts = await simulator.verdicts(calls);
  return [
    ...AWS_CELLS.map(({ wiring, name, refused }, index) => {
      const { result } = verdicts[index]!;
      return check(`${wiring}: ${name}`, (result !== "Allowed") === refused ? [] : [`decided: ${result}`]);
    }),
    ...[Wiring.NITRO_ENCLAVE, Wiring.NITRO_TPM].map((wiring) =>
      check(
        `every cell of ${wiring} is attacked, and as the table says`,
        wiring.cases
          .filter(
            ({ case: negative, refused }) =>
              !AWS_CELLS.some(
                (cell) =>
                  cell.wiring === wiring.id && cell.negative === negative.id && cell.refused === refused,
              ),
          )
          .map(({ case: negative }) => negative.id),
      ),
    ),
  ];
}

function callOf({ caller, evidence, day }: AwsCell, keys: readonly SynthesizedKey[]): Call {
  const who = callers(keys).find(({ name }) => name === caller);
  const what = EVIDENCE.find(({ name }) => name === evidence);
  if (!who || !what) throw new Error(`no caller '${caller}', or no evidence '${evidence}'`);
  return secretsCall(keys[0]!, who, "kms:Decrypt", what, day);
}
