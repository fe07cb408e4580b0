// Hard names of drivers, user clients, services, classes, personalities and keys, and of interfaces; hard texts in
// property lists, which have to come out of another reader as they went in.
import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveInterface } from '../../generator/model/index.js';
import { compileDext } from '../dext/dext-sources.js';
import { compile } from '../dext/support.js';
import { driverNames } from './driver-schemas.js';
import { checkPaths, checkTables, checkTypeScript, filesOf, writeFiles } from './judge.js';
import { type Settled, settle } from './schema-text.js';
import { hardNames } from './words.js';

const hostile = suite('hostile names of drivers and interfaces');
const clients = new Map<string, string>();

/** What Python's reader of property lists makes of one, keys in order. */
function readPlist(text: string): Record<string, unknown> {
  const program =
    'import plistlib,sys,json; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout, default=lambda x: x.hex())';
  return JSON.parse(execFileSync('python3', ['-c', program], { input: text, encoding: 'utf8' }));
}

function checkTexts({ positions }: Settled, files: ReadonlyMap<string, string>): void {
  const plist = readPlist(files.get('plist/Info.plist') ?? '');
  const personalities = plist.IOKitPersonalities as Record<string, Record<string, unknown>>;
  const main = personalities.ZqMain ?? {};
  const texts = [...(positions.text ?? [])].map((text) => JSON.parse(text) as string);
  assert.ok(texts.length > 20);
  texts.forEach((text, i) => {
    assert.is(main[`ZqText${i}`], text);
  });
  for (const key of positions.key ?? []) {
    if (!key.startsWith('"')) continue;
    const name = JSON.parse(key) as string;
    assert.is((main[name] as readonly unknown[] | undefined)?.[1], name, key);
  }
}

hostile('drivers, user clients, services and what their property lists hold', () => {
  const turn = Number(process.env.HOSTILE_TURN ?? 0);
  const settled = settle(driverNames({ all: hardNames, turn }));
  assert.ok(settled.refused.length > 100);
  const files = filesOf(settled.model);
  checkPaths(files);
  for (const [path, text] of files) {
    if (path.startsWith('docs/')) checkTables(text);
    if (path.startsWith('client/')) clients.set('drivers', text);
    if (/[.](plist|entitlements)$/.test(path)) readPlist(text);
  }
  checkTexts(settled, files);
  compileDext(settled.model);
});

hostile('names of interfaces', () => {
  const refused: string[] = [];
  const headers = new Map<string, string>();
  for (const word of hardNames.filter((name) => /^"[a-zA-Z]+"$/.test(name))) {
    const name = word.replace(/^"([a-z])/, (_, letter) => `"${letter.toUpperCase()}`);
    const text = `dextgen: 1\ninterface: ${name}\nversion: 1.0\nbundle: { identifier: com.example.x }
driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }
types: { A: { struct: { a: u8 } } }\nmethods: { a: { selector: 1, in: { a: A } } }\n`;
    const { model, diagnostics } = resolveInterface({ path: 'schema/a.yaml', text });
    if (model === null) {
      assert.is(diagnostics.length, 1, `${word}: ${diagnostics.map(({ code }) => code)}`);
      refused.push(word);
      continue;
    }
    const files = filesOf(model);
    headers.set(`${model.id}.h`, files.get(`wire/${model.id}.h`) ?? '');
    if (headers.size % 5 === 0)
      clients.set(`interface_${model.id}`, files.get(`client/${model.id}.ts`) ?? '');
  }
  assert.ok(refused.length > 60 && headers.size > 100, `${refused.length}, ${headers.size}`);
  // In one folder of headers, none stands in for one of the system's.
  const lines = [...headers.keys()].map((file) => `#include "${file}"`);
  const folder = writeFiles(new Map([...headers, ['all.cpp', `${lines.join('\n')}\n`]]));
  const own = writeFiles(
    new Map([
      [
        'system.cpp',
        '#include <algorithm>\n#include <cmath>\n#include <cstring>\n#include <ctime>\n#include <unistd.h>\n#include <pthread.h>\nstatic_assert(sizeof(size_t) == 8);\n',
      ],
    ]),
  );
  const flags = ['-std=gnu++20', '-fsyntax-only', '-Iruntime/wire', `-I${folder}`];
  compile('g++', [...flags, `${folder}/all.cpp`]);
  compile('g++', [...flags, `${own}/system.cpp`]);
});

hostile('strict TypeScript takes the clients', () => {
  assert.ok(clients.size > 20);
  checkTypeScript(clients);
});

hostile.run();
