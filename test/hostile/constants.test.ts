// Constants with texts that no target language takes as they are, and numbers at the ends of their types: C++ and
// TypeScript have the value that the schema has.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clientEmitter } from '../../generator/emit/client/index.js';
import { wireEmitter } from '../../generator/emit/wire/index.js';
import { readTemplates } from '../../generator/io/templates.js';
import { type Model, resolveInterface } from '../../generator/model/index.js';
import { createRender } from '../../generator/render/render.js';
import { compile } from '../dext/support.js';

const texts: Readonly<Record<string, string>> = {
  quotes: 'a"b\'c*/ ??/ \\ end\\',
  lines: 'one\ntwo\r\n\t\u001b[31m',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not become one in TypeScript
  templates: '${x} `y` {{z}} </script> <!-- -->',
  separators: '\u2028 \u2029 \u202e \ufeff',
  escapesBeforeDigits: '\u0001f\u00029\u007f0',
  planes: 'é 漢 🦊',
  format: '%s%n%d',
  comment: '// /* #define x',
};

const numbers: Readonly<Record<string, number | bigint>> = {
  most: 2n ** 64n - 1n,
  least: -(2n ** 63n),
  minusOne: -1,
  safe: Number.MAX_SAFE_INTEGER,
  unsafe: BigInt(Number.MAX_SAFE_INTEGER) + 1n,
  word: 0xffffffff,
};

const folder = join('build', 'hostile', 'constants');

function modelOf(): Model {
  const constants = Object.entries({ ...texts, ...numbers })
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? JSON.stringify(value) : value}`)
    .join('\n  ');
  const text = `dextgen: 1
interface: Fixed
version: 1.0
bundle: { identifier: com.example.Fixed.driver }
driver: { class: FixedDriver, provider: IOUserResources, match: { IOResourceMatch: IOKit } }
constants:
  ${constants}
methods: { ping: { selector: 1 } }
`;
  const { model, diagnostics } = resolveInterface({ path: 'fixed.yaml', text });
  assert.equal(diagnostics, []);
  if (model === null) throw new Error('no model');
  mkdirSync(folder, { recursive: true });
  return model;
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Prints the bytes of each text in hexadecimal, and each number in decimal. */
function programText(): string {
  const lines = [
    ...Object.keys(texts).map((name) => `    PrintText(kFixed${capital(name)});`),
    ...Object.entries(numbers).map(([name, value]) =>
      value < 0
        ? `    printf("%lld\\n", static_cast<long long>(kFixed${capital(name)}));`
        : `    printf("%llu\\n", static_cast<unsigned long long>(kFixed${capital(name)}));`,
    ),
  ];
  return `#include "fixed.h"
#include <stdio.h>
static void PrintText(const char * text) {
    for (; *text != 0; text++) {
        printf("%02x", static_cast<unsigned char>(*text));
    }
    printf("\\n");
}
int main() {
${lines.join('\n')}
}
`;
}

const constants = suite('hostile constants');

constants('C++ has the bytes and numbers of the schema', () => {
  const render = createRender(readTemplates(process.cwd()).templates);
  for (const { path, text } of wireEmitter.emit(modelOf(), render))
    writeFileSync(join(folder, path.split('/').at(-1) ?? path), text);
  const [source, program] = [join(folder, 'program.cpp'), resolve(folder, 'program')];
  writeFileSync(source, programText());
  const warnings = ['-Wall', '-Wextra', '-Wconversion', '-Werror'];
  compile('g++', [
    '-std=gnu++20',
    ...warnings,
    `-I${folder}`,
    '-Iruntime/wire',
    source,
    '-o',
    program,
  ]);
  const { status, stdout } = spawnSync(program, { encoding: 'utf8' });
  assert.is(status, 0);
  assert.equal(stdout.trimEnd().split('\n'), [
    ...Object.values(texts).map((text) => Buffer.from(text).toString('hex')),
    ...Object.values(numbers).map(String),
  ]);
});

constants('TypeScript has the values of the schema', async () => {
  const [file] = clientEmitter.emit(modelOf(), () => '');
  const path = resolve(folder, 'client.mjs');
  writeFileSync(path, transformSync(file?.text ?? '', { loader: 'ts', target: 'es2022' }).code);
  const client = (await import(pathToFileURL(path).href)) as { readonly constants: unknown };
  assert.equal(client.constants, { ...texts, ...numbers });
});

constants.run();
