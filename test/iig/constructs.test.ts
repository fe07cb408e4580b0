// Construct by construct: what the translator makes of each annotation, kind of parameter and piece of C++ that a .iig
// file may hold. README.md lists them with the tests of what they do when they run.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { excludes, generated, includes, translateFiles, translateMembers } from './support.js';

/** In the header's generated part, or in the implementation. */
type Expected = {
  readonly header?: readonly string[];
  readonly implementation?: readonly string[];
  readonly never?: readonly string[];
};

const pipe = 'OSAction * action TARGET, IOReturn status, uint32_t bytes, uint64_t time';

/** Members of a class on IOService. */
const members: readonly (readonly [string, string, Expected])[] = [
  [
    'an undecorated method is a message',
    'kern_return_t Go(uint32_t a);',
    {
      header: ['kern_return_t Go( uint32_t a, OSDispatchMethod supermethod = NULL);'],
      implementation: ['Test_Go_ID, 0x0,', 'supermethod ? supermethod(this, rpc_) : Invoke(rpc_);'],
    },
  ],
  [
    'LOCAL: a message that runs in this process',
    'virtual kern_return_t Go(uint32_t a) LOCAL;',
    {
      header: ['protected: /* _Impl methods */ kern_return_t Go_Impl(Test_Go_Args);'],
      implementation: ['Test_Go_ID, 0x0,'],
    },
  ],
  [
    'LOCALONLY: plain C++, and what it may carry',
    'virtual OSData * Go(const char * text, std::vector<int> & list, void * any, bool flag = true) const LOCALONLY;',
    {
      header: [
        'virtual OSData * Go( const char * text, std::vector<int> & list, void * any, bool flag = true) const APPLE_KEXT_OVERRIDE;',
      ],
      never: ['Test_Go_ID', 'Go_Impl', 'Test_Go_Args'],
    },
  ],
  [
    'KERNEL on a method: its implementation is the kernel’s',
    'virtual kern_return_t Go() KERNEL;',
    {
      header: [
        '#define Test_KernelMethods protected: /* _Impl methods */ kern_return_t Go_Impl();',
      ],
      implementation: ['Test_Go_ID, 0x100,', '__hdr.flags = kIORPCMessageKernel;'],
    },
  ],
  [
    'REMOTE: a message, as without it',
    'virtual kern_return_t Go() REMOTE;',
    { header: ['kern_return_t Go_Impl();'], implementation: ['Test_Go_ID, 0x0,'] },
  ],
  [
    'LOCALHOST: marked in the message',
    'virtual kern_return_t Go() LOCALHOST;',
    { implementation: ['__hdr.flags = kIORPCMessageLocalHost;'] },
  ],
  [
    'REPLY: the stub takes the message that it answers',
    'virtual void Go(uint32_t a) REPLY LOCAL;',
    {
      header: [
        'kern_return_t Go( IORPC rpc, uint32_t a, OSDispatchMethod supermethod = NULL);',
        'void Go_Impl(Test_Go_Args);',
      ],
    },
  ],
  [
    'INVOKEREPLY: the implementation gets the message',
    'virtual kern_return_t Go(bool a) INVOKEREPLY;',
    {
      header: ['#define Test_Go_Args const IORPC rpc, bool a'],
      implementation: ['->Go_Impl(rpc, a);'],
    },
  ],
  [
    'QUEUENAME: the number of the queue stands with the method',
    'void A() QUEUENAME(First);\nvoid B() QUEUENAME(I/O);\nvoid C() QUEUENAME(First);',
    {
      implementation: [
        '"\\005" "First"',
        '"\\003" "I/O"',
        'Test_A_ID, 0x1, Test_B_ID, 0x2, Test_C_ID, 0x1,',
      ],
    },
  ],
  [
    'TARGET: sent one way, through the action',
    `virtual void Go(${pipe}) = 0;`,
    {
      header: [
        '#define Test_Go_Args OSAction * action, IOReturn status, uint32_t bytes, uint64_t time',
        'Go_Invoke(const IORPC rpc, OSMetaClassBase * target, Go_Handler func, const OSMetaClass * targetActionClass);',
      ],
      implementation: ['__hdr.flags = kIORPCMessageOneway;', 'action->Invoke(rpc_);'],
      never: ['void Go_Impl('],
    },
  ],
  [
    'TYPE on a method: CreateAction and a class of actions',
    `virtual void Done(${pipe}) TYPE(IOUSBHostPipe::CompleteAsyncIO);`,
    {
      header: [
        'kern_return_t CreateActionDone(size_t referenceSize, OSAction ** action);',
        'void Done_Impl(IOUSBHostPipe_CompleteAsyncIO_Args);',
        '#define OSAction_Test_Done_Methods',
        '#define OSAction_Test_Done_KernelMethods',
        '#define OSAction_Test_Done_VirtualMethods',
        'class OSAction_Test_Done : public OSAction, public OSAction_Test_DoneInterface',
      ],
      never: ['Done_Invoke', 'Done( OSAction'],
    },
  ],
  [
    'TYPE with a callback of the class itself',
    `virtual void Told(${pipe}) = 0;\nvirtual void Heard(${pipe}) TYPE(Told);`,
    {
      implementation: ['return Test::Told_Invoke(rpc_, self_,', 'OSTypeID(OSAction_Test_Heard));'],
    },
  ],
  [
    'TYPE on a parameter',
    'kern_return_t Go(OSAction * action TYPE(IOUSBHostPipe::CompleteAsyncIO));',
    { header: ['#define Test_Go_Args OSAction * action'] },
  ],
  [
    'PORTMAKESEND and PORTCOPYSEND',
    'kern_return_t Go(mach_port_t made PORTMAKESEND, mach_port_t copied PORTCOPYSEND);',
    { header: ['#define Test_Go_Args mach_port_t made, mach_port_t copied'] },
  ],
  [
    'annotations as attributes, and with IIG_',
    'int A() __attribute__((annotate("localonly")));\nvoid B() __attribute__((annotate("queuename=Side")));\nint C() IIG_LOCALONLY;\nkern_return_t D(mach_port_t p __attribute__((annotate("MACH_MSG_TYPE_COPY_SEND"))));',
    { header: ['int A( );', 'int C( );'], implementation: ['Test_B_ID, 0x1,'] },
  ],
  [
    'attributes and availability are stepped over',
    '[[nodiscard]] virtual kern_return_t Go(OSString * _Nonnull text) __attribute__((availability(driverkit,introduced=20.0)));\nkern_return_t Later() API_AVAILABLE(driverkit(21.0));',
    { header: ['#define Test_Go_Args OSString * text', 'kern_return_t Later('] },
  ],
  [
    'pure: no implementation of its own',
    'virtual kern_return_t Go() = 0;',
    { header: ['kern_return_t Go( OSDispatchMethod'], never: ['Go_Impl', 'case Test_Go_ID'] },
  ],
  [
    'override and final, in any order',
    'virtual kern_return_t Start(IOService * provider) final override;\nkern_return_t Stop(IOService * p) override;',
    {
      header: [
        '#define Test_Start_Args IOService * provider',
        'kern_return_t Start_Impl(IOService_Start_Args);',
        'kern_return_t Stop_Impl(IOService_Stop_Args);',
      ],
      never: ['Test_Start_ID', 'Start( IOService'],
    },
  ],
  [
    'static messages go to the metaclass',
    'static kern_return_t Make(uint32_t size, OSString ** made);',
    {
      header: [
        'static kern_return_t Make( uint32_t size, OSString ** made);',
        'static kern_return_t Make_Impl(Test_Make_Args);',
        'typedef kern_return_t (*Make_Handler)(Test_Make_Args);',
      ],
      implementation: [
        'TestMetaClass::Dispatch(const IORPC rpc_)',
        'return Test::Make_Invoke(rpc_, &Test::Make_Impl);',
        'OSMTypeID(Test)->Invoke(rpc_);',
      ],
    },
  ],
  [
    'other results than kern_return_t',
    'bool Ready();\nuint32_t Level() const;\nvoid Poke();',
    {
      header: ['bool Ready( OSDispatchMethod supermethod = NULL);', ') const;'],
      implementation: ['bool __return;', 'return reply_.content.__return;'],
    },
  ],
  [
    'default arguments',
    'kern_return_t Go(uint32_t a = sizeof(int) * (1, 2), const char b[8] = "x,y");',
    {
      header: [
        'uint32_t a = sizeof(int)*(1,2), const char b[8] = "x,y", OSDispatchMethod supermethod = NULL);',
      ],
    },
  ],
  [
    'scalars, enums and structs by value',
    'enum Kind : uint8_t { kA, kB };\nkern_return_t Go(bool a, float b, double c, Kind d, enum Kind e, IOAddressSegment f, unsigned long long g, size_t h);',
    {
      implementation: [
        'bool a;',
        'float b;',
        'Kind d;',
        'IOAddressSegment f;',
        'unsigned long long g;',
      ],
    },
  ],
  [
    'pointers to plain data come back, to constants go',
    'kern_return_t Go(uint64_t * out, const IOAddressSegment * in, struct IOAddressSegment * both);',
    {
      implementation: [
        'if (in) { message_.content.in = *in; }',
        'if (out) { *out = reply_.content.out; }',
        'if (both) { *both = reply_.content.both; }',
      ],
    },
  ],
  [
    'fixed arrays, with a count beside them',
    'kern_return_t Go(const uint32_t in[4], uint32_t inCount, uint16_t out[8], uint32_t * outCount);',
    {
      header: [
        '#define Test_Go_Args const uint32_t * in, uint32_t inCount, uint16_t * out, uint32_t * outCount',
      ],
      implementation: [
        'if (static_cast<size_t>(inCount) > static_cast<size_t>(4)) { return kIOReturnOverrun; }',
        'IORPCCopyArray(message_.content.in, in, static_cast<size_t>(inCount));',
        'IORPCCopyArray(out, reply_.content.out, (outCount ? static_cast<size_t>(*outCount) : 0));',
      ],
    },
  ],
  [
    'strings are bounded',
    'kern_return_t Go(const char text[16], const IOServiceName name);',
    {
      implementation: ['char text[16];', 'strlcpy(message_.content.text, text,', 'char name[128];'],
    },
  ],
  [
    'objects in, out and in arrays',
    'kern_return_t Go(OSContainer * in, IOMemoryDescriptor ** out, IOMemoryDescriptor * const many[32], uint32_t manyCount, OSObjectPtr * alias);',
    {
      implementation: [
        'IORPCTakeObject(message_.in, OSTypeID(OSContainer), object_in)',
        'IORPCGiveObject(reply_.content.out, OSTypeID(IOMemoryDescriptor), *out)',
        'IOMemoryDescriptor * many[32];',
        'IORPCGiveObject(reply_.content.alias, OSTypeID(OSObject), *alias)',
        'if (NULL == out) { IORPCMissing("Test::Go", "out"); }',
      ],
    },
  ],
  [
    'function pointers and blocks on LOCALONLY methods',
    'int Go(int (*f)(int, int), void (^b)(void)) LOCALONLY;',
    { header: ['int Go( int(*f)(int,int), void(^b)(void));'] },
  ],
  [
    'parameters without names',
    'kern_return_t Go(uint32_t, const char [8]);',
    { header: ['#define Test_Go_Args uint32_t argument0, const char * argument1'] },
  ],
  [
    'nested types and using stay, using super goes',
    'using super = IOService;\nusing Number = uint32_t;\ntypedef uint64_t Big;\nstruct Inner { int a[2]; struct { int b; } c; };\nenum class Mode : uint32_t { kOne = 1 };\nkern_return_t Go(Number a, Big b, Mode c);',
    {
      header: [
        'using Number=uint32_t;',
        'struct Inner{int a[2];',
        'enum class Mode:uint32_t{kOne=1};',
      ],
    },
  ],
  [
    'comments anywhere, Unicode in them',
    '/* é */ virtual /* größe */ kern_return_t // ☃\nGo(uint32_t /* первый */ a /**/ , // 二\n bool b) /* x */ LOCALONLY /* ; */ ; // done',
    { header: ['virtual kern_return_t Go( uint32_t a, bool b)'] },
  ],
  [
    'names in Unicode',
    'int größe() LOCALONLY;\nvoid zähle(uint32_t écart);',
    {
      header: ['int größe( );', '#define Test_zähle_Args uint32_t écart'],
      implementation: ['"\\006" "zähle"'],
    },
  ],
  [
    'long lines',
    `kern_return_t Go(${Array.from({ length: 3000 }, (_, i) => `uint32_t parameter${i}`).join(', ')});`,
    { header: ['uint32_t parameter2999, OSDispatchMethod supermethod'] },
  ],
];

