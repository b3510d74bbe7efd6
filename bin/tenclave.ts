#!/usr/bin/env node
// Command line: `tenclave lock <directory> [--offboard <name>]` writes the lock file of a tenants directory.
import { ConfigurationError } from "../lib/core/errors";
import { TenantDirectory } from "../lib/tenant/tenant-directory";
import { entryOf, lockPath, readLock, updateLock, writeLock } from "../lib/tenant/tenant-lock";

const USAGE = "usage: tenclave lock <tenants directory> [--offboard <name>]...\n";

/** Runs the command; returns its exit code: 0 done, 1 wrong input, 2 wrong usage. */
function main(args: readonly string[]): number {
  const [command, directory, ...rest] = args;
  const offboard = rest.filter((_, index) => index % 2 === 1);
  const flags = rest.filter((_, index) => index % 2 === 0);
  if (
    command !== "lock" ||
    !directory ||
    flags.some((flag) => flag !== "--offboard") ||
    flags.length > offboard.length
  ) {
    process.stderr.write(USAGE);
    return 2;
  }
  const path = lockPath(directory);
  const before = readLock(path);
  const after = updateLock(path, before, TenantDirectory.names(directory), offboard);
  writeLock(path, after);
  for (const [name, { shard, state }] of Object.entries(after.tenants))
    if (entryOf(before, name)?.state !== state) process.stdout.write(`${state} ${name} in ${shard}\n`);
  process.stdout.write(`wrote ${path}\n`);
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!ConfigurationError.is(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
