// Lane `charts`: every chart value we generate, against the charts' own schemas, vCluster's own configuration package,
// Cilium's own label filter, and the real charts rendered by Helm's own engine.
import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import { CHARTS } from "../../../lib/core/charts";
import { STORAGE_CLASS } from "../../../lib/core/names";
import type { HostReference } from "../../../lib/host-cluster/host-cluster";
import {
  ciliumValues,
  IDENTITY_LABELS,
  VXLAN_OVERHEAD,
  WIREGUARD_OVERHEAD,
} from "../../../lib/network/cilium-values";
import { CONTROL_PLANE_SIZES, SYSTEM_SHARE } from "../../../lib/tenant/control-plane-size";
import { guardrails, limitRange } from "../../../lib/tenant/guardrails";
import { mebibytes, milliCpu } from "../../../lib/tenant/quantity";
import { checkTenant, type CheckedTenant } from "../../../lib/tenant/tenant-checks";
import { vclusterValues } from "../../../lib/tenant/vcluster-values";
import { exampleHost, exampleTenant } from "../../support/host";
import { ROOT } from "../support/cache";
import {
  chartFolders,
  judge,
  type ChartCase,
  type ChartVerdict,
  type RenderedObject,
} from "../support/charts";
import { readConfiguration, releaseValues } from "../support/configuration";
import { exampleNames, synthesize } from "../support/examples";
import { NotHere, type Check, type Lane } from "../support/lane";

const SCHEMAS = join(ROOT, "../shared/schemas");

/** A case with what must hold for its verdict. */
interface Expectation {
  readonly input: ChartCase;
  readonly check: (verdict: ChartVerdict) => string[];
}

export const charts: Lane = {
  name: "charts",
  proves:
    "no chart value is misspelt, removed or licence-gated, and what the charts render is what we count on",
  async run() {
    const folders = await chartFolders();
    const schemas = valueSchemas();
    const synthesized = (await Promise.all(exampleNames().map((name) => synthesize(name, folders)))).flat();
    const releases = synthesized.flatMap(({ example, form, stack, folder }) =>
      Object.entries(readConfiguration(folder).resource?.helm_release ?? {}).map(([id, release]) =>
        releaseExpectation(`${example}/${stack}/${id} (${form})`, folder, release),
      ),
    );
    const expectations = [...releases, ...tenantMatrix(), ...ciliumCases(), ...refusals()];
    const { results, mtu } = await judge(
      folders,
      expectations.map(({ input }) => input),
    );
    const verdicts = new Map(results.map((verdict) => [verdict.id, verdict]));
    const checks = expectations.map(({ input, check }): Check => {
      const problems = check(verdicts.get(input.id)!);
      return { name: input.id, ok: problems.length === 0, detail: problems.join("\n") };
    });
    return {
      checks: [
        ...checks,
        ...[...releases, ...tenantMatrix(), ...ciliumCases()].map(({ input }) => schemaCheck(schemas, input)),
        ...schemaRefusals(schemas),
        {
          name: "MTU overheads are Cilium's own",
          ok: mtu.wireguard === WIREGUARD_OVERHEAD && mtu.tunnel === VXLAN_OVERHEAD,
          detail: JSON.stringify(mtu),
        },
      ],
      parts: `vcluster ${CHARTS.vcluster.version} and cilium ${CHARTS.cilium.version} charts, vCluster config package, Helm engine`,
      leftOut: 0,
      notes: [
        `${releases.length} releases of ${exampleNames().length} example(s), ${expectations.length - releases.length} further cases`,
      ],
    };
  },
};

/** A release as it stands in a synthesized stack. */
function releaseExpectation(id: string, folder: string, release: Record<string, unknown>): Expectation {
  const values = releaseValues(release);
  const chart = String(release.chart);
  const kind = /ManifestChart/.test(chart) ? "manifests" : /cilium/.test(chart) ? "cilium" : "vcluster";
  const name = String(release.name);
  return {
    input: {
      id,
      chart: kind,
      release: name,
      namespace: String(release.namespace),
      kubeVersion: "1.34.2",
      values,
      chartPath: kind === "manifests" ? join(folder, chart) : undefined,
    },
    check: (verdict) => [
      ...clean(verdict),
      ...(kind === "vcluster" ? resolverProblems(verdict) : []),
      ...(kind === "manifests" ? sameObjects(values.objects as unknown[], verdict.objects) : []),
    ],
  };
}

