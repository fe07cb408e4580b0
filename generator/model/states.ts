// State machines: names in order, each for every connection or for the driver. What moves them is guards.ts's.
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  type Entry,
  entriesOf,
  itemsOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { MAX_MACHINES, MAX_STATES } from './limits.js';
import type { StateMachine, StateName } from './model.js';
import { textOf } from './text.js';

export type States = {
  readonly machines: readonly StateMachine[];
  /** By state name, the machines that have one of that name. */
  readonly holders: ReadonlyMap<string, readonly StateMachine[]>;
};

/** A machine is a list of its states, or a map with more to say. */
const namesNode = (value: SourceNode): SourceNode | null =>
  value.kind === 'list' ? value : child(value, 'names');

function machineOf({ key, value }: Entry): StateMachine {
  return {
    name: key,
    scope: stringOf(child(value, 'scope')) === 'driver' ? 'driver' : 'connection',
    doc: textOf(child(value, 'doc')),
    states: itemsOf(namesNode(value)).map((node) => stringOf(node) ?? ''),
  };
}

function checkSize({ key, keySpan, value }: Entry, report: Report): void {
  const count = itemsOf(namesNode(value)).length;
  if (count >= 2 && count <= MAX_STATES) return;
  report({
    code: 'DK525',
    at: keySpan,
    message: `"${key}" has ${count === 1 ? '1 state' : `${count} states`}; a machine has from 2 to ${MAX_STATES}`,
    hint: 'list the states in brackets, the initial one first: [disabled, enabled].',
  });
}

export function resolveStates(node: SourceNode | null, report: Report): States {
  const entries = entriesOf(node);
  for (const entry of entries) checkSize(entry, report);
  const excess = entries[MAX_MACHINES];
  if (excess !== undefined) {
    report({
      code: 'DK525',
      at: excess.keySpan,
      message: `an interface has at most ${MAX_MACHINES} state machines; "${excess.key}" is one too many`,
      hint: 'keep what calls depend on, and leave the rest to the driver.',
    });
  }
  const machines = entries.map(machineOf);
  const holders = new Map<string, StateMachine[]>();
  for (const machine of machines)
    for (const state of machine.states) {
      const known = holders.get(state);
      if (known === undefined) holders.set(state, [machine]);
      else known.push(machine);
    }
  return { machines, holders };
}

export type StateRef = { readonly machine: StateMachine; readonly state: StateName };

function unknownState(states: States, node: SourceNode, report: Report): null {
  const name = stringOf(node) ?? '';
  const all = states.machines.flatMap(({ name: machine, states: names }) =>
    names.flatMap((state) => [state, `${machine}.${state}`]),
  );
  const hint = didYouMean(name, all) ?? 'declare it below "states".';
  report({ code: 'DK526', at: node.span, message: `there is no state "${name}"`, hint });
  return null;
}

/** `enabled`, or `keyboard.enabled` where several machines have a state of that name. */
export function stateOf(states: States, node: SourceNode, report: Report): StateRef | null {
  const text = stringOf(node) ?? '';
  const [first = '', second] = text.split('.');
  const state = second ?? first;
  const holders = states.holders.get(state) ?? [];
  const found = second === undefined ? holders : holders.filter(({ name }) => name === first);
  const [machine, other] = found;
  if (machine === undefined) return unknownState(states, node, report);
  if (other === undefined)
    return { machine, state: { name: state, index: machine.states.indexOf(state) } };
  report({
    code: 'DK526',
    at: node.span,
    message: `"${state}" is a state of "${machine.name}" and of "${other.name}"`,
    hint: `write ${machine.name}.${state} or ${other.name}.${state}.`,
  });
  return null;
}
