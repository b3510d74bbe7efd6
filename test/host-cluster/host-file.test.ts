import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, HostFile, type HostReference } from "../../lib";
import { folder } from "../support/files";
import { exampleHost } from "../support/host";

const host = exampleHost();

function written(change: (content: { version: number; host: HostReference }) => unknown): string {
  const path = join(folder(), "prod.json");
  const content = structuredClone({ version: 1, host: JSON.parse(JSON.stringify(host)) as HostReference });
  writeFileSync(path, JSON.stringify(change(content) ?? content));
  return path;
}

function refused(path: string): ConfigurationError {
  try {
    HostFile.read(path);
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("a reference survives the file, and the same one gives the same bytes", () => {
  const path = HostFile.write(folder(), host);
  expect(path).toMatch(/\/prod\.json$/);
  expect(HostFile.read(path)).toEqual(JSON.parse(JSON.stringify(host)));
  expect(readFileSync(path)).toEqual(readFileSync(HostFile.write(folder(), HostFile.read(path))));
});

test("a file that holds the reference already is not touched, another is replaced", () => {
  const hosts = folder();
  const path = HostFile.write(hosts, host);
  utimesSync(path, 1, 1);
  HostFile.write(hosts, host);
  expect(statSync(path).mtimeMs).toBe(1000);
  HostFile.write(hosts, exampleHost({ kubernetesVersion: "1.35" }));
  expect(HostFile.read(path).kubernetesVersion).toBe("1.35");
});

test.each<[string, (content: { version: number; host: HostReference }) => unknown, RegExp]>([
  ["no JSON", () => "nothing" as unknown, /the whole/],
  ["another version", (content) => ({ ...content, version: 2 }), /version/],
  [
    "an unknown key",
    (content) => ({ ...content, host: { ...content.host, colour: "red" } }),
    /host: .*colour/,
  ],
  [
    "a missing fact",
    (content) => Object.assign(content.host, { network: {} }) && content,
    /host\.network\.cni/,
  ],
  [
    "an unknown TEE",
    (content) => Object.assign(content.host.pools[2]!, { tee: "sgx2" }) && content,
    /pools\.2\.tee/,
  ],
  [
    "a tier its TEE does not reach",
    (content) => Object.assign(content.host.pools[1]!, { tier: "CONFIDENTIAL_NODE" }) && content,
    /host\.pools\.1\.tier: 'CONFIDENTIAL_NODE' where none with handler runc reaches SHARED/,
  ],
  [
    "a class of another pool",
    (content) => Object.assign(content.host.pools[1]!, { runtimeClassName: "tenclave-snp" }) && content,
    /host\.pools\.1\.runtimeClassName/,
  ],
  [
    "a range that is none",
    (content) => Object.assign(content.host.network, { podCidr: "x" }) && content,
    /network\.podCidr/,
  ],
])("a file with %s is refused", (_, change, words) => {
  const path = written(change);
  const error = refused(path);
  expect([error.code, error.path]).toEqual(["HOST_FILE", path]);
  expect(error.message).toMatch(words);
});

test("a file that is not there is refused, and so is a folder without one", () => {
  expect(refused(join(folder(), "none.json")).code).toBe("HOST_FILE");
  expect(() => HostFile.readAll(folder())).toThrow(/HOST_FILE/);
});

test("a folder is read by file name", () => {
  const hosts = folder();
  for (const name of ["west", "east"]) HostFile.write(hosts, exampleHost({ name }));
  mkdirSync(join(hosts, "other"));
  expect(HostFile.readAll(hosts).map(({ name }) => name)).toEqual(["east", "west"]);
});
