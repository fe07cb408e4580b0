// Contract §13 row 3: memory of the driver in the app: instances, protection, sizes, and its end.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import {
  afterStop,
  buildContract,
  type Client,
  CODE,
  killDext,
  openStage,
  type Stage,
  TYPE,
} from './support.js';

const build = buildContract();
const row = suite<{ stage: Stage; c: number }>('§13.3');

// Types of CopyClientMemoryForType in ContractClient.cpp.
const MEMORY = {
  ...{ plain: 0, readOnly: 1, fresh: 2, error: 3, none: 4, part: 5, unknown: 10 },
  ...{ plainReadOnly: 6, growing: 7, onDefault: 8, passing: 9 },
};
const ANYWHERE = 1;
const READ_ONLY = 0x1000;
const LENGTH = 5000;

row.before(async (context) => {
  context.stage = await openStage(build);
});
row.before.each(async (context) => {
  context.c = await context.stage.client.open();
});
row.after(async ({ stage }) => {
  await stage?.[Symbol.asyncDispose]();
});

type Mapping = { readonly status: number; readonly address: bigint; readonly size: number };

async function map(client: Client, c: number, type: number, more: object = {}): Promise<Mapping> {
  const { status, address, size } = await client.ask('map', { c, type, ...more });
  return {
    status: status as number,
    address: BigInt((address as string[])[0] ?? 0),
    size: size as number,
  };
}

async function unmap(client: Client, c: number, type: number, address = 0n): Promise<number> {
  return (await client.ask('unmap', { c, type, address })).status as number;
}

/** What the operating system lets the app do there. */
async function access(client: Client, address: bigint, store?: number) {
  const { readable, writable, value } = await client.ask('access', { address, store });
  return { rights: `${readable === 1 ? 'r' : ''}${writable === 1 ? 'w' : ''}`, value };
}

const MARK = 42;

/** Whether the memory that was marked is still there. Its address alone tells nothing: other memory may have moved in. */
async function isMapped(client: Client, address: bigint): Promise<boolean> {
  return (await client.ask('holds', { address, value: MARK })).same === 1;
}

// ── mapping ──

row(
  'the length is the descriptor’s, not rounded; the last page is there (§2.1)',
  async (context) => {
    const { stage, c } = context;
    const mapped = await map(stage.client, c, MEMORY.plain);
    assert.equal([mapped.status, mapped.size], [CODE.success, LENGTH]);
    assert.is((await access(stage.client, mapped.address + BigInt(LENGTH - 1))).rights, 'rw');
    assert.is((await access(stage.client, mapped.address + 8191n)).rights, 'rw');
  },
);

row('the same descriptor again is the same address (§2.1)', async ({ stage, c }) => {
  const once = await map(stage.client, c, MEMORY.plain);
  await access(stage.client, once.address, 42);
  const twice = await map(stage.client, c, MEMORY.plain);
  assert.equal(twice, once);
  assert.is((await access(stage.client, twice.address)).value, 42);
});

row('another instance is another mapping with other bytes (§2.1)', async ({ stage, c }) => {
  const one = await map(stage.client, c, MEMORY.fresh);
  const other = await map(stage.client, c, MEMORY.fresh);
  assert.is.not(one.address, other.address);
  await access(stage.client, one.address, 42);
  assert.is((await access(stage.client, other.address)).value, 0);
});

row('the same descriptor read-only is a mapping of its own (§2.1, §2.2)', async (context) => {
  const { stage, c } = context;
  const { client } = stage;
  for (const [first, second] of [
    [MEMORY.plain, MEMORY.plainReadOnly],
    [MEMORY.plainReadOnly, MEMORY.plain],
  ] as const) {
    const one = await map(client, c, first);
    const other = await map(client, c, second);
    assert.is.not(one.address, other.address);
    const [writable, readOnly] = first === MEMORY.plain ? [one, other] : [other, one];
    assert.is((await access(client, readOnly.address, 1)).rights, 'r');
    assert.is((await access(client, writable.address, MARK)).rights, 'rw');
    assert.ok(await isMapped(client, readOnly.address), 'of the same bytes');
    assert.is(await unmap(client, c, MEMORY.plainReadOnly), CODE.success);
    assert.not.ok(await isMapped(client, readOnly.address));
    assert.ok(await isMapped(client, writable.address));
    assert.is(await unmap(client, c, MEMORY.plainReadOnly), CODE.badArgument);
    assert.is(await unmap(client, c, MEMORY.plain), CODE.success);
  }
});

row('a descriptor that has grown is mapped anew, as a whole (§2.1, §2.5)', async (context) => {
  const { stage, c } = context;
  const { client } = stage;
  const short = await map(client, c, MEMORY.growing);
  await access(client, short.address, MARK);
  const long = await map(client, c, MEMORY.growing);
  assert.equal([short.size, long.size], [100, 3 * 4096]);
  assert.is((await access(client, long.address)).value, MARK);
  assert.is((await access(client, long.address + BigInt(long.size - 1))).rights, 'rw');
  assert.is(await unmap(client, c, MEMORY.growing), CODE.success);
  assert.ok(await isMapped(client, short.address), 'it has another length');
});

