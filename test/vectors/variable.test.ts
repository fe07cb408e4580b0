// What varies in size, between TypeScript and C++: golden bytes that both sides read and write, random values there and
// back, and bytes that are broken in every way, about which both sides have to be of one mind.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clientEmitter } from '../../generator/emit/client/index.js';
import { type Model, resolveInterface } from '../../generator/model/index.js';
import {
  ClientError,
  decodeCase,
  decodeRecord,
  encodeCase,
  encodeRecord,
} from '../../runtime/client/index.js';
import { compile, emit, sanitizers } from '../dext/support.js';
import { randomFrom, typesOf, type Value } from './random.js';
import { recordProgram, type Varying, varyingTypes } from './record-program.js';
import { type Program, runProgram } from './sides.js';
import { varyingValue } from './variable-random.js';

const SEED = Number(process.env.SEED ?? 1);
const ROUNDS = 150;
const schema = 'test/vectors/variable.yaml';
const folder = join('build', 'vectors', 'runs');
const at = { method: 'test', argument: '' };

const load = (): Model => {
  const { model, diagnostics } = resolveInterface({
    path: schema,
    text: readFileSync(schema, 'utf8'),
  });
  assert.equal(diagnostics, []);
  return model as Model;
};

const model = load();
const types = typesOf(model);
const varying = varyingTypes(model);

type Side = {
  readonly encode: (type: Varying, value: Value) => string;
  readonly decode: (type: Varying, bytes: string) => Value;
};

/** Typed arrays as arrays, since random values have those. */
function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return [...(value as unknown as Iterable<unknown>)];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

async function loadSide(): Promise<Side> {
  const [file] = clientEmitter.emit(model, () => '');
  const cases = varying
    .filter((type) => type.kind === 'variant')
    .map(({ name }) => `casesOf${name}`);
  const text = `${file?.text}\nexport { ${cases.join(', ')} };\n`;
  mkdirSync(folder, { recursive: true });
  const path = resolve(folder, 'client.mjs');
  writeFileSync(path, transformSync(text, { loader: 'ts', target: 'es2022' }).code);
  // biome-ignore lint/suspicious/noExplicitAny: codecs of types that only the schema knows
  const codecs: Record<string, any> = await import(pathToFileURL(path).href);
  const whole = (type: Varying) => type.kind === 'record' || type.exact;
  return {
    encode(type, value) {
      const [encode, codec] = [codecs[`encode${type.name}`], codecs[`casesOf${type.name}`]];
      const bytes = whole(type)
        ? encodeRecord(encode, value, at, 'value', type.max)
        : encodeCase(codec, encode, value as never, at, 'value');
      return Buffer.from(bytes).toString('hex');
    },
    decode(type, hex) {
      const [decode, codec] = [codecs[`decode${type.name}`], codecs[`casesOf${type.name}`]];
      // At an odd place of its memory, and with other bytes behind it.
      const memory = Uint8Array.from([7, ...Buffer.from(hex, 'hex'), 1, 2, 3]);
      const bytes = memory.subarray(1, memory.length - 3);
      return whole(type) ? decodeRecord(decode, bytes) : decodeCase(codec, decode, bytes);
    },
  };
}

function build(): Program {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of emit(model))
    if (/Records|wire\//.test(path))
      writeFileSync(join(folder, path.split('/').at(-1) ?? path), text);
  const [source, program] = [join(folder, 'program.cpp'), resolve(folder, 'program')];
  writeFileSync(source, recordProgram(model, types));
  const includes = [folder, 'runtime/wire', 'runtime/dext'].map((path) => `-I${path}`);
  const sources = ['records', 'record-writer', 'variants', 'values', 'narrowing', 'text'];
  const paths = sources.map((name) => `runtime/dext/${name}.cpp`);
  // One at a time, so that a compiler's cache has what did not change.
  const own = [source, join(folder, `${model.name}Records.cpp`), ...paths];
  const objects = own.map((path) => {
    const object = join(folder, `${basename(path, '.cpp')}.o`);
    compile('g++', ['-std=gnu++20', ...sanitizers, ...includes, '-c', path, '-o', object]);
    return object;
  });
  compile('g++', [...sanitizers, ...objects, '-o', program]);
  return runProgram(program);
}

const vectors = suite('vectors of varying size');
let side: Side;
let program: Program;

vectors.before(async () => {
  side = await loadSide();
  program = build();
});

const line = (type: Varying, bytes: string): string =>
  `${varying.indexOf(type)} ${bytes === '' ? '-' : bytes}`;

type Golden = {
  readonly type: string;
  readonly about: string;
  readonly value: Value;
  readonly bytes: string;
};

