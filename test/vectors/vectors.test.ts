// Values between TypeScript and C++: golden vectors that both sides read and write, and random values of every type, each
// encoded by one side and read by the other. A seed repeats a failure: SEED=7 npm test -- vectors.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Model, resolveInterface, type StructType } from '../../generator/model/index.js';
import { readVectors, vectorValue } from './golden.js';
import { vectorTypes } from './program.js';
import { randomFrom, sampleOf, typesOf } from './random.js';
import { buildProgram, type Client, loadClient, type Program } from './sides.js';
import { tokensOf } from './tokens.js';

/** Schemas of which every struct is tried, and the golden vectors of each. */
const sets = [{ schema: 'test/interfaces/types/schema.yaml', golden: 'test/vectors/fixed.json' }];

const SEED = Number(process.env.SEED ?? 1);
const ROUNDS = 200;

function load(path: string): Model {
  const { model, diagnostics } = resolveInterface({ path, text: readFileSync(path, 'utf8') });
  assert.equal(diagnostics, []);
  if (model === null) throw new Error(`${path} has no model`);
  return model;
}

type Sides = { readonly client: Client; readonly program: Program };

/** One value that has travelled. */
type Case = {
  readonly type: StructType;
  readonly number: number;
  readonly words: string;
  readonly bytes: string;
  readonly about: string;
};

/** What C++ reads is what TypeScript wrote, and the other way round, byte for byte. */
function compare(cases: readonly Case[], { program }: Sides): void {
  const read = program(cases.map(({ number, bytes }) => `D ${number} ${bytes}`));
  const made = program(cases.map(({ number, words }) => `E ${number} ${words}`));
  cases.forEach(({ words, bytes, about }, i) => {
    assert.is(read[i], words, `${about}: C++ reads what TypeScript wrote`);
    assert.is(made[i], bytes, `${about}: C++ writes what TypeScript wrote`);
  });
}

for (const { schema, golden } of sets) {
  const vectors = suite(schema);
  const model = load(schema);
  const types = typesOf(model);
  const structs = vectorTypes(model);
  let sides: Sides;

  vectors.before(async () => {
    sides = { client: await loadClient(model), program: buildProgram(model) };
  });

  vectors(golden, () => {
    const cases = readVectors(golden).map((vector): Case => {
      const number = structs.findIndex(({ name }) => name === vector.type);
      const type = structs[number];
      if (type === undefined) throw new Error(`there is no struct ${vector.type}`);
      const value = vectorValue(types, { ...type, kind: 'struct' }, vector.value);
      const { client } = sides;
      const { bytes, about } = vector;
      assert.is(client.encode(type.name, value, type.size), bytes, `${about}: encoded`);
      const words = tokensOf(types, { ...type, kind: 'struct' }, value).join(' ');
      const decoded = client.decode(type.name, bytes);
      assert.is(tokensOf(types, { ...type, kind: 'struct' }, decoded).join(' '), words, about);
      return { type, number, words, bytes, about };
    });
    const covered = new Set(cases.map(({ type }) => type.name));
    // What is declared in place, `…Inner`, is covered by what it is in.
    const top = structs
      .map(({ name }) => name)
      .filter((name) => /^V[A-Z]/.test(name) && !name.endsWith('Inner'));
    assert.equal(
      top.filter((name) => !covered.has(name)),
      [],
      'types without a golden vector',
    );
    compare(cases, sides);
  });

  vectors(`${ROUNDS} random values of every struct`, () => {
    const cases = structs.flatMap((type, number) =>
      Array.from({ length: ROUNDS }, (_, round): Case => {
        const about = `${type.name}, SEED=${SEED}, value ${round}`;
        const random = randomFrom(SEED * 1_000_003 + number * 1009 + round);
        const { given, whole } = sampleOf({ types, random }, type);
        const words = tokensOf(types, { ...type, kind: 'struct' }, whole).join(' ');
        const bytes = sides.client.encode(type.name, given, type.size);
        const decoded = sides.client.decode(type.name, bytes);
        assert.is(tokensOf(types, { ...type, kind: 'struct' }, decoded).join(' '), words, about);
        return { type, number, words, bytes, about };
      }),
    );
    compare(cases, sides);
  });

  vectors.run();
}