row('the driver is asked on its client’s Default queue (§2.4)', async ({ stage }) => {
  for (const type of [TYPE.own, TYPE.method, TYPE.drivers]) {
    const c = await stage.client.open(type);
    assert.is((await map(stage.client, c, MEMORY.onDefault)).status, CODE.success, `${type}`);
  }
});

row('kIOUserClientMemoryReadOnly is enforced by the operating system (§2.1)', async (context) => {
  const { stage, c } = context;
  const mapped = await map(stage.client, c, MEMORY.readOnly);
  assert.equal([mapped.status, mapped.size], [CODE.success, LENGTH]);
  assert.is((await access(stage.client, mapped.address, 1)).rights, 'r');
  const { status } = await stage.client.ask('protect', { address: mapped.address });
  assert.is(status, 0, 'no way to write to it');
  assert.is((await access(stage.client, mapped.address, 1)).rights, 'r');
});

row('kIOMapReadOnly of the app is ignored (§2.1)', async ({ stage, c }) => {
  const mapped = await map(stage.client, c, MEMORY.plain, { options: ANYWHERE | READ_ONLY });
  assert.is((await access(stage.client, mapped.address)).rights, 'rw');
});

row('without kIOMapAnywhere the address is the app’s, if it is free (§2.1)', async (context) => {
  const { stage, c } = context;
  const { address } = await map(stage.client, c, MEMORY.plain);
  const fixed = (at: bigint, type: number) => map(stage.client, c, type, { options: 0, at });
  assert.is((await fixed(address, MEMORY.readOnly)).status, CODE.badArgument, 'taken');
  assert.is((await fixed(address + 1n, MEMORY.readOnly)).status, CODE.badArgument, 'no page');
  const elsewhere = await map(stage.client, await stage.client.open(), MEMORY.plain);
  const taken = await fixed(elsewhere.address, MEMORY.plain);
  assert.is(taken.status, CODE.badArgument, 'what is mapped already is at another address');
  assert.is(await unmap(stage.client, c, MEMORY.plain), CODE.success);
  assert.equal(await fixed(address, MEMORY.plain), { status: 0, address, size: LENGTH });
});

row('part of a descriptor begins inside of a page (§2.5)', async ({ stage, c }) => {
  const whole = await map(stage.client, c, MEMORY.plain);
  await access(stage.client, whole.address + 100n, 42);
  const part = await map(stage.client, c, MEMORY.part);
  assert.equal([part.status, part.size], [CODE.success, 200]);
  assert.is((await access(stage.client, part.address)).value, 42);
});

row('an error, no memory and no task are all kIOReturnBadArgument (§2.1)', async (context) => {
  const { stage, c } = context;
  for (const type of [MEMORY.error, MEMORY.none, MEMORY.unknown]) {
    assert.is((await map(stage.client, c, type)).status, CODE.badArgument, `type ${type}`);
  }
  assert.is((await map(stage.client, c, MEMORY.plain, { notask: 1 })).status, CODE.badArgument);
  const unmapped = await stage.client.ask('unmap', { c, type: MEMORY.plain, notask: 1 });
  assert.is(unmapped.status, CODE.badArgument);
});

row(
  'a dext that dies meanwhile: kIOReturnBadArgument, and -308 of unmap (§2.1, §2.2)',
  async () => {
    await using own = await openStage(build, ['--watchdog-seconds', '1']);
    const [c, other] = [await own.client.open(), await own.client.open()];
    const [dext] = await own.simulator.processes();
    process.kill(dext?.pid ?? 0, 'SIGSTOP');
    const ends = [
      map(own.client, c, MEMORY.plain),
      unmap(own.client, other, MEMORY.plain),
    ] as const;
    const asked = () => own.log.filter((line) => /ForType has not returned/.test(line)).length;
    await until('both have been asked for', () => asked() === 2);
    await killDext(own);
    assert.is((await ends[0]).status, CODE.badArgument);
    assert.is(await ends[1], CODE.serverDied);
  },
);

// ── unmapping ──

row('unmapping takes the mapping away, whatever address it names (§2.2)', async (context) => {
  const { stage, c } = context;
  const { address } = await map(stage.client, c, MEMORY.plain);
  await access(stage.client, address, MARK);
  await map(stage.client, c, MEMORY.plain); // one entry for a map object, however often (§2.3)
  assert.ok(await isMapped(stage.client, address));
  assert.is(await unmap(stage.client, c, MEMORY.plain, 0x1234n), CODE.success);
  assert.not.ok(await isMapped(stage.client, address));
  assert.is(await unmap(stage.client, c, MEMORY.plain), CODE.badArgument, 'nothing is left');
});

