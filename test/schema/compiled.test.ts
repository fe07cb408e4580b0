// What the compiler's front half accepts, every emitter can print: the fixed cases, and schemas made of names that are
// hard on generated code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../generator/compile.js';
import { readTemplates } from '../../generator/io/templates.js';
import { createRender } from '../../generator/render/render.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const folder = join(root, 'test', 'cases');
const render = createRender(readTemplates(root).templates);
const compiled = suite('compiled');

compiled('every fixed case', () => {
  for (const name of readdirSync(folder).filter((n) => existsSync(join(folder, n, 'fixed.yaml')))) {
    const text = readFileSync(join(folder, name, 'fixed.yaml'), 'utf8');
    const imported = ['types', 'dext'].flatMap((inner) => {
      const beside = join(folder, name, inner);
      return (existsSync(beside) ? readdirSync(beside) : []).map((file) => {
        const path = `schema/${inner}/${file}`;
        return { path, text: readFileSync(join(beside, file), 'utf8'), reason: '' };
      });
    });
    const schema = { path: 'schema/fixed.yaml', text, imported };
    const { files, diagnostics } = compile(schema, render);
    assert.equal(diagnostics, [], name);
    assert.ok(files.length > 0, name);
  }
});

/** A small generator with a seed, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

const lower = [
  'selector',
  'error',
  'event',
  'memory',
  'emitPacket',
  'packet',
  'packets',
  'mapCapture',
  'capture',
  'gain',
  'setGain',
  'complete',
  'completeTest',
  'test',
  'publishGain',
  'words',
  'core',
  'packetSubscribers',
  'auto',
  'property',
  'packetMin',
  'client',
  'call',
  'status',
  'value',
  'header',
  'entry',
  'entries',
  'emit',
  'map',
];
const upper = [
  'Selector',
  'Error',
  'Event',
  'Memory',
  'Packet',
  'Property',
  'Driver',
  'UserClient',
  'DriverCore',
  'Core',
  'StateEvent',
  'CaptureBuffer',
  'ContractHash',
  'Version',
  'Test',
  'Device',
  'Map',
  'Number',
];
const docs = [
  '"*/ int x; /*"',
  '"ends in \\\\"',
  `"$${'{x}'} \`y\`"`,
  '"{{x}} <a> & \\"q\\""',
  '"one\\n\\ntwo"',
];

/** A schema whose names meet as often as they can. */
function hostileSchema(seed: number): string {
  const random = randomFrom(seed);
  const pick = (words: readonly string[]): string => words[random(words.length)] ?? '';
  const some = (words: readonly string[], most: number): string[] => [
    ...new Set(Array.from({ length: 1 + random(most) }, () => pick(words))),
  ];
  const bounded = (name: string): string =>
    `${name}: { type: u32, min: 1, max: 9, doc: ${pick(docs)} }`;
  const fields = (): string => some(lower, 4).map(bounded).join(', ');
  const values = (): string =>
    some([...lower, ...upper], 4)
      .map((name, i) => `${name}: ${i}`)
      .join(', ');
  let selector = 1;
  const method = (): string =>
    `{ doc: ${pick(docs)}, selector: ${selector++}, async: ${random(2) === 0}, in: { ${fields()} }, out: { ${fields()} }, errors: [${some(lower, 3)}] }`;
  const event = (): string => `{ payload: { ${fields()} }, delivery: ${pick(['ring', 'async'])} }`;
  return [
    'dextgen: 1',
    'interface: Hostile',
    'version: 1.0',
    `doc: ${pick(docs)}`,
    'bundle: { identifier: com.example.Hostile.driver }',
    'driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }',
    'types:',
    ...some(upper, 4).map((name) =>
      random(2) === 0
        ? `  ${name}: { struct: { ${fields()} } }`
        : `  ${name}: { enum: u8, values: { ${values()} } }`,
    ),
    'methods:',
    ...some(lower, 5).map((name) => `  ${name}: ${method()}`),
    'events:',
    ...some(lower, 3).map((name) => `  ${name}: ${event()}`),
    'buffers:',
    ...some(lower, 2).map(
      (name, i) => `  ${name}: { memoryType: ${i}, size: 16 KiB, access: read-only }`,
    ),
    'properties:',
    ...some(lower, 2).map(
      (name) =>
        `  ${name}: { type: u8, min: 1, max: 3, default: 1, setter: { selector: ${selector++} } }`,
    ),
    '',
  ].join('\n');
}

compiled('hostile names are refused or printed', () => {
  let [accepted, refused] = [0, 0];
  for (let seed = 1; seed <= 400; seed++) {
    const text = hostileSchema(seed);
    const { model, files, diagnostics } = compile({ path: 'schema/hostile.yaml', text }, render);
    for (const { code } of diagnostics) assert.match(code, /^DK30[124]$/, text);
    if (model === null) refused += 1;
    else {
      accepted += 1;
      assert.ok(files.length > 0);
    }
  }
  assert.ok(accepted > 20 && refused > 50, `${accepted} accepted, ${refused} refused`);
});

compiled.run();