/** JSON has neither 64 bits nor bytes: `5n` and `hex:0a0b` are texts there. */
function fromJson(value: Value): Value {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === 'string' && /^\d+n$/.test(value)) return BigInt(value.slice(0, -1));
  if (typeof value === 'string' && value.startsWith('hex:'))
    return Uint8Array.from(Buffer.from(value.slice(4), 'hex'));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}

vectors('golden bytes', () => {
  const golden: Golden[] = JSON.parse(readFileSync('test/vectors/variable.json', 'utf8'));
  const lines = golden.map(({ type: name, about, value, bytes: spaced }) => {
    const type = varying.find((one) => one.name === name);
    if (type === undefined) throw new Error(`there is no ${name}`);
    const bytes = spaced.replaceAll(' ', '');
    assert.is(side.encode(type, fromJson(value)), bytes, `${about}: encoded`);
    assert.equal(plain(side.decode(type, bytes)), plain(fromJson(value)), `${about}: decoded`);
    return { about, bytes, line: line(type, bytes) };
  });
  const answers = program(lines.map((one) => one.line));
  lines.forEach(({ about, bytes }, i) => {
    assert.is(answers[i], `ok ${bytes}`, `${about}: in C++`);
  });
  const covered = new Set(golden.map(({ type }) => type));
  const top = varying.map(({ name }) => name).filter((name) => /^V[A-Z]/.test(name));
  assert.equal(
    top.filter((name) => !covered.has(name)),
    [],
    'types without a golden vector',
  );
});

type Sample = { readonly type: Varying; readonly about: string; readonly bytes: string };

function samples(rounds: number): Sample[] {
  return varying.flatMap((type, number) =>
    Array.from({ length: rounds }, (_, round) => {
      const random = randomFrom(SEED * 1_000_003 + number * 1009 + round);
      const value = varyingValue({ types, random }, type.name);
      const bytes = side.encode(type, value);
      const about = `${type.name}, SEED=${SEED}, value ${round}: ${bytes}`;
      assert.equal(plain(side.decode(type, bytes)), plain(value), about);
      return { type, about, bytes };
    }),
  );
}

vectors(`${ROUNDS} random values of every type`, () => {
  const all = samples(ROUNDS);
  const answers = program(all.map(({ type, bytes }) => line(type, bytes)));
  all.forEach(({ about, bytes }, i) => {
    assert.is(answers[i], `ok ${bytes}`, about);
  });
});

/** Cut, made longer, some bytes replaced, or nothing but noise. */
function broken(bytes: string, random: (below: number) => number): string {
  const data = Buffer.from(bytes, 'hex');
  const noise = (length: number) =>
    Buffer.from(Array.from({ length }, () => random(4) && random(256)));
  switch (random(4)) {
    case 0:
      return data.subarray(0, random(data.length + 1)).toString('hex');
    case 1:
      return Buffer.concat([data, noise(1 + random(9))]).toString('hex');
    case 2:
      return noise(random(40)).toString('hex');
    default:
      for (let i = 1 + random(3); i > 0 && data.length > 0; i--)
        data[random(data.length)] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)] ?? 0;
      return data.toString('hex');
  }
}

/** Rules that are about the shape of the bytes: a driver that breaks them is found out by its client. */
const shape = new Set([3, 11, 12, 13, 14, 15]);

function decoded({ type, about }: Sample, bytes: string): { readonly value: Value } | null {
  try {
    return { value: side.decode(type, bytes) };
  } catch (error) {
    assert.ok(error instanceof ClientError, `${about} as ${bytes} threw ${error}`);
    return null;
  }
}

vectors('broken bytes: refused by both sides, or read alike', () => {
  const all = samples(ROUNDS).map((sample, i) => {
    const random = randomFrom(SEED * 7_000_003 + i);
    return { ...sample, broken: broken(sample.bytes, random) };
  });
  const answers = program(all.map((one) => line(one.type, one.broken)));
  const verdicts = new Map<string, number>();
  all.forEach((one, i) => {
    const [verdict = '', first = ''] = answers[i]?.split(' ') ?? [];
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    const about = `${one.about}, broken: ${one.broken} (${answers[i]})`;
    const result = decoded(one, one.broken);
    if (verdict === 'no') {
      if (shape.has(Number(first))) assert.is(result, null, `${about} should not be read`);
      return;
    }
    assert.is(verdict, 'ok', about);
    assert.ok(result, `${about} should be read`);
    assert.is(side.encode(one.type, result.value), first, about);
  });
  // Neither kind may be missing, or nothing was tried.
  for (const verdict of ['ok', 'no']) assert.ok((verdicts.get(verdict) ?? 0) > 100, verdict);
});

vectors.run();
