// What a method's row says besides the platform's checks: counts, defaults, values over several words, handles and guards,
// each as a table of its own in front of the methods.
import type {
  CountRange,
  Method,
  Model,
  Payload,
  ScalarSlot,
  SpanSlot,
  Subscription,
} from '../../model/model.js';
import { errorConstant, pascal, stateConstant } from '../c-names.js';
import { integerLiteral, wrapBraces } from '../c-text.js';
import { atOnce } from '../carriers.js';
import { memberNames } from '../hooks.js';
import { leaveGuards } from '../sides.js';
import { carrierOf, isWord } from '../words.js';
import { type Extras, type Numbers, nothing, placeOf, type Row, table } from './extras.js';
import { answerExtras, handleExtras } from './handle-view.js';
import type { Rules } from './rules.js';
import { nestedBraces } from './value-rules.js';

type Context = { readonly model: Model; readonly method: Method; readonly rules: Rules };

export const isExact = ({ counts, count }: Payload): boolean =>
  counts.length === 1 && counts[0]?.first === count && counts[0].last === count;

/** Values whose bytes fill several words are copied there and back, and so is a struct in a completion. */
export function copiesBytes({ kind, input, output, accepted }: Method): boolean {
  if (kind === 'async' && output.struct !== null) return true;
  return [...input.scalars, ...output.scalars, ...accepted.scalars].some(
    ({ packing }) => packing === 'bytes',
  );
}

const rangeRow = ({ first, last }: CountRange): Row => [`.first = ${first}`, `.last = ${last}`];

function countExtras(stem: string, payload: Payload, which: 'Input' | 'Output'): Extras {
  if (isExact(payload)) return nothing;
  const name = `k${stem}${which}Counts`;
  const key = which === 'Input' ? 'input' : 'output';
  return {
    tables: table('dextgen::CountRange', name, payload.counts.map(rangeRow)),
    columns: [
      `.${key}Counts = ${name}`,
      `.${key}CountRanges = ${payload.counts.length}`,
      `.scalar${which}s = ${payload.count}`,
    ],
  };
}

/** The words of a default, as many as the value has. */
function defaultWords(slot: ScalarSlot, { enums }: Numbers): readonly string[] {
  const standIn = slot.rules?.default ?? null;
  const zeros = Array.from({ length: slot.words }, () => '0');
  if (!slot.optional || standIn === null || !isWord(slot.type)) return zeros;
  const { type } = slot;
  const number =
    type.kind === 'enum' ? (enums.get(type.name)?.get(String(standIn)) ?? standIn) : standIn;
  const scalar = carrierOf(type);
  if (scalar === 'f32') return [`0x${floatBits(Number(number), 4).toString(16)}ull`];
  if (scalar === 'f64') return [`0x${floatBits(Number(number), 8).toString(16)}ull`];
  const word = BigInt.asUintN(64, BigInt(number));
  if (slot.packing === 'word') return [integerLiteral('u64', word)];
  const bits = slot.type.size * 4;
  const [low, high] = [BigInt.asUintN(bits, word), BigInt.asUintN(bits, word >> BigInt(bits))];
  const pair = slot.packing === 'low-high' ? [low, high] : [high, low];
  return pair.map((half) => integerLiteral('u64', half));
}

function floatBits(value: number, size: 4 | 8): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 8) view.setFloat64(0, value);
  else view.setFloat32(4, value);
  return view.getBigUint64(0);
}

function defaultExtras(stem: string, { scalars, count }: Payload, numbers: Numbers): Extras {
  const words = scalars.flatMap((slot) => defaultWords(slot, numbers));
  if (count === 0 || words.every((word) => word === '0')) return nothing;
  const name = `k${stem}Defaults`;
  const head = `constexpr uint64_t ${name}[] = `;
  return { tables: [...wrapBraces(head, words, ';')], columns: [`.defaults = ${name}`] };
}

const packings = { bytes: 'Bytes', 'low-high': 'LowHigh', 'high-low': 'HighLow' } as const;

function spanRow(slot: SpanSlot, stem: string, rules: Rules): Row | null {
  const { index, words, packing, type, name } = slot;
  if (packing === 'each') return null;
  const parts = [
    `.index = ${index}`,
    `.words = ${words}`,
    `.packing = dextgen::Packing::${packings[packing]}`,
    `.size = ${type.size}`,
  ];
  if (packing !== 'bytes') {
    if (!isWord(type)) throw new Error(`${name} has no halves`);
    const owner = `In_${stem}_${pascal(name)}`;
    return [...parts, ...nestedBraces('.value', rules.value({ ...slot, type, owner }))];
  }
  const rule = rules.span(stem, slot);
  return rule === 'nullptr' ? parts : [...parts, `.rule = ${rule}`];
}

const isSpan = (slot: ScalarSlot): slot is SpanSlot =>
  slot.packing !== 'word' && slot.packing !== 'memory';

const accesses = { 'read-only': 'Read', 'write-only': 'Write', 'read-write': 'ReadWrite' } as const;

