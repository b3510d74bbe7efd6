// A network of its own for each virtual control plane: its ports are fixed, so two on one network collide.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, connect, type AddressInfo, type Server } from "node:net";
import { which } from "../exec";
import { NotHere } from "../lane";

/** A network namespace with one link to us. Nothing in it has a route anywhere else. */
export interface NetworkNamespace {
  readonly name: string;
  /** Our end of the link. */
  readonly hostAddress: string;
  /** The other end. */
  readonly address: string;
  /** Opens a port on our end of the link that leads to a port of our loopback. Returns it. */
  reach(loopbackPort: number): Promise<number>;
  /** Opens a port on our loopback that leads to a port at the other end. Returns it. */
  publish(port: number): Promise<number>;
  end(): void;
}

/** Programs that make and enter namespaces. */
const PROGRAMS = ["ip", "unshare", "setpriv"];

const PREFIX = "tenclave-";

/** Throws NotHere where namespaces cannot be made. */
export function assertNamespaces(): void {
  const missing = PROGRAMS.filter((program) => !which(program));
  if (missing.length > 0) throw new NotHere(`${missing.join(", ")} is not on PATH`);
  if (process.getuid?.() !== 0) throw new NotHere("network namespaces need root");
  const probe = `${PREFIX}${process.pid}-probe`;
  try {
    ip("netns", "add", probe);
    ip("netns", "delete", probe);
  } catch (error) {
    throw new NotHere(
      `no network namespaces here: ${String((error as Error).message)
        .split("\n")
        .at(-1)}`,
    );
  }
}

/** Makes namespace `index` of this run. It goes when we end; what a killed run left goes with the next one's first. */
export function networkNamespace(index: number): NetworkNamespace {
  sweep();
  const name = `${PREFIX}${process.pid}-${index}`;
  const [hostAddress, address] = freeAddresses();
  const link = `tc${process.pid.toString(36)}${index}`;
  ip("netns", "add", name);
  const servers: Server[] = [];
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    for (const server of servers) server.close();
    remove(name);
  };
  process.on("exit", end);
  ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
  ip("address", "add", `${hostAddress}/30`, "dev", link);
  ip("link", "set", link, "up");
  ip("-n", name, "address", "add", `${address}/30`, "dev", "eth0");
  ip("-n", name, "link", "set", "eth0", "up");
  ip("-n", name, "link", "set", "lo", "up");
  const opened = async (from: string, to: string, port: number): Promise<number> => {
    const server = await forward(from, to, port);
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  return {
    name,
    hostAddress,
    address,
    reach: (port) => opened(hostAddress, "127.0.0.1", port),
    publish: (port) => opened("127.0.0.1", address, port),
    end,
  };
}

/** Passes connections on, byte by byte. */
function forward(from: string, to: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    const other = connect(port, to);
    socket.pipe(other).pipe(socket);
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      one.on("error", () => two.destroy());
      one.on("close", () => two.destroy());
    }
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, from, () => {
      // Open forwarders alone do not keep the run alive.
      server.unref();
      resolve(server);
    });
  });
}

/** The first free pair of the range kept for benchmarks of networks (RFC 2544), which nobody routes. */
function freeAddresses(): [string, string] {
  const taken = ip("-oneline", "address", "show");
  for (let net = 0; net < 64; net++) {
    const address = (host: number): string => `198.18.77.${net * 4 + host}`;
    if (!taken.includes(`${address(1)}/`)) return [address(1), address(2)];
  }
  throw new NotHere("no free addresses for virtual clusters");
}

/** Removes namespaces of runs that are gone. */
function sweep(): void {
  for (const line of ip("netns", "list").split("\n")) {
    const [name = ""] = line.split(" ");
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) remove(name);
  }
}

function remove(name: string): void {
  try {
    for (const pid of ip("netns", "pids", name).split("\n").filter(Boolean))
      process.kill(Number(pid), "SIGKILL");
  } catch {
    // Ended by itself in the meantime.
  }
  try {
    ip("netns", "delete", name);
  } catch {
    // Gone already.
  }
}

function ip(...args: string[]): string {
  return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
