// Turns our output into the bare app's input: the construct tree by path, each construct's arguments as ready data.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A construct; with a Terraform type it is a resource or a provider. */
export interface RecordedConstruct {
  readonly id: string;
  readonly type?: string;
  readonly config?: unknown;
  readonly dependsOn?: readonly string[];
  readonly warnings?: readonly string[];
  readonly children?: readonly RecordedConstruct[];
}

export interface RecordedStack {
  readonly dependencies: readonly string[];
  readonly statePath: string;
  readonly assets: readonly { readonly id: string; readonly path: string }[];
  readonly children: readonly RecordedConstruct[];
}

type Block = Record<string, unknown>;

interface Configuration {
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
  readonly provider?: Record<string, Block[]>;
  readonly resource?: Record<string, Record<string, Block>>;
}

interface Manifest {
  readonly stacks: Record<
    string,
    {
      readonly dependencies: string[];
      readonly annotations: { readonly constructPath: string; readonly message: string }[];
    }
  >;
}

/** What the bare app can repeat. Anything else in a stack would be missing there. */
const SECTIONS = ["//", "provider", "resource", "terraform"];

/** Writes the recording of an output folder. `chart` is the only folder our assets come from. */
export function record(output: string, chart: string, into: string): void {
  mkdirSync(into, { recursive: true });
  const { stacks } = JSON.parse(readFileSync(join(output, "manifest.json"), "utf8")) as Manifest;
  const names = Object.keys(stacks);
  writeFileSync(join(into, "stacks.json"), JSON.stringify(inOrder(names, stacks)));
  for (const name of names) {
    const folder = join(output, "stacks", name);
    const recorded = stackOf(
      JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Configuration,
      stacks[name]!,
      join(folder, "assets"),
      chart,
    );
    writeFileSync(join(into, `stack-${name}.json`), JSON.stringify(recorded));
  }
}

/** The names, each after the ones it depends on. */
function inOrder(names: readonly string[], stacks: Manifest["stacks"]): string[] {
  const done = new Set<string>();
  const visit = (name: string): void => {
    if (done.has(name)) return;
    stacks[name]!.dependencies.forEach(visit);
    done.add(name);
  };
  names.forEach(visit);
  return [...done];
}

function stackOf(
  configuration: Configuration,
  { dependencies, annotations }: Manifest["stacks"][string],
  assets: string,
  chart: string,
): RecordedStack {
  const odd = Object.keys(configuration).filter((section) => !SECTIONS.includes(section));
  if (odd.length > 0) throw new Error(`the bare app cannot repeat section ${odd.join(", ")}`);

  const children: Draft[] = [];
  for (const [type, blocks] of Object.entries(configuration.provider ?? {}))
    for (const block of blocks) children.push({ id: type, type, config: camelCase(block), children: [] });
  for (const [type, byName] of Object.entries(configuration.resource ?? {}))
    for (const { "//": about, depends_on: dependsOn, ...block } of Object.values(byName)) {
      const { path } = (about as { metadata: { path: string } }).metadata;
      const config = camelCase(block);
      Object.assign(draftAt(children, path), { type, config, dependsOn });
    }
  for (const { constructPath, message } of annotations) {
    const draft = draftAt(children, constructPath);
    draft.warnings = [...(draft.warnings ?? []), message];
  }
  return {
    dependencies,
    statePath: configuration.terraform.backend.local.path,
    assets: existsSync(assets) ? readdirSync(assets).map((id) => ({ id, path: chart })) : [],
    children,
  };
}

interface Draft {
  id: string;
  type?: string;
  config?: unknown;
  dependsOn?: string[];
  warnings?: string[];
  children: Draft[];
}

/** The construct of a path, made with those above it when it is new. The path starts with the stack. */
function draftAt(roots: Draft[], path: string): Draft {
  const ids = path.split("/").slice(1);
  let level = roots;
  let draft: Draft | undefined;
  for (const id of ids) {
    draft = level.find((child) => child.id === id);
    if (!draft) {
      draft = { id, children: [] };
      level.push(draft);
    }
    level = draft.children;
  }
  return draft!;
}

/** Arguments as the classes take them. Keys of maps (labels, tags) have no underscore here, so they stay. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      camelCase(inner),
    ]),
  );
}
