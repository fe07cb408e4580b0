// Projects as Xcode has them, built as they are: variables in Info.plist, .iig files in subfolders, headers of any
// name, blocks; and what such drivers use: service and state notifications, sleeping locks, IOCallOnce.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildDriver, expandVariables } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { buildCaller, openStage, startCaller, until } from '../families/support.js';
import { newFolder, plist } from '../simulator/support.js';
import { PATIENCE_MS } from '../waiting.js';

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
    (error) => assert.match(error.message, /Info\.plist: no such file; the driver needs one/),
  );
  await buildDriver({ folder, identifier, out: join(empty, 'out') }).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /Info\.plist: \$\(GREETING\) has no value/),
  );
});

project('a resource that is not there is named', async () => {
  const own = smallProject();
  const build = { folder: own, variables: { SMALL_NAME: 'x' }, out: join(newFolder(), 'out') };
  await buildDriver({ ...build, resources: ['firmware.bin'] }).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /firmware\.bin: no such file; `resources` names it/),
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

/** A driver with a C file, a `.cc` file and everything else left to be found; `more` are files of its folder. */
function smallProject(more: Readonly<Record<string, string>> = {}): string {
  const own = join(newFolder(), 'Small Driver');
  mkdirSync(join(own, 'src'), { recursive: true });
  const personality = {
    CFBundleIdentifier: '$(PRODUCT_BUNDLE_IDENTIFIER)',
    IOClass: 'IOUserService',
    IOUserClass: 'SmallDriver',
    IOUserServerName: '$(PRODUCT_BUNDLE_IDENTIFIER)',
    IOProviderClass: 'IOUserResources',
    IOResourceMatch: 'IOKit',
    IOName: '$(SMALL_NAME)',
  };
  const info = {
    CFBundleIdentifier: '$(PRODUCT_BUNDLE_IDENTIFIER)',
    IOKitPersonalities: { Small: personality },
  };
  const files = {
    'Info.plist': plist(info),
    'src/SmallDriver.iig':
      '#include <DriverKit/IOService.iig>\nclass SmallDriver : public IOService\n{\npublic:\n\tvirtual kern_return_t Start(IOService *provider) override;\n};\n',
    'src/SmallDriver.cc':
      '#include <DriverKit/IOService.h>\n#include "SmallDriver.h"\n#include "twice.h"\nkern_return_t IMPL(SmallDriver, Start)\n{\n\tkern_return_t ret = Start(provider, SUPERDISPATCH);\n\tif (ret == 0 && twice(21) == 42) RegisterService();\n\treturn ret;\n}\n',
    'src/twice.h': '#ifdef __cplusplus\nextern "C"\n#endif\nint twice(int number);\n',
    'src/twice.c': '#include "twice.h"\nint twice(int class) { return 2 * class; }\n',
    ...more,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
  return own;
}

/** `dextgen sim run`, which ends with the registry that has the driver. */
function runProject(...words: readonly string[]) {
  const cwd = newFolder();
  const bin = resolve('generator/bin.mjs');
  const look = `"${process.execPath}" "${bin}" sim registry --long > seen`;
  const script = `until ${look} && grep -q 'SmallDriver.*registered' seen; do :; done; cat seen`;
  const { DEXTGEN_SIM_SOCKET: _, ...rest } = process.env;
  const env = { ...rest, XDG_RUNTIME_DIR: cwd };
  const args = [bin, 'sim', 'run', ...words, '--', 'sh', '-c', script];
  return spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8', timeout: PATIENCE_MS });
}

project('`dextgen sim run` builds and starts the driver of a folder', () => {
  const own = smallProject();
  const ran = runProject(own, '--setting', 'SMALL_NAME=tiny');
  assert.is(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, `building the driver in ${own}`);
  assert.match(ran.stdout, '"IOName" = "tiny"');
  assert.match(ran.stdout, /"IOUserServerName" = "local\.Small-Driver"/);
  const unset = runProject(own);
  assert.is(unset.status, 1);
  assert.match(unset.stderr, /Info\.plist: \$\(SMALL_NAME\) has no value/);
  const wrong = runProject(own, '--setting', 'SMALL_NAME');
  assert.is(wrong.status, 2);
  assert.match(wrong.stderr, '--setting is NAME=VALUE, not "SMALL_NAME"');
});

project('entitlements are found when there is one file of them', async () => {
  const own = smallProject({ 'A.entitlements': plist({}), 'B.entitlements': plist({}) });
  await buildDriver({ folder: own, out: join(own, 'out') }).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /A\.entitlements, .*B\.entitlements: which are/),
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
      resources: ['Resources/table.txt'],
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

    const load = (name: string) => app.call(4, { bytes: Buffer.from(`${name}\0`), outScalars: 2 });
    const table = await load('table.txt');
    assert.equal([table.status, table.scalars], [0, [6n, BigInt('v'.charCodeAt(0))]], 'OSBundle');
    assert.is((await load('none.txt')).status >>> 0, 0xe00002f0, 'no such file');
    assert.is((await app.call(5, { scalars: [1] })).status, 0, 'reports');
    const legends = JSON.stringify(await stage.simulator.registry());
    assert.match(legends, '"IOReportLegendPublic":true');

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
