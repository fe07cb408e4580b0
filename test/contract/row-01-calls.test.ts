// Contract §13 row 1: sizes, selectors, row checks, and what calls leave in their outputs.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import {
  type Answer,
  buildContract,
  CODE,
  numberOf,
  openStage,
  pattern,
  type Stage,
  UNTOUCHED,
  UNTOUCHED_BYTE,
} from './support.js';

const build = buildContract();
const row = suite<{ stage: Stage; c: number }>('§13.1');

row.before(async (context) => {
  context.stage = await openStage(build);
  context.c = await context.stage.client.open();
});
row.after(async ({ stage }) => {
  await stage?.[Symbol.asyncDispose]();
});

/** What `describe` found, by the order of calls.cpp. */
function described(answer: Answer) {
  assert.is(answer.status, CODE.success);
  const [version, scalars, inlineSize, isInline, largeSize, isLarge, ...rest] =
    answer.scalars.map(Number);
  const [outs, zeroed, preset, outSize, outLarge, maximum, completion] = rest;
  const input = { isInline, inlineSize, isLarge, largeSize };
  return { version, scalars, input, outs, zeroed, preset, outSize, outLarge, maximum, completion };
}

const same = (bytes: Buffer, value: number): boolean => bytes.every((byte) => byte === value);

// ── sizes ──

for (const [size, input] of [
  [0, { isInline: 0, inlineSize: 0, isLarge: 0, largeSize: 0 }],
  [1, { isInline: 1, inlineSize: 1, isLarge: 0, largeSize: 0 }],
  [4096, { isInline: 1, inlineSize: 4096, isLarge: 0, largeSize: 0 }],
  [4097, { isInline: 0, inlineSize: 0, isLarge: 1, largeSize: 4097 }],
] as const) {
  const how = size === 0 ? 'is no structure' : size > 4096 ? 'is a descriptor' : 'is an OSData';
  row(`a structure input of ${size} bytes ${how} (§1.2, §1.5)`, async ({ stage, c }) => {
    const answer = await stage.client.call(c, 'describe', { struct: size, outs: 16 });
    assert.equal(described(answer).input, input);
  });
}

for (const size of [0, 1, 4096]) {
  row(
    `a structure output of ${size} bytes is in line, and its size set (§1.6)`,
    async (context) => {
      const { stage, c } = context;
      const found = described(await stage.client.call(c, 'describe', { outs: 16, out: size }));
      assert.equal([found.outLarge, found.outSize, found.maximum], [0, 0, size]);
      assert.is(found.preset, 0, 'structureOutput is NULL on entry (§1.2)');
      const echo = await stage.client.call(c, 'echo', { struct: size, out: size });
      assert.equal([echo.status, echo.size], [CODE.success, size]);
      assert.ok(echo.bytes.subarray(0, size).equals(pattern(size)));
    },
  );
}

row('a structure output of 4097 bytes is a descriptor; the size stays (§1.6)', async (context) => {
  const { stage, c } = context;
  const found = described(await stage.client.call(c, 'describe', { outs: 16, out: 4097 }));
  assert.equal([found.outLarge, found.outSize, found.maximum], [1, 4097, 4097]);
  const echo = await stage.client.call(c, 'echo', { struct: 4000, out: 4097 });
  assert.equal([echo.status, echo.size], [CODE.success, 4097], 'not what was written');
  assert.ok(echo.bytes.subarray(0, 4000).equals(pattern(4000)));
  assert.ok(same(echo.bytes.subarray(4000), UNTOUCHED_BYTE), 'the rest is untouched');
});

row('a mebibyte goes both ways (§1.5)', async ({ stage, c }) => {
  const size = 1 << 20;
  const echo = await stage.client.call(c, 'echo', { struct: size, out: size });
  assert.ok(echo.status === CODE.success && echo.bytes.equals(pattern(size)));
});

row('16 scalars go both ways, 17 are refused before they are sent (§1.5)', async (context) => {
  const { stage, c } = context;
  const words = Array.from({ length: 17 }, (_, i) => (1n << 63n) + BigInt(i));
  const echo = await stage.client.call(c, 'echo', { in: words.slice(0, 16), outs: 16 });
  assert.equal([echo.status, echo.count, echo.scalars], [CODE.success, 16, words.slice(0, 16)]);
  const refused = await stage.client.call(c, 'echo', { in: words, outs: 1 });
  assert.equal(
    [refused.status, refused.count, refused.scalars],
    [CODE.tooManyForMig, 1, [UNTOUCHED]],
  );
});

