// The shape of what the translator writes (contract §9.3, §9.4).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  excludes,
  folder,
  framework,
  generated,
  includes,
  root,
  translateFiles,
  translateMembers,
} from './support.js';

const header = suite('iig: header');

header(
  'arrays of a callback: a constant and what it stands for are one extent, two numbers are not',
  () => {
    const bundled = (extent: string): readonly string[] =>
      translateMembers(
        `virtual void Done(OSAction * action, uint32_t index, uint32_t count,
        const uint32_t bytes[${extent}], int byteCount, const kern_return_t statuses[16], int statusCount)
        TYPE(IOUSBHostPipe::CompleteAsyncIOBundled);`,
      ).errors;
    for (const extent of ['16', '0x10u', 'kIOUSBHostPipeBundlingMax'])
      assert.equal(bundled(extent), []);
    const [error = ''] = translateMembers(
      `virtual void Had(OSAction * action TARGET, const uint8_t bytes[4]) = 0;
       virtual void Got(OSAction * action, const uint8_t bytes[8]) TYPE(Test::Had);`,
    ).errors;
    assert.match(error, /parameters of Got differ from those of Test::Had/);
  },
);

header('a new message gets identifier, arguments, stub, implementation and invocation', () => {
  const { header: text, implementation } = translateMembers(
    'virtual kern_return_t Read(uint32_t index, const IOServiceName name, uint64_t * value);',
  );
  assert.match(text, /#define Test_Read_ID +0x[0-9a-f]{16}ULL\n/);
  includes(text, '#define Test_Read_Args uint32_t index, const char * name, uint64_t * value');
  includes(
    text,
    'kern_return_t Read( uint32_t index, const IOServiceName name, uint64_t * value, OSDispatchMethod supermethod = NULL);',
  );
  includes(text, 'kern_return_t Read_Impl(Test_Read_Args);');
  includes(
    text,
    'typedef kern_return_t (*Read_Handler)(OSMetaClassBase * target, Test_Read_Args); static kern_return_t Read_Invoke(const IORPC rpc, OSMetaClassBase * target, Read_Handler func);',
  );
  includes(implementation, 'case Test_Read_ID:');
  includes(implementation, 'char name[128];');
});

header('an override takes over identifier and dispatch, and gets no stub', () => {
  const { header: text, implementation } = translateMembers(
    'virtual kern_return_t Start(IOService * upper) override;',
  );
  excludes(text, 'Test_Start_ID');
  excludes(generated(text), 'Start( IOService * upper, OSDispatchMethod');
  includes(text, '#define Test_Start_Args IOService * upper');
  includes(text, 'kern_return_t Start_Impl(IOService_Start_Args);');
  includes(implementation, 'case IOService_Start_ID: return IOService::Start_Invoke(rpc_, self_,');
  includes(implementation, '->Start_Impl(provider);');
});

header('an override of an override goes back to the class that declared the message', () => {
  const { errors, implementation } = translateFiles({
    'Base.iig':
      '#include <DriverKit/IOService.iig>\nclass Base : public IOService\n{\nvirtual kern_return_t Stop(IOService * provider) override;\n};\n',
    'Test.iig':
      '#include "Base.iig"\nclass Test : public Base\n{\nvirtual kern_return_t Stop(IOService * provider) override;\n};\n',
  });
  assert.equal(errors, []);
  includes(implementation, 'case IOService_Stop_ID: return IOService::Stop_Invoke');
  includes(implementation, 'return super::_Dispatch(self_, rpc_);');
});

header('LOCALONLY methods are plain; what overrides one is LOCALONLY without saying so', () => {
  const { header: text } = translateMembers(
    'virtual bool init() override;\nvirtual kern_return_t ExternalMethod2(int a) LOCALONLY;\nint Go(float level) const LOCALONLY;',
  );
  excludes(text, '_ID');
  includes(text, 'virtual bool init( ) APPLE_KEXT_OVERRIDE;');
  includes(
    text,
    'class TestInterface : public OSInterface { public: virtual kern_return_t ExternalMethod2( int a) = 0; kern_return_t ExternalMethod2_Call(int a) { return ExternalMethod2(a); } };',
  );
  includes(text, 'virtual kern_return_t ExternalMethod2( int a) APPLE_KEXT_OVERRIDE;');
  includes(text, 'int Go( float level) const;');
});

header('an overload with other parameters overrides nothing', () => {
  const { errors, header: text } = translateMembers(
    'virtual bool init(uint32_t size) LOCALONLY;\nvirtual void free() override;',
  );
  assert.equal(errors, []);
  includes(
    text,
    'class TestInterface : public OSInterface { public: virtual bool init( uint32_t size) = 0; bool init_Call(uint32_t size) { return init(size); } };',
  );
  excludes(text, 'virtual void free( ) = 0;');
});

header('a TYPE method gets CreateAction and a class of its own', () => {
  const { header: text, implementation } = translateMembers(
    'virtual void Done(OSAction * action TARGET, IOReturn status, uint32_t actualByteCount, uint64_t completionTimestamp) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
  );
  assert.match(text, /#define Test_Done_ID +0x/);
  includes(text, 'kern_return_t CreateActionDone(size_t referenceSize, OSAction ** action);');
  includes(text, 'void Done_Impl(IOUSBHostPipe_CompleteAsyncIO_Args);');
  excludes(text, 'Done_Invoke');
  includes(text, 'class OSAction_Test_Done : public OSAction, public OSAction_Test_DoneInterface');
  includes(
    implementation,
    'Test_Done_ID, IOUSBHostPipe_CompleteAsyncIO_ID, referenceSize, typeName_, action);',
  );
  includes(implementation, 'OSTypeID(OSAction_Test_Done));');
});

header(
  'TARGET may be left out of a TYPE method; final and any order of annotations are fine',
  () => {
    const { errors, header: text } = translateMembers(
      'virtual void Timed(OSAction * action, IOReturn status, uint32_t bytes, uint64_t time) TYPE(IOUSBHostPipe::CompleteAsyncIO);\nvirtual bool init(void) final;\nvirtual void free() LOCALONLY override;',
    );
    assert.equal(errors, []);
    includes(text, 'kern_return_t CreateActionTimed(size_t referenceSize, OSAction ** action);');
    includes(text, 'virtual bool init( ) APPLE_KEXT_OVERRIDE;');
  },
);

header('the class has the union, super, the macros and its metaclass', () => {
  const { header: text } = translateMembers('');
  includes(
    text,
    '#ifdef Test_DECLARE_IVARS Test_DECLARE_IVARS #else /* Test_DECLARE_IVARS */ union { Test_IVars * ivars; Test_LocalIVars * lvars; }; #endif',
  );
  includes(text, 'static OSMetaClass * sGetMetaClass() { return gTestMetaClass; }');
  includes(text, 'using super = IOService; Test_Methods Test_KernelMethods Test_VirtualMethods };');
  includes(
    text,
    'extern OSMetaClass * gTestMetaClass; extern const OSClassLoadInformation Test_Class;',
  );
  includes(
    text,
    'class TestMetaClass : public OSMetaClass { public: virtual kern_return_t New(OSObject * instance) override; virtual kern_return_t Dispatch(const IORPC rpc) override; };',
  );
  includes(
    text,
    'class Test : public IOService, public TestInterface { friend class TestMetaClass;',
  );
});

header('text around classes stays; includes of .iig files become headers', () => {
  const { header: text } = translateFiles({
    'Test.iig': `// first line
#ifndef TEST
#define TEST
#include <DriverKit/IOService.iig>
#include "plain.h"
enum { kOne = 1 };
struct Pair { int a; int b; };
typedef void (^Handler)(int code);
class Test : public IOService
{
};
inline int twice(int x) { return x + x; }
#endif
`,
  });
  includes(
    text,
    '// first line #ifndef TEST #define TEST #include <DriverKit/IOService.h> /* .iig include */ #include "plain.h" enum { kOne = 1 }; struct Pair { int a; int b; };',
  );
  includes(
    text,
    '#if __BLOCKS__ typedef void (^Handler)(int code); #else typedef struct OSBlockUnavailable_Handler * Handler;',
  );
  includes(text, 'inline int twice(int x) { return x + x; } #endif');
  includes(
    text,
    '#if __DOCUMENTATION__ #define KERNEL IIG_KERNEL class Test : public IOService { }; #undef KERNEL',
  );
});

header('members under #if count when the condition holds', () => {
  const { header: text, errors } = translateMembers(
    '#define FEATURE 2\n#if FEATURE > 1 && defined(FEATURE)\nvoid A() LOCALONLY;\n#elif 1\nvoid B() LOCALONLY;\n#else\nint bad;\n#endif\n#if KERNEL\nint bad;\n#endif',
  );
  assert.equal(errors, []);
  includes(generated(text), 'void A( );');
  excludes(generated(text), 'void B( );');
});

header('identifiers do not depend on anything but the declaration', () => {
  const id = (members: string): string | undefined =>
    /Test_Go_ID +(0x\w+)/.exec(translateMembers(members).header)?.[1];
  const first = id('virtual kern_return_t Go(uint32_t a);');
  assert.is(id('// comment\nvirtual kern_return_t\n  Go( uint32_t   other );'), first);
  assert.is.not(id('virtual kern_return_t Go(uint64_t a);'), first);
});

header('queue names and methods stand in the description of the class', () => {
  const { implementation } = translateMembers('virtual kern_return_t Go() QUEUENAME(Side);');
  includes(implementation, '#define Test_QueueNames "" "\\004" "Side"');
  includes(implementation, '#define Test_MethodNames "" "\\002" "Go"');
  includes(implementation, 'Test_Go_ID, 0x1,');
});

header('the command writes both files, or nothing', () => {
  const command = (text: string) => {
    writeFileSync(join(folder, 'Test.iig'), text);
    return spawnSync(
      process.execPath,
      [
        join(root, 'simulator', 'iig', 'iig.mjs'),
        ...['--header', join(folder, 'out', 'Test.h')],
        ...['--impl', join(folder, 'out', 'Test.iig.cpp')],
        ...[`-I${framework}`, join(folder, 'Test.iig')],
      ],
      { encoding: 'utf8' },
    );
  };
  const bad = command(
    '#include <DriverKit/IOService.iig>\nclass Test : public IOService\n{\nint a;\n};\n',
  );
  assert.is(bad.status, 1);
  assert.match(bad.stderr, /Test\.iig:4:5: error: a is a data member/);
  assert.not.ok(existsSync(join(folder, 'out')));

  const good = command(
    '#include <DriverKit/IOService.iig>\nclass Test : public IOService\n{\n};\n',
  );
  assert.is(good.status, 0, good.stderr);
  assert.match(
    readFileSync(join(folder, 'out', 'Test.h'), 'utf8'),
    /^\/\* iig\(.*\) generated from Test\.iig \*\/\n/,
  );
  assert.match(readFileSync(join(folder, 'out', 'Test.iig.cpp'), 'utf8'), /#include "Test\.h"\n/);
  rmSync(join(folder, 'out'), { recursive: true });

  const usage = spawnSync(process.execPath, [join(root, 'simulator', 'iig', 'iig.mjs'), 'a.iig'], {
    encoding: 'utf8',
  });
  assert.is(usage.status, 2);
  assert.match(usage.stderr, /usage: iig/);
});

header.run();
