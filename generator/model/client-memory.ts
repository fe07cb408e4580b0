// An argument that is memory of the app: the address and the length of a range, for which the driver gets a descriptor
// (contract §1.10).
import { didYouMean } from '../diagnostics/index.js';
import { child, type Report, type SourceNode, type Span, stringOf } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { scalarOf } from './layout.js';
import { MAX_BYTES } from './limits.js';
import type { MemorySlot, ScalarSlot } from './model.js';
import { sizeOf } from './quantities.js';
import type { Direction } from './scalar-slots.js';

function fail(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK563', at, message, hint });
  return null;
}

export function memoryInside(report: Report, { name, type, nameAt }: FieldDeclaration): null {
  const hint =
    'make it an argument of the method, next to the struct; of an interface that exists, declare address and length as numbers.';
  const message = `"${name}" is memory of the app, whose address no driver looks up inside a struct`;
  return fail(report, type?.at ?? nameAt, message, hint);
}

type Sizes = { readonly min: number; readonly max: number; readonly fixed: boolean };

function sizesOf(field: FieldDeclaration, report: Report): Sizes | null {
  const size = child(field.value, 'size');
  const example = 'write { type: clientMemory, access: read-only, max: 16 MiB }, or a size.';
  const limit = size ?? field.max;
  if (limit === null) return fail(report, field.nameAt, `"${field.name}" needs a max`, example);
  const max = sizeOf(limit);
  const min = field.min === null ? 1 : sizeOf(field.min);
  if (max === null || max < 1 || max > MAX_BYTES)
    return fail(report, limit.span, `this is no size from 1 to ${MAX_BYTES} bytes`, example);
  if (size !== null) return { min: max, max, fixed: true };
  if (min !== null && min >= 1 && min <= max) return { min, max, fixed: false };
  return fail(
    report,
    field.min?.span ?? field.nameAt,
    `this is no size from 1 to ${max} bytes`,
    'choose another min.',
  );
}

/** Two scalars, or the address alone where the length is known. */
export function memorySlot(
  field: FieldDeclaration,
  direction: Direction,
  report: Report,
): Omit<MemorySlot, 'index'> | null {
  const { name, doc, unit, since, value } = field;
  const at = field.type?.at ?? field.nameAt;
  if (direction === 'output')
    return fail(
      report,
      at,
      `"${name}" is memory of the app, so the app passes it`,
      'move it to "in", with access: write-only.',
    );
  const access = stringOf(child(value, 'access'));
  if (access !== 'read-only' && access !== 'write-only' && access !== 'read-write')
    return fail(
      report,
      at,
      `"${name}" does not say what the driver does with it`,
      'add "access: read-only", write-only or read-write.',
    );
  const sizes = sizesOf(field, report);
  if (sizes === null) return null;
  const { min, max, fixed } = sizes;
  const lengthFirst = stringOf(child(value, 'order')) === 'length-address';
  return {
    ...{ name, doc, unit, since },
    range: { min, max },
    rules: null,
    optional: false,
    packing: 'memory',
    words: fixed || child(value, 'length') !== null ? 1 : 2,
    type: scalarOf('u64'),
    access,
    order: lengthFirst ? 'length-address' : 'address-length',
    lengthAt: null,
  };
}

/** The scalars of a call without those that are lengths of memory elsewhere in it; the memory knows where they are. */
export function withLengths(
  slots: readonly ScalarSlot[],
  fields: ReadonlyMap<string, FieldDeclaration>,
  report: Report,
): readonly ScalarSlot[] {
  const taken = new Set<string>();
  const found = slots.map((slot): ScalarSlot => {
    const node = slot.packing === 'memory' ? lengthNode(fields.get(slot.name)) : null;
    if (slot.packing !== 'memory' || node === null) return slot;
    const length = lengthSlot(slot, node, slots, report);
    if (length === null) return slot;
    if (taken.has(length.name)) {
      const message = `"${length.name}" is the length of other memory already`;
      fail(report, node.span, message, 'give each its own.');
      return slot;
    }
    taken.add(length.name);
    return { ...slot, lengthAt: length.index };
  });
  return taken.size === 0 ? slots : found.filter(({ name }) => !taken.has(name));
}

const lengthNode = (field: FieldDeclaration | undefined): SourceNode | null =>
  field === undefined ? null : child(field.value, 'length');

function lengthSlot(
  memory: MemorySlot,
  node: SourceNode,
  slots: readonly ScalarSlot[],
  report: Report,
): ScalarSlot | null {
  const name = stringOf(node) ?? '';
  const slot = slots.find((one) => one.name === name);
  const hint = 'name an argument of type u32 or u64 that says nothing else.';
  if (slot === undefined) {
    const known = slots.filter(({ packing }) => packing === 'word').map((one) => one.name);
    const message = `there is no argument "${name}" with the length of "${memory.name}"`;
    return fail(report, node.span, message, didYouMean(name, known) ?? hint);
  }
  const { type, range, rules, optional } = slot;
  const scalar = slot.packing === 'word' && type.kind === 'scalar' ? type.scalar : '';
  if (!/^u(32|64)$/.test(scalar) || optional)
    return fail(report, node.span, `"${name}" cannot hold a length`, hint);
  if (range === null && rules === null) return slot;
  const message = `"${name}" is the length of "${memory.name}", which has the limits`;
  return fail(report, node.span, message, `give "${memory.name}" its min and max.`);
}

/** Keys that only memory of the app has. */
export function refuseMemoryKeys(field: FieldDeclaration, report: Report): void {
  if (field.value.kind !== 'map') return;
  for (const key of ['access', 'order', 'length']) {
    const entry = field.value.entries.get(key);
    if (entry !== undefined)
      fail(
        report,
        entry.keySpan,
        `"${key}" is for memory of the app, and "${field.name}" is none`,
        'remove it, or write "type: clientMemory".',
      );
  }
}