row(
  'version is 2, scalar outputs are zeroed, nothing is completed (§1.2, §1.5)',
  async (context) => {
    const { stage, c } = context;
    const found = described(await stage.client.call(c, 'describe', { in: [4, 5, 6], outs: 16 }));
    assert.equal(
      [found.version, found.scalars, found.outs, found.zeroed, found.completion],
      [2, 3, 16, 1, 0],
    );
  },
);

row('a structure output of more than 4 GiB - 1 is refused (§0.2, §1.5)', async ({ stage, c }) => {
  // An asynchronous call has no variable output (§1.6): its marker is a size, and too large.
  const port = await stage.client.port();
  const answer = await stage.client.async(c, 'echo', { port, out: 'variable' });
  assert.is(answer.status, CODE.ipcError);
});

// ── selectors and rows ──

row('a selector out of range is for the driver to refuse (§1.4)', async ({ stage, c }) => {
  for (const selector of [31, 38, 0xffffffff]) {
    assert.is((await stage.client.call(c, selector)).status, CODE.unsupported, `${selector}`);
  }
});

row('the base class without a row: kIOReturnUnsupported (§1.4)', async ({ stage, c }) => {
  assert.is((await stage.client.call(c, 'noRow')).status, CODE.unsupported);
});

const fits = { in: [1, 2], struct: 8, outs: 1, out: 16 };

row('a row that fits calls its function with target and reference (§1.3)', async (context) => {
  const { stage, c } = context;
  const answer = await stage.client.call(c, 'exactRow', fits);
  assert.equal([answer.status, answer.scalars], [CODE.success, [1n]]);
});

for (const [check, wrong] of [
  ['checkScalarInputCount', [{ in: [1] }, { in: [1, 2, 3] }]],
  ['checkStructureInputSize', [{ struct: 7 }, { struct: 9 }, { struct: 0 }, { struct: 4097 }]],
  ['checkScalarOutputCount', [{ outs: 0 }, { outs: 2 }]],
  ['checkStructureOutputSize', [{ out: 15 }, { out: 17 }, { out: 5000 }, { out: 'variable' }]],
] as const) {
  row(`${check}: any other is kIOReturnBadArgument (§1.3, §1.4)`, async ({ stage, c }) => {
    for (const each of wrong) {
      const answer = await stage.client.call(c, 'exactRow', { ...fits, ...each });
      assert.is(answer.status, CODE.badArgument, JSON.stringify(each));
    }
  });
}

row(
  'checkCompletionExists: 0 forbids, 1 demands, 0xffffffff takes both (§1.3)',
  async (context) => {
    const { stage, c } = context;
    const { client } = stage;
    const port = await client.port();
    const status = async (selector: 'exactRow' | 'completionRow' | 'anyRow', wakes: boolean) =>
      (wakes
        ? await client.async(c, selector, { ...fits, port })
        : await client.call(c, selector, fits)
      ).status;
    assert.equal(
      [await status('exactRow', false), await status('exactRow', true)],
      [0, CODE.badArgument],
    );
    assert.equal(
      [await status('completionRow', false), await status('completionRow', true)],
      [CODE.badArgument, 0],
    );
    assert.equal([await status('anyRow', false), await status('anyRow', true)], [0, 0]);
  },
);

row(
  'a row’s function finds the selector, and its result is the call’s (§1.2, §1.4)',
  async (context) => {
    const { stage, c } = context;
    const found = await stage.client.call(c, 'anyRow', { outs: 2 });
    assert.equal([found.status, found.scalars], [CODE.success, [1n, BigInt(numberOf('anyRow'))]]);
    const failed = await stage.client.call(c, 'anyRow', { in: [0, 0, CODE.busy], outs: 2 });
    assert.equal([failed.status, failed.scalars], [CODE.busy, [UNTOUCHED, UNTOUCHED]]);
  },
);

row('the size of a descriptor counts as that of a structure (§1.3)', async ({ stage, c }) => {
  const status = async (struct: number, out: number) =>
    (await stage.client.call(c, 'largeRow', { struct, out })).status;
  assert.is(await status(5000, 5000), CODE.success);
  for (const [struct, out] of [
    [4999, 5000],
    [5001, 5000],
    [0, 5000],
    [5000, 4999],
    [5000, 5001],
    [5000, 8],
  ] as const) {
    assert.is(await status(struct, out), CODE.badArgument, `${struct} ${out}`);
  }
});

