// Projects as Xcode has them, built as they are: variables in Info.plist, .iig files in subfolders, headers of any
// name, blocks; and what such drivers use: service and state notifications, sleeping locks, IOCallOnce.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildDriver, expandVariables } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { buildCaller, openStage, startCaller, until } from '../families/support.js';
import { newFolder, plist } from '../simulator/support.js';

const folder = resolve('test/driverkit/xcode/Driver');
const identifier = 'com.example.Watcher';

const project = suite('a project of Xcode');

project('variables are replaced, with modifiers, too', () => {
  const values = { PRODUCT_NAME: 'Watcher', EMPTY: '' };
  const text = (input: string): string => expandVariables(input, values, 'Info.plist');
  assert.is(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Xcode's other spelling of a variable
    text('$(PRODUCT_NAME) ${PRODUCT_NAME} $(PRODUCT_NAME:lower:rfc1034identifier)'),
    'Watcher Watcher Watcher',
  );
  assert.is(text('a$(EMPTY)b $100 $PRODUCT_NAME'), 'ab $100 $PRODUCT_NAME');
  assert.throws(
    () => text('$(TEAM)'),
    /Info\.plist: \$\(TEAM\) has no value; give it one in `variables`/,
  );
});

project('what is missing is a sentence', async () => {
  const empty = newFolder();
  await buildDriver({ folder: empty, identifier, out: join(empty, 'out') }).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /has no \.cpp and \.iig files of a driver/),
  );
  await buildDriver({ folder, identifier, out: join(empty, 'out') }).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /Info\.plist: \$\(GREETING\) has no value/),
  );
});

project('an error of the compiler names the line of the project', async () => {
  const own = newFolder();
  mkdirSync(join(own, 'src'));
  writeFileSync(
    join(own, 'src', 'A.iig'),
    '#include <DriverKit/IOService.iig>\nclass A : public IOService\n{\nint a;\n};\n',
  );
  writeFileSync(join(own, 'src', 'A.cpp'), '#include "A.h"\n');
  writeFileSync(join(own, 'Info.plist'), plist({ IOKitPersonalities: {} }));
  await buildDriver({ folder: own, identifier, out: join(own, 'out') }).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /src\/A\.iig:4:5: error: a is a data member/),
  );
});

for (const compiler of available(['clang++'], (name) => name)) {
  project(`${compiler}: it builds, starts, answers and stops`, async () => {
    const out = resolve('build/test/xcode', compiler);
    const rights = join(newFolder(), 'Driver.entitlements');
    writeFileSync(
      rights,
      plist({
        'com.apple.developer.driverkit': true,
        'com.apple.developer.driverkit.allow-any-userclient-access': true,
      }),
    );
    const variables = { GREETING: 'hello' };
    const bundle = await buildDriver({
      folder,
      identifier,
      entitlements: rights,
      variables,
      out,
      compiler,
    });
    assert.is(bundle, join(out, `${identifier}.dext`));
    const info = readFileSync(join(bundle, 'Info.plist'), 'utf8');
    assert.match(info, /<key>CFBundleExecutable<\/key><string>com\.example\.Watcher<\/string>/);
    assert.match(info, /<string>hello<\/string>/);

    await using stage = await openStage([bundle]);
    const said = (text: string): number =>
      stage.log.filter((line) => line.includes(`Watcher: ${text}`)).length;
    await until('the start', () => said('started: 0x0') === 1);
    await using app = startCaller(buildCaller());
    assert.is(await app.open('Watcher'), 0);
    const scalar = async (selector: number, scalars: number[]): Promise<bigint | undefined> => {
      const answer = await app.call(selector, { scalars, outScalars: 1 });
      assert.is(answer.status, 0);
      return answer.scalars[0];
    };
    assert.is(await scalar(0, []), 1n, 'IOCallOnce');
    assert.is(await scalar(1, [0]), 0n, 'woken');
    assert.is(await scalar(1, [20]), 1n, 'timed out');
    assert.is((await app.call(3)).status, 0, 'IOFree of memory of new');

    for (const mood of [7, 8]) {
      assert.is((await app.call(2, { scalars: [mood] })).status, 0);
      await until('the mood', () => said(`mood ${mood}`) === 1);
    }

    const device = {
      vendor: 0x1209,
      product: 1,
      configurations: [
        {
          value: 1,
          interfaces: [
            { number: 0, endpoints: [] },
            { number: 1, endpoints: [] },
          ],
        },
      ],
    };
    const cable = await stage.simulator.plug(device);
    await until('two interfaces', () => said('arrived 1 0') === 2);
    await cable.unplug();
    await until('their end', () => said('gone 1 0') === 2);
    await app.close();
  });
}

project.run();