/** Every size, with and without gateway, licence and mirror. */
function tenantMatrix(): Expectation[] {
  const host = { ...exampleHost(), gatewayNamespace: "gateway" };
  return Object.keys(CONTROL_PLANE_SIZES).flatMap((size) =>
    [false, true].flatMap((gateway) =>
      [false, true].map((licensed): Expectation => {
        const name = `${size}-${gateway ? "gateway" : "forward"}-${licensed ? "pro" : "oss"}`;
        const api = gateway
          ? { hostname: `${name}.example.com`, via: "gateway" as const }
          : { via: "portForward" as const };
        const tenant = checkTenant(exampleTenant({ name, size, api }), host);
        const imageRegistry = gateway ? "registry.example.com/mirror" : undefined;
        const values = vclusterValues({ tenant, host, keepVolumes: !licensed, licensed, imageRegistry });
        return {
          input: { ...vclusterCase(`tenant ${name}`, tenant, values), claims: CLAIMS },
          check: (verdict) => [
            ...clean(verdict),
            ...resolverProblems(verdict),
            ...renderedTenant(tenant, host, licensed, verdict.objects),
            ...claimProblems(tenant, verdict),
          ],
        };
      }),
    ),
  );
}

/** A claim that names the host's class, and one that names none. */
const CLAIMS = [
  { name: "data", namespace: "default", storageClassName: STORAGE_CLASS },
  { name: "scratch", namespace: "default" },
];

/** With class sync off, a claim reaches the host with the class it names, and with none when it names none. */
function claimProblems({ spec }: CheckedTenant, { claims }: ChartVerdict): string[] {
  const expected = CLAIMS.map(({ name, namespace, storageClassName }) => ({
    name: `${name}-x-${namespace}-x-${spec.name}`,
    namespace: `tenant-${spec.name}`,
    ...(storageClassName ? { storageClassName } : {}),
  }));
  return isDeepStrictEqual(claims, expected) ? [] : [`claims arrive as ${JSON.stringify(claims)}`];
}

/** Where the tenant's CoreDNS sends what it cannot answer: the node's resolver, and no public one as a fallback. */
function resolverProblems({ corefile = "" }: ChartVerdict): string[] {
  const forwards = [...corefile.matchAll(/^\s*forward .*$/gm)].map((line) => line[0].trim());
  return isDeepStrictEqual(forwards, ["forward . /etc/resolv.conf"])
    ? []
    : [`CoreDNS forwards by ${JSON.stringify(forwards)}`];
}

function vclusterCase(id: string, { spec }: CheckedTenant, values: unknown): ChartCase {
  return {
    id,
    chart: "vcluster",
    release: spec.name,
    namespace: `tenant-${spec.name}`,
    kubeVersion: "1.34.2",
    values,
  };
}

/** What the library counts on when it sizes quotas, selects pods and labels the namespace `restricted`. */
function renderedTenant(
  tenant: CheckedTenant,
  host: HostReference,
  licensed: boolean,
  objects: readonly RenderedObject[],
): string[] {
  const kinds = objects.map((object) => object.kind);
  const stateful = objects.find((object) => object.kind === "StatefulSet");
  if (!stateful) return [`no StatefulSet, got ${kinds.join(", ")}`];
  const spec = stateful.spec as StatefulSetSpec;
  const pod = spec.template.spec;
  const containers = [...pod.initContainers, ...pod.containers];
  const [syncer] = pod.containers;
  const size = CONTROL_PLANE_SIZES[tenant.spec.size]!;
  const range = limitRange(tenant.spec).spec!.limits[0]!;
  const facts: Readonly<Record<string, boolean>> = {
    "nothing cluster-wide is granted": !kinds.some((kind) => kind.startsWith("ClusterRole")),
    "guardrails alone own policies, quota and limits": !kinds.some((kind) =>
      ["NetworkPolicy", "ResourceQuota", "LimitRange"].includes(kind),
    ),
    "the control plane runs under the tenant's class": pod.runtimeClassName === tenant.pool.runtimeClassName,
    "policies select the control plane by its release label":
      spec.template.metadata.labels.release === tenant.spec.name,
    "Pod Security restricted admits the pod": containers.every((c) => isRestricted(c, pod)),
    "the image is the one we say": syncer!.image.endsWith(
      `loft-sh/vcluster-${licensed ? "pro" : "oss"}:${CHARTS.vcluster.version}`,
    ),
    "the store's volume uses the host's class":
      spec.volumeClaimTemplates[0]?.spec.storageClassName === host.storageClass.name,
    "requests are what the quota adds":
      milliCpu(syncer!.resources.requests.cpu!) === size.milliCpu &&
      mebibytes(syncer!.resources.requests.memory!) === size.memoryMiB &&
      mebibytes(syncer!.resources.limits.memory!) === size.memoryLimitMiB,
    "no container sets a CPU limit, or init containers alone": syncer!.resources.limits.cpu === undefined,
    "init containers stay below the main container": pod.initContainers.every(
      (c) =>
        mebibytes(c.resources.limits.memory!) <= size.memoryLimitMiB &&
        milliCpu(c.resources.requests.cpu!) <= size.milliCpu,
    ),
    "the limit range admits every container": containers.every(
      (c) => mebibytes(c.resources.limits.memory!) <= mebibytes(range.max!.memory!),
    ),
    "services are as many as the quota adds, CoreDNS on top":
      kinds.filter((kind) => kind === "Service").length + 1 === SYSTEM_SHARE.services,
    "the API is served on the port policies open": objects
      .filter((object) => object.kind === "Service")
      .every((object) => (object.spec as ServiceSpec).ports.every(({ targetPort }) => targetPort === 8443)),
    "guardrails name the same namespace": guardrails(tenant, host)
      .filter(({ metadata }) => metadata?.namespace !== undefined)
      .every(({ metadata }) => metadata?.namespace === stateful.metadata.namespace),
  };
  return Object.entries(facts)
    .filter(([, holds]) => !holds)
    .map(([fact]) => `not so: ${fact}`);
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources: {
    readonly requests: Readonly<Record<string, string | undefined>>;
    readonly limits: Readonly<Record<string, string | undefined>>;
  };
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly allowPrivilegeEscalation?: boolean;
    readonly capabilities?: { readonly drop?: string[]; readonly add?: string[] };
    readonly seccompProfile?: { readonly type?: string };
  };
}