function rangeExtras(stem: string, { scalars }: Payload): Extras {
  const rows = scalars.flatMap((slot): Row[] => {
    if (slot.packing !== 'memory') return [];
    const { index, words, order, access, range, lengthAt } = slot;
    const [address, length] = order === 'address-length' ? [index, index + 1] : [index + 1, index];
    return [
      [
        `.address = ${words === 1 ? index : address}`,
        `.length = ${words === 1 ? (lengthAt ?? -1) : length}`,
        ...(words === 1 && lengthAt === null ? [`.size = ${range?.max}`] : []),
        `.access = dextgen::RangeAccess::${accesses[access]}`,
      ],
    ];
  });
  if (rows.length === 0) return nothing;
  const name = `k${stem}Ranges`;
  return {
    tables: table('dextgen::ClientRange', name, rows),
    columns: [`.ranges = ${name}`, `.rangeCount = ${rows.length}`],
  };
}

function spanExtras(stem: string, { scalars }: Payload, rules: Rules): Extras {
  const rows = scalars
    .map((slot) => (isSpan(slot) ? spanRow(slot, stem, rules) : null))
    .filter((row) => row !== null);
  if (rows.length === 0) return nothing;
  const name = `k${stem}Spans`;
  return {
    tables: table('dextgen::Span', name, rows),
    columns: [`.spans = ${name}`, `.spanCount = ${rows.length}`],
  };
}

function roleMembers({ model, method: { guards } }: Guarded, { roles }: Numbers): string[] {
  const member = (key: string, role: string | null): string[] =>
    role === null ? [] : [`.${key} = ${placeOf(roles, role)}`];
  return [
    ...member('claims', guards.claims),
    ...member('requires_', guards.requires),
    ...member('releases', guards.releases),
    ...(guards.roleError === null
      ? []
      : [`.roleError = ${errorConstant(model, guards.roleError)}`]),
  ];
}

function stateExtras({ model, method }: Guarded, stem: string, { machines }: Numbers): Extras {
  const { when, leadsTo, stateError } = method.guards;
  const mask = (machine: string, names: readonly { readonly name: string }[]): string =>
    names.map(({ name }) => `1u << ${stateConstant(model, machine, name)}`).join(' | ');
  const needs = when.map(({ machine, states }): Row => {
    return [`.machine = ${placeOf(machines, machine)}`, `.states = ${mask(machine, states)}`];
  });
  const changes = leadsTo.map(({ machine, state }): Row => {
    const to = stateConstant(model, machine, state.name);
    return [`.machine = ${placeOf(machines, machine)}`, `.state = ${to}`];
  });
  const list = (key: string, name: string, rows: readonly Row[]): string[] =>
    rows.length === 0 ? [] : [`.${key} = ${name}`, `.${key}Count = ${rows.length}`];
  return {
    tables: [
      ...(needs.length === 0 ? [] : table('dextgen::StateNeed', `k${stem}When`, needs)),
      ...(changes.length === 0 ? [] : table('dextgen::StateChange', `k${stem}Then`, changes)),
    ],
    columns: [
      ...(stateError === null ? [] : [`.stateError = ${errorConstant(model, stateError)}`]),
      ...list('when', `k${stem}When`, needs),
      ...list('leadsTo', `k${stem}Then`, changes),
    ],
  };
}

/** Of a method, or of the end of a subscription. */
type Guarded = { readonly model: Model; readonly method: Pick<Method, 'guards'> };

function guardExtras(context: Guarded, stem: string, numbers: Numbers): Extras {
  const { entitlement, pending } = context.method.guards;
  const states = stateExtras(context, stem, numbers);
  const members = [
    ...(entitlement === null
      ? []
      : [`.entitlement = ${placeOf(numbers.entitlements, entitlement)}`]),
    ...roleMembers(context, numbers),
    ...states.columns,
    ...(pending === null ? [] : [`.pending = ${pending}`]),
  ];
  if (members.length === 0) return nothing;
  const name = `k${stem}Guard`;
  const guard = [`constexpr dextgen::Guard ${name} = {`, ...members.map((m) => `    ${m},`), '};'];
  return { tables: [...states.tables, ...guard], columns: [`.guard = &${name}`] };
}

/** The end of a subscription shares the row of its beginning, and may ask for something else. */
export function leaveExtras(model: Model, subscription: Subscription, numbers: Numbers): Extras {
  const { call, unsubscribe } = subscription;
  if (unsubscribe.kind !== 'null') return nothing;
  const [guards] = leaveGuards(subscription);
  const own = guards !== undefined;
  const stem = `${memberNames.hook(call)}${own ? 'Leave' : ''}`;
  const method = own ? { guards } : call;
  const { tables, columns } = guardExtras({ model, method }, stem, numbers);
  const guard = columns.length === 0 ? [] : [`.leaveGuard = &k${stem}Guard`];
  // What both share is printed with the call.
  return { tables: own ? tables : [], columns: ['.leaves = true', ...guard] };
}

export function extrasOf(context: Context, numbers: Numbers): Extras {
  const { method, rules } = context;
  const stem = memberNames.hook(method);
  const guard = guardExtras(context, stem, numbers);
  if (method.unchecked !== null)
    return { tables: guard.tables, columns: [...guard.columns, '.unchecked = true'] };
  const all = [
    countExtras(stem, method.input, 'Input'),
    defaultExtras(stem, method.input, numbers),
    countExtras(stem, atOnce(method), 'Output'),
    spanExtras(stem, method.input, rules),
    handleExtras(stem, method, numbers),
    answerExtras(stem, method, numbers),
    guard,
    rangeExtras(stem, method.input),
  ];
  return {
    tables: all.flatMap(({ tables }) => tables),
    columns: all.flatMap(({ columns }) => columns),
  };
}
