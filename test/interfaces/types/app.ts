// Every type of fixed size through a real dext: random values there and back, each rule of the dispatch broken past the
// client's checks, and answers that no schema allows.
import { readFileSync } from 'node:fs';
import type { RejectedError } from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model, StructType } from '../../js/generator/model/index.js';
import { rejection, startInterface, within } from '../../js/test/interfaces/bench.js';
import { readVectors } from '../../js/test/vectors/golden.js';
import { randomFrom, sampleOf, typesOf } from '../../js/test/vectors/random.js';
import { tokensOf } from '../../js/test/vectors/tokens.js';
import {
  Caps,
  Color,
  constants,
  decodeControl,
  encodeControl,
  Mode,
  Modifiers,
  Types,
  type VConstantInput,
  Wide,
} from './generated/types/client/types.js';

const types = suite('types');
const model = JSON.parse(
  readFileSync('build/interfaces/types/generated/types/model.json', 'utf8'),
) as Model;
const named = typesOf(model);

let bench: Awaited<ReturnType<typeof startInterface>>;
let client: Types;

types.before(async () => {
  bench = await startInterface('types');
  client = await Types.open({ timeout: 60_000 });
});

types.after(async () => {
  await client.close();
  await bench[Symbol.asyncDispose]();
});

/** Selector of the method that echoes a struct, and the struct. */
const echoes = model.methods.flatMap((method): [name: string, number, StructType][] => {
  const { struct } = method.input;
  const type = struct?.kind === 'fixed' ? named.get(struct.type.name) : undefined;
  return type?.kind === 'struct' ? [[method.name, method.selector, type]] : [];
});

const wordsOf = (type: StructType, value: unknown): string =>
  tokensOf(named, { ...type, kind: 'struct' }, value).join(' ');

types('random values come back as they went', async () => {
  assert.is(echoes.length, 13);
  const calls = client as unknown as Record<
    string,
    (input: unknown) => Promise<{ value: unknown }>
  >;
  for (const [name, selector, type] of echoes) {
    for (let round = 0; round < 25; round++) {
      const sample = sampleOf({ types: named, random: randomFrom(selector * 1000 + round) }, type);
      const answer = await calls[name]?.({ value: sample.given });
      assert.is(wordsOf(type, answer?.value), wordsOf(type, sample.whole), `${name} ${round}`);
    }
  }
});

/** The golden vector of a struct, to be spoilt. */
function bytesOf(type: string): Uint8Array {
  const vector = readVectors('test/vectors/fixed.json').findLast((one) => one.type === type);
  if (vector === undefined) throw new Error(`there is no vector of ${type}`);
  return Uint8Array.from(Buffer.from(vector.bytes, 'hex'));
}

type Spoil = readonly [place: string, rule: string, offset: number, bytes: readonly number[]];

