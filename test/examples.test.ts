// Every example is synthesized in every form, as a user runs it; and every bad input leaves nothing behind.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS } from "../lib";
import { contents, folder } from "./support/files";
import { ROOT, runTs } from "./support/run";

const EXAMPLES = readdirSync(join(ROOT, "examples"));

function chartFolder(): string {
  const charts = folder();
  for (const name of ["cilium", "vcluster"] as const) {
    mkdirSync(join(charts, name));
    writeFileSync(join(charts, name, "Chart.yaml"), `name: ${name}\nversion: ${CHARTS[name].version}\n`);
  }
  return charts;
}

const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lookup: {},
  variables: { CONNECT: "variables", CHARTS: chartFolder() },
};

describe.each(EXAMPLES)("example %s", (example) => {
  const main = `examples/${example}/main.ts`;

  /** Synthesizes into a new place; returns every file. */
  function output(form: string): Record<string, string> {
    const outdir = join(folder(), "cdktf.out");
    const { code, stderr } = runTs(main, [], { ...FORMS[form], CDKTF_OUTDIR: outdir });
    expect(stderr).not.toMatch(/Error|\[[A-Z_]+\]/);
    expect(code).toBe(0);
    return contents(outdir);
  }

  test.each(Object.keys(FORMS))("synthesizes by %s, the same bytes in any place", (form) => {
    const files = output(form);
    expect(output(form)).toEqual(files);
    for (const text of Object.values(files)) {
      expect(text).not.toContain(ROOT);
      expect(text).not.toMatch(/"path": "\//);
    }
    // By variables and charts from disk, nothing is asked of a cloud or a chart repository.
    if (form !== "variables") return;
    const stacks = Object.entries(files).filter(([path]) => path.endsWith("cdk.tf.json"));
    expect(stacks.length).toBeGreaterThan(2);
    for (const [path, text] of stacks) {
      expect([path, JSON.parse(text)]).toEqual([
        path,
        expect.not.objectContaining({ data: expect.anything() as unknown }),
      ]);
      expect(text).not.toMatch(/"repository"/);
    }
  });
});

test.each(EXAMPLES.filter((example) => existsSync(join(ROOT, "examples", example, "hosts.ts"))))(
  "the host files of %s are current",
  (example) => {
    const hosts = folder();
    expect(runTs(`examples/${example}/hosts.ts`, [], { HOSTS: hosts }).code).toBe(0);
    expect(contents(hosts)).toEqual(contents(join(ROOT, "examples", example, "hosts")));
  },
);

test("the lock file of three-clouds is what the command writes", () => {
  const directory = join(folder(), "tenants");
  const example = join(ROOT, "examples/three-clouds");
  cpSync(join(example, "tenants"), directory, { recursive: true });
  const { code } = runTs("bin/tenclave.ts", ["lock", directory, "--hosts", join(example, "hosts")]);
  expect(code).toBe(0);
  expect(readFileSync(`${directory}.lock.json`, "utf8")).toBe(
    readFileSync(join(example, "tenants.lock.json"), "utf8"),
  );
});

test("the summary is plain when piped", () => {
  const outdir = join(folder(), "cdktf.out");
  const { stdout } = runTs("examples/eks-snp/main.ts", [], { CDKTF_OUTDIR: outdir });
  expect(stdout).toMatch(/^stack\s+resources\s+size\n/);
  expect(stdout).toMatch(/unproven: /);
  // The README shows what is printed, to the letter.
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  expect(/```text\n([^`]*)```/.exec(readme)![1]).toBe(stdout.replace(outdir, "cdktf.out"));
  expect(stdout).not.toContain("\u001b");
});

test("the example is a platform repository of its own: it runs from its own folder", () => {
  const outdir = join(folder(), "cdktf.out");
  const { code } = runTs(
    "examples/eks-snp/main.ts",
    [],
    { CDKTF_OUTDIR: outdir },
    join(ROOT, "examples/eks-snp"),
  );
  expect(code).toBe(0);
  const { app } = JSON.parse(readFileSync(join(ROOT, "examples/eks-snp/cdktf.json"), "utf8")) as {
    app: string;
  };
  expect(app).toBe("npx tsx main.ts");
});

const TENANTS = join(ROOT, "examples/eks-snp/tenants");

/** Changes one tenant file, as text. */
const edit = (file: string, from: string | RegExp, to: string) => (directory: string) => {
  const path = join(directory, file);
  const text = readFileSync(path, "utf8");
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to change in ${file}`);
  writeFileSync(path, changed);
};

