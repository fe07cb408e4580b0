// Kept .iig files: what counts as the same declaration, however it is written.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { classOf, declarationsOf } from '../../generator/kept/declarations.js';

const kept = suite('kept .iig');

const only = (line: string) => {
  const found = declarationsOf(line);
  assert.is(found.length, 1, line);
  const [{ name, result, parameters, localOnly } = { name: '', result: '', parameters: [] }] =
    found;
  return { name, result, parameters, localOnly };
};

const setRate = {
  name: 'SetRate',
  result: 'kern_return_t',
  parameters: ['Client *', 'uint32_t', 'const uint8_t *', 'uint64_t *'],
  localOnly: true,
};

kept('spacing and names of parameters do not count', () => {
  for (const line of [
    'kern_return_t SetRate(Client * client, uint32_t hz, const uint8_t * bytes, uint64_t * size) LOCALONLY;',
    'kern_return_t SetRate(Client* c, uint32_t, const uint8_t*b, uint64_t *n) LOCALONLY;',
    'virtual kern_return_t\n    SetRate(\n        Client * client,\n        uint32_t hz,\n        const uint8_t * bytes,\n        uint64_t * size) LOCALONLY;',
  ])
    assert.equal(only(line), setRate, line);
});

kept('types, results and LOCALONLY do', () => {
  const line = 'kern_return_t SetRate(Client * c, uint32_t hz, const uint8_t * b, uint64_t * n)';
  assert.is(only(`${line};`).localOnly, false);
  assert.not.equal(only(`${line.replace('uint32_t', 'int32_t')} LOCALONLY;`), setRate);
  assert.not.equal(only(`${line.replace('const ', '')} LOCALONLY;`), setRate);
  assert.not.equal(only(`${line.replace('kern_return_t', 'void')} LOCALONLY;`), setRate);
});

kept('actions have a target and a type', () => {
  const action = only(
    'virtual void ReadComplete(OSAction * action TARGET, IOReturn status, uint32_t n) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
  );
  assert.equal(action.parameters, ['OSAction *', 'IOReturn', 'uint32_t']);
  assert.equal(
    only('void ReadComplete(OSAction *a TARGET, IOReturn s, uint32_t n) TYPE(X::Y);').parameters,
    action.parameters,
  );
});

kept('the class is found by its name, with its base, past comments and other classes', () => {
  const text = `
// class Lamp : public Wrong { void Old(); };
class IOUserClient;
class LampOther : public IOService { public: void Other() LOCALONLY; };
class Lamp : public IOUserHIDDevice
{
public:
    /* void Hidden() LOCALONLY; */
    void Seen() LOCALONLY; // void Tail() LOCALONLY;
#if 1
    void Also(uint32_t count) LOCALONLY;
#endif
private:
    bool Last() LOCALONLY;
};`;
  const found = classOf(text, 'Lamp');
  assert.is(found?.base, 'IOUserHIDDevice');
  assert.equal(
    declarationsOf(found?.body ?? '').map(({ name, result }) => [result, name]),
    [
      ['void', 'Seen'],
      ['void', 'Also'],
      ['bool', 'Last'],
    ],
  );
  assert.is(classOf(text, 'Lam'), null);
});

kept.run();
