// A variant that takes the size of its case, as two classes of C++: one that reads and one that writes it.
import type { Model, VariantCase, VariantType } from '../../model/model.js';
import { pascal, typeName } from '../c-names.js';
import { commentText } from '../c-text.js';
import { readerType, writerType } from '../struct-parameters.js';
import { recordRuleName } from './rules.js';
import { runIndex } from './variant-rules.js';

export type VariantClassView = {
  readonly isRecord: false;
  readonly docs: readonly string[];
  readonly rule: string;
  readonly reader: string;
  readonly writer: string;
  readonly kinds: readonly string[];
  readonly readers: readonly string[];
  readonly writers: readonly string[];
};

const common = ['Size', 'Bytes', 'Base', 'Room', 'Which', 'Tag', 'Kind'];

type Named = { readonly one: VariantCase; readonly name: string };

function namedCases({ cases }: VariantType): readonly Named[] {
  return cases.map((one) => {
    const name = pascal(one.name);
    return { one, name: common.includes(name) ? `${name}Case` : name };
  });
}

function caseReaders(model: Model, type: VariantType, { one, name }: Named): string[] {
  const body = one.type;
  if (body === null) return [];
  const result = body.kind === 'struct' ? typeName(model, body.name) : readerType(model, body.name);
  const bytes = `bytes_ + (is ? ${type.bodyOffset} : 0), is ? size_ - ${type.bodyOffset} : 0`;
  const value =
    body.kind === 'struct' ? `dextgen::LoadAs<${result}>(${bytes})` : `${result}(${bytes})`;
  return [
    ...(one.doc === '' ? [] : [`/// ${commentText(one.doc)}`]),
    `${result} ${name}() const {`,
    `    const bool is = Which() == Kind::${name};`,
    `    return ${value};`,
    '}',
  ];
}

const isSingle = ({ tags }: VariantCase): boolean =>
  tags.length === 1 && tags[0]?.first === tags[0]?.last;

/** The number is the writer's to know, unless the case has several and they are not among its fields. */
function caseWriters(model: Model, type: VariantType, { one, name }: Named): string[] {
  const body = one.type;
  const index = runIndex(type, one.name);
  const [tag] = one.tags;
  const asked = !isSingle(one) && type.field === null;
  const number = asked ? 'tag' : `${BigInt.asUintN(64, BigInt(tag?.first ?? 0))}ull`;
  const parameter = asked ? 'uint64_t tag' : '';
  const comma = asked ? ', ' : '';
  if (body === null)
    return [
      `bool Put${name}(${parameter}) { return record_.PutCase(${index}, ${number}, nullptr); }`,
    ];
  if (body.kind === 'struct') {
    const value = `const ${typeName(model, body.name)} & value`;
    return [
      `bool Put${name}(${parameter}${comma}${value}) {`,
      `    return record_.PutCase(${index}, ${number}, &value);`,
      '}',
    ];
  }
  return [
    `template <typename Write> bool Put${name}(${parameter}${comma}Write write) {`,
    '    uint64_t capacity = 0;',
    '    uint8_t * place = record_.BeginCase(&capacity);',
    '    if (place == nullptr) {',
    '        return false;',
    '    }',
    `    ${writerType(model, body.name)} inner(place, capacity);`,
    '    write(inner);',
    `    return record_.AddedCase(${index}, ${number}, inner.Base());`,
    '}',
  ];
}

export function variantClassView(model: Model, type: VariantType): VariantClassView {
  const cases = namedCases(type);
  return {
    isRecord: false,
    docs: type.doc === '' ? [] : [`/// ${commentText(type.doc)}`],
    rule: recordRuleName(model, type.name),
    reader: readerType(model, type.name),
    writer: writerType(model, type.name),
    kinds: cases.map(({ name }) => name),
    readers: cases.flatMap((one) => caseReaders(model, type, one)),
    writers: cases.flatMap((one) => caseWriters(model, type, one)),
  };
}
