// Calls to AWS, one after the other, decided by an IAM simulator: JSON in, JSON out. Calls name policies by number.
import process from "node:process";
import { text } from "node:stream/consumers";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const { policies, calls } = JSON.parse(await text(process.stdin));
const verdicts = [];
for (const { principal, action, resource, account, context, identityPolicies, resourcePolicy } of calls) {
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: identityPolicies.map((at) => ({ name: `policy${at}`, policy: policies[at] })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policies[resourcePolicy],
    },
    {},
  );
  verdicts.push(
    answer.resultType === "error"
      ? { error: JSON.stringify(answer.errors) }
      : { result: answer.overallResult, ignored: answer.result?.ignoredContextKeys ?? [] },
  );
}
process.stdout.write(JSON.stringify(verdicts));
