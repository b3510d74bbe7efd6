// The boot hook is run by bash: with the machine's own folders and programs replaced by others.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Tee } from "../../lib";
import { eksPoolReference } from "../../lib/aws";
import { enclaveBootHook } from "../../lib/node-pool/eks-enclave-boot";
import { folder } from "../support/files";

/** The script as cloud-init writes it: without its prefix. */
function script(hugePages?: string): string {
  const { capacity } = eksPoolReference("eu-central-1", {
    name: "vault",
    instanceType: "m6i.2xlarge",
    tee: Tee.NITRO_ENCLAVES,
    minNodes: 1,
    maxNodes: 1,
    enclaves: { memoryMiB: 3072, vcpus: 4, hugePages },
  });
  const [prefix, ...lines] = enclaveBootHook(capacity.enclaves!);
  expect(prefix).toBe("#cloud-boothook");
  return lines.join("\n");
}

const GATE = "/etc/systemd/system/nodeadm-run.service.d/enclaves.conf";
const NODES = "/sys/devices/system/node";

/** A machine: folders below a root, and programs that write down how they were called. */
class Machine {
  public readonly root = folder();

  public constructor(programs: Readonly<Record<string, string>> = {}) {
    for (const node of ["node0", "node1"]) this.pages(node, { 2048: 0, 1_048_576: 0 });
    // What the real one does: the largest pages first, all on one node.
    const allocate = `if [ "$1 $2" = "restart nitro-enclaves-allocator.service" ]; then
      echo 3 >${this.root}${NODES}/node1/hugepages/hugepages-1048576kB/nr_hugepages
      echo 0 >${this.root}${NODES}/node1/hugepages/hugepages-2048kB/nr_hugepages
    fi`;
    const all = { systemctl: allocate, getent: "exit 2", groupadd: "", dnf: "", ...programs };
    for (const [name, body] of Object.entries(all))
      this.write(`/bin/${name}`, `#!/bin/bash\necho "${name} $*" >>${this.root}/calls\n${body}\n`, 0o755);
  }

  public write(path: string, text: string, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  }

  public read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  public pages(node: string, counts: Readonly<Record<number, number>>): void {
    for (const [kib, count] of Object.entries(counts))
      this.write(`${NODES}/${node}/hugepages/hugepages-${kib}kB/nr_hugepages`, `${count}\n`);
  }

  /** Pages by size, of one node. */
  public counts(node: string): number[] {
    return [2048, 1_048_576].map((kib) =>
      Number(this.read(`${NODES}/${node}/hugepages/hugepages-${kib}kB/nr_hugepages`)),
    );
  }

  public run(text: string): number | null {
    const here = text.replace(/(?<![\w/])\/(sys|etc|var)\//g, `${this.root}/$1/`);
    const env = { PATH: `${this.root}/bin:/usr/bin:/bin` };
    return spawnSync("bash", ["-c", here], { env }).status;
  }

  public get calls(): string[] {
    return existsSync(join(this.root, "calls")) ? this.read("/calls").trim().split("\n") : [];
  }

  /** What kubelet's gate asks of the pages: how many, of which size. */
  public get gate(): unknown {
    const [, count, kib] =
      /^ExecStartPre=\/usr\/bin\/grep -qx (\d+) \S+hugepages-(\d+)kB\/nr_hugepages$/m.exec(
        this.read(GATE).replaceAll(this.root, ""),
      )!;
    return [Number(count), Number(kib)];
  }
}

test.each([undefined, "1Gi"])("bash reads it, pages of %s", (hugePages) => {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: script(hugePages), encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test("on a fresh node it installs, allocates, and turns large pages into the ones pods ask for", () => {
  const machine = new Machine();
  expect(machine.run(script())).toBe(0);
  expect(machine.calls).toEqual([
    "systemctl daemon-reload",
    "getent group ne",
    "groupadd --gid 7563 ne",
    "dnf install -y aws-nitro-enclaves-cli",
    "systemctl enable nitro-enclaves-allocator.service",
    "systemctl restart nitro-enclaves-allocator.service",
  ]);
  expect(machine.read("/etc/nitro_enclaves/allocator.yaml")).toBe("---\nmemory_mib: 3072\ncpu_count: 4\n");
  expect([machine.counts("node0"), machine.counts("node1")]).toEqual([
    [0, 0],
    [1536, 0],
  ]);
  expect(machine.gate).toEqual([1536, 2048]);
  const profile: unknown = JSON.parse(machine.read("/var/lib/kubelet/seccomp/tenclave/enclave.json"));
  expect(profile).toMatchObject({ defaultAction: "SCMP_ACT_ALLOW" });
});

test("pages of 1 GiB stay pages of 1 GiB", () => {
  const machine = new Machine();
  expect(machine.run(script("1Gi"))).toBe(0);
  expect(machine.counts("node1")).toEqual([0, 3]);
  expect(machine.gate).toEqual([3, 1_048_576]);
});

test("at the next boot it installs nothing, and ends with the same pages", () => {
  const machine = new Machine({ "nitro-cli": "", getent: "" });
  expect(machine.run(script())).toBe(0);
  const gate = machine.read(GATE);
  expect(machine.run(script())).toBe(0);
  expect(machine.read(GATE)).toBe(gate);
  expect(machine.counts("node1")).toEqual([1536, 0]);
  expect(machine.calls.filter((call) => /^(dnf|groupadd)/.test(call))).toEqual([]);
});

test.each([
  ["the package cannot be had", { dnf: "exit 1" }],
  ["the allocator fails", { systemctl: '[ "$1" != restart ]' }],
])("when %s it fails, and kubelet's gate is there already", (_, programs) => {
  const machine = new Machine(programs);
  expect(machine.run(script())).not.toBe(0);
  expect(machine.read(GATE)).toMatch(/^ExecStartPre=\/usr\/bin\/systemctl is-active --quiet nitro/m);
  expect(machine.counts("node1")).toEqual([0, 0]);
});
