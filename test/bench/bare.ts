// The other side of the benchmark: a cdktf app with no library of ours that emits the same JSON.
//
// It does the least any cdktf app must do: start Node, load the framework and the resource classes, read its input,
// make constructs, synthesize. Its input is ready data: what a construct gets stands there, computed when the benchmark
// recorded it. So whatever we do more (schema, checks, guardrails, chart values, references as tokens) counts against us.
// lib/core/cdk and lib/core/bindings only re-export; both sides load the same classes through them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "../../lib/core/bindings/aws";
import * as helm from "../../lib/core/bindings/helm";
import * as kubernetes from "../../lib/core/bindings/kubernetes";
import {
  AnnotationMetadataEntryType,
  App,
  AssetType,
  Construct,
  LocalBackend,
  TerraformAsset,
  TerraformStack,
} from "../../lib/core/cdk";
import type { RecordedConstruct, RecordedStack } from "./recording";

interface ElementClass {
  readonly tfResourceType: string;
  new (scope: Construct, id: string, config: unknown): Construct;
}

const input = process.env.BENCH_INPUT!;

/** Data sources share type names with resources; there are none here. */
const classes = new Map(
  Object.entries({ ...aws, ...helm, ...kubernetes })
    .filter(([name]) => !name.startsWith("Data"))
    .map(([, made]) => made as ElementClass)
    .map((made) => [made.tfResourceType, made]),
);

function define(scope: Construct, recorded: RecordedConstruct): void {
  const { id, type, config, dependsOn, warnings, children } = recorded;
  const made = type ? new (classes.get(type)!)(scope, id, config) : new Construct(scope, id);
  if (dependsOn) Object.assign(made, { dependsOn });
  for (const text of warnings ?? []) made.node.addMetadata(AnnotationMetadataEntryType.WARN, text);
  for (const child of children ?? []) define(made, child);
}

const names = JSON.parse(readFileSync(join(input, "stacks.json"), "utf8")) as string[];
const app = new App();
const stacks = new Map<string, TerraformStack>();
for (const name of names) {
  const recorded = JSON.parse(readFileSync(join(input, `stack-${name}.json`), "utf8")) as RecordedStack;
  const stack = new TerraformStack(app, name);
  stacks.set(name, stack);
  for (const other of recorded.dependencies) stack.addDependency(stacks.get(other)!);
  for (const { id, path } of recorded.assets)
    new TerraformAsset(stack, id, { path, type: AssetType.DIRECTORY });
  for (const child of recorded.children) define(stack, child);
  new LocalBackend(stack, { path: recorded.statePath });
}
app.synth();
