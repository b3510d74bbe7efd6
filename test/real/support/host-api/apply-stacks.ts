// Applies synthesized platform and tenants stacks to a live host, in the order of the graph.
import type { SynthesizedStack } from "../examples";
import { readConfiguration } from "../configuration";
import { ciliumDefinitions } from "./cilium-definitions";
import { Helm, type ReleaseBlock } from "./helm";
import type { HostApi } from "./host-api";

/** What came of a stack. */
export interface Applied {
  readonly stack: string;
  /** Resource addresses, in the order they were applied. */
  readonly resources: readonly string[];
  /** Resource addresses of other kinds: clouds' keys, mostly. */
  readonly leftOut: readonly string[];
}

type Block = Readonly<Record<string, unknown>>;

/** How each kind of resource gets onto the host. */
const APPLY: Readonly<
  Record<string, (api: HostApi, helm: Helm, folder: string, block: Block) => Promise<unknown>>
> = {
  kubernetes_namespace_v1: (api, _helm, _folder, { metadata }) =>
    applyNamespace(api, metadata as Block | readonly Block[]),
  helm_release: (_api, helm, folder, block) => helm.install(folder, block as ReleaseBlock),
};

/** Stacks that hold host objects, in their order. Cilium itself needs nodes; its CRDs come alone. */
const LAYERS: readonly RegExp[] = [/platform/, /trust$/, /trust-policy/, /tenants/];

/**
 * Applies the stacks of one example in one form. Cilium's definitions come first, as they do on a host. Throws with the
 * words of Helm or the server. `login` is the kubeconfig that Helm uses, the administrator's unless said otherwise.
 */
export async function applyStacks(
  api: HostApi,
  stacks: readonly SynthesizedStack[],
  login?: string,
): Promise<Applied[]> {
  await ciliumDefinitions(api.client);
  const helm = await Helm.on(api, login);
  const applied: Applied[] = [];
  for (const { stack, folder } of LAYERS.flatMap((layer) =>
    stacks.filter(({ stack: name }) => layer.test(name)),
  )) {
    const { resource = {} } = readConfiguration(folder);
    const blocks = new Map<string, Block>(
      Object.entries(resource).flatMap(([type, named]) =>
        Object.entries(named).map(([name, block]): [string, Block] => [`${type}.${name}`, block]),
      ),
    );
    const order = graphOrder(blocks);
    const known = order.filter((address) => typeOf(address) in APPLY);
    for (const address of known) await APPLY[typeOf(address)]!(api, helm, folder, blocks.get(address)!);
    applied.push({ stack, resources: known, leftOut: order.filter((address) => !known.includes(address)) });
  }
  return applied;
}

function typeOf(address: string): string {
  return address.split(".")[0]!;
}

/** Addresses, each after those its block names: in `depends_on` or in an expression. */
export function graphOrder(blocks: ReadonlyMap<string, Block>): string[] {
  const order = new Set<string>();
  const visit = (address: string, path: readonly string[]): void => {
    if (order.has(address)) return;
    if (path.includes(address)) throw new Error(`a circle: ${[...path, address].join(" -> ")}`);
    const text = JSON.stringify(blocks.get(address));
    for (const other of blocks.keys())
      if (other !== address && names(text, other)) visit(other, [...path, address]);
    order.add(address);
  };
  for (const address of blocks.keys()) visit(address, []);
  return [...order];
}

/** Whether a block names an address, and not a longer one that begins with it. */
function names(text: string, address: string): boolean {
  const at = text.indexOf(address);
  return at >= 0 && (!/[\w-]/.test(text[at + address.length] ?? "") || names(text.slice(at + 1), address));
}

async function applyNamespace(api: HostApi, metadata: Block | readonly Block[]): Promise<void> {
  const { name, labels, annotations } = (Array.isArray(metadata) ? metadata[0] : metadata) as {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, annotations } };
  const { status, body } = await api.client.apply(object, undefined, "terraform");
  if (status >= 300) throw new Error(`namespace ${name}: ${body.message}`);
}
