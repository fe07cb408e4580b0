// The C++ side of the vectors of varying size: a program that checks bytes as the dispatch does, reads them with the
// generated readers and writes them again with the generated writers.
import { pascal } from '../../generator/emit/c-names.js';
import { namedParts } from '../../generator/emit/dispatch/record-view.js';
import type {
  Model,
  NamedType,
  RecordPart,
  RecordType,
  VariantType,
} from '../../generator/model/index.js';

export type Varying = RecordType | VariantType;

/** In the order of the numbers by which the program knows them. */
export function varyingTypes(model: Model): readonly Varying[] {
  return model.types.filter(
    (type): type is Varying => type.kind === 'record' || type.kind === 'variant',
  );
}

const isClass = (type: Varying): boolean => type.kind === 'record' || type.exact;

type Part = { readonly part: RecordPart; readonly name: string };

/** Statements that hand one part of `from` to `to`. */
function copyPart(prefix: string, { part, name }: Part): string[] {
  switch (part.kind) {
    case 'fixed':
      return [`to.Put${name}(from.${name}());`];
    case 'text':
      return [`to.Put${name}(from.${name}(), from.${name}Length());`];
    case 'record':
      return [
        `to.Put${name}([&](${prefix}${pascal(part.type.name)}Writer & inner) { Copy(from.${name}(), inner); });`,
      ];
    case 'array': {
      const { element } = part;
      if (element.kind === 'record') {
        const type = `${prefix}${pascal(element.name)}`;
        return [
          `for (const ${type}Reader & item : from.${name}()) {`,
          `    to.Add${name}([&](${type}Writer & inner) { Copy(item, inner); });`,
          '}',
        ];
      }
      if (element.kind === 'scalar' && element.size === 1)
        return [`to.Add${name}(from.${name}(), from.${name}Length());`];
      if (element.kind === 'array')
        return [
          `for (uint64_t i = 0; i < from.${name}Count(); i++) {`,
          `    int16_t row[${element.length}];`,
          `    from.${name}(i, row);`,
          `    to.Add${name}(&row, 1);`,
          '}',
        ];
      return [
        `for (uint64_t i = 0; i < from.${name}Count(); i++) {`,
        `    to.Add${name}(from.${name}(i));`,
        '}',
      ];
    }
    default:
      return part satisfies never;
  }
}

function copyCases(prefix: string, type: VariantType): string[] {
  const name = `${prefix}${pascal(type.name)}Reader`;
  return [
    'switch (from.Which()) {',
    ...type.cases.flatMap((one) => {
      const own = pascal(one.name);
      const single = one.tags.length === 1 && one.tags[0]?.first === one.tags[0]?.last;
      const tag = single || type.field !== null ? '' : 'from.Tag()';
      const comma = tag === '' ? '' : ', ';
      const head = `case ${name}::Kind::${own}:`;
      if (one.type === null) return [head, `    to.Put${own}(${tag});`, '    break;'];
      if (one.type.kind === 'struct')
        return [head, `    to.Put${own}(${tag}${comma}from.${own}());`, '    break;'];
      const writer = `${prefix}${pascal(one.type.name)}Writer`;
      return [
        head,
        `    to.Put${own}(${tag}${comma}[&](${writer} & inner) { Copy(from.${own}(), inner); });`,
        '    break;',
      ];
    }),
    '}',
  ];
}

function copyFunction(model: Model, type: Varying): string {
  const stem = `${model.name}${pascal(type.name)}`;
  const body =
    type.kind === 'record'
      ? namedParts(type).flatMap((part) => copyPart(model.name, part))
      : copyCases(model.name, type);
  return [
    `void Copy(const ${stem}Reader & from, ${stem}Writer & to) {`,
    ...body.map((line) => `    ${line}`),
    '}',
  ].join('\n');
}

