// What a tenant's file says about attestation: verifiers, files it names, workloads, reference values.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, TenantDirectory } from "../../lib";
import { workloadsOf } from "../../lib/attestation/attested-workload";
import { MEASUREMENTS } from "../../lib/attestation/measurement";
import {
  ROLL_OUT_DAYS,
  referenceValueFaults,
  referenceValuesOn,
} from "../../lib/attestation/reference-values";
import type { IVerifier } from "../../lib/attestation/verifier";
import { Wiring } from "../../lib/attestation/wiring";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { parseTenantSpec } from "../../lib/tenant/tenant-parse";
import { attested, PCRS, pcr, testVerifier } from "../support/attestation";
import { folder, lock, tenantsDirectory } from "../support/files";
import { exampleHost, exampleTenant, tenantInput } from "../support/host";

const host = exampleHost();
const TODAY = "2026-11-21";

type Attestation = ReturnType<typeof attested>;
type Workload = Attestation["workloads"][number];

function errorsOf(action: () => unknown): readonly ConfigurationError[] {
  try {
    action();
  } catch (error) {
    if (ConfigurationError.is(error)) return error.errors;
    throw error;
  }
  return [];
}

/** Checks one tenant whose attestation is changed. */
function check(
  change: Partial<Workload>,
  verifiers: readonly IVerifier[] = [testVerifier()],
): readonly ConfigurationError[] {
  return errorsOf(() =>
    checkTenant(exampleTenant({ attestation: attested(change) }), host, TODAY, verifiers),
  );
}

/** What parsing says of a workload, as code and path below the workload. */
function parsed(change: Partial<Workload>): string[] {
  const { problems } = parseTenantSpec(tenantInput({ attestation: attested(change) }));
  return problems.map(({ code, path }) => `${code} ${path.slice(3).join(".")}`);
}

describe("verifiers", () => {
  test("a tenant keeps the verifier its file names, and its workloads", () => {
    const [one, two] = [testVerifier(), testVerifier(Wiring.NITRO_TPM, { name: "other" })];
    const tenant = checkTenant(exampleTenant({ attestation: attested() }), host, TODAY, [two, one]);
    expect(tenant.attestation).toEqual({
      verifier: one,
      workloads: [{ name: "app", referenceValues: [{ release: "1.0", values: PCRS }] }],
      today: TODAY,
    });
    expect(checkTenant(exampleTenant(), host, TODAY, [one]).attestation).toBeUndefined();
  });

  test.each([
    [[], /got 'evidence'; pass verifiers to TenantDirectory\.load, or leave attestation out/],
    [
      [testVerifier(Wiring.NITRO_TPM, { name: "a" }), testVerifier(Wiring.NITRO_TPM, { name: "b" })],
      /got 'evidence'; name one of a, b/,
    ],
  ])("one that the platform does not have is refused", (verifiers, text) => {
    const [error, ...others] = check({}, verifiers);
    expect([error?.code, error?.path, others]).toEqual([
      "ATTESTATION_VERIFIER",
      "acme.attestation.verifier",
      [],
    ]);
    expect(error?.message).toMatch(text);
  });

  test("two of one name are refused before any file is looked at", () => {
    const verifiers = [testVerifier(), testVerifier(Wiring.NITRO_TPM)];
    expect(() => checkTenant(exampleTenant(), host, TODAY, verifiers)).toThrow(
      /\[ATTESTATION_VERIFIER\] checkTenant: .*got 'evidence' twice; rename one/,
    );
    expect(() => TenantDirectory.load("/nowhere", { host, verifiers })).toThrow(
      /ATTESTATION_VERIFIER.*twice/,
    );
  });

  test.each([
    ["one verifier", testVerifier(), /: verifiers must be a list of verifiers.*NitroEnclaves\.of/],
    ["a class", [class {}], /: verifiers\.0 must be an object/],
    ["nothing in the list", [undefined], /: verifiers\.0 must be an object, got undefined/],
  ])("%s instead of a list of them is refused", (_what, verifiers, said) => {
    const load = (): unknown => TenantDirectory.load("/nowhere", { host, verifiers: verifiers as never });
    expect(load).toThrow(/^\[OPTION_TYPE\] TenantDirectory\.load: /);
    expect(load).toThrow(said);
  });

  test("a verifier of another host says so alone, and not what it would want of values", () => {
    const elsewhere = testVerifier(Wiring.NITRO_ENCLAVE, {
      problems: () => [
        { code: "ATTESTATION_VERIFIER", path: ["attestation", "verifier"], text: "another cloud, got this" },
      ],
    });
    expect(check({ referenceValues: [] }, [elsewhere]).map(({ message }) => message)).toEqual([
      expect.stringContaining("another cloud, got this"),
    ]);
  });

  test("what a verifier says itself is reported, for the place it is asked about", () => {
    const asked: unknown[] = [];
    const verifier = testVerifier(Wiring.NITRO_ENCLAVE, {
      problems: (_spec, place) => {
        asked.push([place.host.name, place.pool.name, place.today]);
        return [
          { code: "ATTESTATION_VERIFIER", path: ["attestation", "verifier"], text: "no, got that; do this" },
        ];
      },
    });
    expect(check({}, [verifier]).map(({ message }) => message)).toEqual([
      "[ATTESTATION_VERIFIER] acme.attestation.verifier: no, got that; do this",
    ]);
    expect(asked).toEqual([["prod", "snp", TODAY]]);
  });
});

