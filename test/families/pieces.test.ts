// Memory that a driver has joined of many buffers, in an application (contract §2.1, §2.5).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildCaller, buildProject, openStage, startCaller, until } from './support.js';

const IDENTIFIER = 'com.example.Pieces';
const READ_ONLY = 0x1000;
const ODD_SIZES = 0x2000;
const BAD_ARGUMENT = 0xe00002c2;

const pieces = suite('memory of many buffers');

pieces('an application maps them side by side, however many, and shares their bytes', async () => {
  const bundle = buildProject({
    name: 'pieces',
    identifier: IDENTIFIER,
    personalities: {
      Pieces: {
        CFBundleIdentifier: IDENTIFIER,
        IOUserServerName: IDENTIFIER,
        IOClass: 'IOUserService',
        IOProviderClass: 'IOUserResources',
        IOResourceMatch: 'IOKit',
        IOUserClass: 'Pieces',
        UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'PiecesClient' },
      },
    },
  });
  const caller = buildCaller();
  await using stage = await openStage([bundle]);
  await using app = startCaller(caller);
  assert.is(await app.open('Pieces'), 0);
  const before = await stage.simulator.counts();

  // More than descriptors of files that one message takes, several times.
  const many = 200;
  const { status, size } = await app.map(many);
  assert.is(status, 0);
  const page = size / many;
  assert.ok(page >= 4096 && page % 4096 === 0, `${size}`);
  const bytesAt = async (type: number, offset: number): Promise<number[]> => [
    ...(await app.peek(type, offset, 2)),
  ];
  assert.equal(await bytesAt(many, 0), [1, 1]);
  assert.equal(await bytesAt(many, page - 1), [1, 2], 'across a border');
  assert.equal(await bytesAt(many, 31 * page - 1), [31, 32]);
  assert.equal(await bytesAt(many, 64 * page - 1), [64, 65]);
  assert.equal(await bytesAt(many, size - 2), [many, many]);
  await app.poke(many, 63 * page, new Uint8Array([7]));
  assert.is(await app.unmap(many), 0);
  assert.is((await app.map(many)).status, 0);
  assert.equal(await bytesAt(many, 63 * page - 1), [63, 7], 'what was written is still there');
  assert.is(await app.unmap(many), 0);

  assert.equal(await app.map(3 | READ_ONLY), { status: 0, size: 3 * page });
  assert.equal(await bytesAt(3 | READ_ONLY, 2 * page - 1), [2, 3]);
  assert.is(await app.unmap(3 | READ_ONLY), 0);
  assert.is((await app.map(2 | ODD_SIZES)).status, BAD_ARGUMENT, 'no page borders');
  assert.equal(await app.map(1 | ODD_SIZES), { status: 0, size: page + 100 });
  assert.equal(await bytesAt(1 | ODD_SIZES, page), [1, 1]);

  assert.is(await app.close(), 0);
  await until(
    'nothing stays behind',
    async () => (await stage.simulator.counts()).memory === before.memory,
  );
});

pieces.run();