const constructs = suite('iig: constructs');

for (const [name, text, { header = [], implementation = [], never = [] }] of members) {
  constructs(name, () => {
    const found = translateMembers(text);
    assert.equal(found.errors, []);
    for (const part of header) includes(generated(found.header), part);
    for (const part of implementation) includes(found.implementation, part);
    for (const part of never) excludes(generated(found.header) + found.implementation, part);
  });
}

const before = '#include <DriverKit/IOService.iig>\n';

constructs('KERNEL on a class: all but LOCAL methods are the kernel’s', () => {
  const { errors, implementation } = translateFiles({
    'Test.iig': `${before}class KERNEL Test : public IOService
{
public:
    virtual kern_return_t Far();
    virtual kern_return_t Near() LOCAL;
};
class KERNEL LOCAL Half : public IOService
{
public:
    virtual kern_return_t Near();
    virtual kern_return_t Far() REMOTE;
};
`,
  });
  assert.equal(errors, []);
  includes(implementation, 'Test_Far_ID, 0x100, Test_Near_ID, 0x0,');
  includes(implementation, 'Half_Near_ID, 0x0, Half_Far_ID, 0x100,');
});

constructs('NATIVE on a class changes nothing here', () => {
  const { errors, header } = translateFiles({
    'Test.iig': `${before}class NATIVE KERNEL Test : public OSObject\n{\n};\n`,
  });
  assert.equal(errors, []);
  includes(header, 'class Test : public OSObject, public TestInterface');
});

