// The wire header as C and C++ compilers see it, and as its assertions pin it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../generator/model/index.js';
import { available } from '../compilers.js';
import { type Compiler, compile, diagnose, emit, makeFolder, modelOf, write } from './support.js';

const wire = suite('wire header');
const scope = modelOf('schema/scope.yaml');
const kitchen = modelOf('test/dext/kitchen.yaml');

const languages: readonly (readonly [Compiler, string, string])[] = [
  ['gcc', 'c', '-std=c11'],
  ['clang', 'c', '-std=c11'],
  ['g++', 'c++', '-std=c++20'],
  ['clang++', 'c++', '-std=c++20'],
];

/** The header alone, twice, and next to the protocol's header in either order. */
function compileHeader(model: Model): void {
  const folder = write(emit(model));
  const source = join(folder, 'uses.c');
  const header = `#include "${model.id}.h"\n`;
  writeFileSync(
    source,
    `${header}${header}#include "dextgen_wire.h"\n${header}int main(void) { return 0; }\n`,
  );
  for (const [compiler, language, standard] of available(languages, ([name]) => name)) {
    const includes = [`-I${folder}/wire`, '-Iruntime/wire'];
    compile(compiler, [
      '-x',
      language,
      standard,
      '-pedantic',
      '-fsyntax-only',
      ...includes,
      source,
    ]);
  }
}

wire('compiles as C11 and C++20 with both compilers', () => compileHeader(scope));

wire('compiles with docs that try to leave their comments', () => compileHeader(kitchen));

wire('compiles with every type of fixed size', () =>
  compileHeader(modelOf('test/interfaces/types/schema.yaml')),
);

wire('states every constant an outsider needs', () => {
  const text = emit(scope).get('wire/scope.h') ?? '';
  for (const line of [
    '#define kScopeSelectorSetSampleRate 1u',
    '#define kScopeSelectorReadCalibration 8u',
    '#define kScopeSetSampleRateHzMin 1u',
    '#define kScopeSetSampleRateHzMax 2000000u',
    '#define kScopeLoadFirmwareImageMax 1048576ull',
    '#define kScopeEventPacket 1u',
    '#define kScopeEventStateWords 3u',
    '#define kScopeSelfTestWords 4u',
    '#define kScopeMemoryCapture 1u',
    '#define kScopeErrorBusy (-469794815)',
    '#define kScopeTriggerRising 1u',
    'typedef uint8_t ScopeTrigger;',
    'DEXTGEN_WIRE_ASSERT(sizeof(ScopePacket) == 112, "size of ScopePacket");',
    'DEXTGEN_WIRE_ASSERT(sizeof(ScopeCalibration) == 512, "size of ScopeCalibration");',
  ])
    assert.ok(text.includes(`${line}\n`), line);
  assert.match(text, new RegExp(`kScopeContractHashHigh 0x${scope.contractHash.high}ull`));
});

wire('fails to compile when a layout is not what the model says', () => {
  const [first] = scope.types.filter((type) => type.kind === 'struct');
  assert.ok(first);
  const moved = { ...first, fields: first.fields.map((f, i) => ({ ...f, offset: f.offset + i })) };
  const wrong = { ...scope, types: scope.types.map((type) => (type === first ? moved : type)) };
  const file = join(makeFolder(), 'wrong.h');
  writeFileSync(file, emit(wrong as Model).get('wire/scope.h') ?? '');
  const said = diagnose('gcc', ['-x', 'c', '-std=c11', '-fsyntax-only', file]);
  assert.match(said, /static assertion failed: "offset of ScopePacket.flags"/);
});

wire.run();
