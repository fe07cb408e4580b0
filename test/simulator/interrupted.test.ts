// A build that is killed at the worst moments: the next one builds what runs, from whole files.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSimulator, startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, type PlistDict, plist, until } from './support.js';

const NAME = 'com.example.Interrupted';

type Built = { readonly out: string; readonly sources: string; readonly tools: string };

const DRIVER_IIG = `#include <DriverKit/IOService.iig>
class InterruptedDriver : public IOService
{
public:
    virtual kern_return_t Start(IOService * provider) override;
};
`;
const DRIVER_CPP = `#include "InterruptedDriver.h"
#include <shared.h>
#include <DriverKit/DriverKit.h>
unsigned said();
kern_return_t InterruptedDriver::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    IOLog("said %u %u\\n", kSaid, said());
    return status == kIOReturnSuccess ? RegisterService() : status;
}
`;
const OTHER_CPP = `#include <shared.h>
unsigned said();
unsigned said() { return kSaid; }
`;

/**
 * A compiler that counts its runs, and in the chosen one leaves half of its output, as its dependencies, and kills its
 * group: the shell, make and itself.
 */
const COMPILER = `#!/bin/sh
count=$(($(cat "$DEXTGEN_COUNT" 2>/dev/null || echo 0) + 1))
echo "$count" > "$DEXTGEN_COUNT"
if [ "$count" != "$DEXTGEN_KILL_AT" ]; then exec g++ "$@"; fi
g++ "$@"
while [ $# -gt 0 ]; do
  case "$1" in
    -o|-MF) size=$(wc -c < "$2"); head -c $((size / 2)) "$2" > "$2.half"; cat "$2.half" > "$2"; rm "$2.half"; shift ;;
  esac
  shift
done
kill -KILL 0
`;

const personality: PlistDict = {
  CFBundleIdentifier: NAME,
  IOClass: 'IOUserService',
  IOProviderClass: 'IOUserResources',
  IOResourceMatch: 'IOKit',
  IOUserClass: 'InterruptedDriver',
  IOUserServerName: NAME,
};

function write(): Built {
  const folder = newFolder();
  const built = {
    out: join(folder, 'out'),
    sources: join(folder, 'sources'),
    tools: join(folder, 'tools'),
  };
  for (const path of Object.values(built)) mkdirSync(path, { recursive: true });
  const info = { CFBundleIdentifier: NAME, CFBundleExecutable: 'Interrupted' };
  const files = {
    'InterruptedDriver.iig': DRIVER_IIG,
    'InterruptedDriver.cpp': DRIVER_CPP,
    'other.cpp': OTHER_CPP,
    'Info.plist': plist({ ...info, IOKitPersonalities: { One: personality } }),
    'dext.plist': plist({ 'com.apple.developer.driverkit': true }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(built.sources, name), text);
  writeFileSync(join(built.tools, 'g++-dying'), COMPILER);
  chmodSync(join(built.tools, 'g++-dying'), 0o755);
  return built;
}

const buildFolder = (sanitize = ''): string =>
  sanitize === '' ? 'build' : `build/g++-${sanitize.replaceAll(',', '-')}`;

/** Whether make succeeds; with `killAt`, it dies in that run of the compiler. */
async function make(
  { out, sources, tools }: Built,
  { killAt = 0, includes = sources } = {},
): Promise<boolean> {
  const settings = {
    CXX: join(tools, 'g++-dying'),
    BUILD: buildFolder(process.env.SANITIZE),
    NAME: 'interrupted',
    IIG: sources,
    SOURCES: ['InterruptedDriver.cpp', 'other.cpp'].map((name) => join(sources, name)).join(' '),
    INCLUDES: includes,
    PLIST: join(sources, 'Info.plist'),
    ENTITLEMENTS: join(sources, 'dext.plist'),
    OUT: out,
  };
  const words = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const count = join(tools, 'count');
  rmSync(count, { force: true });
  // A group of its own, which is what dies.
  const child = spawn('make', ['-s', '-C', resolve('simulator'), 'dext', ...words], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEXTGEN_COUNT: count, DEXTGEN_KILL_AT: `${killAt}` },
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (killAt === 0) assert.is(code, 0, complaint);
  return code === 0;
}

const setNumber = (folder: string, number: number): void =>
  writeFileSync(join(folder, 'shared.h'), `constexpr unsigned kSaid = ${number};\n`);

/** What both of the driver's sources were compiled with. */
async function said({ out }: Built): Promise<string> {
  const log: string[] = [];
  const find = (): string | undefined =>
    log.map((line) => /said (\d+ \d+)/.exec(line)?.[1]).find((text) => text !== undefined);
  await using _simulator = await startSimulator({
    bundles: [join(out, `${NAME}.dext`)],
    log: (line) => log.push(line),
  });
  await until('the driver speaks', () => find() !== undefined);
  return find() ?? '';
}

const interrupted = suite<{ built: Built }>('interrupted builds');

interrupted.before(async (context) => {
  await buildSimulator();
  context.built = write();
});

// The first time there is nothing yet; later the class's own part is there; its two files and the link are left.
for (const [round, killAt] of [1, 2, 3].entries()) {
  const number = round + 1;
  interrupted(`${number}: killed in run ${killAt} of the compiler`, async ({ built }) => {
    setNumber(built.sources, number);
    assert.not.ok(await make(built, { killAt }));
    await make(built);
    assert.is(await said(built), `${number} ${number}`);
    const files = readdirSync(built.out, { recursive: true, encoding: 'utf8' });
    const objects = files.filter((name) => name.endsWith('.o'));
    assert.is(objects.length, 3, files.join('\n'));
    for (const object of objects) assert.ok(files.includes(object.replace(/o$/, 'd')), object);
    // What was left half written is gone.
    assert.equal(
      files.filter((name) => name.endsWith('.new')),
      [],
    );
  });
}

interrupted('other flags are a reason to build again', async ({ built }) => {
  const includes = join(built.sources, 'other');
  mkdirSync(includes);
  setNumber(includes, 100);
  await make(built, { includes });
  assert.is(await said(built), '100 100');
});

interrupted.run();