constructs('LOCALONLY on a class: all its methods are plain', () => {
  const { errors, header, implementation } = translateFiles({
    'Test.iig': `${before}class LOCALONLY Test : public OSObject\n{\npublic:\n    kern_return_t Go(void * any);\n};\n`,
  });
  assert.equal(errors, []);
  excludes(generated(header), '_Dispatch');
  excludes(generated(header), 'Test_Go_ID');
  includes(implementation, '.flags = 0,');
});

constructs('SERIALIZABLE on a class, announced or declared', () => {
  const { errors } = translateFiles({
    'Test.iig': `${before}class IIG_SERIALIZABLE Other;\nclass IIG_SERIALIZABLE Test : public OSObject\n{\n    kern_return_t Go(Other * other, Other ** result);\n};\n`,
  });
  assert.equal(errors, []);
});

constructs('EXTENDS: its methods are the other class’s, ahead of its own', () => {
  const { errors, header, implementation } = translateFiles({
    'Test.iig': `${before}class EXTENDS (Test) TestBefore
{
    virtual kern_return_t First(uint32_t a) LOCAL;
};
class Test : public IOService
{
public:
    virtual kern_return_t Second();
};
class EXTENDS(Test) TestAfter
{
    void Plain() LOCALONLY;
};
int last();
`,
  });
  assert.equal(errors, []);
  assert.match(generated(header), /#define Test_First_ID .*\n#define Test_Second_ID/);
  includes(
    generated(header),
    'kern_return_t First_Impl(Test_First_Args); kern_return_t Second_Impl();',
  );
  includes(generated(header), 'void Plain( );');
  includes(header, 'int last();');
  for (const name of ['TestBefore', 'TestAfter']) excludes(header + implementation, name);
});

constructs('several classes, each other’s types, announced before they are declared', () => {
  const { errors, header, implementation } = translateFiles({
    'Test.iig': `${before}class Second;
class First : public IOService
{
    kern_return_t Take(Second * second);
};
class Second : public First
{
    kern_return_t Give(First ** first, Second ** second);
};
`,
  });
  assert.equal(errors, []);
  includes(header, 'class First : public IOService, public FirstInterface');
  includes(header, 'class Second : public First, public SecondInterface');
  includes(implementation, 'IORPCTakeObject(message_.second, OSTypeID(Second), object_second)');
});

constructs('@iig implementation: its lines go into the .iig.cpp', () => {
  const { implementation } = translateFiles({
    'Test.iig': `${before}/*!\n@iig implementation\n#include <DriverKit/IOUserClient.iig>\n@iig end\n*/\nclass Test : public IOService\n{\n};\n`,
  });
  includes(implementation, '#include <DriverKit/IOUserClient.h>');
});

constructs('C++ at large around classes stays as it is', () => {
  const around = `namespace a::b { struct S { int x; }; }
extern "C" { int f(void); }
template <typename T> struct Box { T value; Box<Box<T>> * next() { return nullptr; } };
template <> struct Box<int> { int value; };
static inline int g(int x) { return x > 0 ? x : -x; }
constexpr char kText[] = "class Not : public IOService { };";
static const char * const kRaw = R"x(class Nor : public IOService { };)x";
union U { int a; float b; };
using Alias = Box<int>;
`;
  const { errors, header } = translateFiles({
    'Test.iig': `${before}${around}class Test : public IOService\n{\n};\n${around}`,
  });
  assert.equal(errors, []);
  assert.is(header.split(around).length, 3);
});

constructs('files with CRLF, and with a byte order mark', () => {
  const text = `${before}// a\nclass Test : public IOService\n{\npublic:\n    kern_return_t Go(uint32_t a); // b\n    #if 1 \\\n      && 1\n    int B() LOCALONLY;\n    #endif\n};\n`;
  const plain = translateFiles({ 'Test.iig': text });
  const other = translateFiles({ 'Test.iig': `\uFEFF${text.replaceAll('\n', '\r\n')}` });
  assert.equal(other.errors, []);
  assert.equal(other, plain);
});

constructs.run();
