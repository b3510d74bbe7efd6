// Keys inside attributes' objects, checked against the recorded schemas: Terraform drops unknown ones without a word.
import type { Configuration } from "./configuration";
import type { Attribute, Block, Recordings } from "./recordings";

/** Paths of keys that no schema knows, inside objects that are attributes. */
export function unknownKeys(recordings: Recordings, configuration: Configuration): string[] {
  const providers = Object.entries(configuration.provider ?? {}).flatMap(([name, blocks]) =>
    blocks.flatMap((block) => inBlock(recordings.get(name)?.provider.block, block, `provider.${name}`)),
  );
  const sections = (["resource", "data"] as const).flatMap((section) =>
    Object.entries(configuration[section] ?? {}).flatMap(([type, byName]) => {
      const recording = recordings.get(type.split("_")[0]!);
      const schemas = section === "resource" ? recording?.resource_schemas : recording?.data_source_schemas;
      return Object.entries(byName).flatMap(([name, block]) =>
        inBlock(schemas?.[type]?.block, block, `${type}.${name}`),
      );
    }),
  );
  return [...providers, ...sections];
}

function inBlock(schema: Block | undefined, value: unknown, path: string): string[] {
  if (!schema) return [`${path}: no schema recorded`];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => {
    const attribute = schema.attributes?.[key];
    if (attribute) return each(inner, (one) => inAttribute(attribute, one, `${path}.${key}`));
    const block = schema.block_types?.[key]?.block;
    return block ? each(inner, (one) => inBlock(block, one, `${path}.${key}`)) : [];
  });
}

function inAttribute({ nested_type: nested, type }: Attribute, value: unknown, path: string): string[] {
  const keys = nested ? nested.attributes : objectKeys(type);
  if (!keys || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const attribute = keys[key];
    if (!attribute) return [`${path}.${key}: unknown key`];
    return each(inner, (one) => inAttribute(attribute, one, `${path}.${key}`));
  });
}

/** Keys of the object in a cty type, through lists and sets; undefined for maps and primitives. */
export function objectKeys(type: unknown): Readonly<Record<string, Attribute>> | undefined {
  if (!Array.isArray(type)) return undefined;
  if (type[0] === "object")
    return Object.fromEntries(
      Object.entries(type[1] as object).map(([key, inner]) => [key, { type: inner as unknown }]),
    );
  return type[0] === "map" ? undefined : objectKeys(type[1]);
}

function each<T>(value: unknown, visit: (one: unknown) => T[]): T[] {
  return (Array.isArray(value) ? value : [value]).flatMap(visit);
}
