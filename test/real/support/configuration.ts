// A stack's cdk.tf.json as the lanes change it: a copy, never the product.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "./cache";

/** cdk.tf.json, parsed. */
export interface Configuration {
  terraform: {
    required_providers: Record<string, { source: string; version: string }>;
    backend?: Record<string, unknown>;
  };
  variable?: Record<string, Record<string, unknown>>;
  provider?: Record<string, Record<string, unknown>[]>;
  resource?: Record<string, Record<string, Record<string, unknown>>>;
  data?: Record<string, Record<string, Record<string, unknown>>>;
}

/** Copies a stack's folder and changes its configuration; returns the copy's folder. */
export function copyWith(
  folder: string,
  change: (configuration: Configuration) => void,
  to?: string,
): string {
  const copy = to ?? scratch("stack");
  if (copy !== folder) cpSync(folder, copy, { recursive: true });
  const file = join(copy, "cdk.tf.json");
  const configuration = readConfiguration(copy);
  change(configuration);
  writeFileSync(file, JSON.stringify(configuration));
  return copy;
}

export function readConfiguration(folder: string): Configuration {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Configuration;
}

/** The values of a `helm_release`, as Helm gets them: Terraform's escapes undone. Throws on an expression. */
export function releaseValues(release: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [text, ...more] = release.values as string[];
  if (text === undefined || more.length > 0 || /(?<![$%])[$%]\{/.test(text.replace(/[$%]{2}\{/g, "")))
    throw new Error(`release ${String(release.name)}: one document of values without expressions, please`);
  return JSON.parse(text.replace(/([$%])\1\{/g, "$1{")) as Record<string, unknown>;
}

/** An argument that is taken out of a copy, because the provider served there does not know it. */
export interface LackingArgument {
  readonly resource: string;
  readonly argument: string;
}

/**
 * The AWS provider that can be had here is 5.100.0; the bindings are made from 6.25.0. These arguments are newer.
 * They are taken out of the copy, printed and counted; the product keeps them.
 */
export const LACKING_IN_AWS_5: readonly LackingArgument[] = [
  { resource: "aws_eks_cluster", argument: "deletion_protection" },
];

/** Sets the AWS constraint of a copy to a version that is here, and its source when that has to name a registry. */
export function pinAws(configuration: Configuration, version: string, source?: string): void {
  const aws = configuration.terraform.required_providers.aws;
  if (aws) Object.assign(aws, { version, source: source ?? aws.source });
}

/** Takes arguments out of a copy; returns where they stood. */
export function takeOut(configuration: Configuration, arguments_: readonly LackingArgument[]): string[] {
  return arguments_.flatMap(({ resource, argument }) =>
    Object.entries(configuration.resource?.[resource] ?? {}).flatMap(([name, block]) => {
      if (!(argument in block)) return [];
      delete block[argument];
      return [`${resource}.${name}.${argument}`];
    }),
  );
}
