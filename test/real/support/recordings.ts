// Recorded provider schemas: which there are, which one a stack gets, and what is in them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ROOT } from "./cache";
import type { Configuration } from "./configuration";
import { NotHere } from "./lane";
import { compareVersions, meets } from "./version-constraint";

/** Recorded schemas beside the repository. */
export const RECORDED = join(ROOT, "../shared/schemas/providers");

/** A recorded provider. */
export interface RecordedProvider {
  readonly name: string;
  readonly version: string;
}

/** An attribute of a recorded schema. */
export interface Attribute {
  readonly type?: unknown;
  readonly nested_type?: { readonly attributes: Readonly<Record<string, Attribute>> };
}

/** A block of a recorded schema. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

/** A recorded provider's schemas. */
export interface Recording {
  readonly source: string;
  readonly provider: { readonly block: Block };
  readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: Block }>>;
}

/** Recordings by provider name. */
export type Recordings = ReadonlyMap<string, Recording>;

/**
 * Constraints no recording meets, with the version that is served instead. The bindings pin AWS 6.25.0; recorded is
 * the version that the lanes can run for real.
 */
const SERVED_INSTEAD: Readonly<Record<string, string>> = { "aws 6.25.0": "5.100.0" };

/** The version a stack gets for one of its providers. */
export interface Choice {
  readonly name: string;
  /** As the stack writes it. */
  readonly constraint: string;
  readonly version: string;
  /** What the copy asks for: the version, beside the stack's own words where they hold, so that the core judges both. */
  readonly pin: string;
}

/** The recorded providers. Throws NotHere when there are none. */
export function recordedProviders(): RecordedProvider[] {
  if (!existsSync(RECORDED)) throw new NotHere("no recorded provider schemas beside the repository");
  return readdirSync(RECORDED).flatMap((file) => {
    const match = /^([a-z]+)-(\d+\.\d+\.\d+)\.json\.gz$/.exec(file);
    return match ? [{ name: match[1]!, version: match[2]! }] : [];
  });
}

/** The lowest recorded version of each of a stack's providers. Throws where none meets the stack's constraint. */
export function choices(recorded: readonly RecordedProvider[], configuration: Configuration): Choice[] {
  return Object.entries(configuration.terraform.required_providers).map(([name, { version: constraint }]) => {
    const instead = SERVED_INSTEAD[`${name} ${constraint}`];
    if (instead) return { name, constraint, version: instead, pin: instead };
    const here = recorded.filter((one) => one.name === name).map(({ version }) => version);
    const version = here.filter((one) => meets(one, constraint)).sort(compareVersions)[0];
    if (version === undefined)
      throw new Error(
        `provider ${name} ${constraint}: no recording meets it, recorded: ${here.join(", ") || "none"}`,
      );
    return {
      name,
      constraint,
      version,
      pin: constraint === version ? version : `${constraint}, ${version}`,
    };
  });
}

/** Reads the recordings of a stack's choices; each file once. */
export function recordingsOf(chosen: readonly Choice[]): Recordings {
  return new Map(chosen.map(({ name, version }) => [name, recording(name, version)]));
}

const read = new Map<string, Recording>();

/** Reads one recording. */
export function recording(name: string, version: string): Recording {
  const file = join(RECORDED, `${name}-${version}.json.gz`);
  const known = read.get(file) ?? (JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recording);
  read.set(file, known);
  return known;
}
