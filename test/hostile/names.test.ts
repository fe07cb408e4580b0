// Names that are hard on generated code, in every position that a schema has: what the rules let through, both C++
// compilers, the translator, strict TypeScript and the tables of the reference take. Drivers are in drivers.test.ts, types in
// hostile-types.test.ts.
// HOSTILE_TURNS=8 meets more names with more kinds of declarations than the first turn does.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileDext } from '../dext/dext-sources.js';
import { argumentNames, callNames } from './call-schemas.js';
import { eventNames, memoryNames } from './data-schemas.js';
import { checkAddon, checkPaths, checkTables, checkTypeScript, filesOf } from './judge.js';
import { settle } from './schema-text.js';
import { hardNames } from './words.js';

const hostile = suite('hostile names');
const turns = Array.from({ length: Number(process.env.HOSTILE_TURNS ?? 1) }, (_, turn) => turn);
const schemas = { callNames, argumentNames, eventNames, memoryNames };
const clients = new Map<string, string>();

for (const [name, make] of Object.entries(schemas))
  for (const turn of turns)
    hostile(`${name}, turn ${turn}`, () => {
      const settled = settle(make({ all: hardNames, turn }));
      for (const [position, left] of Object.entries(settled.positions))
        assert.ok(left.size > 0, `${position} lost all its names`);
      assert.ok(settled.refused.length > 100);
      const files = filesOf(settled.model);
      checkPaths(files);
      for (const [path, text] of files) {
        if (path.startsWith('docs/')) checkTables(text);
        if (path.startsWith('client/')) clients.set(`${name}${turn}`, text);
      }
      compileDext(settled.model);
      // The addon knows methods, events and types; what else there is does not reach it.
      if (name === 'callNames' || name === 'eventNames') checkAddon(files);
    });

hostile('strict TypeScript takes all clients', () => {
  assert.is(clients.size, Object.keys(schemas).length * turns.length);
  checkTypeScript(clients);
});

hostile.run();
