// schema/interface.schema.json itself: valid by its own standard, described for editors, and never without a message.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { faultsOf, resolveText } from './resolved.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const schema = JSON.parse(readFileSync(join(root, 'schema', 'interface.schema.json'), 'utf8'));
const shape = suite('shape');

type Json = { readonly [key: string]: Json } & { readonly description?: string };

shape('the schema is valid draft-07, and strict', () => {
  const ajv = new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
  });
  assert.ok(ajv.validateSchema(schema), ajv.errorsText());
  assert.type(ajv.compile(schema), 'function');
});

/** Every key a user may write has a description, its own or that of what it refers to. */
/** As an editor has it: the file that is published, and nothing of ours besides. */
const published = new Ajv({ strict: false, allErrors: true }).compile(schema);
const valuesOf = (path: string): unknown =>
  parse(readFileSync(join(root, path), 'utf8'), { merge: true });

shape('by itself it takes every schema here', () => {
  const folders = readdirSync(join(root, 'test/interfaces'), { withFileTypes: true });
  const interfaces = folders
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `test/interfaces/${name}/schema.yaml`);
  assert.ok(interfaces.length > 15);
  for (const path of [
    'schema/scope.yaml',
    'test/dext/kitchen.yaml',
    'test/dext/guards.yaml',
    ...interfaces,
  ])
    assert.ok(published(valuesOf(path)), `${path}: ${JSON.stringify(published.errors?.[0])}`);
});

shape('by itself it refuses what is refused for its shape, and takes what is mended', () => {
  const cases = readdirSync(join(root, 'test/cases')).filter((name) => /^dk20[12347]-/.test(name));
  assert.ok(cases.length === 5);
  for (const name of cases)
    assert.not.ok(published(valuesOf(`test/cases/${name}/schema.yaml`)), name);
  for (const name of cases)
    assert.ok(
      published(valuesOf(`test/cases/${name}/fixed.yaml`)),
      `${name}: ${JSON.stringify(published.errors?.[0])}`,
    );
});

shape('every property is described', () => {
  const definitions = schema.definitions as Json;
  const undescribed: string[] = [];
  const visit = (node: Json, path: string): void => {
    for (const [key, property] of Object.entries(node.properties ?? {}) as [string, Json][]) {
      if (typeof property !== 'object') continue;
      const referred = definitions[String(property.$ref).replace('#/definitions/', '')];
      if (!property.description && !referred?.description) undescribed.push(`${path}.${key}`);
      visit(property, `${path}.${key}`);
    }
  };
  visit(schema, '');
  for (const [name, definition] of Object.entries(definitions)) visit(definition as Json, name);
  assert.equal(undescribed, []);
});

/** Replaces each value of a sound schema by values of other kinds: there must be a message for whatever ajv says. */
shape('no wrong value is without a message', () => {
  const sound = {
    dextgen: 1,
    interface: 'Example',
    version: '1.0',
    doc: 'x',
    bundle: { identifier: 'com.example.a', name: 'A' },
    contract: { base: 4096 },
    driver: { class: 'D', userClient: 'U', provider: 'P', match: { a: 1 }, actions: { r: 'A.B' } },
    types: {
      E: { doc: 'x', enum: 'u8', values: { a: 1, b: { value: 2, doc: 'x' } } },
      S: {
        struct: {
          a: 'u8',
          b: { type: 'u8', min: 1, max: 2, unit: 'x' },
          c: { struct: { d: 'u8' } },
        },
      },
    },
    methods: {
      m: {
        selector: 1,
        in: { a: 'u8' },
        out: { b: { type: 'u8' } },
        errors: ['busy'],
        async: true,
        timeout: '5s',
      },
    },
    retired: [4, '5-6'],
    errors: { busy: { code: 1, doc: 'x' } },
    events: {
      e: {
        id: 1,
        payload: { a: 'u8' },
        delivery: 'ring',
        capacity: 2,
        overflow: 'drop-oldest',
        inFlight: 1,
      },
    },
    buffers: {
      b: {
        memoryType: 1,
        size: '16 KiB',
        access: 'read-only',
        shared: true,
        layout: { d: 'f32[...]' },
      },
    },
    properties: {
      P: {
        type: 'u8',
        unit: 'x',
        min: 0,
        max: 1,
        default: 0,
        setter: { selector: 2, errors: ['busy'] },
      },
    },
  };
  const wrong = [null, true, -1, 1.5, 1e300, '', 'nonsense', [], [1, 1], {}, { nonsense: 1 }];
  let faults = 0;
  const mutate = (at: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(at)) {
      for (const other of [...wrong, undefined]) {
        at[key] = other;
        const { diagnostics } = resolveText(JSON.stringify(sound));
        faults += diagnostics.length > 0 ? 1 : 0;
        for (const { hint, message } of diagnostics) assert.ok(hint && message);
      }
      at[key] = value;
      if (typeof value === 'object' && value !== null) mutate(value as Record<string, unknown>);
    }
  };
  mutate(sound);
  assert.ok(faults > 800, `${faults}`);
});

shape('a misspelt key is one fault, not also a missing one', () => {
  assert.equal(faultsOf('methods:\n  a: { slector: 1 }\n'), ['DK202 2:8']);
  assert.equal(faultsOf('types:\n  A: { strcut: { a: u8 } }\n'), ['DK202 2:8']);
  assert.equal(faultsOf('types:\n  A: { enmu: u8, values: { a: 1 } }\n'), ['DK202 2:8']);
  assert.equal(faultsOf('methods:\n  a: { selector: 1, in: { b: { tpye: u8 } } }\n'), [
    'DK202 2:32',
  ]);
});

shape('a value of a wrong kind is one fault', () => {
  assert.equal(faultsOf('contract: 5\n'), ['DK201 1:11']);
  assert.equal(faultsOf('types: { A: { enum: 5, values: { a: 1 } } }\n'), ['DK204 1:21']);
  assert.equal(faultsOf('methods: { a: { selector: one } }\n'), ['DK201 1:27']);
});

shape('a hint says what to write', () => {
  const hintsOf = (body: string): readonly string[] =>
    resolveText(
      `${body}interface: Hints\nversion: 1.0\nbundle: { identifier: com.example }\ndriver: { class: HintsDriver, provider: IOUserResources, match: { IOResourceMatch: IOKit } }\n`,
    ).diagnostics.map(({ hint }) => hint ?? '');
  const argument = (text: string) =>
    `dextgen: 1\nmethods: { m: { selector: 0, in: { a: ${text} } } }\n`;
  assert.equal(hintsOf(''), ['add "dextgen: 1".']);
  assert.equal(hintsOf('dextgen: 1\nmethods: { m: { selector: 0, unchecked: true } }\n'), [
    'write text: why the dispatch checks nothing of the arguments.',
  ]);
  assert.equal(hintsOf('dextgen: 1\nmethods: { m: { selector: 0, unchecked: 5 } }\n'), [
    'put it in quotes.',
  ]);
  for (const type of ['string', 'bytes'])
    assert.match(hintsOf(argument(type))[0] ?? '', `write { type: ${type}, max: 4096 }`);
  assert.match(hintsOf(argument('u128'))[0] ?? '', '"scalars: 2"');
});

shape.run();