/** Each makes one place of a valid struct invalid: what the dext says of it. */
const spoils: Readonly<Record<string, readonly Spoil[]>> = {
  VNumbers: [['value.k', 'max', 48, [2]]],
  VNarrow: [
    ['value.rate', 'max', 0, [0xec, 0x03]],
    ['value.rate', 'min', 0, [0, 0]],
    ['value.rate', 'multipleOf', 0, [11, 0]],
    ['value.bits', 'mask', 4, [0x51]],
    ['value.gain', 'min', 8, [0, 0, 0x20, 0xc0]],
    ['value.gain', 'min', 8, [0, 0, 0xc0, 0x7f]],
    ['value.total', 'max', 16, [0, 0, 0, 0, 0, 0, 0x20, 0]],
    ['value.balance', 'min', 24, [0xfa]],
    // The last element of an array, of an array of arrays, and of safe integers.
    ['value.levels', 'max', 34, [11]],
    ['value.steps', 'multipleOf', 48, [1]],
    ['value.ratios', 'max', 64, [1, 0, 0, 0, 0, 0, 0xf0, 0x3f]],
    ['value.sums', 'max', 80, [0, 0, 0, 0, 0, 0, 0x20, 0]],
    ['value.flags', 'max', 90, [3]],
  ],
  VNamed: [
    ['value.mode', 'enum', 0, [2]],
    ['value.mode', 'reserved', 0, [255]],
    ['value.mode', 'reserved', 0, [16]],
    ['value.level', 'enum', 2, [1]],
    ['value.color', 'reserved', 4, [0xef, 0xbe, 0xad, 0xde]],
    ['value.big', 'enum', 8, [0, 0, 0, 0, 2]],
    ['value.extreme', 'enum', 16, [1]],
    ['value.keys', 'mask', 24, [4]],
    ['value.keys', 'reserved', 24, [0x81]],
    ['value.wide', 'mask', 32, [2]],
    ['value.safe', 'reserved', 40, [0x10]],
    ['value.safe', 'mask', 40, [0, 0, 0, 0, 0, 0, 0x20]],
    ['value.caps', 'reserved', 48, [0, 1, 0, 0]],
    // Of bit-fields: an enum's value, a bound, a multiple, and bits that no field has.
    ['value.control', 'enum', 52, [0x01]],
    ['value.control', 'max', 52, [0x00, 0x06]],
    ['value.control', 'multipleOf', 52, [0x00, 0x10]],
    ['value.control', 'mask', 52, [0x10]],
    ['value.word', 'mask', 56, [0, 0, 0, 0, 8]],
    ['value.word', 'mask', 56, [0, 0, 0, 0, 0, 2]],
    ['value.modes', 'reserved', 68, [31]],
    ['value.sets', 'mask', 70, [8]],
    ['value.words', 'enum', 74, [0x02]],
  ],
  VPacked: [
    ['value.enable', 'max', 4, [2]],
    ['value.level', 'enum', 38, [9]],
    ['value.inner.b', 'min', 44, [0]],
    // A field of a struct in an array.
    ['value.list', 'max', 60, [10]],
  ],
  VSingle: [
    ['value.always', 'min', 0, [0xcc]],
    ['value.most', 'max', 4, [0xce]],
    ['value.some', 'max', 12, [0x34, 0x33, 0x33, 0x3f]],
  ],
  VTiny: [['value.enable', 'max', 4, [0xff]]],
  VFrame: [['value.name', 'stringTerminator', 26, [65, 65, 65, 65, 65, 65, 65, 65]]],
  VNetwork: [
    ['value.d', 'min', 8, [0, 0, 0, 0, 0, 0, 0, 0]],
    ['value.color', 'reserved', 64, [0xde, 0xad, 0xbe, 0xef]],
    ['value.caps', 'reserved', 68, [0, 0, 1, 0]],
    ['value.control', 'mask', 72, [0, 0x10]],
    ['value.level', 'enum', 74, [0, 1]],
    ['value.counts', 'max', 80, [0x03, 0xe9]],
    ['value.levels', 'enum', 94, [0, 1]],
  ],
  VPackedNetwork: [['value.id', 'max', 5, [0, 0x20, 0, 0, 0, 0, 0, 0]]],
  VText: [
    ['value.required', 'stringTerminator', 0, [65, 65, 65, 65, 65, 65, 65, 65]],
    ['value.required', 'utf8', 0, [0xc3, 0x28, 0]],
    ['value.optional', 'utf8', 8, [0x80]],
    ['value.raw', 'utf8', 16, [0xc3, 0xa9]],
    ['value.list', 'stringTerminator', 29, [65, 65, 65, 65, 65]],
  ],
  VConstant: [
    ['value.version', 'enum', 0, [4]],
    ['value.magic', 'enum', 4, [0x76]],
    ['value.mode', 'enum', 8, [0]],
    ['value.ready', 'enum', 9, [0]],
    ['value.scale', 'max', 12, [0, 0, 0x80, 0x3f]],
    ['value.keys', 'enum', 16, [1]],
    ['value.rate', 'min', 18, [7]],
    ['value.level', 'enum', 20, [1, 0]],
  ],
  VNested: [
    ['value.rows', 'min', 8 + 70 + 44, [0]],
    ['value.frames', 'stringTerminator', 148 + 64 + 26, [65, 65, 65, 65, 65, 65, 65, 65]],
    ['value.constants', 'enum', 312 + 44, [4]],
  ],
};

