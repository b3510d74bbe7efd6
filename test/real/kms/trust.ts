// Who may take on the role of a tenant's pods: EKS Pod Identity, for their service account in their namespace alone.
import type { Call } from "./diagonal";
import { ACCOUNT, HOST, nodeRole, PLATFORM, type SynthesizedKey } from "./tenants";

const EKS = "pods.eks.amazonaws.com";
const clusterArn = (name: string): string => `arn:aws:eks:${HOST.location}:${ACCOUNT}:cluster/${name}`;

/** Every tenant's pods, and others, ask for every tenant's role. */
export function trustCalls(keys: readonly SynthesizedKey[]): Call[] {
  const sessions = [
    ...keys.map(({ tenant: { name } }) => ({
      name: `pods of ${name}`,
      tenant: name,
      principal: EKS,
      tags: [clusterArn(HOST.name), `tenant-${name}`, `vc-workload-${name}`],
    })),
    ...keys.flatMap(({ tenant: { name } }) => [
      {
        name: `another service account beside the pods of ${name}`,
        principal: EKS,
        tags: [clusterArn(HOST.name), `tenant-${name}`, "default"],
      },
      {
        name: `a namespace called as that of ${name} on another cluster`,
        principal: EKS,
        tags: [clusterArn("elsewhere"), `tenant-${name}`, `vc-workload-${name}`],
      },
      {
        name: `a service account called as that of ${name} in another namespace`,
        principal: EKS,
        tags: [clusterArn(HOST.name), "tenant-stranger", `vc-workload-${name}`],
      },
    ]),
    { name: "another service of AWS", principal: "ec2.amazonaws.com", tags: [] },
    { name: "the nodes", principal: nodeRole("vault"), tags: [] },
    { name: "the platform administrator", principal: PLATFORM, tags: [] },
  ];
  return keys.flatMap((key) =>
    sessions.map(({ name, principal, tags, ...session }) => ({
      topic: "who takes on the role of a tenant's pods",
      name: `${name} take on the role of ${key.tenant.name}`,
      caller: { name, arn: principal, policies: principal.startsWith("arn:") ? [EVERYTHING] : [] },
      action: "sts:AssumeRole",
      key,
      resource: key.role,
      policy: key.trust,
      context: Object.fromEntries(
        ["eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account"].flatMap((tag, index) =>
          tags[index] === undefined ? [] : [[`aws:RequestTag/${tag}`, tags[index]]],
        ),
      ),
      allowed: "tenant" in session && session.tenant === key.tenant.name,
    })),
  );
}

const EVERYTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};
