// What the translator refuses: each with its line and column.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder, translateFiles, translateMembers } from './support.js';

/** Members of the class, which begin in line 6; where the error is; what it says. */
const members: readonly (readonly [string, string, RegExp])[] = [
  ['int count;', '6:5', /count is a data member.*struct Test_IVars \(contract §9\.2\)/],
  ['IODispatchQueue * queue = nullptr;', '6:19', /queue is a data member/],
  ['uint8_t bytes[16];', '6:9', /bytes is a data member/],
  ['static constexpr int kLimit = 4;', '6:22', /kLimit is a data member/],
  ['void (*callback)(int);', '6:6', /data member/],
  ['Test();', '6:1', /no constructor: use init\(\)/],
  ['virtual ~Test();', '6:9', /no destructor: use free\(\)/],
  ['kern_return_t Go() { return 0; }', '6:20', /Go has a body/],
  ['kern_return_t Go()', '7:1', /expected ";" after method Go, found "}"/],
  ['kern_return_t Go(uint32_t value;', '6:32', /expected "\)" after the parameters, found ";"/],
  ['kern_return_t Go() OVERRIDE;', '6:20', /unknown annotation OVERRIDE/],
  ['kern_return_t Go() TARGET;', '6:20', /TARGET does not belong on a method/],
  ['kern_return_t Go(int a LOCALONLY);', '6:24', /LOCALONLY does not belong on a parameter/],
  ['kern_return_t Go() LOCAL LOCALONLY;', '6:15', /cannot be both LOCAL and LOCALONLY/],
  ['kern_return_t Go() LOCAL LOCAL;', '6:26', /LOCAL is given twice/],
  ['kern_return_t Go() QUEUENAME;', '6:29', /expected "\(" after QUEUENAME/],
  ['kern_return_t Go() = 1;', '6:22', /only "= 0" may follow/],
  ['kern_return_t Go() = 0;', '6:15', /Go is pure but not virtual/],
  ['virtual kern_return_t Go() override;', '6:23', /Go overrides nothing/],
  [
    'virtual kern_return_t Start(IOService * provider) override LOCALONLY;',
    '6:23',
    /Start is a message of IOService/,
  ],
  [
    'virtual kern_return_t Start(uint32_t provider) override;',
    '6:23',
    /parameters of Start differ from those in IOService/,
  ],
  [
    'virtual bool Start(IOService * provider) override;',
    '6:9',
    /Start returns kern_return_t in IOService/,
  ],
  [
    'virtual kern_return_t Go();\nvirtual kern_return_t Go(int a);',
    '7:23',
    /Go is declared twice: messages cannot be overloaded/,
  ],
  [
    'void Go(int a) LOCALONLY;\nvoid Go(int b) LOCALONLY;',
    '7:6',
    /Go is declared twice with the same parameters/,
  ],
  ['kern_return_t Go(void * data);', '6:18', /data points to void, which a message cannot carry/],
  ['kern_return_t Go(const char * text);', '6:18', /text is a string without a bound/],
  ['kern_return_t Go(uint32_t & value);', '6:18', /value is a reference/],
  ['kern_return_t Go(uint32_t ** value);', '6:18', /pointer to a pointer to plain data/],
  ['kern_return_t Go(uint32_t values[]);', '6:18', /values is an array without a size/],
  ['kern_return_t Go(uint32_t values[2][2]);', '6:18', /two dimensions/],
  ['kern_return_t Go(std::span<int> values);', '6:18', /template type/],
  ['kern_return_t Go(int a, ...);', '6:25', /no variable arguments/],
  ['OSData * Go();', '6:1', /Go returns a pointer, which a message cannot carry/],
  ['kern_return_t Go(IOService * service TARGET);', '6:18', /TARGET belongs on an OSAction \*/],
  ['kern_return_t Go(OSAction * action TARGET);', '6:15', /Go has a TARGET and must return void/],
  [
    'void Done(OSAction * action TARGET) TYPE(IOUSBHostPipe::Nothing);',
    '6:6',
    /class IOUSBHostPipe has no method Nothing/,
  ],
  [
    'void Done(OSAction * action TARGET) TYPE(Nowhere::Done);',
    '6:6',
    /no included \.iig file declares class Nowhere/,
  ],
  [
    'void Done(OSAction * action TARGET) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
    '6:6',
    /parameters of Done differ from those of IOUSBHostPipe::CompleteAsyncIO/,
  ],
  [
    'void Done(IOReturn status) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
    '6:6',
    /needs an OSAction \* among its parameters/,
  ],
  ['using Number = int;', '6:1', /"using" cannot stand in a class/],
  ['template <class T> void Go(T value);', '6:1', /"template" cannot stand in a class/],
  ['/* never ends', '6:1', /this comment does not end/],
  ['kern_return_t Go(const char text[4] = "abc);', '6:39', /this string does not end on its line/],
  ['#if 1\nint a() LOCALONLY;', '6:1', /this #if has no #endif/],
  ['#endif', '6:1', /#endif without #if/],
  ['#error stop', '6:1', /#error stop/],
];

/** Whole files. */
const files: readonly (readonly [string, string, RegExp])[] = [
  ['#include <DriverKit/Nothing.iig>\n', '1:1', /cannot find DriverKit\/Nothing\.iig \(searched /],
  ['class Test : public Unknown\n{\n};\n', '1:21', /base class Unknown is not declared/],
  ['class Test\n{\n};\n', '1:7', /class Test has no base class/],
  [
    '#include <DriverKit/IOService.iig>\nclass Test : IOService\n{\n};\n',
    '2:14',
    /expected "public"/,
  ],
  [
    '#include <DriverKit/IOService.iig>\nclass Test : public IOService, public OSObject\n{\n};\n',
    '2:30',
    /one base class/,
  ],
  [
    '#include <DriverKit/IOService.iig>\nclass Test : public IOService\n{\n}\n',
    '5:1',
    /expected ";" after a class, found the end of the file/,
  ],
  [
    '#include <DriverKit/IOService.iig>\nclass Test : public IOService\n{\n',
    '2:7',
    /class Test has no "}"/,
  ],
  [
    '#include <DriverKit/IOService.iig>\nclass IOService : public OSObject\n{\n};\n',
    '2:7',
    /class IOService is already declared in .*IOService\.iig/,
  ],
];

const errors = suite('iig: errors');

for (const [text, place, message] of members) {
  errors(text.replaceAll('\n', ' '), () => {
    const { errors: found } = translateMembers(text);
    assert.ok(found.length > 0, 'translated without an error');
    assert.ok(
      found[0]?.startsWith(`${folder}/Test.iig:${place}: error: `),
      `expected at ${place}:\n${found.join('\n')}`,
    );
    assert.match(found[0] ?? '', message);
  });
}

for (const [text, place, message] of files) {
  errors(text.replaceAll('\n', ' '), () => {
    const { errors: found } = translateFiles({ 'Test.iig': text });
    assert.ok(found.length > 0, 'translated without an error');
    assert.ok(
      found[0]?.startsWith(`${folder}/Test.iig:${place}: error: `),
      `expected at ${place}:\n${found.join('\n')}`,
    );
    assert.match(found[0] ?? '', message);
  });
}

errors('every bad member is reported, in order', () => {
  const { errors: found } = translateMembers('int a;\nkern_return_t Good();\nint b;\nTest();');
  assert.equal(
    found.map((text) => /:(\d+):\d+: /.exec(text)?.[1]),
    ['6', '8', '9'],
  );
});

errors('the excerpt marks the column, behind tabs too', () => {
  const { errors: found } = translateMembers('\tint count;');
  assert.ok(found[0]?.endsWith('\n  \tint count;\n  \t    ^'), found[0]);
});

errors('an error in an included file names that file', () => {
  const { errors: found } = translateFiles({
    'Broken.iig':
      '#include <DriverKit/IOService.iig>\nclass Broken : public IOService\n{\nint a;\n};\n',
    'Test.iig': '#include "Broken.iig"\nclass Test : public Broken\n{\n};\n',
  });
  assert.ok(found[0]?.startsWith(`${folder}/Broken.iig:4:5: error: `), found[0]);
});

errors.run();
