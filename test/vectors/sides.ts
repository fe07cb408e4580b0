// The two sides of the vectors, made from one schema: the generated client as a module, and the C++ program.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import * as assert from 'uvu/assert';
import { clientEmitter } from '../../generator/emit/client/index.js';
import { wireEmitter } from '../../generator/emit/wire/index.js';
import { readTemplates } from '../../generator/io/templates.js';
import type { Model } from '../../generator/model/index.js';
import { createRender } from '../../generator/render/render.js';
import { compile, sanitizers } from '../dext/support.js';
import { programText } from './program.js';
import type { Value } from './random.js';

/** Codecs of a client by name: `encodeVPair`, `decodeVPair`. */
export type Client = {
  readonly encode: (type: string, value: Value, size: number) => string;
  readonly decode: (type: string, bytes: string) => Value;
};

const folderOf = (model: Model): string => join('build', 'vectors', model.id);

type Codecs = Readonly<Record<string, (...parts: readonly unknown[]) => Value>>;

function call(codecs: Codecs, name: string, ...parts: readonly unknown[]): Value {
  const codec = codecs[name];
  if (codec === undefined) throw new Error(`the client has no ${name}`);
  return codec(...parts);
}

export async function loadClient(model: Model): Promise<Client> {
  const folder = folderOf(model);
  mkdirSync(folder, { recursive: true });
  const [file] = clientEmitter.emit(model, () => '');
  const path = resolve(folder, 'client.mjs');
  writeFileSync(path, transformSync(file?.text ?? '', { loader: 'ts', target: 'es2022' }).code);
  const codecs = (await import(pathToFileURL(path).href)) as Codecs;
  return {
    encode(type, value, size) {
      // At an odd offset, since a client may put a struct anywhere.
      const buffer = new Uint8Array(size + 2);
      call(codecs, `encode${type}`, new DataView(buffer.buffer), 1, value);
      assert.is(buffer[0], 0, `${type} writes before its place`);
      assert.is(buffer[size + 1], 0, `${type} writes behind its place`);
      return Buffer.from(buffer.subarray(1, size + 1)).toString('hex');
    },
    decode(type, bytes) {
      const buffer = Uint8Array.from([0, ...Buffer.from(bytes, 'hex')]);
      return call(codecs, `decode${type}`, new DataView(buffer.buffer), 1);
    },
  };
}

/** Answers many lines at once: one for each. */
export type Program = (lines: readonly string[]) => readonly string[];

export function buildProgram(model: Model): Program {
  const folder = folderOf(model);
  mkdirSync(folder, { recursive: true });
  const render = createRender(readTemplates(process.cwd()).templates);
  for (const { path, text } of wireEmitter.emit(model, render))
    writeFileSync(join(folder, path.split('/').at(-1) ?? path), text);
  const [source, program] = [join(folder, 'program.cpp'), resolve(folder, 'program')];
  writeFileSync(source, programText(model));
  const includes = [folder, 'test/vectors', 'runtime/wire'].map((path) => `-I${path}`);
  compile('g++', ['-std=gnu++20', ...sanitizers, ...includes, source, '-o', program]);
  return runProgram(program);
}

/** A program that answers every line with one. */
export function runProgram(program: string): Program {
  return (lines) => {
    const input = `${lines.join('\n')}\n`;
    const options = { input, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000 } as const;
    const { status, stdout, stderr } = spawnSync(program, options);
    assert.is(status, 0, stderr);
    const answers = stdout.split('\n').slice(0, -1);
    assert.is(answers.length, lines.length);
    return answers;
  };
}
