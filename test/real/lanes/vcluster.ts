// Lane `vcluster`: two real virtual control planes on one live host API server, attacked from inside by their admins.
import { findRule } from "../../../lib/admission/rules";
import { CHARTS } from "../../../lib/core/charts";
import { LABELS } from "../../../lib/core/names";
import type { Values } from "../../../lib/tenant/vcluster-values";
import { INSIDE_ATTACKS, type Control, type Inside, type InsideAttack, type Syncer } from "../attacks/inside";
import { WORKLOADS } from "../attacks/inside-legitimate";
import { chartFolders } from "../support/charts";
import { synthesize } from "../support/examples";
import { inParallel } from "../support/exec";
import { applyStacks } from "../support/host-api/apply-stacks";
import type { KubeObject } from "../support/host-api/client";
import { startHostApi, type HostApi } from "../support/host-api/host-api";
import { KUBERNETES_VERSION } from "../support/host-api/tools";
import { check, type Check, type Lane } from "../support/lane";
import { adminLogin, CLIENT_ID, GROUPS, personaChecks, tokenChecks } from "../support/virtual-cluster/access";
import { carry, make, says, TAKEN_AWAY, type Carrier, type Outcome } from "../support/virtual-cluster/carry";
import { mergedValues, takenOver, withLogin } from "../support/virtual-cluster/configuration";
import { assertNamespaces, networkNamespace } from "../support/virtual-cluster/network-namespace";
import { startOidcIssuer } from "../support/virtual-cluster/oidc-issuer";
import { vclusterProgram } from "../support/virtual-cluster/program";
import { startVirtualCluster } from "../support/virtual-cluster/virtual-cluster";
import { coreDnsCheck, workloadCheck } from "../support/virtual-cluster/workloads";

/** An example with two tenants on one pool and a third on another. */
const EXAMPLE = "eks-snp";
/** Runs with the values our stacks hold, byte by byte. */
const OURS = "acme";
/** Took over its control plane. Its people log in by an identity provider. */
const TAKEN_OVER = "globex";
const OTHER_POOL = "plain";

export const vcluster: Lane = {
  name: "vcluster",
  proves: "what a tenant's admin does from inside its virtual cluster is refused or harmless on the host",
  async run() {
    assertNamespaces();
    const synthesized = chartFolders().then((charts) => synthesize(EXAMPLE, charts, {}, "variables"));
    await vclusterProgram();
    // As on every managed host: else the API server refuses privileged pods before any control of ours.
    const api = await startHostApi({ apiServerArgs: ["--allow-privileged=true"] });
    const networks = [networkNamespace(0), networkNamespace(1)] as const;
    const issuer = await startOidcIssuer(networks[1].hostAddress);
    const ends: (() => void)[] = [...networks.map(({ end }) => end), () => issuer.close()];
    try {
      await applyStacks(api, await synthesized);
      await prepareHost(api);
      const values = { ours: await mergedValues(api, OURS), other: await mergedValues(api, TAKEN_OVER) };
      const oidc = { issuer: issuer.url, clientId: CLIENT_ID, groups: GROUPS };
      const [ours, other] = await Promise.all([
        startVirtualCluster({ api, tenant: OURS, network: networks[0], ends }),
        startVirtualCluster({
          api,
          tenant: TAKEN_OVER,
          network: networks[1],
          ends,
          config: JSON.stringify(withLogin(takenOver(values.other), oidc)),
          env: { SSL_CERT_FILE: issuer.caFile },
        }),
      ]);
      const carriers: Readonly<Record<Syncer, Carrier>> = {
        ours: { api, virtual: ours, inside: insideOf(OURS, TAKEN_OVER, values.ours) },
        "taken-over": {
          api,
          virtual: other,
          inside: insideOf(TAKEN_OVER, OURS, values.other),
          admin: await adminLogin(other, issuer),
        },
      };
      const checks: Check[] = [];
      const parts: Readonly<Record<string, () => Promise<Check[]>>> = {
        ready: () => Promise.all(Object.values(carriers).map(ready)),
        workloads: () => workloads(carriers),
        attacks: () => attacks(carriers),
        personas: () => personaChecks(other, issuer),
        tokens: () => tokenChecks(carriers.ours, other),
      };
      // One part that breaks hides no other.
      for (const [name, part] of Object.entries(parts)) {
        checks.push(...(await part().catch((error: unknown) => [check(name, [String(error)])])));
      }
      return {
        checks,
        parts: `vCluster ${CHARTS.vcluster.version} x 2, Kubernetes ${KUBERNETES_VERSION}`,
        leftOut: 0,
        notes: [],
      };
    } finally {
      for (const end of ends) end();
      await api.stop();
    }
  },
};

