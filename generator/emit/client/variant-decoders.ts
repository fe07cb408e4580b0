// The body of a variant's decoder: a case for each of its cases.
import type { VariantCase } from '../../model/model.js';
import { quote } from './jsdoc.js';
import { nameOf } from './names.js';
import {
  codecName,
  hasTag,
  impliedField,
  isLong,
  plus,
  type VariantContext,
} from './variant-context.js';

function resultText(context: VariantContext, one: VariantCase, value: string | null): string {
  const parts = [`kind: ${quote(one.name)}`];
  if (hasTag(context.type, one)) parts.push(isLong(context.type) ? 'tag' : 'tag: Number(tag)');
  const implied = impliedField(context, one);
  if (value !== null)
    parts.push(
      `value: ${implied === null ? value : `dextgen.without(${value}, ${quote(implied)})`}`,
    );
  return `{ ${parts.join(', ')} }`;
}

function decodeCaseLines(context: VariantContext, one: VariantCase): string[] {
  const { names, type } = context;
  const { exact, bodyOffset, tag } = type;
  const body = one.type;
  const head = `  case ${quote(one.name)}:`;
  if (body === null) {
    const skip = exact ? [`    from.part(1, ${tag.offset + tag.type.size});`] : [];
    return [head, ...skip, `    return ${resultText(context, one, null)};`];
  }
  const decode = `decode${nameOf(names.types, body.name)}`;
  if (!exact)
    return [
      head,
      `    return ${resultText(context, one, `${decode}(view, ${plus('offset', bodyOffset)})`)};`,
    ];
  if (body.kind === 'record') {
    const skip = bodyOffset > 0 ? [`    from.part(1, ${bodyOffset});`] : [];
    return [head, ...skip, `    return ${resultText(context, one, `from.record(1, ${decode})`)};`];
  }
  const place = `from.part(1, ${bodyOffset + body.size})`;
  const value = `${decode}(from.view, ${plus(place, bodyOffset)})`;
  return [head, `    return ${resultText(context, one, value)};`];
}

export function decodeStatements(context: VariantContext): string[] {
  const { names, type } = context;
  const codec = codecName(names, type);
  const tagged = type.cases.some((one) => hasTag(type, one));
  const found = type.exact
    ? `dextgen.nextCase(${codec}, from)`
    : `dextgen.caseAt(${codec}, view, offset)`;
  return [
    `const { kind${tagged ? ', tag' : ''} } = ${found};`,
    'switch (kind) {',
    ...type.cases.flatMap((one) => decodeCaseLines(context, one)),
    '}',
  ];
}
