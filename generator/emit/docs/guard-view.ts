// States, roles and handles in the reference.
import type { HandleType, Role, StateMachine } from '../../model/model.js';
import { code, markdownText, table } from './markdown.js';

export function stateTable(machines: readonly StateMachine[]): string {
  const rows = machines.map(({ name, scope, states, doc }) => [
    code(name),
    states.map(code).join(', '),
    scope === 'driver' ? 'one for all clients' : 'of each connection',
    markdownText(doc),
  ]);
  return table(['machine', 'states, the initial one first', 'scope', ''], rows);
}

export function roleTable(roles: readonly Role[]): string {
  return table(
    ['role', ''],
    roles.map(({ name, doc }) => [code(name), markdownText(doc)]),
  );
}

export function handleTable(handles: readonly HandleType[]): string {
  const rows = handles.map(({ name, base, max, doc }) => [
    code(name),
    code(base),
    String(max),
    markdownText(doc),
  ]);
  return table(['handle', 'on the wire', 'per connection', ''], rows);
}
