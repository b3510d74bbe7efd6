// Initialisation data: digests by openssl, annotation by gzip, registers by xxd. All three must be there.
import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { Token } from "../../lib/core/cdk";
import {
  claimOfDigest,
  EVIDENCE_KINDS,
  type EvidenceKind,
  type InitDataAlgorithm,
} from "../../lib/attestation/evidence-kind";
import { gzip } from "../../lib/attestation/gzip";
import { guestConfig, initData } from "../../lib/attestation/init-data";
import { AGENT_POLICY, CERTIFICATE, initDataOptions } from "../support/init-data";

/** Runs a pipeline of the shell; any of its programs failing fails it. */
function shell(pipeline: string, input: string | Buffer): string {
  return execFileSync("bash", ["-euo", "pipefail", "-c", pipeline], { input }).toString();
}

const opensslHex = (algorithm: string, input: string | Buffer): string =>
  shell(`openssl dgst -${algorithm} -r | cut -d ' ' -f 1`, input).trim();

/** The claim of each kind, without a line of this library: pipelines from the text to the register. */
const CLAIMS: Readonly<Record<EvidenceKind, (toml: string) => string>> = {
  snp: (toml) => opensslHex("sha256", toml),
  tdx: (toml) => opensslHex("sha384", toml),
  "az-snp-vtpm": pcr8,
  "az-tdx-vtpm": pcr8,
  tpm: pcr8,
};

/** A fresh PCR (32 zero bytes), extended once with the digest. */
function pcr8(toml: string): string {
  return shell(
    "{ head -c 32 /dev/zero; openssl dgst -sha256 -binary; } | openssl dgst -sha256 -binary | xxd -p -c 64",
    toml,
  ).trim();
}

/** A text in words of few letters, the same for the same seed. */
function noise(seed: number, length: number): string {
  let state = seed;
  let text = "";
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += "abcdefgh \n\tä✓"[state % 13]!;
  }
  return text;
}

describe("digests", () => {
  it.each(EVIDENCE_KINDS)("of %s are those of openssl and xxd", (evidence) => {
    const made = initData(initDataOptions({ evidence }));
    expect(made.claim).toBe(CLAIMS[evidence](made.toml));
    expect(made.digest).toBe(opensslHex(made.algorithm, made.toml));
  });

  it.each(["sha256", "sha384", "sha512"] as const)("with %s fill HOSTDATA and MRCONFIGID", (algorithm) => {
    for (const [evidence, digits] of [
      ["snp", 64],
      ["tdx", 96],
    ] as const) {
      const made = initData(initDataOptions({ evidence, algorithm }));
      const whole = opensslHex(algorithm, made.toml);
      expect(made.claim).toBe(whole.slice(0, digits).padEnd(digits, "0"));
      expect(made.toml).toContain(`algorithm = "${algorithm}"`);
    }
  });

  it("default to the algorithm whose digest fits whole", () => {
    const algorithms = EVIDENCE_KINDS.map((evidence) => initData(initDataOptions({ evidence })).algorithm);
    expect(algorithms).toEqual(["sha256", "sha384", "sha256", "sha256", "sha256"]);
  });

  it("extend a PCR as a TPM does, for a digest that anybody can check", () => {
    // SHA-256 of 64 zero bytes: a PCR of zeros extended with zeros.
    const zeros = shell("head -c 64 /dev/zero | openssl dgst -sha256 -r | cut -d ' ' -f 1", "").trim();
    expect(claimOfDigest("tpm", Buffer.alloc(32))).toBe(zeros);
  });

  it("change with every entry and with nothing else", () => {
    const { data } = initDataOptions();
    const digest = (change: Partial<typeof data>): string =>
      initData(initDataOptions({ data: { ...data, ...change } })).digest;
    const all = [
      digest({}),
      digest({ "aa.toml": `${data["aa.toml"]}\n` }),
      digest({ "cdh.toml": `${data["cdh.toml"]}\n` }),
      digest({ "policy.rego": `${data["policy.rego"]}\n` }),
    ];
    expect(new Set(all).size).toBe(4);
    const swapped = {
      "policy.rego": data["policy.rego"],
      "cdh.toml": data["cdh.toml"],
      "aa.toml": data["aa.toml"],
    };
    expect(initData(initDataOptions({ data: swapped }))).toEqual(initData(initDataOptions()));
  });
});

