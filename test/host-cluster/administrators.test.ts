import { type App, ClusterAccess, GivenHost, HostFile } from "../../lib";
import { admissionPolicies } from "../../lib/admission/policies";
import { HELM_RECORDS } from "../../lib/admission/rules/helm-records";
import type { Administrators } from "../../lib/admission/rule";
import { assertAdministrators } from "../../lib/host-cluster/administrators";
import { PlatformStack } from "../../stacks/neutral";
import { exampleAks } from "../support/aks";
import { folder } from "../support/files";
import { exampleGkeHost } from "../support/gke-host";
import { exampleHost } from "../support/host";
import { app } from "../support/scope";

const check = (administrators: Partial<Administrators>): void =>
  assertAdministrators("host.prod", { users: [], groups: [], ...administrators });

test("each cloud's host names its administrators as its API server knows them", () => {
  // EKS maps each role of `admins` to the group by an access entry; Entra puts object ids of groups into the token.
  expect(exampleHost().administrators).toEqual({ users: [], groups: ["tenclave:platform"] });
  const admins = ["33333333-3333-3333-3333-333333333333"];
  expect(exampleAks({ admins }).administrators).toEqual({ users: [], groups: admins });
  // On GKE a group counts only when the cluster looks groups up; accounts are users by their e-mail address.
  const people = ["deployer@project.iam.gserviceaccount.com"];
  expect(exampleGkeHost({ admins: people }).administrators).toEqual({ users: people, groups: [] });
  expect(
    exampleGkeHost({ admins: people, securityGroup: "gke-security-groups@example.com" }).administrators,
  ).toEqual({ users: people, groups: people });
});

test.each([
  ["EKS", exampleHost()],
  ["AKS", exampleAks()],
  ["GKE", exampleGkeHost()],
])("administrators of %s survive the host file, and reach the rules", (_, host) => {
  const { administrators } = HostFile.read(HostFile.write(folder(), host));
  expect(administrators).toEqual(host.administrators);
  expect(() => {
    check(administrators);
  }).not.toThrow();
  const [policy] = admissionPolicies([HELM_RECORDS], administrators) as unknown as [
    { spec: { matchConditions: { expression: string }[] } },
  ];
  for (const name of [...administrators.users, ...administrators.groups])
    expect(policy.spec.matchConditions[0]!.expression).toContain(`'${name}'`);
});

test("a platform stack without administrators would lock itself out", () => {
  const stackOf = (scope: App, administrators: Administrators): PlatformStack =>
    new PlatformStack(scope, "platform", {
      host: GivenHost.by(
        { ...exampleHost(), administrators },
        ClusterAccess.kubeconfig("https://api.example.com", "kubeconfig", "prod"),
      ),
    });
  expect(() => stackOf(app(), { users: [], groups: [] })).toThrow(
    /HOST_ADMIN.*must name users or groups of people and runners, got nobody/,
  );
  expect(stackOf(app(), { users: [], groups: ["tenclave:platform"] }).node.id).toBe("platform");
});

test.each([
  "",
  " ",
  "system:authenticated",
  "system:unauthenticated",
  "system:nodes",
  "system:anonymous",
  "system:serviceaccounts",
  "system:serviceaccounts:tenant-acme",
  "system:serviceaccount:tenant-acme:vc-acme",
])("'%s' is no administrator", (name) => {
  for (const list of ["users", "groups"] as const)
    expect(() => {
      check({ [list]: ["tenclave:platform", name] });
    }).toThrow(/HOST_ADMIN/);
});

test.each([
  "system:masters",
  "system:serviceaccounts:argocd",
  "system:serviceaccount:argocd:deployer",
  "ops",
])("'%s' may be one", (name) => {
  expect(() => {
    check({ groups: [name] });
  }).not.toThrow();
});