describe("workloads", () => {
  test.each<[string, Partial<Workload>, string[]]>([
    ["a name in capitals", { name: "App" }, ["ATTESTATION_WORKLOAD name"]],
    ["a name of 41 characters", { name: "a".repeat(41) }, ["ATTESTATION_WORKLOAD name"]],
    [
      "neither values nor file",
      { referenceValues: [{ release: "1" }] },
      ["ATTESTATION_REFERENCE referenceValues.0.values"],
    ],
    [
      "values and a file",
      { referenceValues: [{ release: "1", values: PCRS, file: "a/b.json" }] },
      ["ATTESTATION_REFERENCE referenceValues.0.values"],
    ],
    [
      "days that do not exist",
      { referenceValues: [{ release: "1", values: PCRS, from: "2026-02-30", until: "21.11.2026" }] },
      ["ATTESTATION_REFERENCE referenceValues.0.from", "ATTESTATION_REFERENCE referenceValues.0.until"],
    ],
    [
      "two agent policies",
      { agentPolicy: "package agent_policy", agentPolicyFile: "a.rego" },
      ["ATTESTATION_WORKLOAD agentPolicyFile"],
    ],
    [
      "14 minutes",
      { certificate: { dnsNames: ["a.b"], minutes: 14 } },
      ["CERTIFICATE_LIFE certificate.minutes"],
    ],
    [
      "61 minutes",
      { certificate: { dnsNames: ["a.b"], minutes: 61 } },
      ["CERTIFICATE_LIFE certificate.minutes"],
    ],
    [
      "half minutes",
      { certificate: { dnsNames: ["a.b"], minutes: 30.5 } },
      ["CERTIFICATE_LIFE certificate.minutes"],
    ],
    [
      "names that are none",
      {
        certificate: {
          dnsNames: ["*.acme", "A.b", "a..b", "10.0.0.1", "a b", "-a", "", "a.b", "a.b", "localhost"],
        },
      },
      [0, 1, 2, 3, 4, 5, 6, 8, 9].map((at) => `ATTESTATION_WORKLOAD certificate.dnsNames.${at}`),
    ],
    ["good ones", { certificate: { dnsNames: ["app", "app.acme.svc"], minutes: 15 } }, []],
    ["good ones at the other end", { certificate: { dnsNames: ["app"], minutes: 60 } }, []],
    ["a leap day", { referenceValues: [{ release: "1", values: PCRS, from: "2024-02-29" }] }, []],
  ])("%s", (_what, change, expected) => {
    expect(parsed(change)).toEqual(expected);
  });

  test("certificates live 30 minutes unless said otherwise", () => {
    const { spec } = parseTenantSpec(
      tenantInput({ attestation: attested({ certificate: { dnsNames: ["a"] } }) }),
    );
    expect(workloadsOf(spec!)[0]!.certificate).toEqual({ dnsNames: ["a"], minutes: 30 });
  });

  test("two of one name are refused at the second", () => {
    const [workload] = attested().workloads;
    const attestation = { verifier: "evidence", workloads: [workload!, { name: "b" }, workload!] };
    const { problems } = parseTenantSpec(tenantInput({ attestation }));
    expect(problems).toEqual([
      {
        code: "ATTESTATION_WORKLOAD",
        path: ["attestation", "workloads", 2, "name"],
        text: "a workload's name must stand once in a tenant, got 'app' again; rename one",
      },
    ]);
  });
});

