// Names that generated code must not take: of the class that a driver derives from, and of its own limits.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wireEmitter } from '../../generator/emit/wire/index.js';
import { readTemplates } from '../../generator/io/templates.js';
import { createRender } from '../../generator/render/render.js';
import { faultsOf, modelOf, resolveText } from './resolved.js';

const names = suite('names');

const driver = (base: string): string => `dextgen: 1
interface: Example
version: 1.0
bundle: { identifier: com.example.Example.driver }
driver: { extends: ${base}, provider: IOUserResources, match: { IOResourceMatch: IOKit } }
`;

const faults = (base: string, body: string) =>
  resolveText(driver(base) + body).diagnostics.map(({ code, message }) => `${code} ${message}`);

names('members of IOService and IOUserClient, however they would come about', () => {
  for (const name of ['start', 'stop', 'set_properties', 'NewUserClient', 'getProvider', 'init'])
    assert.ok(
      faultsOf(`methods: { ${name}: { selector: 1 } }\n`).some((fault) => /DK30[23]/.test(fault)),
      name,
    );
  const clashing = driver('IOService').replace(
    'IOResourceMatch: IOKit } }',
    'IOResourceMatch: IOKit }, services: { defaultDispatchQueue: { class: Extra, kernelClass: IOUserService } } }',
  );
  assert.match(
    resolveText(`${clashing}methods: { go: { selector: 1 } }\n`)
      .diagnostics.map(({ code, message }) => `${code} ${message}`)
      .join('\n'),
    /DK302 "defaultDispatchQueue" generates CreateDefaultDispatchQueue in the driver's class, a member of IOService/,
  );
});

names('members of a family are in the way of its drivers alone', () => {
  const body = 'methods: { hwActivate: { selector: 1 }, report: { selector: 2, async: true } }\n';
  assert.equal(faults('IOService', body), []);
  assert.equal(faults('IOUserSerial', body), [
    'DK302 "hwActivate" generates HwActivate in the driver\'s class, a member of IOUserSerial',
  ]);
  // Not the hook, but what answers it.
  assert.equal(faults('IOUserHIDDevice', body), [
    'DK302 "report" generates CompleteReport in the driver\'s class, a member of IOUserHIDDevice',
  ]);
  assert.equal(
    faults(
      'IOUserSCSIParallelInterfaceController',
      'methods: { userGetDataBuffer: { selector: 1 } }\n',
    ).length,
    1,
  );
});

names('an input and an output of one name have limits of their own', () => {
  const model = modelOf(`methods:
  setRate: { selector: 1, in: { hz: { type: u32, min: 1, max: 9 } }, out: { hz: { type: u32, max: 7 } } }
  read: { selector: 2, in: { data: { type: bytes, max: 8 } }, out: { data: { type: bytes, max: 16 } } }
`);
  const [file] = wireEmitter.emit(model, createRender(readTemplates('.').templates));
  const limits = [...(file?.text ?? '').matchAll(/(k\w+(?:Min|Max))\b\D+(\d+)/g)].map(
    ([, name, value]) => `${name} ${value}`,
  );
  for (const limit of [
    'kExampleSetRateHzMin 1',
    'kExampleSetRateHzMax 9',
    'kExampleSetRateHzOutMax 7',
    'kExampleReadDataMax 8',
    'kExampleReadDataOutMax 16',
  ])
    assert.ok(limits.includes(limit), `${limit} in ${limits.join(', ')}`);
  // What would be called like that is refused.
  assert.equal(
    faultsOf(`methods:
  setRate:
    selector: 1
    in: { hz: { type: u32, max: 9 }, hzOut: { type: u32, max: 9 } }
    out: { hz: { type: u32, max: 7 } }
`),
    ['DK304 2:3'],
  );
});

names.run();
