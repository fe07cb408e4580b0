// Mutated .iig text, from fixed seeds: the translator never fails in another way than with errors that have a place, and
// what it accepts compiles. DEXTGEN_FUZZ_SEED and DEXTGEN_FUZZ_ROUNDS try others.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { folder, framework, root, translateFiles } from './support.js';

const firstSeed = Number(process.env.DEXTGEN_FUZZ_SEED ?? 1);
const rounds = Number(process.env.DEXTGEN_FUZZ_ROUNDS ?? 400);

/** mulberry32: the same numbers on every machine. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Parameter names are types as well, so that a deleted type leaves another one. */
const prologue = `#include <DriverKit/OSAction.iig>
#include <mach/port.h>
#define TWICE(x) x x
#define JOIN(a, b) a##b
typedef uint32_t a;
typedef uint64_t b;
struct Pair { uint32_t first; uint64_t second; };
typedef uint16_t Four[4];
typedef char Name[16];
class OSString;
class Source : public OSObject
{
public:
    virtual void Done(OSAction * action TARGET, uint32_t a, const Four b) = 0;
};
`;

const members: readonly string[] = [
  'virtual bool init() override;',
  'virtual void free() override;',
  'virtual kern_return_t Go(uint32_t a, const Name b) LOCAL;',
  'kern_return_t Go(const Pair * a, Pair * b) QUEUENAME(Side);',
  'virtual kern_return_t Go(OSObject * a, OSString ** b) = 0;',
  'static kern_return_t Go(uint64_t * a);',
  'bool Go(const Four a, uint32_t aCount) REMOTE;',
  'void Go(Four a, uint32_t * aCount) LOCALHOST;',
  'kern_return_t Go(OSObject * const a[3], uint32_t aCount, mach_port_t b PORTCOPYSEND);',
  'int Go(const char * a, void * b, int (*c)(int)) const LOCALONLY;',
  'virtual void Go(OSAction * action TARGET, uint32_t a, const Four b) TYPE(Source::Done);',
  'kern_return_t Go(OSAction * a TYPE(Source::Done), uint32_t b = 4);',
  'virtual uint32_t Go(unsigned long long a, float b) const;',
  'enum Kind : uint8_t { kA, kB };',
  'TWICE(;) JOIN(kern_, return_t) Go();',
  '#if 1 && defined(TWICE)\nvoid Go() LOCALONLY;\n#else\nvoid Went();\n#endif',
];

const words = [
  ...['const', 'virtual', 'static', 'override', 'final', 'void', 'uint32_t', 'OSObject', 'Pair'],
  ...['*', '**', '&', '[', ']', '[4]', '(', ')', '{', '}', ';', ',', '=', '0', ':', '::', '<', '>'],
  ...['LOCAL', 'LOCALONLY', 'KERNEL', 'REMOTE', 'LOCALHOST', 'REPLY', 'INVOKEREPLY', 'TARGET'],
  ...['TYPE(Source::Done)', 'QUEUENAME(Side)', 'EXTENDS(Test)', 'NATIVE', 'PORTMAKESEND'],
  ...['class', 'struct', 'enum', 'using', 'typedef', 'template', 'friend', 'public:', 'operator'],
  ...[
    '\n#if 0\n',
    '\n#else\n',
    '\n#endif\n',
    '\n#define a b\n',
    '\n#include "x.iig"\n',
    '...',
    '^',
  ],
  ...['"', "'", '/*', '*/', '//', '\\', '#', '@', '`', 'é', '☃', '\r', '\t', '\0', 'R"(', '~', '-'],
  ...[
    'TWICE(',
    'JOIN(a',
    '__attribute__((annotate("local")))',
    '99999999999999999999',
    '0x',
    '1e+',
  ],
];

type Random = ReturnType<typeof generator>;