interface PodSpec {
  readonly runtimeClassName?: string;
  readonly initContainers: Container[];
  readonly containers: Container[];
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly seccompProfile?: { readonly type?: string };
  };
}

interface StatefulSetSpec {
  readonly template: {
    readonly metadata: { readonly labels: Record<string, string> };
    readonly spec: PodSpec;
  };
  readonly volumeClaimTemplates: { readonly spec: { readonly storageClassName?: string } }[];
}

interface ServiceSpec {
  readonly ports: { readonly targetPort: number }[];
}

/** The container rules of Pod Security `restricted` (SOURCE: Kubernetes, Pod Security Standards). */
function isRestricted({ securityContext = {} }: Container, pod: PodSpec): boolean {
  const seccomp = securityContext.seccompProfile?.type ?? pod.securityContext?.seccompProfile?.type;
  return (
    (securityContext.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true &&
    securityContext.runAsUser !== 0 &&
    securityContext.allowPrivilegeEscalation === false &&
    (securityContext.capabilities?.drop ?? []).includes("ALL") &&
    (securityContext.capabilities?.add ?? []).every((name) => name === "NET_BIND_SERVICE") &&
    (seccomp === "RuntimeDefault" || seccomp === "Localhost")
  );
}

/** Labels a tenant's pod can carry, and whether they may make an identity. */
const POD_LABELS: readonly { readonly label: string; readonly counts: boolean }[] = [
  { label: "k8s:io.kubernetes.pod.namespace", counts: true },
  { label: "k8s:io.cilium.k8s.namespace.labels.tenclave.dev/tenant", counts: true },
  { label: "k8s:release", counts: true },
  { label: "k8s:k8s-app", counts: true },
  { label: "k8s:vcluster.loft.sh/managed-by", counts: true },
  { label: "k8s:app", counts: false },
  { label: "k8s:app.kubernetes.io/name", counts: false },
  { label: "k8s:release-of-mine", counts: false },
  { label: "k8s:anything", counts: false },
];

function ciliumCases(): Expectation[] {
  const host = exampleHost();
  const input = (id: string, values: unknown): ChartCase => ({
    id,
    chart: "cilium",
    release: "cilium",
    namespace: "kube-system",
    kubeVersion: "1.34.2",
    values,
    podLabels: Object.fromEntries(POD_LABELS.map(({ label }) => [label, "x"])),
  });
  const known = { reference: host, apiServerHost: "api.example.com" };
  return [
    {
      input: input("cilium, endpoint known", ciliumValues(known)),
      check: (verdict) => [...clean(verdict), ...renderedCilium(host, verdict), ...identityProblems(verdict)],
    },
    {
      input: input(
        "cilium, mirror",
        ciliumValues({ ...known, imageRegistry: "registry.example.com/mirror" }),
      ),
      check: (verdict) => [...clean(verdict), ...foreignImages(verdict, "registry.example.com/mirror/")],
    },
  ];
}

/** What Cilium's own configuration says after rendering. */
function renderedCilium(host: HostReference, { objects }: ChartVerdict): string[] {
  const config = objects.find((o) => o.kind === "ConfigMap" && o.metadata.name === "cilium-config")?.data as
    Record<string, string> | undefined;
  if (!config) return ["no ConfigMap cilium-config"];
  const wanted: Readonly<Record<string, string>> = {
    "enable-wireguard": "true",
    "encryption-strict-egress-cidr": host.network.podCidr,
    "enable-encryption-strict-mode-egress": "true",
    "enable-encryption-strict-mode-ingress": "true",
    "encryption-strict-egress-allow-remote-node-identities": "true",
    "routing-mode": "tunnel",
    "tunnel-protocol": "vxlan",
    ipam: "cluster-pool",
    "cluster-pool-ipv4-cidr": host.network.podCidr,
    "kube-proxy-replacement": "true",
    mtu: `${host.network.mtu}`,
    labels: IDENTITY_LABELS.join(" "),
    "cluster-name": host.name,
    "enable-ipv6": "false",
  };
  return Object.entries(wanted)
    .filter(([key, value]) => config[key] !== value)
    .map(([key, value]) => `cilium-config ${key} is '${config[key]}', not '${value}'`);
}

function identityProblems({ identityLabels = [] }: ChartVerdict): string[] {
  return POD_LABELS.filter(({ label, counts }) => identityLabels.includes(`${label}=x`) !== counts).map(
    ({ label, counts }) => `${label} must ${counts ? "" : "not "}make an identity`,
  );
}

/** Images of the rendered workloads that do not come from the mirror. */
function foreignImages({ objects }: ChartVerdict, prefix: string): string[] {
  const images = [...JSON.stringify(objects).matchAll(/"image":"([^"]+)"/g)].map((match) => match[1]!);
  const foreign = images.filter((image) => !image.startsWith(prefix));
  return [
    ...(images.length === 0 ? ["no image at all"] : []),
    ...foreign.map((image) => `image ${image} is not mirrored`),
  ];
}

/** Values that must be refused: the judge has to bite. */
function refusals(): Expectation[] {
  const host = exampleHost();
  const tenant = checkTenant(exampleTenant(), host);
  const good = vclusterValues({ tenant, host, keepVolumes: true, licensed: false });
  const refused = (id: string, chart: string, values: unknown): Expectation => ({
    input: { ...vclusterCase(id, tenant, values), chart },
    check: ({ errors }) => (errors.length > 0 ? [] : ["not refused"]),
  });
  return [
    refused("refuses a misspelt vCluster key", "vcluster", { ...good, telemetri: { enabled: false } }),
    refused("refuses a removed vCluster key", "vcluster", { ...good, isolation: { enabled: true } }),
    refused("refuses ENI address management without ENI", "cilium", { ipam: { mode: "eni" } }),
    {
      input: vclusterCase("sees the public resolver that the chart's own network policy brings", tenant, {
        ...good,
        policies: { ...(good.policies as object), networkPolicy: { enabled: true } },
      }),
      check: (verdict) => (/8\.8\.8\.8/.test(resolverProblems(verdict).join()) ? [] : ["not seen"]),
    },
    {
      input: vclusterCase("sees a licensed key", tenant, {
        ...good,
        sleep: { auto: { afterInactivity: "1h" } },
      }),
      check: ({ licence }) => (licence ? [] : ["licence not needed?"]),
    },
  ];
}

/** Neither refused nor in need of a licence. */
function clean({ errors, licence }: ChartVerdict): string[] {
  return [...errors, ...(licence ? ["needs a licence"] : [])];
}

/** A manifest release prints exactly what it was given; Helm sorts by kind. */
function sameObjects(given: readonly unknown[], rendered: readonly unknown[]): string[] {
  const missing = given.filter((object) => !rendered.some((other) => isDeepStrictEqual(object, other)));
  return [
    ...(given.length === rendered.length
      ? []
      : [`${given.length} objects given, ${rendered.length} rendered`]),
    ...missing.map((object) => `not rendered as given: ${JSON.stringify(object).slice(0, 120)}`),
  ];
}

type Schemas = Readonly<Record<string, ValidateFunction>>;

function valueSchemas(): Schemas {
  return Object.fromEntries(
    [CHARTS.vcluster, CHARTS.cilium].map(({ name, version }) => {
      const file = join(SCHEMAS, `${name}-${version}.values.schema.json`);
      if (!existsSync(file))
        throw new NotHere(`no recorded value schema of ${name} ${version} beside the repository`);
      const { $schema: _draft, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<
        string,
        unknown
      >;
      return [name, new Ajv({ strict: false, validateFormats: false }).compile(schema)];
    }),
  );
}

function schemaCheck(schemas: Schemas, { id, chart, values }: ChartCase): Check {
  const validate = schemas[chart];
  if (!validate) return { name: `schema ${id}`, ok: chart === "manifests", detail: `no schema for ${chart}` };
  const ok = validate(values);
  return { name: `schema ${id}`, ok, detail: JSON.stringify(validate.errors) };
}

/** The recorded schemas have to bite, too. */
function schemaRefusals(schemas: Schemas): Check[] {
  const wrong = { vcluster: { telemetri: {} }, cilium: { encryption: { enabled: "yes please" } } };
  return Object.entries(wrong).map(([chart, values]) => ({
    name: `schema of ${chart} refuses a wrong value`,
    ok: !schemas[chart]!(values),
  }));
}