describe("reference values of a verifier", () => {
  test.each([
    [
      "none where the evidence names the workload",
      Wiring.NITRO_ENCLAVE,
      [],
      /must have reference values \(PCR0, PCR1, PCR2, PCR8\).*got none/,
    ],
    [
      "some where the evidence names none",
      Wiring.AZURE_ATTESTATION,
      [{ release: "1", values: PCRS }],
      /must have no reference values.*a confidential virtual machine of Azure.*got 1/,
    ],
    [
      "another wiring's",
      Wiring.CONFIDENTIAL_SPACE,
      [{ release: "1", values: PCRS }],
      /must be one the evidence carries \(imageDigest\), got 'PCR0'/,
    ],
  ])("%s", (_what, wiring, referenceValues, text) => {
    const errors = check({ referenceValues }, [testVerifier(wiring)]);
    expect(errors.map(({ code }) => code)).toContain("ATTESTATION_REFERENCE");
    expect(errors.map(({ message }) => message).join("\n")).toMatch(text);
    for (const { path } of errors) expect(path).toMatch(/^acme\.attestation\.workloads\.0\.referenceValues/);
  });

  test("none are needed where a policy's digest is computed, nor where evidence names no workload", () => {
    expect(
      check({ referenceValues: [], agentPolicy: "package agent_policy" }, [testVerifier(Wiring.TRUSTEE_POD)]),
    ).toEqual([]);
    expect(check({ referenceValues: [] }, [testVerifier(Wiring.TRUSTEE_POD)])).toHaveLength(1);
    expect(check({ referenceValues: [] }, [testVerifier(Wiring.AZURE_ATTESTATION)])).toEqual([]);
  });

  test("they are judged on the day given, and a tier is not judged where they are wrong", () => {
    const ended = [{ release: "1", values: PCRS, until: "2026-11-20" }];
    const texts = check({ referenceValues: ended })
      .map(({ message }) => message)
      .join("\n");
    expect(texts).toMatch(/one release must be good on 2026-11-21, got none/);
    const spec = exampleTenant({ sensitivity: "sealed", attestation: attested({ referenceValues: ended }) });
    expect(
      errorsOf(() => checkTenant(spec, host, TODAY, [testVerifier()])).map(({ code }) => code),
    ).not.toContain("TENANT_TIER");
  });
});

