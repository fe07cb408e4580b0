// Handles in the dispatch: which scalars are looked up or made, in calls and in completions, and what the driver's class
// has to look one up itself.
import type { HandleType, Method, Model, ScalarSlot } from '../../model/model.js';
import { typeName } from '../c-names.js';
import { atOnce } from '../carriers.js';
import {
  declare,
  findParameters,
  makeParameters,
  memberNames,
  objectParameters,
} from '../hooks.js';
import type { Numbered } from '../usage.js';
import { type Extras, type Numbers, nothing, placeOf, type Row, table } from './extras.js';
import type { Definition } from './memory-view.js';

const uses = { uses: 'Uses', closes: 'Closes', creates: 'Creates' } as const;

/** Handles in scalars of their own; an array with a scalar for each element holds them as numbers. */
function handleRows(slot: ScalarSlot, isOutput: boolean, { handles }: Numbers): Row[] {
  const row = (index: number, name: string, use: string): Row => [
    ...[`.index = ${index}`, `.type = ${placeOf(handles, name)}`],
    `.use = dextgen::HandleUse::${use}`,
  ];
  const { type, index } = slot;
  if (slot.packing === 'word' && type.kind === 'handle' && slot.handle !== null) {
    const use = isOutput && slot.handle === 'uses' ? 'Returns' : uses[slot.handle];
    return [row(index, type.name, use)];
  }
  if (isOutput || slot.packing !== 'each' || type.kind !== 'array') return [];
  const { element } = type;
  return element.kind !== 'handle'
    ? []
    : Array.from({ length: slot.words }, (_, i) => row(index + i, element.name, 'Checks'));
}

/** What a completion makes handles of. */
export function answerExtras(stem: string, { kind, output }: Method, numbers: Numbers): Extras {
  if (kind !== 'async') return nothing;
  const rows = output.scalars.flatMap((slot) => handleRows(slot, true, numbers));
  if (rows.length === 0) return nothing;
  const name = `k${stem}AnswerHandles`;
  return {
    tables: table('dextgen::HandleSlot', name, rows),
    columns: [`.answerHandles = ${name}`, `.answerHandleCount = ${rows.length}`],
  };
}

export function handleExtras(stem: string, method: Method, numbers: Numbers): Extras {
  const rows = [
    ...method.input.scalars.flatMap((slot) => handleRows(slot, false, numbers)),
    ...atOnce(method).scalars.flatMap((slot) => handleRows(slot, true, numbers)),
  ];
  if (rows.length === 0) return nothing;
  const name = `k${stem}Handles`;
  return {
    tables: table('dextgen::HandleSlot', name, rows),
    columns: [`.handles = ${name}`, `.handleCount = ${rows.length}`],
  };
}

export function handleMembers(
  model: Model,
  className: string,
  handle: Numbered<HandleType>,
): Definition[] {
  const member = (type: string, name: string) => `${type} ${className}::${name}`;
  const place = `&Core()->base, client, ${handle.index}`;
  const make = member('kern_return_t', memberNames.make(handle));
  return [
    {
      signature: declare(member('void', memberNames.forget(handle)), objectParameters, ' {'),
      body: [`dextgen::CoreForget(${place}, object);`],
    },
    {
      signature: declare(
        member('bool', memberNames.find(handle)),
        findParameters(model, handle),
        ' {',
      ),
      body: [`return dextgen::CoreFind(${place}, handle, object);`],
    },
    {
      signature: declare(make, makeParameters(model, handle), ' {'),
      body: [
        `*handle = static_cast<${typeName(model, handle.name)}>(`,
        `    dextgen::CoreMake(${place}, object));`,
        'return *handle != 0 ? kIOReturnSuccess : kIOReturnNoResources;',
      ],
    },
  ];
}
