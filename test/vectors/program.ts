// The C++ side of the vectors: a program made of the generated wire header that reads structs into words and makes structs
// of words. It uses what a driver engineer uses: the members of the structs and the functions of bit-fields.
import { pascal } from '../../generator/emit/c-names.js';
import type {
  BitsType,
  Model,
  NamedType,
  ScalarName,
  StructType,
  Type,
} from '../../generator/model/index.js';

const cTypes: Readonly<Record<ScalarName, string>> = {
  u8: 'uint8_t',
  u16: 'uint16_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  i8: 'int8_t',
  i16: 'int16_t',
  i32: 'int32_t',
  i64: 'int64_t',
  f32: 'float',
  f64: 'double',
  bool: 'bool',
};

type Context = { readonly prefix: string; readonly types: ReadonlyMap<string, NamedType> };

const indent = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

/** Statements that hand the value at `place` to the visitor, and take what it gives back. */
function visit(context: Context, type: Type, place: string, depth = 0): string[] {
  switch (type.kind) {
    case 'array': {
      const index = `i${depth}`;
      return [
        `for (size_t ${index} = 0; ${index} < ${type.length}; ${index}++) {`,
        ...indent(visit(context, type.element, `${place}[${index}]`, depth + 1)),
        '}',
      ];
    }
    case 'string': {
      const ending = type.terminated === 'none' ? 'true' : 'false';
      return [`visitor.Text(reinterpret_cast<uint8_t *>(${place}), ${type.size}, ${ending});`];
    }
    case 'wide':
      return exchange('DextgenU128', place, 'visitor.Wide(copy);');
    case 'scalar':
      return exchange(cTypes[type.scalar], place, 'visitor.Value(copy);');
    case 'status':
      return exchange('int32_t', place, 'visitor.Value(copy);');
    default:
      return visitNamed(context, context.types.get(type.name), place);
  }
}

/** A copy and back: members of packed structs have no address that may be used. */
function exchange(type: string, place: string, statement: string): string[] {
  return [
    '{',
    `    ${type} copy = static_cast<${type}>(${place});`,
    `    ${statement}`,
    `    ${place} = copy;`,
    '}',
  ];
}

function visitNamed(context: Context, type: NamedType | undefined, place: string): string[] {
  switch (type?.kind) {
    case 'enum':
    case 'flags':
      return exchange(cTypes[type.base], place, 'visitor.Value(copy);');
    case 'bits':
    case 'struct':
      return exchange(
        context.prefix + pascal(type.name),
        place,
        `Visit${pascal(type.name)}(visitor, copy);`,
      );
    case 'union':
      // Its bytes: which member is meant, nobody but its user knows.
      return exchange(
        context.prefix + pascal(type.name),
        place,
        `for (size_t at = 0; at < ${type.size}; at++) visitor.Value(reinterpret_cast<uint8_t *>(&copy)[at]);`,
      );
    default:
      throw new Error(`no program for ${type?.kind}`);
  }
}

function bitsFunction(context: Context, type: BitsType): string[] {
  const name = context.prefix + pascal(type.name);
  const body = type.fields.flatMap((field) => {
    const carrier = field.type.kind === 'scalar' ? field.type.scalar : field.type.base;
    const member = pascal(field.name);
    return [
      '{',
      `    ${cTypes[carrier]} copy = ${name}Get${member}(bits);`,
      '    visitor.Value(copy);',
      `    bits = ${name}With${member}(bits, copy);`,
      '}',
    ];
  });
  return [
    `template <typename Visitor> void Visit${pascal(type.name)}(Visitor & visitor, ${name} & bits) {`,
    ...indent(body),
    '}',
  ];
}

function structFunction(context: Context, type: StructType): string[] {
  const name = context.prefix + pascal(type.name);
  const body = type.fields.flatMap((field) => visit(context, field.type, `value.${field.name}`));
  return [
    `template <typename Visitor> void Visit${pascal(type.name)}(Visitor & visitor, ${name} & value) {`,
    ...indent(body),
    '}',
  ];
}

/** Structs with vectors, in the order in which the program numbers them. */
export function vectorTypes(model: Model): readonly StructType[] {
  return model.types.filter((type): type is StructType => type.kind === 'struct');
}

export function programText(model: Model): string {
  const types = new Map(model.types.map((type) => [type.name, type]));
  const context: Context = { prefix: model.name, types };
  const functions = model.types.flatMap((type) => {
    if (type.kind === 'bits') return [...bitsFunction(context, type), ''];
    return type.kind === 'struct' ? [...structFunction(context, type), ''] : [];
  });
  const rows = vectorTypes(model).map((type) => {
    const name = pascal(type.name);
    return `    RowOf<${model.name}${name}, Visit${name}<Printer>, Visit${name}<Parser>>(),`;
  });
  return [
    `#include "${model.id}.h"`,
    '#include "vectors.h"',
    '',
    ...functions,
    'int main() {',
    '    const Row rows[] = {',
    ...rows.map((row) => `    ${row}`),
    '    };',
    '    return Serve(rows, sizeof rows / sizeof rows[0]);',
    '}',
    '',
  ].join('\n');
}