types('the dext refuses what a field may not be, by rule and by name', async () => {
  for (const [, selector, type] of echoes) {
    const valid = bytesOf(type.name);
    const request = { structOutput: type.size };
    await client.raw.call(selector, { ...request, struct: valid });
    for (const [place, rule, offset, bytes] of spoils[type.name] ?? []) {
      const struct = valid.slice();
      struct.set(bytes, offset);
      const call = client.raw.call(selector, { ...request, struct });
      const passed = call.then(() =>
        assert.unreachable(`${type.name} ${place} ${rule}: it passed`),
      );
      const refused = await rejection(passed);
      const { name, message, argument, rule: broken } = refused as RejectedError;
      assert.is(name, 'RejectedError', `${type.name} ${place} ${rule}: ${message}`);
      assert.is(broken, rule, `${type.name} ${place}: ${message}`);
      assert.is(argument, place, `${type.name} ${rule}: ${message}`);
    }
  }
});

types("padding and what follows a NUL are nobody's", async () => {
  const struct = bytesOf('VPair');
  struct.set([1, 2, 3], 1);
  const pair = await client.raw.call(5, { struct: bytesOf('VPacked'), structOutput: 70 });
  assert.is(pair.struct.length, 70);
  const text = bytesOf('VText');
  text.set([0, 0xff, 0xff], 0);
  const answer = await client.raw.call(10, { struct: text, structOutput: 34 });
  assert.is(answer.struct[0], 0);
});

const scalars = {
  color: 'green',
  keys: Modifiers.both,
  wide: Wide.first | Wide.last,
  control: { mode: 'b', enabled: true, level: -5, step: 14 },
  word: { low: 5n, keys: Modifiers.leftShift, high: true },
  bits: 0x0ff0,
  total: Number.MAX_SAFE_INTEGER,
  level: 'low',
  extreme: 'least',
} as const;

types('words: enums, flags, bit-fields, constants, defaults and a status', async () => {
  const answer = await client.scalars(scalars);
  assert.equal(answer.mode, 'on');
  assert.is(answer.color, 'green');
  assert.is(answer.keys, 3);
  assert.is(answer.wide, 0x8000000000000001n);
  assert.equal(answer.control, { mode: 'b', enabled: true, level: -1, step: 14 });
  assert.equal(answer.word, scalars.word);
  assert.is(answer.rate, 100);
  assert.is(answer.total, Number.MAX_SAFE_INTEGER);
  assert.is(answer.level, 'low');
  assert.is(answer.extreme, 'least');
  assert.equal(answer.outcome, { ok: false, code: 0xe00002d5, name: 'kIOReturnBusy' });
  const other = await client.scalars({ ...scalars, mode: 0x90, color: 0x123456, rate: 20 });
  assert.equal([other.mode, other.color, other.rate], [0x90, 0x123456, 20]);
  assert.equal(await client.hello(), { only: 3 });
  assert.equal(await client.setDefaults(), { rate: 48, on: true });
  assert.equal(await client.setDefaults({ on: false }), { rate: 48, on: false });
});

types('the dext refuses words', async () => {
  const control = BigInt(encodeControl(scalars.control));
  const valid = [1n, 0xff00n, 3n, 1n, control, 5n, 100n, 0xff0n, 1n, 3n, 0n, 0n];
  const send = (words: readonly bigint[]) =>
    client.raw.call(20, { scalars: words, scalarOutputs: 12 });
  await send(valid);
  const spoilt: readonly (readonly [
    index: number,
    word: bigint,
    argument: string,
    rule: string,
  ])[] = [
    [0, 2n, 'mode', 'enum'],
    [0, 31n, 'mode', 'reserved'],
    [0, 256n, 'mode', 'max'],
    [1, 0xdeadbeefn, 'color', 'reserved'],
    [1, 1n << 32n, 'color', 'max'],
    [2, 4n, 'keys', 'mask'],
    [2, 0x80n, 'keys', 'reserved'],
    [3, 2n, 'wide', 'mask'],
    [4, 0x0001n, 'control', 'enum'],
    [4, 0x0a00n, 'control', 'min'],
    [4, 0x0010n, 'control', 'mask'],
    [5, 1n << 41n, 'word', 'mask'],
    [6, 101n, 'rate', 'multipleOf'],
    [6, 5n, 'rate', 'min'],
    [7, 1n, 'bits', 'mask'],
    [8, 1n << 53n, 'total', 'max'],
    [9, 2n, 'version', 'enum'],
    [10, 1n, 'level', 'enum'],
    [11, 1n, 'extreme', 'enum'],
  ];
  for (const [index, word, argument, rule] of spoilt) {
    const refused = (await rejection(send(valid.with(index, word)))) as RejectedError;
    assert.equal([refused.argument, refused.rule], [argument, rule], refused.message);
  }
});

