import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ChartSource, CHARTS, dependOn, ManifestRelease, Retention } from "../../lib";
import { NamespaceV1 } from "../../lib/core/bindings/kubernetes";
import { Release } from "../../lib/core/bindings/helm";
import { KubernetesProvider } from "../../lib/core/bindings/kubernetes";
import { HelmProvider } from "../../lib/core/bindings/helm";
import { assertImagesReachable, chartSource } from "../../lib/core/charts";
import { Construct, type TerraformStack } from "../../lib/core/cdk";
import { withoutCreationTraces } from "../../lib/core/creation-traces";
import { literal } from "../../lib/core/literal";
import { fitted, isName } from "../../lib/core/names";
import { warn, warningsOf } from "../../lib/core/notes";
import { Template } from "../../lib/testing";
import { folder } from "../support/files";
import { stack } from "../support/scope";

function withProviders(): TerraformStack {
  const scope = stack();
  new HelmProvider(scope, "Helm", {});
  new KubernetesProvider(scope, "Kubernetes", {});
  return scope;
}

const OBJECT = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c" },
  data: { text: "${not} %{terraform}" },
};

describe("ManifestRelease", () => {
  test("ships objects as values of a chart inside the output, escaped for Terraform", () => {
    const scope = withProviders();
    new ManifestRelease(scope, "One", { releaseName: "one", namespace: "system", objects: [OBJECT] });
    const release = Template.of(scope).only(Release);
    expect(release).toMatchObject({
      name: "one",
      namespace: "system",
      create_namespace: false,
      wait: true,
      max_history: 5,
    });
    expect(release.chart).toMatch(/^\.\/assets\/ManifestChart\/[0-9A-F]{32}$/);
    expect(release.values).toEqual([
      JSON.stringify({ objects: [{ ...OBJECT, data: { text: "$${not} %%{terraform}" } }] }),
    ]);
    expect(release).not.toHaveProperty("repository");
  });

  test("shares one chart asset among the releases of a stack", () => {
    const scope = withProviders();
    const paths = ["One", "Two"].map((id) => {
      new ManifestRelease(scope, id, { releaseName: id, namespace: "system", objects: [OBJECT] });
      return id;
    });
    const charts = Template.of(scope)
      .all(Release)
      .map((release) => release.chart);
    expect(new Set(charts).size).toBe(1);
    expect(charts).toHaveLength(paths.length);
  });

  test.each([
    [{ kind: "ConfigMap", metadata: { name: "c" } }],
    [{ apiVersion: "v1", metadata: { name: "c" } }],
    [{ apiVersion: "v1", kind: "ConfigMap", metadata: {} }],
  ])("fails for an object that lacks something: %j", (object) => {
    expect(
      () =>
        new ManifestRelease(withProviders(), "One", {
          releaseName: "r",
          namespace: "n",
          objects: [OBJECT, object],
        }),
    ).toThrow(/\[MANIFEST_OBJECT\].*object 1/);
  });
});