describe("reference values by themselves", () => {
  type Set = Parameters<typeof referenceValueFaults>[1][number];
  const set = (release: string, change: Partial<Set> = {}): Set => ({ release, values: PCRS, ...change });
  const faults = (...sets: readonly Set[]): string[] =>
    referenceValueFaults(MEASUREMENTS.nitroEnclave, sets, TODAY).map(
      ({ path, text }) => `${path.join(".")}: ${text}`,
    );

  test("one release without an end, or two that overlap by a roll-out, are good", () => {
    expect(ROLL_OUT_DAYS).toBe(3);
    expect(faults(set("1"))).toEqual([]);
    expect(faults(set("1", { values: { ...PCRS, PCR8: pcr("d") } }))).toEqual([]);
    expect(faults(set("1", { until: "2026-11-24" }), set("2", { from: "2026-11-21" }))).toEqual([]);
    // The order of the list says nothing.
    expect(faults(set("2", { from: "2026-11-21" }), set("1", { until: "2026-11-24" }))).toEqual([]);
    expect(
      faults(set("1", { from: "2026-11-01", until: "2026-11-24" }), set("2", { from: "2026-11-20" })),
    ).toEqual([]);
    // What is to come does not count yet, and what ended long ago may stay on the list.
    expect(faults(set("1"), set("2", { from: "2027-01-01" }))).toEqual([]);
    expect(faults(set("0", { until: "2025-01-01" }), set("1"))).toEqual([]);
  });

  test.each<[string, Set[], RegExp[]]>([
    [
      "an overlap one day short",
      [set("1", { until: "2026-11-23" }), set("2", { from: "2026-11-21" })],
      [/^0\.until: old values must stay good for 3 days.*until 2026-11-23 with a release from 2026-11-21/],
    ],
    [
      "a gap",
      [set("1", { until: "2026-11-21" }), set("2", { from: "2026-12-01" })],
      [/^0\.until: old values must stay good/],
    ],
    [
      "a gap, although a third release comes later still",
      [set("1", { until: "2026-11-22" }), set("2", { from: "2026-11-25" }), set("3", { from: "2027-01-01" })],
      [/^0\.until: .*release from 2026-11-25/],
    ],
    [
      "the last release ends",
      [set("1", { until: "2026-12-31" })],
      [/^0\.until: the last release must not end/],
    ],
    [
      "both end on one day",
      [set("1", { until: "2026-12-31" }), set("2", { until: "2026-12-31" })],
      [/^0\.until: the last release must not end/, /^1\.until: the last release must not end/],
    ],
    [
      "from after until",
      [set("1", { from: "2026-11-22", until: "2026-11-20" }), set("2")],
      [/^0\.until: until must not be before from/],
    ],
    [
      "nothing is good yet",
      [set("1", { from: "2026-11-22" })],
      [/^: one release must be good on 2026-11-21/],
    ],
    ["one release twice", [set("1"), set("1")], [/^1\.release: a release must stand once, got '1' again/]],
    [
      "a key missing",
      [set("1", { values: { PCR0: pcr("a"), PCR1: pcr("b") } })],
      [/^0\.values\.PCR2: PCR2 must be given/],
    ],
    [
      "no values",
      [set("1", { values: {} })],
      [/PCR0 must be given/, /PCR1 must be/, /PCR2 must be/, /^0\.values: a release must have values/],
    ],
    [
      "a strange key",
      [set("1", { values: { ...PCRS, PCR7: pcr("a") } })],
      [/^0\.values\.PCR7: a value must be one the evidence carries.*got 'PCR7'/],
    ],
    [
      "zeros",
      [set("1", { values: { ...PCRS, PCR0: pcr("0") } })],
      [/^0\.values\.PCR0: PCR0 must not be all zeros.*debug/],
    ],
    [
      "capitals",
      [set("1", { values: { ...PCRS, PCR0: pcr("A") } })],
      [/^0\.values\.PCR0: .*96 lower-case hex digits.*; write it in lower case$/],
    ],
    [
      "SHA-256",
      [set("1", { values: { ...PCRS, PCR0: "a".repeat(64) } })],
      [/^0\.values\.PCR0: .*96 lower-case hex digits/],
    ],
    [
      "a prefix",
      [set("1", { values: { ...PCRS, PCR0: `0x${pcr("a")}` } })],
      [/^0\.values\.PCR0: .*96 lower-case hex/],
    ],
  ])("%s", (_what, sets, expected) => {
    const found = faults(...sets);
    expect(found).toHaveLength(expected.length);
    found.forEach((text, index) => expect(text).toMatch(expected[index]!));
  });

  test("old and new are both good during a roll-out, each alone outside", () => {
    const sets = [set("1", { until: "2026-11-24" }), set("2", { from: "2026-11-21" })];
    const on = (day: string): string[] => referenceValuesOn(sets, day).map(({ release }) => release);
    expect(["2026-11-20", "2026-11-21", "2026-11-24", "2026-11-25"].map(on)).toEqual([
      ["1"],
      ["1", "2"],
      ["1", "2"],
      ["2"],
    ]);
  });
});