/** Stands nowhere else in a text of zeros. */
const MARK = "far back in the window";

describe("the annotation", () => {
  it("is read by base64 and gzip", () => {
    const made = initData(initDataOptions());
    expect(shell("base64 -d | gzip -dc", made.annotation)).toBe(made.toml);
  });

  it("has a header without time, name and system", () => {
    const header = shell("base64 -d | head -c 10 | xxd -p", initData(initDataOptions()).annotation).trim();
    expect(header).toBe("1f8b08000000000000ff");
  });

  it.each([0, 1, 2, 3, 257, 258, 259, 5_000, 120_000])(
    "packs %d characters so that gzip reads them",
    (length) => {
      const text = noise(length + 7, length);
      const packed = gzip(text);
      expect(shell("gzip -dc", packed)).toBe(text);
      expect(gunzipSync(packed).toString()).toBe(text);
      expect(shell("gzip -t && echo whole", packed)).toBe("whole\n");
    },
  );

  it.each([
    ["one letter", "a".repeat(100_000)],
    ...[32_767, 32_768, 32_769, 33_000].map((distance) => [
      `a match ${distance} bytes back`,
      `${MARK}${"0".repeat(distance - MARK.length)}${MARK}`,
    ]),
    ["every length and distance", Array.from({ length: 700 }, (_, at) => noise(3, at)).join("|")],
    [
      "every byte of UTF-8",
      Array.from({ length: 2_000 }, (_, at) => String.fromCodePoint(at + 160)).join(""),
    ],
  ])("packs %s", (_, text) => {
    expect(shell("gzip -dc", gzip(text))).toBe(text);
  });

  it("is smaller than the text, so that Kubernetes takes the text", () => {
    const policy = AGENT_POLICY.repeat(300);
    const { data } = initDataOptions();
    const { annotation } = initData(initDataOptions({ data: { ...data, "policy.rego": policy } }));
    expect(annotation.length).toBeLessThan(policy.length / 4);
  });

  it("is refused when Kubernetes would refuse it", () => {
    const { data } = initDataOptions();
    const policy = Array.from({ length: 20_000 }, (_, at) => opensslLike(at)).join("\n");
    expect(() => initData(initDataOptions({ data: { ...data, "policy.rego": policy } }))).toThrow(
      /ATTESTATION_INIT_DATA.*annotation must be at most 245760 bytes/,
    );
  });
});

/** Digits that do not compress to nothing. */
function opensslLike(at: number): string {
  return (
    (Math.imul(at + 1, 2_654_435_761) >>> 0).toString(36) + (Math.imul(at + 7, 40_503) >>> 0).toString(36)
  );
}

