// User clients that exist in public, described as they are in test/schema/public/ and, where they run, in
// test/interfaces/: all compile, and sizes and selectors are those that their headers state or a C compiler gives.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../generator/compile.js';
import { readTemplates } from '../../generator/io/templates.js';
import type { Model, NamedType } from '../../generator/model/index.js';
import { createRender } from '../../generator/render/render.js';
import { compileDext } from '../dext/dext-sources.js';
import { modelOf } from '../dext/support.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const folder = 'test/schema/public';
/** Those that run in the simulator, with a driver and an app. */
const running = ['can-adapter', 'gpib-bus', 'gpu-window', 'smc-keys', 'wifi-control'];
const others = readdirSync(join(root, folder)).map((file) => file.replace(/\.yaml$/, ''));
const names = [...others, ...running];

const pathOf = (name: string): string =>
  running.includes(name) ? `test/interfaces/${name}/schema.yaml` : `${folder}/${name}.yaml`;

const models = new Map<string, Model>();
const publicly = suite('public interfaces');

function model(name: string): Model {
  const known = models.get(name) ?? modelOf(pathOf(name));
  models.set(name, known);
  return known;
}

function type(name: string, of: string): NamedType {
  const found = model(name).types.find((one) => one.name === of);
  if (found === undefined) throw new Error(`${name} has no ${of}`);
  return found;
}

const sizeOf = (name: string, of: string): unknown => {
  const found = type(name, of);
  return 'min' in found ? [found.min, found.max] : found.size;
};

const selectorsOf = (name: string): readonly number[] =>
  model(name).methods.map(({ selector }) => selector);

publicly('all compile, and every emitter prints them', () => {
  const render = createRender(readTemplates(root).templates);
  assert.is(names.length, 25);
  for (const name of names) {
    const path = pathOf(name);
    const { files, diagnostics } = compile(
      { path, text: readFileSync(join(root, path), 'utf8') },
      render,
    );
    assert.equal(diagnostics, [], name);
    assert.ok(files.length > 10, name);
  }
});

publicly('RDMA verbs: what the header asserts of its structs', () => {
  const asserted = {
    ...{ Sge: 16, PostSend: 48, PostRecv: 32, PostSendSge: 296, PostRecvSge: 272 },
    ...{ SendBatch: 3080, RecvBatch: 2056, Completion: 48, SyncRecvSge: 280, PostInline: 544 },
    ...{ PostAtomic: 64, ArmCq: 8, GidEntry: 36, GidTable: 2320, CreatedQp: 32, PostUmr: 152 },
  };
  for (const [name, size] of Object.entries(asserted))
    assert.is(sizeOf('rdma-verbs', name), size, name);
  const selectors = selectorsOf('rdma-verbs');
  assert.equal([selectors[0], selectors.at(-1), selectors.length], [0x1010, 0x10b2, 23]);
});

const sizes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  accelerator: { CreateQueue: 1032, Allocate: 96, Allocated: 80, Submit: 44, ResourceGroup: 64 },
  'battery-bus': { Request: 37, Reply: 136 },
  'control-surface': { OpenOut: 16, Report: [4, 516], BulkFrame: [8, 524296], DeviceState: 14 },
  'disk-images': { MountRequest: 1048, MountInfo: 1064, Mounts: [0, 17024] },
  'exec-guard': { Message: 3104 },
  'fido-frames': { Frame: 520 },
  framebuffer: { PixelInformation: 172, Timing: 40, Bounds: 8, Color: 8 },
  'msr-access': { Register: 16, Entry: 44 },
  'nvme-queues': { Command: 144, Queue: 32 },
  'port-io': { Port: 24, Msr: 16, CpuId: 28, ReadMemory: 24 },
  'power-counters': { Package: [12, 1036], Board: 128, Basic: 64 },
  'serial-pairs': { Control: 64, PortList: 17 },
  wheel: { SetRange: 10, SetByte: 9 },
  'window-surface': { Region: [12, 524], Information: 88, ReadData: 32, Scaling: 44 },
};

publicly('sizes of the others', () => {
  for (const [name, expected] of Object.entries(sizes))
    for (const [of, size] of Object.entries(expected))
      assert.equal(sizeOf(name, of), size, `${name} ${of}`);
});

publicly('selectors with gaps', () => {
  assert.equal(selectorsOf('power-counters').slice(-6), [90, 91, 92, 93, 94, 95]);
  assert.equal(selectorsOf('accelerator'), [6, 7, 8, 9, 10, 11, 0x1d, 0x1e, 0x31]);
  assert.equal(selectorsOf('wheel'), [3, 4, 5, 6]);
  assert.equal(selectorsOf('fido-frames'), [0, 2, 3, 4]);
});

publicly('completions and events without a word', () => {
  const [event] = model('fido-frames').subscriptions[0]?.events ?? [];
  assert.equal(event?.words, { min: 0, max: 0 });
  const wait = model('can-adapter').methods.find(({ name }) => name === 'waitForData');
  assert.is(wait?.answer?.words, 0);
});

/** The largest; all of them were compiled when they were written, and others are compiled to run. */
publicly('the dext of RDMA verbs compiles without a warning', () =>
  compileDext(model('rdma-verbs')),
);

publicly.run();
