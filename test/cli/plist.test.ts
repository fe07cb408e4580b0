// The property lists as a real parser reads them, and text that would break XML, Markdown or YAML.
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse as parseYaml } from 'yaml';
import { emitAll } from '../../generator/emit/all-emitters.js';
import { readTemplates } from '../../generator/io/templates.js';
import { resolveInterface } from '../../generator/model/resolve-interface.js';
import { root, scopeText } from './project.js';

const plist = suite('plist and docs');
const { templates } = readTemplates(root);

function emit(text: string): Map<string, string> {
  const { model, diagnostics } = resolveInterface({ path: 'schema/scope.yaml', text });
  if (model === null) throw new Error(JSON.stringify(diagnostics, null, 2));
  return new Map(emitAll(model, templates).map((file) => [file.path, file.text]));
}

const script =
  'import json,plistlib,sys; json.dump(plistlib.loads(sys.stdin.buffer.read(), fmt=plistlib.FMT_XML), sys.stdout)';

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
function readPlist(text: string | undefined): any {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: text,
    encoding: 'utf8',
  });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout);
}

const files = emit(scopeText);

plist('Info.plist', () => {
  const info = readPlist(files.get('plist/Info.plist'));
  assert.is(info.CFBundleIdentifier, 'com.example.Scope.driver');
  assert.is(info.CFBundleExecutable, 'com.example.Scope.driver');
  assert.is(info.CFBundlePackageType, 'DEXT');
  assert.match(info.OSBundleUsageDescription, 'USB oscilloscope');
  assert.equal(info.IOKitPersonalities, {
    ScopeDriver: {
      CFBundleIdentifier: 'com.example.Scope.driver',
      CFBundleIdentifierKernel: 'com.apple.kpi.iokit',
      IOClass: 'IOUserService',
      IOProviderClass: 'IOUSBHostInterface',
      IOUserClass: 'ScopeDriver',
      IOUserServerName: 'com.example.Scope.driver',
      UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'ScopeUserClient' },
      idVendor: 0x0957,
      idProduct: 0x179a,
      bConfigurationValue: 1,
      bInterfaceNumber: 0,
    },
  });
});

plist('entitlements carry keys and no comment', () => {
  const dext = files.get('plist/ScopeDriver.entitlements');
  assert.equal(readPlist(dext), {
    'com.apple.developer.driverkit': true,
    'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x0957, idProduct: 0x179a }],
    'com.apple.security.app-sandbox': true,
  });
  const mac = files.get('plist/ScopeApp-macOS.entitlements');
  assert.equal(readPlist(mac), {
    'com.apple.developer.driverkit.userclient-access': ['com.example.Scope.driver'],
    'com.apple.developer.system-extension.install': true,
  });
  const pad = files.get('plist/ScopeApp-iPadOS.entitlements');
  assert.equal(readPlist(pad), {
    'com.apple.developer.driverkit.communicates-with-drivers': true,
  });
  for (const text of [dext, mac, pad]) assert.not.match(text ?? '', '<!--');
});

plist('a virtual driver asks for no transport and matches the resources nub', () => {
  const text = scopeText
    .replace('provider: IOUSBHostInterface', 'provider: IOUserResources')
    .replace(/match: \{[^}]*\}/, 'match: { IOResourceMatch: IOKit }')
    .replace(/ {2}actions:\n(?: {4}.*\n)+/, '');
  const virtual = emit(text);
  const info = readPlist(virtual.get('plist/Info.plist'));
  assert.is(info.IOKitPersonalities.ScopeDriver.IOResourceMatch, 'IOKit');
  const asked = Object.keys(readPlist(virtual.get('plist/ScopeDriver.entitlements')));
  assert.not.ok(asked.some((key) => key.includes('transport')));
  assert.match(virtual.get('plist/project.yml') ?? '', '"$(inherited) -framework DriverKit"');
});

plist('project.yml is YAML with a dext and an app that embeds it', () => {
  const project = parseYaml(files.get('plist/project.yml') ?? '');
  const dext = project.targets['com.example.Scope.driver'];
  assert.is(project.name, 'Scope');
  assert.is(dext.type, 'driver-extension');
  assert.is(dext.settings.base.SDKROOT, 'driverkit');
  assert.is(dext.settings.base.INFOPLIST_FILE, 'Info.plist');
  const paths = dext.sources.map((source: { path: string }) => source.path);
  for (const path of ['../iig', '../dispatch', '../../../dext/scope', '../../../runtime/dext']) {
    assert.ok(paths.includes(path), path);
  }
  assert.equal(project.targets.ScopeApp.dependencies, [
    { target: 'com.example.Scope.driver', embed: true, link: false },
  ]);
});

plist('text that means something to XML and Markdown is only text', () => {
  const doc = String.raw`Reads A<B & "C" -- see --> ]]> | *bold* \ <b>`;
  const odd = emit(scopeText.replace(/^doc: .*$/m, `doc: '${doc}'`));
  assert.is(readPlist(odd.get('plist/Info.plist')).OSBundleUsageDescription, doc);
  const escaped = String.raw`Reads A\<B \& "C" -- see --\> \]\]\> \| \*bold\* \\ \<b\>`;
  assert.match(odd.get('docs/scope.md') ?? '', escaped);
});

plist('a schema path with -- in it does not end a comment', () => {
  const { model } = resolveInterface({ path: 'a--b-->.yaml', text: scopeText });
  assert.ok(model);
  if (model === null) return;
  const info = emitAll(model, templates).find(({ path }) => path === 'plist/Info.plist');
  readPlist(info?.text);
  assert.not.match(info?.text.split('\n')[2]?.slice(4, -3) ?? '', '--');
});

plist('the reference has every method, field and offset', () => {
  const docs = files.get('docs/scope.md') ?? '';
  for (const name of [
    'setSampleRate',
    'setTrigger',
    'selfTest',
    'setGain',
    'readLog',
    'loadFirmware',
  ]) {
    assert.match(docs, `\`${name}\``);
  }
  assert.match(docs, '| 16 | 96 | `samples` | `f32[24]` | V |');
  assert.match(docs, 'Struct of 512 bytes, aligned to 8.');
  assert.match(docs, '| 1 | 3 | (padding) |');
  assert.match(docs, '| out | `failures` | `u16` | word 3 |');
});

plist.run();