row('0xffffffff takes every size (§1.3)', async ({ stage, c }) => {
  for (const given of [{}, { in: [1], struct: 5000, outs: 3, out: 9000 }, { struct: 1 }]) {
    assert.is((await stage.client.call(c, 'anyRow', given)).status, CODE.success);
  }
});

row('a row without a function: kIOReturnNoCompletion (§1.3)', async ({ stage, c }) => {
  assert.is((await stage.client.call(c, 'emptyRow')).status, CODE.noCompletion);
});

// ── outputs ──

row('success without a structure: zeros of the full size (§1.6)', async ({ stage, c }) => {
  const answer = await stage.client.call(c, 'leave', { in: [2], outs: 2, out: 64 });
  assert.equal([answer.status, answer.size], [CODE.success, 64]);
  assert.ok(same(answer.bytes, 0));
});

row('… of more than 4096 bytes: untouched, of the full size (§1.6)', async ({ stage, c }) => {
  const answer = await stage.client.call(c, 'leave', { in: [0], out: 4097 });
  assert.equal([answer.status, answer.size], [CODE.success, 4097]);
  assert.ok(same(answer.bytes, UNTOUCHED_BYTE));
});

row('a shorter structure has its own size (§1.6)', async ({ stage, c }) => {
  const answer = await stage.client.call(c, 'give', { in: [3], out: 64 });
  assert.equal([answer.status, answer.size], [CODE.success, 3]);
  assert.ok(
    same(answer.bytes.subarray(0, 3), 0xab) && same(answer.bytes.subarray(3), UNTOUCHED_BYTE),
  );
});

row('a structure of 0 bytes has size 0 (§1.5, §1.6)', async ({ stage, c }) => {
  const answer = await stage.client.call(c, 'give', { in: [0], out: 64 });
  assert.equal([answer.status, answer.size], [CODE.success, 0]);
});

row('a structure that is too long: kIOReturnBadArgument, all is lost (§1.5)', async (context) => {
  const { stage, c } = context;
  for (const [length, out] of [
    [65, 64],
    [1, 0],
    [4097, 4096],
  ]) {
    const answer = await stage.client.call(c, 'give', { in: [length ?? 0], out: out ?? 0 });
    assert.equal([answer.status, answer.size], [CODE.badArgument, out]);
    assert.ok(same(answer.bytes, UNTOUCHED_BYTE));
  }
});

row('a structure and a descriptor: kIOReturnBadArgument (§1.5)', async ({ stage, c }) => {
  for (const length of [1, 5000]) {
    const answer = await stage.client.call(c, 'give', { in: [length], out: 5000 });
    assert.equal([answer.status, answer.size], [CODE.badArgument, 5000]);
  }
  assert.is((await stage.client.call(c, 'give', { in: [0], out: 5000 })).status, CODE.success);
});

for (const out of [64, 5000]) {
  row(`an error drops scalars, structure (${out}) and sizes (§1.5, §1.6)`, async (context) => {
    const { stage, c } = context;
    const answer = await stage.client.call(c, 'fail', { in: [CODE.busy], outs: 3, out });
    assert.equal([answer.status, answer.count, answer.size], [CODE.busy, 3, out]);
    assert.equal(answer.scalars, [UNTOUCHED, UNTOUCHED, UNTOUCHED]);
    assert.ok(same(answer.bytes, UNTOUCHED_BYTE));
  });
}

row('any code that is not 0 is an error, also a positive one (§1.5)', async ({ stage, c }) => {
  const answer = await stage.client.call(c, 'fail', { in: [5], outs: 1 });
  assert.equal([answer.status, answer.scalars], [5, [UNTOUCHED]]);
});

row('the scalar count may shrink and never grows (§1.5)', async ({ stage, c }) => {
  const shrunk = await stage.client.call(c, 'leave', { in: [1], outs: 3 });
  assert.equal([shrunk.status, shrunk.count], [CODE.success, 1]);
  assert.equal(shrunk.scalars, [7n, UNTOUCHED, UNTOUCHED]);
  for (const more of [4, 17, 0xffffffff]) {
    const grown = await stage.client.call(c, 'leave', { in: [more], outs: 3 });
    assert.equal([grown.count, grown.scalars], [3, [7n, 8n, 9n]]);
  }
});

