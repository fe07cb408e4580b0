// The client emitter: a golden, what its output does, and that strict TypeScript takes it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArgumentError } from 'dextgen/client';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSchema } from '../../generator/compile.js';
import { clientEmitter } from '../../generator/emit/client/index.js';
import type { Model } from '../../generator/model/model.js';

const test = suite('client emitter');
const out = join('build', 'test', 'client');
const golden = 'test/client/golden/lamp.ts.txt';

function load(path: string): Model {
  const { model, diagnostics } = resolveSchema({ path, text: readFileSync(path, 'utf8') });
  assert.equal(diagnostics, []);
  if (model === null) throw new Error(`${path} has no model`);
  return model;
}

function emit(model: Model): string {
  const [file] = clientEmitter.emit(model, () => '');
  assert.is(file?.path, `client/${model.id}.ts`);
  return file?.text ?? '';
}

// biome-ignore lint/suspicious/noExplicitAny: modules of schemas that TypeScript does not see
async function run(model: Model): Promise<any> {
  mkdirSync(out, { recursive: true });
  const file = resolve(out, `${model.id}.mjs`);
  writeFileSync(file, transformSync(emit(model), { loader: 'ts', target: 'es2022' }).code);
  return import(pathToFileURL(file).href);
}

test('the golden', () => {
  // The hash changes with whatever the model learns to say.
  const printed = emit(load('test/client/golden/lamp.yaml'));
  const text = printed.replace(/(hash(?:High|Low)): 0x[0-9a-f]{16}n/g, '$1: 0n');
  if (process.env.UPDATE === '1') writeFileSync(golden, text);
  assert.fixture(text, readFileSync(golden, 'utf8'));
});

test('strict TypeScript takes what is printed', () => {
  const models = [
    'test/client/golden/lamp.yaml',
    'test/dext/kitchen.yaml',
    'test/dext/guards.yaml',
  ].map(load);
  mkdirSync(out, { recursive: true });
  for (const model of models) writeFileSync(join(out, `${model.id}.ts`), emit(model));
  const config = { extends: '../../../tsconfig.json', include: ['*.ts'], exclude: [] };
  const options = { noEmit: true, rootDir: '../../..', types: ['node'] };
  writeFileSync(
    join(out, 'tsconfig.json'),
    JSON.stringify({ ...config, compilerOptions: options }),
  );
  const tsc = resolve('node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', join(out, 'tsconfig.json')], { encoding: 'utf8' });
  } catch (error) {
    assert.unreachable((error as { stdout: string }).stdout);
  }
});

test('structs of every shape survive', async () => {
  const kitchen = await run(load('test/dext/kitchen.yaml'));
  const shape = {
    kind: 'high',
    points: [
      { x: -100, ok: true, y: -1.5 },
      { x: 0, ok: false, y: -0 },
      { x: 100, ok: true, y: 0.5 },
    ],
    wide: 'lowest',
    last: 255,
  };
  const view = new DataView(new ArrayBuffer(256));
  kitchen.encodeShape(view, 16, shape);
  assert.equal(kitchen.decodeShape(view, 16), shape);
  const lamp = await run(load('test/client/golden/lamp.yaml'));
  const state = {
    outcome: 'broken',
    levels: Int32Array.of(-1, 2),
    lit: [true, false, true],
    rows: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)],
    level: 0.25,
  };
  lamp.encodeLampDataView(view, 0, state);
  assert.equal(lamp.decodeLampDataView(view, 0), state);
});

test('a value outside its range is refused with its place', async () => {
  const kitchen = await run(load('test/dext/kitchen.yaml'));
  const point = { x: 0, ok: true, y: 0 };
  const refuses = (change: object, text: string) => {
    const points = [point, point, { ...point, ...change }];
    assert.throws(
      () =>
        kitchen.encodeShape(new DataView(new ArrayBuffer(256)), 0, {
          kind: 'low',
          points,
          wide: 'zero',
          last: 0,
        }),
      (error: unknown) => error instanceof ArgumentError && error.message.includes(text),
    );
  };
  refuses({ x: 101 }, 'points[2].x must be -100 to 100, not 101');
  refuses({ y: NaN }, 'points[2].y must be -1.5 to 1.5, not NaN');
  refuses({ ok: 1 }, 'points[2].ok must be a boolean, not 1');
});

test('an enum of 64 bits keeps its exact values', async () => {
  const kitchen = await run(load('test/dext/kitchen.yaml'));
  assert.is(kitchen.Wide.values.lowest, -(2n ** 63n));
  assert.is(kitchen.Wide.names.get(2n ** 63n - 1n), 'highest');
});

test('the same model gives the same text', () => {
  const model = load('test/dext/kitchen.yaml');
  assert.is(emit(model), emit(model));
});

test.run();