function rewriteCase(model: Model, type: Varying, index: number): string[] {
  const stem = `${model.name}${pascal(type.name)}`;
  const rule = `k${stem}Record`;
  const head = [`case ${index}:`, `    Check(${rule}, bytes, &fault);`];
  if (!isClass(type))
    return [...head, `    Whole(*${rule}.variant, sizeof(${stem}), bytes);`, '    break;'];
  return [...head, `    Rewrite<${stem}Reader, ${stem}Writer>(bytes, ${rule}.max);`, '    break;'];
}

export function recordProgram(model: Model, types: ReadonlyMap<string, NamedType>): string {
  const varying = varyingTypes(model).filter(({ name }) => types.has(name));
  return `#include "${model.name}Records.h"

#include "vectors.h"

#include <memory>
#include <stdio.h>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<uint8_t>;

/// The exact memory, so that a sanitizer sees every byte that is read behind it.
std::unique_ptr<uint8_t[]> Exact(const Bytes & bytes) {
    auto copy = std::make_unique<uint8_t[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), copy.get());
    return copy;
}

struct Refused {
    dextgen::Fault fault;
};

void Check(const dextgen::RecordRule & rule, const Bytes & bytes, dextgen::Fault * fault) {
    const auto copy = Exact(bytes);
    *fault = {};
    const bool size = bytes.size() <= rule.max;
    if (!size || !dextgen::CheckRecord(rule, copy.get(), bytes.size(), fault)) {
        throw Refused{*fault};
    }
}

void Print(const uint8_t * bytes, uint64_t size) {
    printf("ok ");
    for (uint64_t i = 0; i < size; i++) {
        printf("%02x", bytes[i]);
    }
    printf("\\n");
}

${varying
  .filter(isClass)
  .map((type) => copyFunction(model, type))
  .join('\n\n')}

template <typename Reader, typename Writer> void Rewrite(const Bytes & bytes, uint64_t max) {
    const auto copy = Exact(bytes);
    const Reader from(copy.get(), bytes.size());
    Bytes target(max);
    Writer to(target.data(), target.size());
    Copy(from, to);
    const uint64_t size = to.Base()->Finish();
    if (to.Base()->Failed() || from.Size() != bytes.size()) {
        printf("failed\\n");
    } else {
        Print(target.data(), size);
    }
    // With any less room nothing may be written behind it.
    for (uint64_t room = 0; room < size; room += 1 + size / 16) {
        auto less = std::make_unique<uint8_t[]>(room);
        Writer small(less.get(), room);
        Copy(from, small);
        if (small.Base()->Finish() != 0 && !small.Base()->Failed()) {
            printf("overrun\\n");
        }
    }
}

void Whole(const dextgen::VariantRule & rule, size_t room, const Bytes & bytes) {
    Bytes copy(bytes);
    copy.resize(room);
    dextgen::ClearVariant(rule, copy.data());
    Print(copy.data(), dextgen::VariantSize(rule, copy.data()));
}

void Run(int type, const Bytes & bytes) {
    dextgen::Fault fault = {};
    try {
        switch (type) {
${varying
  .flatMap((type) => rewriteCase(model, type, varyingTypes(model).indexOf(type)))
  .map((line) => `        ${line}`)
  .join('\n')}
        }
    } catch (const Refused & refused) {
        printf("no %u %u %llu %llu\\n", refused.fault.rule, refused.fault.argument,
               static_cast<unsigned long long>(refused.fault.limit),
               static_cast<unsigned long long>(refused.fault.actual));
    }
}

} // namespace

int main() {
    int type = 0;
    char text[1 << 16];
    while (scanf("%d %65535s", &type, text) == 2) {
        Bytes bytes;
        for (const char * at = text; at[0] != '-' && at[0] != 0; at += 2) {
            bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(at, 2), nullptr, 16)));
        }
        Run(type, bytes);
    }
    return 0;
}
`.replace('\n#include "vectors.h"\n', '');
}