row('a capacity above 16 is cut to 16 (§0.2)', async ({ stage, c }) => {
  const answer = await stage.client.call(c, 'leave', { in: [20], outs: 20 });
  assert.equal([answer.status, answer.count], [CODE.success, 16]);
  assert.is(answer.scalars[16], UNTOUCHED);
});

// ── variable output ──

row('variable output: as long as it is, and the app frees it (§1.6)', async ({ stage, c }) => {
  const asked = await stage.client.call(c, 'describe', { in: [1], outs: 16, out: 'variable' });
  assert.is(described(asked).maximum, 0xffffffff);
  const empty = await stage.client.call(c, 'give', { in: [0], out: 'variable' });
  assert.equal([empty.status, empty.size], [CODE.success, 0]);
  for (const length of [1, 4096, 4097, 300_000]) {
    const answer = await stage.client.call(c, 'give', { in: [length], out: 'variable' });
    assert.equal([answer.status, answer.size], [CODE.success, length]);
    assert.ok(answer.bytes.length === length && same(answer.bytes, 0xab));
    assert.is((answer as unknown as { freed: number }).freed, 1);
  }
});

row('variable output that is missing: kIOReturnUnderrun, NULL and 0 (§1.6)', async (context) => {
  const { stage, c } = context;
  for (const [selector, first, status] of [
    ['leave', 2, CODE.underrun],
    ['fail', CODE.busy, CODE.busy],
  ] as const) {
    const answer = await stage.client.call(c, selector, { in: [first], outs: 2, out: 'variable' });
    const { cleared } = answer as unknown as { cleared: number };
    assert.equal([answer.status, answer.size, cleared], [status, 0, 1]);
    assert.equal([answer.count, answer.scalars], [2, [UNTOUCHED, UNTOUCHED]]);
  }
});

// ── what is no connection ──

row(
  'no connection: MACH_SEND_INVALID_DEST; something else: kIOReturnBadArgument (§7.7)',
  async ({ stage }) => {
    const { client } = stage;
    const { service } = (await client.ask('service')) as { service: number };
    const verbs = ['map', 'unmap', 'close', 'addclient', 'setport', 'getservice'];
    for (const [c, code] of [
      [0, CODE.invalidDestination],
      [service, CODE.badArgument],
    ] as const) {
      assert.is((await client.call(c, 'echo')).status, code);
      assert.is((await client.async(c, 'echo', { port: await client.port() })).status, code);
      for (const verb of verbs) assert.is((await client.ask(verb, { c })).status, code, verb);
      const cleared = await client.call(c, 'give', { in: [1], out: 'variable' });
      assert.equal([cleared.status, cleared.size], [code, 0], 'also of what was not called (§1.6)');
    }
    // What the message cannot hold is refused before anybody looks whom it is for (§1.5).
    const words = Array.from({ length: 17 }, () => 0);
    assert.is((await client.call(0, 'echo', { in: words })).status, CODE.tooManyForMig);
  },
);

row(
  'what a dext’s connection does not have: kIOReturnUnsupported (§0.3, §3.2)',
  async (context) => {
    const { client } = context.stage;
    const c = await client.open();
    const statusOf = async (verb: string, more = {}) =>
      (await client.ask(verb, { c, ...more })).status;
    for (const verb of ['addclient', 'setport', 'getservice']) {
      assert.is(await statusOf(verb), CODE.unsupported, verb);
    }
    assert.is(await statusOf('addclient', { other: 0 }), CODE.badArgument);
    await client.ask('addref', { c });
    assert.is(await statusOf('close'), CODE.success);
    for (const verb of ['addclient', 'setport', 'getservice', 'map', 'unmap']) {
      assert.is(await statusOf(verb), CODE.invalidDestination, verb);
    }
    assert.is(await statusOf('close'), CODE.success, 'the second is ignored (§4.5)');
  },
);

// The driver dies of the store, which a sanitizer would report.
if (process.env.SANITIZE === undefined) {
  row('a large structure input is read-only in the driver (§1.2)', async () => {
    await using stage = await openStage(build);
    const c = await stage.client.open();
    const answer = await stage.client.call(c, 'scribble', { struct: 5000 });
    assert.is(answer.status, CODE.serverDied);
    await until('reaped', () => stage.log.some((line) => line.includes('was ended by signal')));
  });
}

row.run();
