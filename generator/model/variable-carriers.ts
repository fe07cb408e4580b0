// Structs of a call whose size varies: bytes, texts, records, variants. How each travels, and where its length stands.
import type { Entry as MapEntry, Report, SourceNode, Span } from '../source/index.js';
import { child, stringOf } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { scalars } from './layout.js';
import { MAX_BYTES, MAX_INLINE } from './limits.js';
import type {
  BytesCarrier,
  FixedCarrier,
  IntegerName,
  RecordRef,
  ScalarSlot,
  StructCarrier,
  StructRef,
  TextCarrier,
  Transfer,
  UnionRef,
  VariableCarrier,
  VariantRef,
} from './model.js';
import { sizeOf } from './quantities.js';
import { textRules } from './records.js';
import type { Sizes } from './variable-sizes.js';

export type CarrierContext = {
  readonly direction: 'input' | 'output';
  readonly report: Report;
  /** What the method says for all its structs; null when it says nothing. */
  readonly transfer: SourceNode | null;
};

type Variable = BytesCarrier | TextCarrier | VariableCarrier;
type Common = Omit<BytesCarrier, 'kind' | 'direct'>;

function badBytes(field: FieldDeclaration, report: Report, at: Span, message: string): null {
  const type = field.type?.text.trim() === 'string' ? 'string' : 'bytes';
  const hint = `write { type: ${type}, max: 4096 }; sizes are whole numbers or texts such as "1 MiB".`;
  report({ code: 'DK508', at, message, hint });
  return null;
}

function bytesLimit(field: FieldDeclaration, node: SourceNode, report: Report): number | null {
  const size = sizeOf(node);
  if (size !== null && size >= 0 && size <= MAX_BYTES) return size;
  return badBytes(
    field,
    report,
    node.span,
    `this is no size of bytes from 0 to ${MAX_BYTES} for "${field.name}"`,
  );
}

function limitsOf(field: FieldDeclaration, report: Report): Sizes | null {
  const { name } = field;
  if (field.max === null) return badBytes(field, report, field.nameAt, `"${name}" needs a max`);
  const max = bytesLimit(field, field.max, report);
  const min = field.min === null ? 0 : bytesLimit(field, field.min, report);
  if (max === null || min === null) return null;
  if (max === 0) return badBytes(field, report, field.max.span, `"${name}" can hold nothing`);
  if (min > max)
    return badBytes(
      field,
      report,
      (field.min ?? field.max).span,
      `min of "${name}" is above its max`,
    );
  return { min, max };
}

type Wish = { readonly transfer: Transfer; readonly node: SourceNode };

function wishOf(field: FieldDeclaration, context: CarrierContext): Wish | null {
  const node = (field.node && child(field.node, 'transfer')) ?? context.transfer;
  const transfer = stringOf(node);
  const known = transfer === 'inline' || transfer === 'descriptor' || transfer === 'either';
  return node !== null && known ? { transfer, node } : null;
}

/** Why a wish cannot be had: the platform goes by the size alone (contract §1.2, §1.5). */
function objection(
  { transfer }: Wish,
  { min, max }: Sizes,
  direction: CarrierContext['direction'],
): readonly [string, string] | null {
  const large = max > MAX_INLINE;
  if (transfer === 'inline')
    return large
      ? [
          `up to ${max} bytes cannot all travel inline: above ${MAX_INLINE} the platform passes a descriptor`,
          `lower its max to ${MAX_INLINE}, or remove "transfer": the driver then takes both.`,
        ]
      : null;
  if (!large)
    return [
      `at most ${max} bytes never travel as a descriptor: up to ${MAX_INLINE} the platform copies them inline`,
      'remove "transfer".',
    ];
  if (transfer === 'descriptor' && direction === 'input' && min <= MAX_INLINE)
    return [
      `inputs of up to ${MAX_INLINE} bytes come inline, so a descriptor cannot be required for ${min}`,
      `require more: min: ${MAX_INLINE + 1}.`,
    ];
  return null;
}

function transferOf(
  field: FieldDeclaration,
  sizes: Sizes,
  context: CarrierContext,
): Pick<Common, 'transfer' | 'transferDeclared'> | null {
  const wish = wishOf(field, context);
  const always = context.direction === 'input' && sizes.min > MAX_INLINE;
  const usual = sizes.max <= MAX_INLINE ? 'inline' : always ? 'descriptor' : 'either';
  if (wish === null) return { transfer: usual, transferDeclared: false };
  const problem = objection(wish, sizes, context.direction);
  if (problem === null) return { transfer: wish.transfer, transferDeclared: true };
  const [message, hint] = problem;
  context.report({ code: 'DK460', at: wish.node.span, message, hint });
  return null;
}

/** An output that may leave as a descriptor says its length in scalar 0, unless the schema has another place for it. */
function common(
  field: FieldDeclaration,
  { min, max }: Sizes,
  context: CarrierContext,
): Common | null {
  const { name, doc } = field;
  const transfer = transferOf(field, { min, max }, context);
  if (transfer === null) return null;
  const node = field.node && child(field.node, 'lengthScalar');
  const reported = max > MAX_INLINE && context.direction === 'output' && node === null;
  return {
    name,
    min,
    max,
    ...transfer,
    lengthScalar: reported ? 0 : null,
    lengthName: '',
    lengthType: 'u64',
    doc,
  };
}

export function bytesCarrier(
  field: FieldDeclaration,
  context: CarrierContext,
): BytesCarrier | null {
  const limits = limitsOf(field, context.report);
  const facts = limits && common(field, limits, context);
  return facts && { kind: 'bytes', ...facts, direct: isDirect(field, facts, context) };
}

