// Arguments called `description`: the recordings lost them together with the schemas' own descriptions.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./cache";
import type { Configuration } from "./configuration";
import { objectKeys } from "./nested-keys";
import type { Attribute, Block, Recordings } from "./recordings";

const LOST = "description";

/**
 * Takes `description` out of a copy wherever the recording has no such argument but the bindings of that resource do;
 * returns where it stood. A `description` the bindings do not know stays, and the core refuses it.
 */
export function takeOutLostDescriptions(recordings: Recordings, configuration: Configuration): string[] {
  return (["resource", "data"] as const).flatMap((section) =>
    Object.entries(configuration[section] ?? {}).flatMap(([type, byName]) => {
      const recording = recordings.get(type.split("_")[0]!);
      const schemas = section === "resource" ? recording?.resource_schemas : recording?.data_source_schemas;
      const schema = schemas?.[type]?.block;
      if (!schema || !bindingsHaveIt(section, type)) return [];
      return Object.entries(byName).flatMap(([name, block]) => fromBlock(schema, block, `${type}.${name}`));
    }),
  );
}

function fromBlock(schema: Block, value: unknown, path: string): string[] {
  return objects(value).flatMap((fields) => {
    const lost = lostFrom({ ...schema.attributes, ...schema.block_types }, fields, path);
    const inner = Object.entries(fields).flatMap(([key, field]) => {
      const attribute = schema.attributes?.[key];
      if (attribute) return fromAttribute(attribute, field, `${path}.${key}`);
      const block = schema.block_types?.[key]?.block;
      return block ? fromBlock(block, field, `${path}.${key}`) : [];
    });
    return [...lost, ...inner];
  });
}

function fromAttribute({ nested_type: nested, type }: Attribute, value: unknown, path: string): string[] {
  const keys = nested ? nested.attributes : objectKeys(type);
  if (!keys) return [];
  return objects(value).flatMap((fields) => [
    ...lostFrom(keys, fields, path),
    ...Object.entries(fields).flatMap(([key, field]) =>
      keys[key] ? fromAttribute(keys[key], field, `${path}.${key}`) : [],
    ),
  ]);
}

function lostFrom(known: object, fields: Record<string, unknown>, path: string): string[] {
  if (LOST in known || !(LOST in fields)) return [];
  delete fields[LOST];
  return [`${path}.${LOST}`];
}

function objects(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (one): one is Record<string, unknown> => typeof one === "object" && one !== null && !Array.isArray(one),
  );
}

/** The bindings are generated from the whole schema. A type without bindings gets the benefit of the doubt. */
function bindingsHaveIt(section: "resource" | "data", type: string): boolean {
  const [provider, ...rest] = type.split("_");
  const folder = section === "resource" ? rest.join("-") : ["data", provider, ...rest].join("-");
  const file = join(ROOT, `node_modules/@cdktf/provider-${provider}/lib/${folder}/index.js`);
  return !existsSync(file) || /^\s+description: (\{|cdktf\.)/m.test(readFileSync(file, "utf8"));
}