/** Of the text's words and gaps one goes, is doubled, swaps places or becomes another. */
function mutate(text: string, random: Random): string {
  const parts = text.match(/\w+|\s+|[^\w\s]/g) ?? [];
  for (let times = 1 + random(3); times > 0 && parts.length > 0; times -= 1) {
    const at = random(parts.length);
    const other = random(parts.length);
    const word = words[random(words.length)] ?? '';
    const changes: readonly (() => unknown)[] = [
      () => parts.splice(at, 1),
      () => parts.splice(at, 0, parts[at] ?? ''),
      () => parts.splice(at, 1, ` ${word} `),
      () => parts.splice(at, 0, ` ${word} `),
      () => ([parts[at], parts[other]] = [parts[other] ?? '', parts[at] ?? '']),
      () => parts.splice(at, 0, ...parts.slice(other, other + 4)),
    ];
    changes[random(changes.length)]?.();
  }
  // Names stay names: what an unknown one means is the compiler's affair.
  return parts.reduce(
    (all, part) => all + (/\w$/.test(all) && /^\w/.test(part) ? ' ' : '') + part,
    '',
  );
}

const classOf = (name: string, member: string): string =>
  `class ${name} : public OSObject\n{\npublic:\n${member}\n};\n`;

/** Throws nothing, takes no time, and says where: the outcome of a translation. */
function translated(text: string, seed: number): boolean {
  const began = process.hrtime.bigint();
  const { errors, header, implementation } = translateFiles({ 'Test.iig': text });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  assert.ok(seconds < 60, `seed ${seed} took ${seconds} s`);
  const lines = text.split('\n');
  for (const error of errors) {
    const [, line, column] = /^\S+\.iig:(\d+):(\d+): error: \S/.exec(error) ?? [];
    assert.ok(line !== undefined, `seed ${seed}: ${error}`);
    assert.ok(Number(line) <= lines.length, `seed ${seed}: ${error}`);
    assert.ok(
      Number(column) <= (lines[Number(line) - 1] ?? '').length + 1,
      `seed ${seed}: ${error}`,
    );
  }
  assert.is(errors.length === 0, header !== '' && implementation !== '', `seed ${seed}`);
  return errors.length === 0;
}

const fuzz = suite('iig: mutations');

/** Members that were changed and are accepted all the same; of a nested type the text is taken as it is. */
const accepted: string[] = [];
const nested = /\b(?:enum|struct|class|union|using|typedef|define)\b/;

fuzz('members: an outcome with a place, whatever is in the text', () => {
  for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
    const random = generator(seed);
    const member = mutate(members[random(members.length)] ?? '', random);
    if (translated(prologue + classOf('Test', member), seed) && !nested.test(member))
      accepted.push(member);
  }
  assert.ok(accepted.length > rounds / 20, `${accepted.length} of ${rounds} are accepted`);
});

fuzz('files: an outcome with a place, whatever is in the text', () => {
  const whole = prologue + classOf('Test', members.slice(0, 3).join('\n'));
  for (let seed = firstSeed; seed < firstSeed + rounds / 4; seed += 1) {
    const random = generator(seed + 1_000_000);
    const text = mutate(whole, random);
    translated(random(8) === 0 ? text.slice(0, random(text.length)) : text, seed);
  }
});

for (const compiler of available(['g++', 'clang++'], (name) => name))
  fuzz(`${compiler}: what is accepted compiles`, () => {
    const names = accepted.map((_, index) => `Test${index}`);
    const text =
      prologue + names.map((name, index) => classOf(name, accepted[index] ?? '')).join('');
    const { errors, header, implementation } = translateFiles({ 'Test.iig': text });
    assert.equal(errors, []);
    writeFileSync(join(folder, 'Test.h'), header);
    const source = join(folder, 'Test.iig.cpp');
    writeFileSync(source, implementation);
    const { stderr, status } = spawnSync(
      compiler,
      [
        ...['-std=gnu++20', '-Wall', '-Wextra', '-fno-exceptions', '-fno-rtti', '-fsyntax-only'],
        ...[`-I${join(root, 'simulator', 'build', 'include')}`, `-I${framework}`],
        ...[`-I${folder}`, source],
      ],
      { encoding: 'utf8' },
    );
    assert.is(status, 0, stderr);
  });

fuzz.run();
