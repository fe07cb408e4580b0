// What varies in size, from its app: there and back, and what the dispatch refuses.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type InterfaceBench, rejection, startInterface } from '../../js/test/interfaces/bench.js';
import * as vary from './generated/vary/client/vary.js';

const { Vary, Frame } = vary;

type State = { bench: InterfaceBench; client: vary.Vary };

const test = suite<State>('vary');

test.before(async (state) => {
  state.bench = await startInterface('vary');
  state.client = await Vary.open({ timeout: 60_000 });
});

test.after(async (state) => {
  await state.client.close();
  await state.bench[Symbol.asyncDispose]();
});

/** Bytes of a record from numbers, each with its width. */
function bytes(
  ...parts: readonly (readonly [width: 1 | 2 | 4 | 8, ...values: number[]] | string)[]
): Uint8Array {
  const out: number[] = [];
  for (const part of parts) {
    if (typeof part === 'string') out.push(...new TextEncoder().encode(part));
    else {
      const [width, ...values] = part;
      for (const value of values)
        for (let i = 0; i < width; i++) out.push(Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
    }
  }
  return Uint8Array.from(out);
}

type Refusal = {
  readonly rule: string;
  readonly argument: string | undefined;
  readonly limit: number | bigint;
  readonly actual: number | bigint;
};

async function refused(
  { client }: State,
  selector: number,
  struct: Uint8Array,
  outputs: { readonly scalarOutputs?: number; readonly structOutput?: number } = {},
): Promise<Refusal> {
  const error = await rejection(client.raw.call(selector, { struct, ...outputs }));
  assert.is(error.name, 'RejectedError', String(error));
  const { rule, argument, limit, actual } = error as unknown as Refusal;
  return { rule, argument, limit, actual };
}

const entry = (id: number, value: number): vary.Entry => ({ id, level: 'high', value });

test('a record with everything in it', async ({ client }) => {
  const batch: vary.Batch = {
    version: 3,
    entries: [entry(1, 10), entry(2, 20), entry(3, 30)],
    text: 'grüß',
    samples: Uint32Array.of(1, 2, 3, 4, 5, 6),
    payload: Uint8Array.of(9, 8, 7),
  };
  const answer = await client.batch({ batch });
  assert.is(answer.entries, 3);
  assert.equal(answer.batch, { ...batch, entries: batch.entries.toReversed() });
});

test('nothing in it, and as much as there can be', async ({ client }) => {
  const none: vary.Batch = {
    version: 1,
    entries: [],
    text: '',
    samples: new Uint32Array(),
    payload: new Uint8Array(),
  };
  assert.equal((await client.batch({ batch: none })).batch, none);
  const all: vary.Batch = {
    version: 9,
    entries: Array.from({ length: 512 }, (_, i) => entry(i, i)),
    text: 'x'.repeat(200),
    samples: Uint32Array.from({ length: 200 }, (_, i) => i),
    payload: Uint8Array.from({ length: 65536 }, (_, i) => i & 0xff),
  };
  const { batch, entries } = await client.batch({ batch: all });
  assert.is(entries, 512);
  assert.equal(batch.entries, all.entries.toReversed());
  assert.equal(batch.payload, all.payload);
});

test('the client refuses what does not fit', async ({ client }) => {
  const batch = {
    version: 1,
    entries: [],
    text: '',
    samples: new Uint32Array(),
    payload: new Uint8Array(),
  };
  const wrong = async (change: Partial<vary.Batch>): Promise<string> =>
    String(await rejection(client.batch({ batch: { ...batch, ...change } })));
  assert.match(await wrong({ version: 10 }), /batch\.version must be 1 to 9/);
  assert.match(await wrong({ entries: [entry(1, 1_000_001)] }), /entries\[0\]\.value/);
  assert.match(await wrong({ entries: new Array(513).fill(entry(1, 1)) }), /0 to 512 elements/);
  assert.match(await wrong({ text: 'ab' }), /samples must have as many/);
  assert.match(await wrong({ text: 'a\0' }), /NUL/);
  assert.match(await wrong({ text: '\ud800' }), /surrogate/);
  assert.match(await wrong({ text: 'é'.repeat(101) }), /202 bytes/);
});

test('the dispatch refuses records that are cut, too long, or count wrongly', async (state) => {
  const out = { scalarOutputs: 2, structOutput: 70000 };
  const head = (version: number, count: number) => bytes([4, version], [2, count]);
  const join = (...parts: readonly Uint8Array[]) =>
    Uint8Array.from(parts.flatMap((part) => [...part]));
  const refuse = (...parts: readonly Uint8Array[]) => refused(state, 0, join(...parts), out);
  assert.equal(await refuse(head(1, 0)), {
    ...{ rule: 'structSize', argument: 'batch', limit: 7, actual: 6 },
  });
  // Version out of its range, in the head.
  assert.equal(await refuse(head(0, 0), bytes([1, 0])), {
    ...{ rule: 'min', argument: 'batch.version', limit: 1, actual: 0 },
  });
  // One entry is announced, and half of one is there.
  assert.equal(await refuse(head(1, 1), bytes([2, 0], [2, 7])), {
    ...{ rule: 'structSize', argument: 'batch', limit: 16, actual: 10 },
  });
  // More than the schema allows: refused before anything is multiplied.
  assert.equal(await refuse(head(1, 65535), bytes([1, 0])), {
    ...{ rule: 'count', argument: 'batch.count', limit: 512, actual: 65535 },
  });
  // A value in an element.
  const wrong = bytes([2, 0], [2, 7], [1, 3], [1, 0], [4, 5], [1, 0]);
  assert.equal((await refuse(head(1, 1), wrong)).rule, 'enum');
  const large = bytes([2, 0], [2, 7], [1, 1], [1, 0], [4, 1_000_001], [1, 0]);
  assert.equal((await refuse(head(1, 1), large)).limit, 1_000_000);
  // The text ends within a character, has a NUL, or is longer than it may be.
  assert.is((await refuse(head(1, 0), bytes([1, 1], [1, 0xc3], [1, 0, 0, 0, 0, 0]))).rule, 'utf8');
  assert.is((await refuse(head(1, 0), bytes([1, 1], [1, 0], [4, 0, 0]))).rule, 'stringTerminator');
  assert.equal((await refuse(head(1, 0), bytes([1, 201]))).limit, 200);
  assert.is((await refuse(head(1, 0), bytes([1, 0]), new Uint8Array(65537))).rule, 'count');
});

test('a count in words, of a nested header', async (state) => {
  const { client } = state;
  const words: vary.Words = { header: { kind: 7, total: 0 }, body: Uint8Array.of(1, 2, 3, 4) };
  const answer = await client.words({ words });
  assert.equal(answer.words, { ...words, header: { kind: 7, total: 12 } });
  assert.match(
    String(await rejection(client.words({ words: { ...words, body: Uint8Array.of(1) } }))),
    /steps of 4/,
  );
  const out = { structOutput: 520 };
  // Fewer words than the header itself has, and more than there are bytes.
  assert.equal(await refused(state, 1, bytes([1, 1, 0], [2, 0], [4, 0]), out), {
    ...{ rule: 'count', argument: 'words.header.words', limit: 0, actual: -4 },
  });
  assert.is((await refused(state, 1, bytes([1, 3, 0], [2, 0], [4, 0]), out)).rule, 'structSize');
  assert.is((await refused(state, 1, bytes([1, 2, 0], [2, 0], [4, 0, 0]), out)).rule, 'structSize');
});

test('type, length, value', async (state) => {
  const attributes: vary.Attributes = {
    flags: 5,
    all: [
      { type: 1, value: Uint8Array.of(1) },
      { type: 2, value: new Uint8Array() },
      { type: 3, value: Uint8Array.of(1, 2, 3, 4, 5) },
    ],
  };
  assert.equal((await state.client.attributes({ attributes })).attributes, attributes);
  assert.match(
    String(
      await rejection(
        state.client.attributes({
          attributes: {
            flags: 0,
            all: Array.from({ length: 10 }, () => ({ type: 1, value: new Uint8Array(128) })),
          },
        }),
      ),
    ),
    /more than 1024/,
  );
  const out = { structOutput: 1024 };
  const one = bytes([4, 0], [2, 1, 3]);
  // Shorter than its own header, longer than what is there, and one too many.
  assert.is((await refused(state, 2, one, out)).rule, 'count');
  assert.is((await refused(state, 2, bytes([4, 0], [2, 1, 9]), out)).rule, 'structSize');
  const many = bytes([4, 0], ...Array.from({ length: 33 }, () => [2, 1, 4] as const));
  assert.equal(await refused(state, 2, many, out), {
    ...{ rule: 'count', argument: 'attributes.all', limit: 32, actual: 33 },
  });
  assert.equal(await refused(state, 2, new Uint8Array(1025), out), {
    ...{ rule: 'total', argument: 'attributes', limit: 1024, actual: 1025 },
  });
});

test('counts within counts, and a text at the end', async (state) => {
  const leaf = (...points: readonly number[]) => ({ points: Int16Array.from(points) });
  const tree: vary.Tree = {
    depth: 2,
    branches: [
      { id: 7, leaves: [leaf(1, -2), leaf(), leaf(300)] },
      { id: 8, leaves: [] },
    ],
    name: 'oak',
  };
  const answer = await state.client.tree({ tree });
  assert.equal(answer, { points: 299, tree });
  const out = { scalarOutputs: 1, structOutput: 2000 };
  const name = async (text: string) => (await refused(state, 3, bytes([1, 1, 0], text), out)).rule;
  assert.is(await name('oak'), 'stringTerminator');
  assert.is(await name('oak\0x'), 'stringTerminator');
  assert.is(await name(`${'x'.repeat(40)}\0`), 'count');
  const deep = bytes([1, 1, 1], [2, 0], [4, 7], [1, 1, 0], [1, 21], [1, 0, 0, 0]);
  assert.equal((await refused(state, 3, deep, out)).rule, 'count');
});

test('packed: nothing is aligned', async ({ client }) => {
  const packed = { id: 1, levels: Float64Array.of(1.5, -2), check: 0xbeef };
  const answer = await client.packed({ packed });
  assert.equal(answer.packed, { ...packed, levels: Float64Array.of(3, -4) });
});

test('a variant by its first byte, in its own size', async (state) => {
  const { client } = state;
  const key: vary.Report = { kind: 'key', value: { modifiers: 2, usage: 4 } };
  assert.equal(await client.report({ report: key }), { size: 4, report: key });
  const answered = await client.report({ report: { kind: 'knob', value: { id: 2, angle: -5 } } });
  const data = Uint8Array.of(1, 2, 3, 0, 0, 0, 0, 0, 0);
  assert.equal(answered, { size: 2, report: { kind: 'vendor', value: { id: 0x90, data } } });
  const wrongNumber: vary.Report = { kind: 'knob', value: { id: 4, angle: 0 } };
  assert.match(String(await rejection(client.report({ report: wrongNumber }))), /kind/);
  const out = { scalarOutputs: 1, structOutput: 10 };
  assert.equal(await refused(state, 5, bytes([1, 9, 0]), out), {
    ...{ rule: 'tag', argument: 'report.id', limit: 4, actual: 9 },
  });
  assert.is((await refused(state, 5, bytes([1, 1, 0]), out)).rule, 'structSize');
  assert.is((await refused(state, 5, bytes([1, 3, 0, 0]), out)).rule, 'structSize');
  // A driver that answers with a number of no case has failed, and the app hears so.
  const vendor: vary.Report = { kind: 'vendor', value: { id: 0x80, data: new Uint8Array(9) } };
  assert.match(
    String(await rejection(client.report({ report: vendor }))),
    /kIOReturnInternalError/,
  );
});

test('variants in a struct take the room of the largest', async (state) => {
  const { client } = state;
  for (const setting of [
    { kind: 'off' },
    { kind: 'ratio', value: { value: 0.25 } },
    { kind: 'count', tag: 4, value: { value: 77 } },
    { kind: 'other', tag: 1000, value: { raw: Uint8Array.of(1, 2, 3, 4) } },
  ] as const satisfies readonly vary.Setting[]) {
    const report: vary.Report = { kind: 'knob', value: { id: 3, angle: 9 } };
    const answer = await client.slot({ slot: { index: 1, setting, report } });
    assert.equal(answer.slot, { index: 2, setting, report });
    assert.equal((await client.setting({ setting })).setting, setting);
  }
  const slot = new Uint8Array(40);
  const error = await refused(state, 6, slot, { structOutput: 40 });
  assert.is(error.rule, 'tag');
  const raw = await client.raw.call(6, {
    struct: Uint8Array.from([
      ...bytes([4, 0], [4, 0]),
      ...new Uint8Array(16),
      3,
      ...new Uint8Array(15),
    ]),
    structOutput: 40,
  });
  // Nothing that the driver left behind its cases.
  assert.not.ok(raw.struct.includes(0xee));
});

test('commands of the size of their case', async (state) => {
  const { client } = state;
  const say: vary.Command = { kind: 'say', value: { words: 'hello' } };
  assert.equal((await client.command({ command: say })).command, say);
  const stop: vary.Command = { kind: 'stop' };
  assert.equal((await client.command({ command: stop })).command, stop);
  const script: vary.Script = {
    commands: [stop, { kind: 'move', value: { x: 1, y: 2 } }, say, stop],
  };
  const answer = await client.script({ script });
  assert.equal(answer.script.commands, [stop, { kind: 'move', value: { x: -1, y: 2 } }, say, stop]);
  const out = { structOutput: 112 };
  assert.is((await refused(state, 8, bytes([1, 3]), out)).rule, 'tag');
  assert.is((await refused(state, 8, bytes([1, 1, 0, 0, 0], [4, 1]), out)).rule, 'structSize');
  assert.is((await refused(state, 8, bytes([1, 2, 0, 0, 0, 101]), out)).rule, 'count');
});

test('unions', async ({ client }) => {
  const frame = Frame.of({ init: { sequence: 41, length: 3, data: new Uint8Array(10).fill(5) } });
  const answer = await client.frame({ frame });
  assert.is(answer.frame.asInit.sequence, 42);
  assert.equal(answer.frame.asRaw.subarray(0, 6), Uint8Array.of(42, 0, 0, 0, 3, 0));
  assert.equal(answer.frame.asWords[0], 42);
  const { envelope } = await client.envelope({ envelope: { to: 1, frame: answer.frame } });
  assert.equal(envelope.frame.bytes, answer.frame.bytes);
  assert.throws(() => Frame.of({} as never), /exactly one member/);
});

test('texts', async (state) => {
  const { client } = state;
  assert.equal(await client.label({ label: 'abc' }), { text: 'cba' });
  assert.equal(await client.label({ label: '' }), { text: '' });
  // The driver reverses bytes: what it makes of two of them is no text, and does not leave.
  assert.match(String(await rejection(client.label({ label: 'é' }))), /kIOReturnInternalError/);
  assert.equal(await client.tag({ tag: '12345678' }), { length: 8 });
  assert.match(String(await rejection(client.tag({ tag: 'é' }))), /ASCII/);
  const label = { structOutput: 64 };
  assert.is((await refused(state, 12, bytes('abc'), label)).rule, 'stringTerminator');
  assert.is((await refused(state, 12, bytes([1, 0xff, 0]), label)).rule, 'utf8');
  assert.is((await refused(state, 12, new Uint8Array(65), label)).rule, 'structSize');
  assert.is((await refused(state, 13, bytes([1, 0x80]), { scalarOutputs: 1 })).rule, 'utf8');
});

test('outputs say their true length', async (state) => {
  const { client } = state;
  for (const size of [0, 1, 4096, 4097, 100_000]) {
    const { data } = await client.large({ size });
    assert.is(data.length, size);
    assert.ok(data.every((byte) => byte === 0x5a));
  }
  // An app that offers little gets it inline; one that offers too little gets an error, and nothing more.
  const inline = await client.raw.call(14, { scalars: [100], scalarOutputs: 1, structOutput: 200 });
  assert.equal([inline.struct.length, inline.scalars], [100, [100n]]);
  const small = client.raw.call(14, { scalars: [300], scalarOutputs: 1, structOutput: 200 });
  assert.match(String(await rejection(small)), /kIOReturnNoSpace/);
  const { first, data } = await client.legacy({ size: 5000 });
  assert.equal([first, data.length], [0x5a, 5000]);
  const told = await client.raw.call(15, { scalars: [7], scalarOutputs: 2, structOutput: 8192 });
  assert.equal(told.scalars, [0x5an, 7n]);
  const error = await rejection(
    client.raw.call(15, { scalars: [7], scalarOutputs: 2, structOutput: 4096 }),
  );
  assert.match(error.message, /4097/);
  const { list } = await client.untold({ count: 1000 });
  assert.equal([list.values.length, list.values[999]], [1000, 998_001n]);
});

test('an answer that does not fit the room of the app leaves nothing', async ({ client }) => {
  const struct = bytes([4, 1], [2, 1, 0], [2, 7], [1, 1, 0], [4, 5], [1, 0]);
  const whole = await client.raw.call(0, { struct, scalarOutputs: 2, structOutput: 100 });
  assert.equal(whole.scalars, [17n, 1n]);
  assert.equal(whole.struct, struct);
  for (const structOutput of [16, 8, 3]) {
    const small = client.raw.call(0, { struct, scalarOutputs: 2, structOutput });
    assert.match(String(await rejection(small)), /kIOReturnNoSpace/);
  }
});

test('a record of a call that is answered later', async (state) => {
  const tree: vary.Tree = { depth: 0, branches: [], name: 'birch' };
  assert.equal(await state.client.later({ tree }), { names: 5 });
  const struct = bytes([1, 0, 0], 'birch');
  const error = await rejection(state.client.raw.callAsync(18, { struct }));
  assert.is((error as unknown as Refusal).rule, 'stringTerminator');
});

test('a descriptor is required', async (state) => {
  const { client } = state;
  assert.equal(await client.required({ data: new Uint8Array(5000).fill(2) }), { sum: 10_000 });
  assert.equal(await refused(state, 17, new Uint8Array(4096), { scalarOutputs: 1 }), {
    ...{ rule: 'structSize', argument: 'data', limit: 4097, actual: 4096 },
  });
});

test.run();