describe("charts", () => {
  test("come from their public repository by default", () => {
    expect(chartSource(CHARTS.cilium, undefined).locate(stack(), CHARTS.cilium)).toEqual({
      chart: "cilium",
      repository: "https://helm.cilium.io",
      version: CHARTS.cilium.version,
    });
  });

  test("come from an OCI registry", () => {
    expect(ChartSource.oci("oci://registry.example.com/charts/").locate(stack(), CHARTS.vcluster)).toEqual({
      chart: "oci://registry.example.com/charts/vcluster",
      version: "0.36.1",
    });
  });

  test("come from a directory, copied into the output", () => {
    const chart = join(folder(), "cilium");
    mkdirSync(chart);
    writeFileSync(join(chart, "Chart.yaml"), 'apiVersion: v2\nname: cilium\nversion: "1.20.0"\n');
    const located = ChartSource.directory(chart).locate(stack(), CHARTS.cilium);
    expect(located).toEqual({ chart: expect.stringMatching(/^\.\/assets\/Chart-cilium\//) as string });
  });

  test.each(["name: cilium\nversion: 1.19.0\n", "name: vcluster\nversion: 1.20.0\n", "appVersion: 1.20.0\n"])(
    "fail for a directory with another chart: %j",
    (text) => {
      const chart = folder();
      writeFileSync(join(chart, "Chart.yaml"), text);
      expect(() => ChartSource.directory(chart).locate(stack(), CHARTS.cilium)).toThrow(
        /\[CHART_SOURCE\].*takes chart cilium 1\.20\.0, got/,
      );
    },
  );

  test.each([
    ["repository", () => ChartSource.repository("http://charts.example.com")],
    ["directory", () => ChartSource.directory(folder())],
  ])("fail for a %s that is none", (_, make) => {
    expect(make).toThrow(/\[CHART_SOURCE\]/);
  });

  test("have exact versions, dates and sources", () => {
    for (const chart of Object.values(CHARTS)) {
      expect(chart.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(chart.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(chart.source).not.toBe("");
    }
  });

  test("images are reachable by the internet or by a mirror", () => {
    expect(() => {
      assertImagesReachable(stack(), CHARTS.cilium, true, undefined);
      assertImagesReachable(stack(), CHARTS.cilium, false, "registry.example.com");
    }).not.toThrow();
  });
});

describe("dependOn", () => {
  test("reaches every resource below the target, and keeps what it waited for", () => {
    const scope = withProviders();
    const first = new NamespaceV1(scope, "First", { metadata: { name: "first" } });
    const group = new Construct(scope, "Group");
    new NamespaceV1(group, "Second", { metadata: { name: "second" }, dependsOn: [first] });
    new NamespaceV1(group, "Third", { metadata: { name: "third" } });
    dependOn(group, first);
    const [one, two, three] = Template.of(scope).all(NamespaceV1);
    expect(one).not.toHaveProperty("depends_on");
    expect(new Set(two!.depends_on as string[])).toEqual(new Set(["kubernetes_namespace_v1.First"]));
    expect(three!.depends_on).toEqual(["kubernetes_namespace_v1.First"]);
  });

  test("does not make a resource wait for itself", () => {
    const scope = withProviders();
    const first = new NamespaceV1(scope, "First", { metadata: { name: "first" } });
    dependOn(scope, first);
    expect(Template.of(scope).only(NamespaceV1).depends_on ?? []).toEqual([]);
  });
});

describe("Retention", () => {
  test("keeps by default: prevent_destroy and the longest waiting period", () => {
    expect(Retention.KEEP).toMatchObject({
      protects: true,
      keyWaitingDays: 30,
      lifecycle: { preventDestroy: true },
    });
    const scope = stack();
    Retention.KEEP.note(scope);
    expect(warningsOf(scope)).toEqual([]);
  });

  test("destroys for a reason, which shows", () => {
    const scope = stack();
    const retention = Retention.destroy("a test");
    retention.note(scope);
    expect(retention).toMatchObject({ protects: false, keyWaitingDays: 7, lifecycle: undefined });
    expect(warningsOf(scope)).toEqual([{ path: "stack", text: "deletion protection is off: a test" }]);
  });
});

test("warnings carry no stack trace: the output would differ from machine to machine", () => {
  const scope = stack();
  warn(scope, "something");
  expect(scope.node.metadata[0]).not.toHaveProperty("trace", expect.anything());
});

describe("creation traces", () => {
  test("are not captured inside, whatever the framework asks for, and back afterwards", () => {
    const inside = withoutCreationTraces(() => {
      Error.stackTraceLimit = Number.MAX_SAFE_INTEGER;
      return new Error("x").stack;
    });
    expect(inside ?? "").not.toContain("\n");
    expect(new Error("x").stack).toMatch(/core\.test/);
  });

  test("are back after an error, which says where it left", () => {
    const error = (() => {
      try {
        return withoutCreationTraces(() => {
          throw new Error("broken");
        });
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(error.stack).toMatch(/broken[^]*core\.test/);
    expect(new Error("x").stack).toMatch(/core\.test/);
  });
});

test("a name too long for a vendor is cut, and stays its own", () => {
  expect(fitted("short", 10)).toBe("short");
  expect(fitted("exactly-10", 10)).toBe("exactly-10");
  const [one, other] = [fitted(`${"a".repeat(70)}1`, 64), fitted(`${"a".repeat(70)}2`, 64)];
  expect([one.length, other.length]).toEqual([64, 64]);
  expect(one).not.toBe(other);
});

test("template marks in data stay text", () => {
  expect(literal("${a} %{b} $c %d")).toBe("$${a} %%{b} $c %d");
});

test.each([
  ["acme", true],
  ["a", true],
  ["a1-b", true],
  ["a".repeat(40), true],
  ["a".repeat(41), false],
  ["1a", false],
  ["-a", false],
  ["a-", false],
  ["A", false],
  ["a.b", false],
  ["", false],
])("%j is a name: %s", (text, is) => {
  expect(isName(text)).toBe(is);
});