function insideOf(tenant: string, neighbour: string, values: Values): Inside {
  const { sync, controlPlane } = values as {
    sync: {
      toHost: { pods: { runtimeClassName: string } };
      fromHost: { nodes: { selector: { labels: Record<string, string> } } };
    };
    controlPlane: { statefulSet: { persistence: { volumeClaim: { storageClass: string } } } };
  };
  return {
    tenant,
    neighbour,
    runtimeClass: sync.toHost.pods.runtimeClassName,
    pool: sync.fromHost.nodes.selector.labels[LABELS.pool]!,
    otherPool: OTHER_POOL,
    storageClass: controlPlane.statefulSet.persistence.volumeClaim.storageClass,
  };
}

/** Nodes and a class that attacks name. No kubelet is behind the nodes. */
async function prepareHost(api: HostApi): Promise<void> {
  const objects: KubeObject[] = [
    ...["node-own", "node-other", "node-control-plane"].map((name) => ({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { [LABELS.pool]: name === "node-own" ? "snp" : OTHER_POOL } },
    })),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "other" },
      provisioner: "ebs.csi.aws.com",
    },
  ];
  for (const object of objects) {
    const { status, body } = await api.client.apply(object);
    if (status >= 300) throw new Error(`${object.kind} ${object.metadata?.name}: ${body.message}`);
  }
}

/** The tenant's own class, known inside under its name: a syncer that is taken over forces none. */
async function ready({ inside, ...carrier }: Carrier): Promise<Check> {
  const { runtimeClass } = inside;
  const object = {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: runtimeClass },
    handler: "any",
  };
  const refusal = await make({ inside, ...carrier }, object);
  return check(`${inside.tenant}: the virtual API server takes objects`, refusal ? [refusal] : []);
}

async function workloads(carriers: Readonly<Record<Syncer, Carrier>>): Promise<Check[]> {
  const checks = Object.values(carriers).map((carrier) =>
    inParallel(WORKLOADS, WORKLOADS.length, (workload) => workloadCheck(carrier, workload)),
  );
  // The other's CoreDNS names no class once its syncer forces none: its own loss.
  return [...(await Promise.all(checks)).flat(), await coreDnsCheck(carriers.ours)];
}

async function attacks(carriers: Readonly<Record<Syncer, Carrier>>): Promise<Check[]> {
  const runs = (Object.keys(carriers) as Syncer[]).map((syncer) =>
    inParallel(INSIDE_ATTACKS, 24, async (attack) =>
      judged(syncer, carriers[syncer].inside, await carry(carriers[syncer], attack)),
    ),
  );
  return [...(await Promise.all(runs)).flat(), ...unknownRules()];
}

/** Whether an outcome is what was expected, and by whom. */
function judged(syncer: Syncer, inside: Inside, { attack, arrived, message }: Outcome): Check {
  const { verdict, stoppedBy } = attack.expect[syncer];
  const name = `${syncer}: ${attack.id} ${verdict}`;
  if (verdict === "refused") {
    if (arrived)
      return check(name, [`arrives on the host: ${JSON.stringify(arrived.spec ?? arrived.metadata)}`]);
    if (message === undefined)
      return check(
        name,
        stoppedBy.includes("never-synced") ? [] : ["neither arrives nor is the tenant told why"],
      );
    return check(
      name,
      stoppedBy.some((control) => says(control, message))
        ? []
        : [`refused, but not by ${stoppedBy.join(" or ")}: ${message}`],
    );
  }
  if (message === TAKEN_AWAY) return check(name, []);
  if (!arrived) return check(name, [`does not arrive: ${message ?? "and the tenant is not told why"}`]);
  const harm = attack.harm?.(arrived, inside);
  return check(name, harm ? [`arrives with ${harm}`] : []);
}

/** A rule that an attack counts on exists. */
function unknownRules(): Check[] {
  const named = new Set(
    INSIDE_ATTACKS.flatMap((attack: InsideAttack) => Object.values(attack.expect)).flatMap(
      ({ stoppedBy }) => stoppedBy,
    ),
  );
  const rules = [...named].filter((control: Control) => control.startsWith("rule:"));
  const unknown = rules.filter((control) => !findRule(control.slice("rule:".length)));
  return [check("every rule that attacks count on exists", unknown)];
}
