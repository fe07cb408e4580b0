// Every snippet of docs/simulator.md: all of them are checked against the types; what needs no driver of its own runs,
// in a simulator with the Scope.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const folder = resolve('build', 'docs');
const page = readFileSync('docs/simulator.md', 'utf8');
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');

const IMPORTS = `
import {
  AUDIO_OPERATION, HID_REPORT, buildDriver, corrupt, delay, packetSource, shorten, stall, startSimulator, type InEndpoint, type PluggedDevice, type Simulator,
} from 'dextgen/simulator';
import { Scope } from '../../generated/scope/client/scope.js';
`;
const SOURCE = `const source = packetSource({ packetSize: 112, rate: 1000, fill: (target, first) => target.fill(first) });`;
const STAGE = `
const bundle = 'build/sim/scope/com.example.Scope.driver.dext';
const entitlements = 'generated/scope/plist/ScopeApp-macOS.entitlements';
const bundles = [bundle];
`;
const SCOPE = `${STAGE}
${SOURCE}
await using simulator: Simulator = await startSimulator({ bundles, entitlements });
const cable: PluggedDevice = await simulator.plug({
  vendor: 0x0957, product: 0x179a, speed: 'high',
  configurations: [{ value: 1, interfaces: [{ number: 0, endpoints: [{ address: 0x81, type: 'bulk', maxPacketSize: 512 }] }] }],
  in: { 0x81: source },
  control: () => new Uint8Array(0),
});
await using scope = await Scope.open({ timeout: 60_000 });
`;
const DESCRIPTORS = `
const bytes18 = Buffer.from('120100020000004009121700000100020001', 'hex');
const bytes = Buffer.from('09021900010100803209040000010000000007058102000200', 'hex');
`;

type Example = {
  /** What the text around the snippet takes as given. */
  readonly before: string;
  readonly after?: string;
  /** Only its types are checked: it needs a driver of its own. */
  readonly typesOnly?: true;
};

/** By what is in the snippet and in no other. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  'test.run()': { before: '' },
  // The driver is the reader's own; test/driverkit/xcode.test.ts has one.
  'await buildDriver(': { before: '', after: 'void bundle;', typesOnly: true },
  userClientStart: { before: STAGE, after: 'await simulator.counts();' },
  bytes18: {
    before: `${SOURCE}${DESCRIPTORS}
await using simulator = await startSimulator();
const calibration = new Uint8Array(4);
let rate = 0;`,
    after: 'void rate;',
  },
  'stall(corrupt': { before: `${SOURCE}\nconst device = {`, after: '};\nvoid device;' },
  plugPci: {
    typesOnly: true,
    before: `declare const simulator: Simulator;
declare const registers: number[];
declare const [bytes, address]: [Uint8Array, bigint];`,
  },
  plugHid: {
    before: `
await using simulator = await startSimulator();
const reportDescriptor = Buffer.from('05010905a1018507750895028103c0', 'hex');
const bytes = Buffer.of(7, 0);
const report = Buffer.of(7, 1, 2);`,
  },
  followHid: {
    typesOnly: true,
    before: 'declare const simulator: Simulator;\ndeclare const leds: Uint8Array;',
  },
  openAudio: {
    typesOnly: true,
    before: 'declare const simulator: Simulator;\ndeclare const samples: Uint8Array;',
  },
  openMidi: { typesOnly: true, before: 'declare const simulator: Simulator;' },
  openSerial: {
    typesOnly: true,
    before: 'declare const simulator: Simulator;\ndeclare const bytes: Uint8Array;',
    after: 'void answer;',
  },
  openBlock: {
    typesOnly: true,
    before: 'declare const simulator: Simulator;\ndeclare const bytes: Uint8Array;',
    after: 'void blocks;',
  },
  openScsi: {
    typesOnly: true,
    before: 'declare const simulator: Simulator;',
    after: 'void [status, data, sense];',
  },
  'fault.struck;                 ': {
    // Nobody reads the stream, so that the device meets its packet before there is a fifth completion.
    before: `${SCOPE}
await scope.packets().open();
source.start();`,
  },
  'simulator.sleep()': { before: `${SCOPE}const newerBundle = bundle;` },
  'time.hold()': { before: SCOPE },
  "record: 'run.jsonl'": {
    before: STAGE,
    after: 'await simulator.shutdown();',
  },
};

const docs = suite('docs');

const nameOf = (block: string): string => {
  const names = Object.keys(EXAMPLES).filter((name) => block.includes(name));
  assert.is(names.length, 1, `one example for\n${block}\nnot ${names}`);
  return names[0] ?? '';
};

const programOf = (block: string): string => {
  const { before, after = '' } = EXAMPLES[nameOf(block)] ?? { before: '' };
  if (before === '' && after === '') return block.replace("'../generated/", "'../../generated/");
  // What it writes to where it is called lands beside it.
  const own = block.replaceAll("'run.jsonl'", JSON.stringify(join(folder, 'run.jsonl')));
  return `${IMPORTS}${before}\n${own}\n${after}\n`;
};

docs.before(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
docs.after(() => rmSync(folder, { recursive: true, force: true }));

docs('each is known here', () => {
  assert.is(blocks.length, Object.keys(EXAMPLES).length);
  assert.is(new Set(blocks.map(nameOf)).size, blocks.length);
});

docs('the types of all of them', () => {
  blocks.forEach((block, i) => {
    // Its own test is written as people write tests, in a project that is less strict.
    if (!block.includes('test.run()')) writeFileSync(join(folder, `${i}.ts`), programOf(block));
  });
  const include = ['*.ts'];
  const compilerOptions = { noEmit: true, rootDir: resolve('.'), noUnusedLocals: false };
  const config = { extends: resolve('tsconfig.json'), compilerOptions, include, exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  assert.is(run.status, 0, run.stdout + run.stderr);
});

for (const block of blocks) {
  const name = nameOf(block);
  if (EXAMPLES[name]?.typesOnly) continue;
  docs(`it runs: ${name.trim()}`, () => {
    const file = join(folder, 'example.mjs');
    const code = programOf(block).replaceAll("'../../generated/", "'../js/generated/");
    // Node 20 has no `await using`.
    writeFileSync(file, transformSync(code, { target: 'node20', loader: 'ts' }).code);
    const run = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 550_000 });
    assert.is(run.status, 0, `${run.signal}\n${run.stdout}${run.stderr}`);
    if (name === 'test.run()') assert.match(run.stdout, /Passed:\s+1/);
  });
}

docs.run();
