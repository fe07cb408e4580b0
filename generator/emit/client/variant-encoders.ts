// The body of a variant's encoder: a case for each of its cases.
import type { VariantCase } from '../../model/model.js';
import { key, quote } from './jsdoc.js';
import { nameOf } from './names.js';
import {
  codecName,
  hasTag,
  impliedField,
  isLong,
  isSingle,
  plus,
  type VariantContext,
} from './variant-context.js';

/** The value with the field that its case implies. */
function valueText(context: VariantContext, one: VariantCase): string {
  const implied = impliedField(context, one);
  if (implied === null) return 'value.value';
  const { type, enums, structs, heads } = context;
  const head = one.type === null ? '' : (heads.get(one.type.name) ?? one.type.name);
  const field = structs.get(head)?.fields.find(({ name }) => name === implied);
  const number = one.tags[0]?.first ?? 0;
  const values = field?.type.kind === 'enum' ? enums.get(field.type.name)?.values : undefined;
  const named = values?.find((each) => BigInt(each.value) === BigInt(number));
  const literal = named === undefined ? `${number}${isLong(type) ? 'n' : ''}` : quote(named.name);
  return `{ ...value.value, ${key(implied)}: ${literal} }`;
}

function encodeCaseLines(context: VariantContext, one: VariantCase): string[] {
  const { names, type } = context;
  const { exact, bodyOffset, tag, field } = type;
  const body = one.type;
  const codec = codecName(names, type);
  const inside = "dextgen.inside(at, 'value')";
  const target = exact ? '[to.view, place]' : '[view, offset]';
  const given = hasTag(type, one) ? 'value.tag' : 'undefined';
  const finish =
    field === null
      ? `dextgen.putTag(${codec}, ${target}, ${quote(one.name)}, ${given}, at);`
      : isSingle(one)
        ? null
        : `dextgen.checkCase(${codec}, ${target}, ${quote(one.name)}, at);`;
  const lines: string[] = [];
  const tagEnd = tag.offset + tag.type.size;
  if (body === null) {
    if (exact) lines.push(`const place = to.part(1, ${tagEnd});`);
  } else {
    const encode = `encode${nameOf(names.types, body.name)}`;
    const value = valueText(context, one);
    if (!exact) lines.push(`${encode}(view, ${plus('offset', bodyOffset)}, ${value}, ${inside});`);
    else if (body.kind === 'struct') {
      lines.push(`const place = to.part(1, ${bodyOffset + body.size});`);
      lines.push(`${encode}(to.view, ${plus('place', bodyOffset)}, ${value}, ${inside});`);
    } else {
      if (finish !== null || bodyOffset > 0) lines.push(`const place = to.part(1, ${bodyOffset});`);
      lines.push(`to.record(1, (inner) => ${encode}(inner, ${value}, ${inside}));`);
    }
  }
  if (finish !== null) lines.push(finish);
  else if (
    lines[0]?.startsWith('const place') &&
    !lines.some((line, i) => i > 0 && line.includes('place'))
  )
    lines[0] = lines[0].replace('const place = ', '');
  return [
    `  case ${quote(one.name)}: {`,
    ...lines.map((line) => `    ${line}`),
    '    return;',
    '  }',
  ];
}

export function encodeStatements(context: VariantContext): string[] {
  const names = context.type.cases.map(({ name }) => name).join(', ');
  return [
    'dextgen.checkObject(value, at);',
    'switch (value.kind) {',
    ...context.type.cases.flatMap((one) => encodeCaseLines(context, one)),
    '}',
    `throw dextgen.unknownKind(value, ${quote(names)}, at);`,
  ];
}
