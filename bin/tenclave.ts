#!/usr/bin/env node
// Command line: `tenclave lock <directory>` writes the lock file of a tenants directory.
import { parseArgs } from "node:util";
import { HostFile } from "../lib/host-cluster/host-file";
import { explained } from "../lib/report/explained";
import { TenantDirectory } from "../lib/tenant/tenant-directory";
import { entryOf, lockPath, readLock, updateLock, writeLock } from "../lib/tenant/tenant-lock";

const USAGE = `usage: tenclave lock <tenants directory> [--hosts <folder of host files>] [--offboard <name>]...\n`;

interface Arguments {
  readonly directory: string;
  readonly hosts?: string;
  readonly offboard: readonly string[];
}

/** The arguments, or undefined when the usage is wrong. */
function argumentsOf(args: readonly string[]): Arguments | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { offboard: { type: "string", multiple: true }, hosts: { type: "string" } },
    });
    const [command, directory, ...more] = positionals;
    if (command !== "lock" || !directory || more.length > 0) return undefined;
    return { directory, hosts: values.hosts, offboard: values.offboard ?? [] };
  } catch {
    return undefined;
  }
}

/** Runs the command; returns its exit code: 0 done, 1 wrong input, 2 wrong usage. */
function main(args: readonly string[]): number {
  const given = argumentsOf(args);
  if (!given) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { directory, hosts, offboard } = given;
  const path = lockPath(directory);
  const before = readLock(path);
  const present = TenantDirectory.names(directory);
  const place = hosts ? TenantDirectory.placement(directory, HostFile.readAll(hosts), before) : undefined;
  const after = updateLock(path, before, { present, offboard, place });
  writeLock(path, after);
  for (const [name, { shard, state, host }] of Object.entries(after.tenants))
    if (entryOf(before, name)?.state !== state)
      process.stdout.write(`${state} ${name} in ${shard}${host ? ` on ${host}` : ""}\n`);
  process.stdout.write(`wrote ${path}\n`);
  return 0;
}

explained(() => {
  process.exitCode = main(process.argv.slice(2));
});