row('another instance: kIOReturnBadArgument, and it stays mapped (§2.2)', async ({ stage, c }) => {
  const { address } = await map(stage.client, c, MEMORY.fresh);
  assert.is(await unmap(stage.client, c, MEMORY.fresh, address), CODE.badArgument);
  assert.is((await access(stage.client, address)).rights, 'rw');
});

row('unmapping returns the dext’s own error (§2.2)', async ({ stage, c }) => {
  assert.is(await unmap(stage.client, c, MEMORY.error), CODE.noDevice);
});

row('unmapping no memory succeeds and unmaps nothing (§2.2)', async ({ stage, c }) => {
  const { address } = await map(stage.client, c, MEMORY.plain);
  assert.is(await unmap(stage.client, c, MEMORY.none), CODE.success);
  assert.is((await access(stage.client, address)).rights, 'rw');
});

// ── the end ──

row('close unmaps all of the connection and nothing else (§2.3)', async ({ stage, c }) => {
  const { client } = stage;
  const mine = await Promise.all(
    [MEMORY.plain, MEMORY.readOnly, MEMORY.fresh].map((type) => map(client, c, type)),
  );
  const other = await map(client, await client.open(), MEMORY.plain);
  for (const { address } of mine) {
    await access(client, address, MARK);
    assert.ok(await isMapped(client, address));
  }
  assert.is((await client.ask('close', { c })).status, CODE.success);
  for (const { address } of mine) assert.not.ok(await isMapped(client, address));
  assert.is((await access(client, other.address)).rights, 'rw');
});

row(
  'the kernel keeps a descriptor for its mapping, and frees it with that (§2.3)',
  async (context) => {
    const { stage, c } = context;
    const memory = async () => (await stage.simulator.counts()).memory ?? 0;
    const before = await memory();
    const { address } = await map(stage.client, c, MEMORY.fresh); // the dext keeps no reference
    await until('the mapping alone', async () => (await memory()) === before + 1);
    assert.is((await access(stage.client, address, 7)).rights, 'rw');
    await stage.client.ask('close', { c });
    await until('freed', async () => (await memory()) === before);
    // Mapped twice is kept once; unmapped is not kept at all.
    const other = await stage.client.open();
    const once = await map(stage.client, other, MEMORY.passing);
    assert.equal(await map(stage.client, other, MEMORY.passing), once);
    assert.is(await memory(), before + 1);
    assert.is(await unmap(stage.client, other, MEMORY.passing), CODE.success);
    await until('freed', async () => (await memory()) === before);
    // A mapping that could not be made keeps nothing, nor does an app that was killed.
    const app = stage.start();
    const killed = await app.open();
    await map(app, killed, MEMORY.fresh, { options: 0, at: 1 });
    await until('freed', async () => (await memory()) === before);
    await map(app, killed, MEMORY.fresh);
    await map(app, killed, MEMORY.fresh);
    await until('both', async () => (await memory()) === before + 2);
    app.kill();
    await until('freed', async () => (await memory()) === before);
  },
);

row(
  'memory of the app can be had from the open on until Stop has ended (§1.10)',
  async (context) => {
    const { stage } = context;
    const starts = () => stage.log.filter((line) => line.includes('Start of a client'));
    await until('said', () => starts().length > 0);
    for (const line of starts()) assert.match(line, 'its memory 0xe00002d8'); // kIOReturnNotReady
    const stops = () => stage.log.filter((line) => line.includes('Stop of a client'));
    const before = stops().length;
    assert.is((await afterStop(stage)).memory, CODE.notReady);
    await until('said', () => stops().length > before);
    assert.match(stops()[before] ?? '', 'its memory 0x0');
  },
);

row('a dext that dies leaves the memory mapped, frozen (§2.3, §4.7)', async ({ stage, c }) => {
  const { client } = stage;
  const { address } = await map(client, c, MEMORY.plain);
  await access(client, address, MARK);
  await killDext(stage);
  await until('freed', async () => (await stage.simulator.counts()).memory === 0);
  await until('gone', async () => (await client.call(c, 'echo')).status === CODE.badArgument);
  assert.equal(await access(client, address), { rights: 'rw', value: MARK });
  assert.is((await client.ask('close', { c })).status, CODE.success);
  assert.not.ok(await isMapped(client, address));
});

row('unplugging keeps the memory mapped until close (§2.3, §4.6)', async ({ stage, c }) => {
  const { client } = stage;
  const { address } = await map(client, c, MEMORY.plain);
  await access(client, address, MARK);
  const unmapped = await client.open();
  await map(client, unmapped, MEMORY.plain, { options: 0, at: 1 }); // fails
  await stage.cable.unplug();
  await until('gone', async () => (await client.call(c, 'echo')).status === CODE.badArgument);
  assert.equal(await access(client, address), { rights: 'rw', value: MARK });
  assert.is((await map(client, c, MEMORY.plain)).status, CODE.badArgument);
  assert.is((await client.call(unmapped, 'echo')).status, CODE.invalidDestination, 'never mapped');
  assert.is((await client.ask('close', { c })).status, CODE.success);
  assert.not.ok(await isMapped(client, address));
});

row.run();
