// No test has a limit of its own for what it waits for: a slow machine would reach it (test/waiting.ts).
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PATIENCE_MS } from '../waiting.js';

const waits = suite('waits');

/** Lines of the tests, each with its file and number. */
const lines = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith(`house${sep}`))
  .flatMap((file) =>
    readFileSync(join('test', file), 'utf8')
      .split('\n')
      .map((text, index) => ({ where: `test/${file}:${index + 1}`, text })),
  );

waits('within() has the limit of all', () => {
  const own = lines.filter(({ text }) => /\bwithin\(\s*\d/.test(text));
  assert.equal(
    own.map(({ where }) => where),
    [],
  );
});

waits('a client is waited for as long, unless it is to be late', () => {
  const early = lines.filter(({ text }) => {
    const limit = /\.open\(\{ timeout: ([\d_]+) \}\)/.exec(text)?.[1]?.replaceAll('_', '');
    return limit !== undefined && Number(limit) < PATIENCE_MS && !text.includes('rejection(');
  });
  assert.equal(
    early.map(({ where }) => where),
    [],
  );
});

waits.run();