const copyAs = (file: string, name: string) => (directory: string) => {
  const text = readFileSync(join(directory, "globex.json"), "utf8");
  writeFileSync(join(directory, file), text.replace('"globex"', `"${name}"`));
};

// What a user does wrong, and what the one line says: code, file and place, value, cure.
const MISTAKES: readonly (readonly [string, (directory: string) => void, RegExp])[] = [
  [
    "unknown key",
    edit("acme.json", '"pool": "snp",', '"pool": "snp",\n  "colour": "red",'),
    /\[TENANT_KEY\] .*acme\.json:6:13 colour: .*got 'colour'; remove it/,
  ],
  ["wrong type", edit("acme.json", '"snp"', "7"), /\[TENANT_TYPE\] .*acme\.json:5:11 pool: .*got 7; /],
  [
    "duplicate tenant",
    copyAs("other.json", "globex"),
    /\[TENANT_DUPLICATE\] .*other\.json:3:11 name: .*got 'globex'.*; rename/,
  ],
  [
    "name too long",
    edit("acme.json", '"acme"', `"${"a".repeat(41)}"`),
    /\[TENANT_NAME\] .*acme\.json:3:11 name: .*got "a{41}"; choose/,
  ],
  [
    "name not DNS-1123",
    edit("acme.json", '"acme"', '"Acme Inc"'),
    /\[TENANT_NAME\] .*got "Acme Inc"; choose/,
  ],
  [
    "name reserved",
    edit("acme.json", '"acme"', '"kube-system"'),
    /\[TENANT_NAME_RESERVED\] .*got "kube-system"; choose/,
  ],
  [
    "quota that does not parse",
    edit("acme.json", '"32Gi"', '"32 gigs"'),
    /\[TENANT_QUANTITY\] .*quota\.requests\.memory: .*got "32 gigs"; write/,
  ],
  [
    "limit below request",
    edit("acme.json", '"48Gi"', '"1Gi"'),
    /\[TENANT_LIMIT\] .*quota\.limits\.memory: .*32Gi, got '1Gi'; raise/,
  ],
  [
    "pool missing",
    edit("acme.json", '"snp"', '"gpu"'),
    /\[TENANT_POOL\] .*pool: .*got 'gpu'; use one of plain, snp/,
  ],
  [
    "tier below sensitivity",
    edit("acme.json", '"internal"', '"confidential"'),
    /\[TENANT_TIER\] .*sensitivity: .*got pool 'snp' of tier CONFIDENTIAL_NODE; /,
  ],
  [
    "egress wildcard",
    edit("acme.json", "203.0.113.0/24", "0.0.0.0/0"),
    /\[TENANT_EGRESS\] .*egress\.0\.cidr: .*got '0\.0\.0\.0\/0'; name/,
  ],
  [
    "metadata address",
    edit("acme.json", "203.0.113.0/24", "169.254.169.254/32"),
    /\[TENANT_EGRESS\] .*got '169\.254\.169\.254\/32'; choose/,
  ],
  [
    "capacity exceeded",
    edit("acme.json", '"cpu": "8"', '"cpu": "80"'),
    /\[TENANT_CAPACITY\] .*pool\.snp: .*got \d+ for acme, globex; raise maxNodes/,
  ],
  [
    "malformed JSON",
    edit("acme.json", '"pool": "snp",', '"pool": "snp"'),
    /\[TENANT_JSON\] .*acme\.json:6:3: .*got CommaExpected; correct/,
  ],
  [
    "empty directory",
    (directory) => {
      for (const file of readdirSync(directory)) rmSync(join(directory, file));
    },
    /\[TENANT_DIRECTORY\] .*got no \.json file; add one/,
  ],
  [
    "file not readable",
    (directory) => {
      mkdirSync(join(directory, "folder.json"));
    },
    /\[TENANT_FILE\] .*folder\.json: .*got EISDIR; correct/,
  ],
  [
    "tenant whose file disappeared",
    (directory) => {
      rmSync(join(directory, "acme.json"));
    },
    /\[TENANT_VANISHED\] .*got none for 'acme'; .*npx tenclave lock \S+ --offboard acme/,
  ],
  [
    "off-boarded name used again",
    (directory) => {
      const path = `${directory}.lock.json`;
      writeFileSync(path, readFileSync(path, "utf8").replace('"active"', '"offboarded"'));
    },
    /\[TENANT_RETIRED\] .*tenants\.acme: .*got 'acme'; choose another name/,
  ],
  [
    "new tenant not in the lock file",
    copyAs("new.json", "new"),
    /\[TENANT_NEW\] .*got none for 'new'; run: npx tenclave lock /,
  ],
];

