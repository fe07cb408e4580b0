// The registry's tree as the families look things up in it.
import type { Value } from './wire.js';

export type RegistryNode = {
  readonly entry: number;
  readonly name: string;
  readonly class: string;
  readonly state: string;
  readonly registered: boolean;
  readonly properties: { readonly [key: string]: Value };
  readonly children: readonly RegistryNode[];
};

/** A node and all below it. */
export function* nodesOf(node: RegistryNode): Generator<RegistryNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

const POLL_MS = 10;

/** Reads the registry until a node is what is looked for; undefined when none was in time. */
export async function findNode(
  registry: () => Promise<Value>,
  isAsked: (node: RegistryNode) => boolean,
  timeoutMs: number,
): Promise<RegistryNode | undefined> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const tree = (await registry()) as unknown as RegistryNode;
    for (const node of nodesOf(tree)) if (isAsked(node)) return node;
    if (Date.now() > end) return undefined;
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}
