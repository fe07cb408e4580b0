// One fault in a schema is one diagnostic, or a few: every schema here with one random mutation at a time, from a seed.
// MUTATIONS sets how many per schema; MUTATIONS_SHOW=1 prints those that are told more than thrice.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../generator/diagnostics/index.js';
import { resolveInterface } from '../../generator/model/index.js';
import {
  createReport,
  type Entry,
  openSource,
  parseSource,
  type SourceNode,
  type Span,
} from '../../generator/source/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const interfaces = readdirSync(join(root, 'test/interfaces'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `test/interfaces/${name}/schema.yaml`);
const paths = ['schema/scope.yaml', ...interfaces];
const each = Number(process.env.MUTATIONS ?? 40);
const show = process.env.MUTATIONS_SHOW === '1';

const mutations = suite('mutations');

let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * below);
}
const choose = <T>(items: readonly T[]): T => items[random(items.length)] as T;

type Place = { readonly entry: Entry; readonly siblings: readonly Entry[] };

function placesOf(node: SourceNode): Place[] {
  if (node.kind === 'list') return node.items.flatMap(placesOf);
  if (node.kind === 'scalar') return [];
  const siblings = [...node.entries.values()];
  return siblings.flatMap((entry) => [{ entry, siblings }, ...placesOf(entry.value)]);
}

type Mutation = { readonly what: string; readonly text: string; readonly at: number };

const replace = (text: string, { start, end }: Span, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** A whole entry, with what separates it from the next. */
function withoutEntry(text: string, { keySpan, value }: Entry): string {
  const lineStart = text.lastIndexOf('\n', keySpan.start) + 1;
  const own = text.slice(lineStart, keySpan.start).trim() === '';
  if (own) {
    const end = text.indexOf('\n', Math.max(value.span.end - 1, keySpan.end));
    return replace(text, { start: lineStart, end: end < 0 ? text.length : end + 1 }, '');
  }
  const behind = /^\s*,\s*/.exec(text.slice(value.span.end));
  if (behind)
    return replace(text, { start: keySpan.start, end: value.span.end + behind[0].length }, '');
  const before = /,?\s*$/.exec(text.slice(0, keySpan.start))?.[0].length ?? 0;
  return replace(text, { start: keySpan.start - before, end: value.span.end }, ' ');
}

function typo(word: string): string {
  const at = random(word.length);
  return choose([
    word.slice(0, at) + word.slice(at + 1) || 'x',
    word.slice(0, at) + (word[at] ?? '') + word.slice(at),
    `${word.slice(0, at)}q${word.slice(at + 1)}`,
  ]);
}

function mutate(text: string, places: readonly Place[]): Mutation {
  const { entry, siblings } = choose(places);
  const { keySpan, value, key } = entry;
  const at = keySpan.start;
  const scalar = value.kind === 'scalar' && value.span.end > value.span.start;
  const kinds: (() => Mutation)[] = [
    () => ({ what: `delete ${key}`, text: withoutEntry(text, entry), at }),
    () => ({ what: `misspell ${key}`, text: replace(text, keySpan, typo(key)), at }),
    () => {
      const { key: other } = choose(siblings);
      return { what: `${key} called ${other}`, text: replace(text, keySpan, other), at };
    },
  ];
  if (scalar) {
    const others = [
      '[1]',
      '{ a: 1 }',
      '1.5',
      '"text"',
      'true',
      '-1',
      '99999999999999999999',
      'null',
      '0',
    ];
    kinds.push(
      () => {
        const by = choose(others);
        return { what: `${key} as ${by}`, text: replace(text, value.span, by), at };
      },
      () => {
        const by = typo(text.slice(value.span.start, value.span.end));
        return { what: `${key}: ${by}`, text: replace(text, value.span, by), at };
      },
    );
  }
  return choose(kinds)();
}

function checkPlaces(text: string, diagnostics: readonly Diagnostic[], what: string): void {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  for (const { at, notes, hint, message } of diagnostics) {
    assert.ok(hint && message, what);
    for (const place of [at, ...notes.map((note) => note.at)]) {
      assert.ok(place !== null && place.line >= 1 && place.endLine <= lines.length, what);
      const line = lines[place.endLine - 1] ?? '';
      assert.ok(
        place.column >= 1 && place.endColumn <= line.length + 2,
        `${what} ${place.endColumn}`,
      );
    }
  }
}

const counts = new Map<number, number>();
let told = 0;
let near = 0;
const floods: string[] = [];

for (const path of paths)
  mutations(path, () => {
    const text = readFileSync(join(root, path), 'utf8');
    const source = openSource({ path, text });
    const tree = parseSource(source, createReport([source]).report);
    assert.ok(tree !== null);
    const places = placesOf(tree);
    for (let i = 0; i < each; i++) {
      const mutation = mutate(source.text, places);
      const where = `${path}: ${mutation.what}`;
      let diagnostics: readonly Diagnostic[] = [];
      try {
        diagnostics = resolveInterface({ path, text: mutation.text }).diagnostics;
      } catch (error) {
        assert.unreachable(`${where} throws ${(error as Error).stack}`);
      }
      checkPlaces(mutation.text, diagnostics, where);
      if (diagnostics.length === 0) continue;
      told += 1;
      counts.set(diagnostics.length, (counts.get(diagnostics.length) ?? 0) + 1);
      const line = source.text.slice(0, mutation.at).split('\n').length;
      const lines = diagnostics.flatMap(({ at, notes }) => [at, ...notes.map((note) => note.at)]);
      if (lines.some((place) => Math.abs((place?.line ?? 0) - line) <= 2)) near += 1;
      if (diagnostics.length > 3)
        floods.push(
          `${where}, line ${line}\n${diagnostics
            .slice(0, 6)
            .map((one) => `    ${one.code} ${one.at?.line} ${one.message}`)
            .join('\n')}`,
        );
    }
  });

mutations('a fault is told once, seldom more often', () => {
  const share = (count: number): number => (counts.get(count) ?? 0) / told;
  const few = share(1) + share(2) + share(3);
  const said = `${told} told: once ${share(1).toFixed(3)}, up to thrice ${few.toFixed(3)}, near ${(near / told).toFixed(3)}`;
  console.log(said);
  if (show) console.log(floods.join('\n'));
  assert.ok(told > 100 && share(1) > 0.93 && few > 0.98, said);
});

mutations.run();