const directNode = ({ value }: FieldDeclaration): MapEntry | undefined =>
  value.kind === 'map' ? value.entries.get('direct') : undefined;

/** Only what always comes as a descriptor can be handed over as one. */
function isDirect(
  field: FieldDeclaration,
  { min, transfer }: Common,
  { direction, report }: CarrierContext,
): boolean {
  const entry = directNode(field);
  if (entry?.value.kind !== 'scalar' || entry.value.value !== true) return false;
  const always = transfer === 'descriptor' || (direction === 'input' && min > MAX_INLINE);
  if (always) return true;
  const hint =
    direction === 'input'
      ? `require more: min: ${MAX_INLINE + 1}.`
      : 'write "transfer: descriptor": the app then offers more than fits inline.';
  report({
    code: 'DK562',
    at: entry.keySpan,
    message: `up to ${MAX_INLINE} bytes travel inline, where there is no descriptor to hand over`,
    hint,
  });
  return false;
}

/** Of anything but bytes. */
export function refuseDirect(field: FieldDeclaration, report: Report): void {
  const entry = directNode(field);
  if (entry === undefined) return;
  report({
    code: 'DK562',
    at: entry.keySpan,
    message: `"${field.name}" is checked before the driver sees it, so it is copied first`,
    hint: 'remove "direct", or make it bytes, which nothing checks.',
  });
}

export function textCarrier(field: FieldDeclaration, context: CarrierContext): TextCarrier | null {
  const limits = limitsOf(field, context.report);
  if (limits === null) return null;
  const text = textRules(field, false);
  const min = Math.max(limits.min, text.terminated === 'required' ? 1 : 0);
  const facts = common(field, { min, max: limits.max }, context);
  return facts && { kind: 'text', text, ...facts };
}

type Varying = {
  readonly type: RecordRef | VariantRef;
  /** Of a variant its cases', which its reference does not have. */
  readonly sizes: Sizes;
  readonly capped: boolean;
};

export function variableCarrier(
  field: FieldDeclaration,
  { type, sizes, capped }: Varying,
  context: CarrierContext,
): VariableCarrier | null {
  const facts = common(field, sizes, context);
  const ends = type.kind === 'variant' || type.delimited;
  const longer = mayBeLonger(field, ends ? '' : 'goes on to the end', context);
  return facts && { kind: 'variable', type, capped, ...facts, longer };
}

/** `trailing: ignored`. `otherwise` is why nothing can be behind the end; empty where something can. */
function mayBeLonger(
  field: FieldDeclaration,
  otherwise: string,
  { direction, report }: CarrierContext,
): boolean {
  const entry = field.node?.entries.get('trailing');
  if (entry === undefined) return false;
  const reason = direction === 'output' ? 'is what the driver itself answers' : otherwise;
  if (reason === '') return stringOf(entry.value) === 'ignored';
  const message = `"trailing" means nothing here: "${field.name}" ${reason}`;
  const hint = 'remove it; it belongs to a struct that an app sends, and that says where it ends.';
  report({ code: 'DK436', at: entry.keySpan, message, hint });
  return false;
}

/** Of what is no struct. */
export function refuseTrailing(field: FieldDeclaration, context: CarrierContext): void {
  mayBeLonger(field, 'is no struct', context);
}

export function fixedCarrier(
  field: FieldDeclaration,
  type: StructRef | UnionRef,
  context: CarrierContext,
): FixedCarrier | null {
  const { name, doc } = field;
  const { size } = type;
  const transfer = size > MAX_INLINE ? 'descriptor' : 'inline';
  const wish = wishOf(field, context);
  const longer = mayBeLonger(field, '', context);
  if (wish === null || wish.transfer === transfer)
    return { kind: 'fixed', name, type, transfer, longer, doc };
  const way = transfer === 'inline' ? 'inline' : 'as a descriptor';
  context.report({
    code: 'DK460',
    at: wish.node.span,
    message: `${size} bytes always travel ${way}: the platform goes by whether there are more than ${MAX_INLINE}`,
    hint: 'remove "transfer".',
  });
  return null;
}

function badLength(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK461', at, message, hint });
  return null;
}

type LengthWish = {
  readonly field: FieldDeclaration;
  readonly carrier: Variable;
  /** With their places in the call. */
  readonly slots: readonly ScalarSlot[];
};

/** The carrier with the scalar that the schema names for its length; the same carrier when it names none. */
export function withLengthScalar(
  { field, carrier, slots }: LengthWish,
  { report, direction }: CarrierContext,
): Variable | null {
  const node = field.node && child(field.node, 'lengthScalar');
  const name = stringOf(node);
  if (node === null || name === null) return carrier;
  const { span } = node;
  const remove = 'remove "lengthScalar".';
  if (direction === 'input')
    return badLength(report, span, 'the platform itself tells the size of an input', remove);
  if (name === 'none') return carrier;
  const slot = slots.find((candidate) => candidate.name === name);
  const hint = 'name a scalar output of type u8 … u64, or write none where the length is not told.';
  if (slot === undefined)
    return badLength(report, span, `there is no scalar output "${name}"`, hint);
  const { type } = slot;
  const scalar = type.kind === 'scalar' ? type.scalar : '';
  if (!/^u(8|16|32|64)$/.test(scalar))
    return badLength(report, span, `"${name}" is no unsigned integer`, hint);
  const lengthType = scalar as IntegerName;
  if (BigInt(carrier.max) > (scalars[lengthType].bounds?.max ?? 0n))
    return badLength(report, span, `"${name}" cannot hold ${carrier.max}`, 'give it a wider type.');
  return { ...carrier, lengthScalar: slot.index, lengthName: name, lengthType };
}

export function isVariable(carrier: StructCarrier): carrier is Variable {
  return carrier.kind !== 'fixed';
}
