// A schema of the right shape → the model. Each section has its resolver; here they meet.
import {
  child,
  entriesOf,
  itemsOf,
  type Report,
  type Source,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { checkNames } from '../validate/names.js';
import { checkSelectors, readRetired } from '../validate/selectors.js';
import { resolveBuffers } from './buffers.js';
import { contractHash } from './contract-hash.js';
import { resolveDriver } from './driver.js';
import { createErrors } from './errors.js';
import { resolveEvents } from './events.js';
import { bundleIdentifier, contractOf, versionOf } from './header.js';
import { callablesOf, resolveMethods } from './methods.js';
import { MODEL_VERSION, type Model } from './model.js';
import { snake } from './names.js';
import { resolveProperties } from './properties.js';
import { textOf } from './text.js';
import { resolveOthers, resolveTypes } from './types.js';

type Calls = Pick<
  Model,
  'constants' | 'methods' | 'retired' | 'events' | 'buffers' | 'properties' | 'types' | 'errors'
>;

/** Everything an app can call, receive, map or read. */
function resolveCalls(
  root: SourceNode,
  { base, imported }: { readonly base: number | null; readonly imported: ReadonlySet<string> },
  report: Report,
): Calls {
  const types = resolveTypes(child(root, 'types'), report, imported);
  const match = entriesOf(child(child(root, 'driver'), 'match'));
  const matchKeys = new Set(match.map(({ key }) => key));
  const properties = resolveProperties(child(root, 'properties'), { report, matchKeys });
  const retired = readRetired(itemsOf(child(root, 'retired')), report);
  const callables = callablesOf(child(root, 'methods'), child(root, 'properties'));
  checkSelectors(callables, { retired, base, report });
  const errors = createErrors(child(root, 'errors'), report);
  const byName = new Map(properties.map((property) => [property.name, property]));
  const methods = resolveMethods(callables, { types, errors, properties: byName });
  const events = resolveEvents(child(root, 'events'), { types, base });
  const buffers = resolveBuffers(child(root, 'buffers'), { types, base });
  // An interface has the imported types that it uses; the others only have to be sound.
  const used = [...types.ordered];
  resolveOthers(types);
  return {
    constants: [],
    types: used,
    methods,
    retired: retired.map(({ first, last }) => ({ first, last })),
    events,
    buffers,
    properties,
    errors: [...errors.used.values()],
  };
}

/** For a file that holds nothing but types. */
export function checkTypes(root: SourceNode, report: Report): void {
  checkNames(root, report);
  resolveTypes(child(root, 'types'), report);
}

export type Origin = {
  readonly source: Source;
  /** Names of the types that come from other files. */
  readonly imported: ReadonlySet<string>;
};

/** Complete when nothing was reported. */
export function resolve(root: SourceNode, { source, imported }: Origin, report: Report): Model {
  const name = stringOf(child(root, 'interface')) ?? '';
  const bundle = child(root, 'bundle');
  const contract = contractOf(child(root, 'contract'));
  checkNames(root, report);
  const driver = resolveDriver(child(root, 'driver'), name, report);
  const observable = {
    modelVersion: MODEL_VERSION,
    name,
    id: snake(name),
    version: versionOf(child(root, 'version'), report),
    doc: textOf(child(root, 'doc')),
    schemaPath: source.path,
    contract,
    bundle: {
      identifier: bundleIdentifier(child(bundle, 'identifier'), report),
      name: stringOf(child(bundle, 'name')) ?? driver.className,
    },
    driver,
    ...resolveCalls(root, { base: contract?.base ?? null, imported }, report),
  } as const;
  return { ...observable, contractHash: contractHash(observable) };
}