types('the client refuses the same before anything is sent', async () => {
  const wrong: readonly [change: object, says: RegExp][] = [
    [{ mode: 2 }, /mode must be one of off, on, 128 to 254/],
    [{ mode: 'of' }, /mode must be one of/],
    [{ color: 0xdeadbeef }, /color must be one of/],
    [{ color: -1 }, /color must be 0 to/],
    [{ keys: 4 }, /keys has bits that mean nothing: 0x4/],
    [{ keys: 0x80 }, /keys has reserved bits: 0x80/],
    [{ wide: 2n }, /wide has bits/],
    [{ wide: 1 }, /wide must be a set of flags as a bigint/],
    [{ control: { ...scalars.control, level: 6 } }, /control\.level must be -5 to 5/],
    [{ control: { ...scalars.control, step: 3 } }, /control\.step must be a multiple of 2/],
    [{ rate: 7 }, /rate must be 10 to 1000/],
    [{ rate: 11 }, /rate must be a multiple of 5/],
    [{ bits: 1 }, /bits may have the bits 0xff0/],
    [{ total: 2 ** 53 }, /total must be an integer below 2\^53/],
  ];
  const call = client.scalars.bind(client) as (input: object) => Promise<unknown>;
  for (const [change, says] of wrong) {
    const refused = await rejection(call({ ...scalars, ...change }));
    assert.is(refused.name, 'ArgumentError', refused.message);
    assert.match(refused.message, says);
  }
  const label = { value: { label: 'x'.repeat(16), reserved: new Uint8Array(3) } };
  const long = await rejection(client.echoConstant(label));
  assert.match(long.message, /value\.label takes 16 bytes where there is room for 15/);
});

types('constants are not given, and a driver that sends others is told apart', async () => {
  const given: VConstantInput = { reserved: Uint8Array.of(1, 2, 3) };
  const { value } = await client.echoConstant({ value: given });
  assert.equal([value.version, value.magic, value.mode, value.ready], [3, 'VECT', 'on', true]);
  assert.equal([value.rate, value.level, value.label], [48, 'high', 'none']);
  assert.equal((await client.answerWrongly({ what: 0 })).value.label, '');
  for (const what of [1, 2, 3, 4, 5]) {
    const error = await rejection(client.answerWrongly({ what }));
    assert.is(error.name, 'ClientError', `${what}: ${error.message}`);
    assert.match(error.message, /the driver sent/);
  }
});

types('constants of the schema and names of bits', () => {
  assert.is(constants.slots, 3);
  assert.is(constants.widest, 0xffffffffffffffffn);
  assert.is(constants.magic, 'TYP*/');
  assert.is(Caps.write, 0x80000000);
  assert.equal(decodeControl(0xef0d), { mode: 'b', enabled: true, level: -1, step: 14 });
  assert.is(Mode.values.on, 1);
  assert.is(Color.values.red, 0xff0000);
});

types('an event of words', async () => {
  const events = client.changeds()[Symbol.asyncIterator]();
  const first = events.next();
  await client.statistics();
  await client.scalars({ ...scalars, mode: 'off' });
  const next = await within('an event', first);
  const [event] = next.done === true ? [] : [...next.value];
  assert.equal(event?.mode, 'off');
  assert.equal(event?.control.level, -5);
  assert.is(event?.keys, Modifiers.both);
  assert.is(event?.outcome.name, 'kIOReturnNotReady');
  await events.return?.();
});

types.run();