describe("the text", () => {
  const withPolicy = (policy: string): string =>
    initData(initDataOptions({ data: { ...initDataOptions().data, "policy.rego": policy } })).toml;

  it("is the same for the same input", () => {
    expect(initData(initDataOptions()).toml).toBe(initData(initDataOptions()).toml);
  });

  it("names version, algorithm and entries in this order", () => {
    const { toml } = initData(initDataOptions());
    const keys = toml.split("\n").filter((line) => /^("?[a-z.]+"? = |\[data\])/.test(line));
    expect(keys.slice(0, 4)).toEqual([
      'version = "0.1.0"',
      'algorithm = "sha256"',
      "[data]",
      "\"aa.toml\" = '''",
    ]);
  });

  it.each([
    ["three quotes", "allow := '''\n"],
    ["a quote at the end", "# don'"],
  ])("escapes %s", (_, policy) => {
    const line = withPolicy(policy)
      .split("\n")
      .find((one) => one.startsWith('"policy.rego"'))!;
    expect(JSON.parse(line.slice('"policy.rego" = '.length))).toBe(policy);
  });

  it.each([
    ["a carriage return", "a\r\nb"],
    ["a zero byte", "a\u0000b"],
    ["an escape", "a\u001bb"],
    ["a delete", "a\u007fb"],
    ["half a character", "a\ud800b"],
  ])("refuses %s", (_, policy) => {
    expect(() => withPolicy(policy)).toThrow(/ATTESTATION_INIT_DATA.*policy\.rego must be text/);
  });

  it("refuses an empty policy", () => {
    expect(() => withPolicy(" \n")).toThrow(/policy\.rego must say something.*genpolicy/);
  });

  it.each(["aa.toml", "cdh.toml", "policy.rego"] as const)("refuses %s that is known only later", (entry) => {
    const { data } = initDataOptions();
    const later = `# ${tokenOf()}\n`;
    expect(() => initData(initDataOptions({ data: { ...data, [entry]: later } }))).toThrow(
      new RegExp(`ATTESTATION_INIT_DATA.*${entry.replace(".", "\\.")} must be known`),
    );
  });

  it.each([
    [{ evidence: "se" as "snp" }, /ATTESTATION_INIT_DATA.*got 'se', which ignores it/],
    [{ evidence: "sample" as "snp" }, /ATTESTATION_INIT_DATA.*got 'sample'; use/],
    [
      { algorithm: "md5" as "sha256" },
      /ATTESTATION_INIT_DATA.*algorithm must be one of sha256, sha384, sha512/,
    ],
    [{ evidence: 7 as unknown as "snp" }, /OPTION_TYPE/],
    [{ data: { "policy.rego": "x" } as never }, /OPTION_TYPE/],
  ])("refuses %j", (change, words) => {
    expect(() => initData(initDataOptions(change))).toThrow(words);
  });

  it.each(
    (["az-snp-vtpm", "az-tdx-vtpm", "tpm"] as const).flatMap((evidence) =>
      (["sha384", "sha512"] as const).map((algorithm): [EvidenceKind, InitDataAlgorithm] => [
        evidence,
        algorithm,
      ]),
    ),
  )("refuses for %s a digest by %s, which PCR8 does not take", (evidence, algorithm) => {
    expect(() => initData(initDataOptions({ evidence, algorithm }))).toThrow(
      /ATTESTATION_INIT_DATA.*must be sha256/,
    );
  });
});

describe("guestConfig", () => {
  it("points attestation agent and data hub to the key broker", () => {
    const config = guestConfig({ kbsUrl: "https://kbs.example.com:8443" });
    expect(config["aa.toml"]).toBe(
      '[token_configs]\n[token_configs.kbs]\nurl = "https://kbs.example.com:8443"\n',
    );
    expect(config["cdh.toml"]).toBe('[kbc]\nname = "cc_kbc"\nurl = "https://kbs.example.com:8443"\n');
  });

  it("carries the certificate in both, with line feeds", () => {
    const config = guestConfig({ kbsUrl: "https://kbs", kbsCertificate: CERTIFICATE.replace(/\n/g, "\r\n") });
    expect(config["aa.toml"]).toContain(`cert = """\n${CERTIFICATE}\n"""\n`);
    expect(config["cdh.toml"]).toContain(`kbs_cert = """\n${CERTIFICATE}\n"""\n`);
  });

  it.each([
    "http://kbs.example.com",
    "https://user@kbs.example.com",
    "https://kbs.example.com/kbs",
    'https://kbs.example.com"\n[x]',
    "kbs.example.com",
  ])("refuses %j", (kbsUrl) => {
    expect(() => guestConfig({ kbsUrl })).toThrow(/ATTESTATION_INIT_DATA.*kbsUrl must be https/);
  });

  it.each(["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", `${CERTIFICATE}\n"""`, ""])(
    "refuses %j as certificate, without showing it",
    (kbsCertificate) => {
      expect(() => guestConfig({ kbsUrl: "https://kbs", kbsCertificate })).toThrow(
        /kbsCertificate must be certificates in PEM, got something else/,
      );
    },
  );

  it("refuses an address that is known only later", () => {
    expect(() => guestConfig({ kbsUrl: tokenOf() })).toThrow(/ATTESTATION_INIT_DATA.*kbsUrl must be known/);
  });
});

/** A value of a later deployment. */
function tokenOf(): string {
  return Token.asString({ resolve: () => "later" });
}