describe("files", () => {
  const OUTPUT = { Measurements: { HashAlgorithm: "Sha384 { ... }", ...PCRS } };
  const withFile = (file: string, more: Partial<Workload> = {}): unknown =>
    tenantInput({ attestation: attested({ referenceValues: [{ release: "1.0", file }], ...more }) });

  function directoryOf(
    files: Readonly<Record<string, unknown>>,
    below: Readonly<Record<string, unknown>> = {},
  ): string {
    const directory = tenantsDirectory(files);
    mkdirSync(join(directory, "measurements"));
    for (const [name, content] of Object.entries(below))
      writeFileSync(
        join(directory, "measurements", name),
        typeof content === "string" ? content : JSON.stringify(content),
      );
    return directory;
  }

  const load = (directory: string): TenantDirectory =>
    TenantDirectory.load(directory, { host, verifiers: [testVerifier()], today: TODAY });

  test("values and policies are read from below the tenants directory, and tenants carry them", () => {
    const directory = directoryOf(
      { "acme.json": withFile("measurements/app.json", { agentPolicyFile: "./measurements/app.rego" }) },
      { "app.json": OUTPUT, "app.rego": "package agent_policy\n" },
    );
    lock(directory);
    const [tenant] = load(directory).tenants;
    expect(tenant!.attestation!.workloads).toEqual([
      {
        name: "app",
        referenceValues: [{ release: "1.0", values: PCRS }],
        agentPolicy: "package agent_policy\n",
      },
    ]);
    // The spec itself says so, for whoever reads it later, and can be checked again.
    expect(checkTenant(tenant!.spec, host, TODAY, [testVerifier()]).attestation?.workloads).toEqual(
      tenant!.attestation!.workloads,
    );
  });

  test.each([
    ["../secret.json", /must lie below the tenants directory/],
    ["measurements/../../secret.json", /must lie below/],
    ["..\\secret.json", /must lie below/],
    ["/etc/hosts", /must lie below/],
    ["", /must lie below/],
    ["measurements/link.json", /must lie below.*links followed/],
    ["measurements/none.json", /must be readable \(this one is not: ENOENT\)/],
    ["measurements", /must be readable \(this one is not: EISDIR\)/],
  ])("'%s' is refused", (file, text) => {
    const outside = join(folder(), "secret.json");
    writeFileSync(outside, JSON.stringify(OUTPUT));
    const directory = directoryOf({ "acme.json": tenantInput() });
    writeFileSync(join(directory, "..", "secret.json"), JSON.stringify(OUTPUT));
    symlinkSync(outside, join(directory, "measurements", "link.json"));
    writeFileSync(join(directory, "acme.json"), JSON.stringify(withFile(file), undefined, 2));
    const [error, ...others] = errorsOf(() => load(directory));
    expect([error?.code, others]).toEqual(["TENANT_FILE", []]);
    expect(error!.message).toMatch(text);
    expect(error!.message).toContain(`got '${file}'`);
    expect(error!.path.replace(directory, "")).toMatch(
      /^\/acme\.json:\d+:\d+ attestation\.workloads\.0\.referenceValues\.0\.file$/,
    );
  });

  test.each([
    ["PCR0: abc", /output of nitro-cli must be one JSON object, got 'PCR0: abc'/],
    ["[]", /must be one JSON object/],
    [{ Measurements: [] }, /must hold Measurements/],
    [
      { Measurements: { ...OUTPUT.Measurements, HashAlgorithm: "Sha256 { ... }" } },
      /HashAlgorithm must be Sha384, got 'Sha256/,
    ],
    [{ Measurements: { ...OUTPUT.Measurements, PCR0: 7 } }, /PCR0 must be given as a text/],
    [{ Measurements: { ...OUTPUT.Measurements, PCR0: pcr("0") } }, /PCR0 must not be all zeros/],
  ])("content %j is refused", (content, text) => {
    const directory = directoryOf(
      { "acme.json": withFile("measurements/app.json") },
      { "app.json": content },
    );
    const [error, ...others] = errorsOf(() => load(directory));
    expect([error?.code, others]).toEqual(["ATTESTATION_REFERENCE", []]);
    expect(error!.message).toMatch(text);
    expect(error!.path).toMatch(/acme\.json:\d+:\d+ attestation\.workloads\.0\.referenceValues\.0\.file$/);
    expect(error!.message).toContain("file: measurements/app.json: ");
  });

  test("all errors of a directory stand together", () => {
    const directory = directoryOf({
      "a.json": { ...tenantInput({ name: "a" }), colour: "red" },
    });
    writeFileSync(
      join(directory, "b.json"),
      JSON.stringify({ ...(withFile("../x.json", { agentPolicyFile: "../y.rego" }) as object), name: "b" }),
    );
    writeFileSync(
      join(directory, "c.json"),
      JSON.stringify(tenantInput({ name: "c", attestation: { ...attested(), verifier: "none" } })),
    );
    expect(errorsOf(() => load(directory)).map(({ code, path }) => `${code} ${path.split(" ")[1]}`)).toEqual([
      "TENANT_KEY colour",
      "TENANT_FILE attestation.workloads.0.referenceValues.0.file",
      "TENANT_FILE attestation.workloads.0.agentPolicyFile",
      "ATTESTATION_VERIFIER attestation.verifier",
    ]);
  });

  test("a tenant given in code has no folder to start from", () => {
    const errors = check({
      referenceValues: [{ release: "1", file: "measurements/app.json" }],
      agentPolicyFile: "a.rego",
    });
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "TENANT_FILE acme.attestation.workloads.0.referenceValues.0.file",
      "TENANT_FILE acme.attestation.workloads.0.agentPolicyFile",
    ]);
  });
});