test.each(MISTAKES)("%s: one coded line, exit code 1, nothing written", (_, mistake, line) => {
  const place = folder();
  const directory = join(place, "tenants");
  cpSync(TENANTS, directory, { recursive: true });
  cpSync(`${TENANTS}.lock.json`, `${directory}.lock.json`);
  // An output of an earlier run is left as it is.
  const outdir = join(place, "cdktf.out");
  mkdirSync(outdir);
  writeFileSync(join(outdir, "manifest.json"), "earlier");
  mistake(directory);
  const before = contents(place);
  const { code, stdout, stderr } = runTs("examples/eks-snp/main.ts", [], {
    TENANTS: directory,
    CDKTF_OUTDIR: outdir,
  });
  expect(
    stderr
      .trim()
      .split("\n")
      .filter((text) => text.startsWith("[")),
  ).toHaveLength(1);
  expect(stderr).toMatch(line);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
  expect(code).toBe(1);
  expect(contents(place)).toEqual(before);
});

test("a wrong input makes no output folder either", () => {
  const outdir = join(folder(), "cdktf.out");
  const { code } = runTs("examples/eks-snp/main.ts", [], {
    TENANTS: "/does/not/exist",
    CDKTF_OUTDIR: outdir,
  });
  expect(code).toBe(1);
  expect(() => readdirSync(outdir)).toThrow(/ENOENT/);
});

describe("the lock command", () => {
  const lock = (...args: string[]): ReturnType<typeof runTs> => runTs("bin/tenclave.ts", ["lock", ...args]);
  const copy = (): string => {
    const directory = join(folder(), "tenants");
    cpSync(TENANTS, directory, { recursive: true });
    return directory;
  };

  test("writes the lock file and says who went where", () => {
    const directory = copy();
    const { code, stdout } = lock(directory);
    expect([code, stdout]).toEqual([
      0,
      [
        "active acme in tenants-01",
        "active docs-site in tenants-01",
        "active globex in tenants-01",
        `wrote ${directory}.lock.json`,
        "",
      ].join("\n"),
    ]);
    expect(readFileSync(`${directory}.lock.json`, "utf8")).toBe(readFileSync(`${TENANTS}.lock.json`, "utf8"));
  });

  test("off-boards a tenant whose file is gone", () => {
    const directory = copy();
    lock(directory);
    rmSync(join(directory, "acme.json"));
    expect(lock(directory).code).toBe(1);
    const { code, stdout } = lock(directory, "--offboard", "acme");
    expect([code, stdout.split("\n")[0]]).toEqual([0, "offboarded acme in tenants-01"]);
  });

  test.each([[[]], [["--offboard"]], [["--drop", "acme"]]])("explains itself for %j", (args) => {
    const { code, stderr } = args.length === 0 ? runTs("bin/tenclave.ts") : lock(copy(), ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^usage: /)]);
  });

  test("writes nothing for a bad directory", () => {
    const directory = copy();
    writeFileSync(join(directory, "bad.json"), "{");
    expect(lock(directory).code).toBe(1);
    expect(() => readFileSync(`${directory}.lock.json`)).toThrow(/ENOENT/);
  });
});
