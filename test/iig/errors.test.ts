// What the translator refuses: each with its line and column, and with what to do. Every error that its sources can
// report has an input here.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Expression, Node, Project, SyntaxKind } from 'ts-morph';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder, root, translateFiles, translateMembers } from './support.js';

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
  ['using IOService::Start;', '6:1', /expected "using Name = type;", found "using"/],
  ['using super = OSObject;', '6:15', /super is the base class: expected IOService/],
  ['friend class Other;', '6:1', /"friend" cannot stand in a class/],
  ['bool operator==(int a) LOCALONLY;', '6:6', /an operator cannot stand in a \.iig file/],
  ['void Go(OSAction * a TARGET, OSAction * b TARGET);', '6:30', /two parameters with TARGET/],
  ['void Go(int a TYPE(IOUSBHostPipe::CompleteAsyncIO));', '6:9', /TYPE belongs on an OSAction \*/],
  ['void Go(int a PORTCOPYSEND);', '6:9', /PORTCOPYSEND belongs on a mach_port_t/],
  ['void Go(int a PORTMAKESEND);', '6:9', /PORTMAKESEND belongs on a mach_port_t/],
  ['void Go() LOCAL REMOTE;', '6:6', /cannot be both LOCAL and REMOTE/],
  ['void Go() LOCALONLY LOCALHOST;', '6:6', /cannot be both LOCALONLY and LOCALHOST/],
  ['void Go() LOCALONLY REPLY;', '6:6', /cannot be both LOCALONLY and REPLY/],
  ['static virtual void Go() LOCALONLY;', '6:21', /cannot be both static and virtual/],
  [
    'static void Done(OSAction * action) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
    '6:13',
    /Done has a TYPE and cannot be static/,
  ],
  [
    'void Done(OSAction * action TARGET) LOCALONLY TYPE(IOUSBHostPipe::CompleteAsyncIO);',
    '6:6',
    /cannot be both LOCALONLY and TYPE/,
  ],
  [
    'int Done(OSAction * action TARGET, IOReturn status, uint32_t bytes, uint64_t time) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
    '6:5',
    /Done has a TYPE and must return void/,
  ],
  [
    'void Done(OSAction * action, IOService * provider) TYPE(IOService::Start);',
    '6:6',
    /TYPE\(IOService::Start\) is not a callback/,
  ],
  [
    'void Stop(OSAction * action TARGET, IOReturn status, uint32_t bytes, uint64_t time) TYPE(IOUSBHostPipe::CompleteAsyncIO);',
    '6:6',
    /Stop is already declared in IOService/,
  ],
  ['void Go(OSString *** text);', '6:9', /too many levels of pointers/],
  ['void Go(OSString * const * text);', '6:9', /text returns an object and cannot be const/],
  ['void Go(uint32_t * values[4]);', '6:9', /array of pointers to plain data/],
  ['void Go() __attribute__((annotate("odd")));', '6:11', /annotate\("odd"\) is none/],
  ['void Go() QUEUENAME();', '6:11', /QUEUENAME needs an argument/],
  ['void Go(int a = );', '6:17', /expected a default value, found "\)"/],
  ['void Go(int (x)(int));', '6:13', /expected a function pointer or block/],
  ['void Go(int (*x));', '6:17', /expected the parameters of a function pointer/],
  ['void Go(4);', '6:9', /expected a type, found "4"/],
  ['void Go(virtual void);', '6:9', /expected a type, found "virtual"/],
  ['void Go(char int a);', '6:9', /char int is no type/],
  ['void Go(const const char a);', '6:15', /const is given twice/],
  ['void Go(int a = 4 5);', '6:19', /expected an operator or the end of the value, found "5"/],
  ['void Go(int a[4 const]);', '6:17', /expected an operator or the end of the value/],
  ['void Go(int a = LOCAL);', '6:17', /an annotation stands in front of "="/],
  ['void Go(int (*c c)(int));', '6:17', /expected "\)" after the name of a function pointer/],
  ['void Go(int (*)(int));', '6:9', /a function pointer in a message needs a name/],
  ['void Go(int a = static);', '6:17', /expected an operator or the end of the value/],
  ['void Go(int a = 1, bool b);', '6:20', /b follows a parameter with a default value/],
  ['void Go(const void a);', '6:9', /a parameter cannot be void/],
  ['void Go(int a, bool a);', '6:16', /two parameters are called a/],
  ['void Go(int supermethod);', '6:9', /every message has a parameter called supermethod/],
  ['uint32_t uint32_t(int a);', '6:10', /uint32_t is the name of a type here/],
  ['void 4();', '6:6', /expected the name of a method, found "4"/],
  ['List<int Go();', '6:5', /this "<" is never closed: expected ">"/],
  ['void Go(int a = ((1);', '6:17', /this "\(" is never closed: expected "\)"/],
  [`void ${'G'.repeat(256)}();`, '6:6', /has 256 bytes; shorten it to 255/],
  [
    `void ${'G'.repeat(82)}(OSAction * action TARGET) TYPE(IOUSBHostPipe::CompleteAsyncIO);`,
    '6:6',
    /has a name of 96 bytes; shorten G+ until that is 95/,
  ],
  ['kern_return_t Go(`);', '6:18', /unexpected character "`"/],
  ['template <class T> void Go(T value);', '6:1', /"template" cannot stand in a class/],
  ['/* never ends', '6:1', /this comment does not end/],
  ['kern_return_t Go(const char text[4] = "abc);', '6:39', /this string does not end on its line/],
  ['#if 1\nint a() LOCALONLY;', '6:1', /this #if has no #endif/],
  ['#endif', '6:1', /#endif without #if/],
  ['#error stop, it isn’t ready', '6:1', /#error stop, it isn’t ready/],
  ['#else', '6:1', /#else without #if/],
  ['#if 0\n#else\n#elif 1\n#endif', '8:1', /#elif after #else/],
  ['#if\n#endif', '6:1', /this #if has no condition/],
  ['#if 1 2\n#endif', '6:7', /unexpected "2" in this condition; put an operator/],
  ['#if 1 + ]\n#endif', '6:9', /unexpected "\]" in this condition; expected a number/],
  ['#if (1\n#endif', '6:1', /expected "\)" in this condition/],
  ['#if 1 ? 2\n#endif', '6:1', /expected ":" in this condition/],
  ['#if 1 +\n#endif', '6:1', /this condition ends too early/],
  ['#if 4.5\n#endif', '6:5', /4\.5 is no whole number/],
  ['#if defined\n#endif', '6:5', /"defined" needs a name/],
  ['#if defined(A\n#endif', '6:13', /expected "\)" in this condition/],
  ['#if __has_include(<A\n#endif', '6:5', /expected "\)" in this condition/],
  [`#if ${'('.repeat(300)}1${')'.repeat(300)}\n#endif`, '6:1', /nested too deeply/],
  ['#ifdef 4\n#endif', '6:8', /#ifdef needs a name/],
  ['#undef', '6:1', /#undef needs a name/],
  ['#define 4', '6:9', /#define needs a name/],
  ['#define F(a', '6:10', /the parameters of this macro have no "\)"/],
  ['#define F(a) a\nF(int x(', '7:1', /the arguments of the macro F have no "\)"/],
  ['#define F(a) a\nF(1, 2)', '7:1', /the macro F has 1 parameters, and 2 arguments are given/],
  ['#define F(a, b) a ## b\nF(+, -)', '7:3', /## makes \+-, which is no token/],
  ['#include', '6:1', /expected "file" or <file> after #include/],
  ['#inclde <a.h>', '6:1', /unknown preprocessor line #inclde/],
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

/** Eight of these double the text of the one before it ten times: 2^80. */
const growth = Array.from({ length: 80 }, (_, i) => `#define A${i + 1} A${i} A${i}`).join('\n');
const service = '#include <DriverKit/IOService.iig>\n';
const more: readonly (readonly [string, string, RegExp])[] = [
  [`${service}class Test : public Test\n{\n};\n`, '2:21', /class Test derives from itself/],
  [`${service}class Test : public Base<int>\n{\n};\n`, '2:21', /cannot be a template/],
  [`${service}class Test : public 4\n{\n};\n`, '2:21', /expected the name of the base class/],
  [`${service}class Test : public IOService;\n`, '2:30', /expected "{" before the members/],
  [
    `${service}class EXTENDS(IOService) More\n{\n};\n`,
    '2:26',
    /extends IOService, which is not declared in this file/,
  ],
  [
    `${service}class EXTENDS(Test) More : public IOService\n{\n};\n`,
    '2:21',
    /has EXTENDS and cannot have a base class/,
  ],
  [
    `${service}class Test : public IOService\n{\npublic:\n    kern_return_t Go();\n};\nclass Sub : public Test\n{\n    kern_return_t Go() override;\n};\n`,
    '9:19',
    /Go of Test is not virtual and cannot be overridden/,
  ],
  [
    `${service}typedef A B;\ntypedef B A;\nclass Test : public IOService\n{\n    void Go(A value);\n};\n`,
    '3:9',
    /the type B is itself/,
  ],
  [`${service}typedef int 4;\n`, '2:13', /expected the name of a typedef/],
  [`${service}typedef int A\n`, '3:1', /expected ";"/],
  [
    `${service}#if 1\nclass Test : public IOService\n{\n#else\nclass Test : public OSObject\n{\n#endif\n};\n`,
    '3:7',
    /an #if begins or ends in the middle of class Test/,
  ],
  [
    `${service}class ${'T'.repeat(96)} : public IOService\n{\n};\n`,
    '2:7',
    /has 96 bytes; shorten it to 95/,
  ],
  [`${service}#define A0 int a;\n${growth}\nA80\n`, '83:1', /this macro grows without end/],
];

const errors = suite('iig: errors');

/** Of every test below, without its place. */
const seen: string[] = [];

function refuses(found: readonly string[], place: string, message: RegExp): void {
  assert.ok(found.length > 0, 'translated without an error');
  const [first = ''] = found;
  const start = `${folder}/Test.iig:${place}: error: `;
  assert.ok(first.startsWith(start), `expected at ${place}:\n${found.join('\n')}`);
  const [text = ''] = first.slice(start.length).split('\n');
  assert.match(text, message);
  seen.push(text);
}

const titleOf = (text: string): string => text.replaceAll('\n', ' ').slice(0, 100);

for (const [text, place, message] of members)
  errors(titleOf(text), () => refuses(translateMembers(text).errors, place, message));

for (const [text, place, message] of [...files, ...more])
  errors(titleOf(text), () => refuses(translateFiles({ 'Test.iig': text }).errors, place, message));

errors('every bad preprocessor line is reported, in order', () => {
  const { errors: found } = translateMembers('#if\n#endif\n#inclde\nint a;\n#undef');
  assert.equal(
    found.map((text) => /:(\d+):\d+: /.exec(text)?.[1]),
    ['6', '8', '10'],
  );
});

errors('every class with a fault is reported', () => {
  const { errors: found } = translateFiles({
    'Test.iig':
      '#include <DriverKit/IOService.iig>\nclass A : public B\n{\n};\nclass C\n{\n};\nclass D : public IOService\n{\n    void * Go();\n};\n',
  });
  assert.equal(
    found.map((text) => /:(\d+:\d+): /.exec(text)?.[1]),
    ['2:18', '5:7', '10:5'],
  );
});

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

/** The texts in an argument that is a message, with a pattern for what is filled in; nothing for a variable. */
function patternsOf(message: Expression | undefined): readonly string[] {
  const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (Node.isConditionalExpression(message))
    return [message.getWhenTrue(), message.getWhenFalse()].flatMap(patternsOf);
  if (Node.isStringLiteral(message) || Node.isNoSubstitutionTemplateLiteral(message))
    return [quote(message.getLiteralText())];
  if (!Node.isTemplateExpression(message)) return [];
  return message.getTemplateSpans().reduce<readonly string[]>(
    (heads, span) => {
      const inner = patternsOf(span.getExpression());
      const tail = quote(span.getLiteral().getLiteralText());
      return heads.flatMap((head) =>
        (inner.length > 0 ? inner : ['.*']).map((text) => head + text + tail),
      );
    },
    [quote(message.getHead().getLiteralText())],
  );
}

/** As the sources have them: `new IigError(at, …)`, `unexpected(cursor, …)` and `fail(class, program, …)`. */
function messagesOfSources(): readonly string[] {
  const from = join(root, 'simulator', 'iig');
  const project = new Project({ skipAddingFilesFromTsConfig: true });
  const sources = readdirSync(from)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => project.addSourceFileAtPath(join(from, name)));
  return sources.flatMap((source) => [
    ...source
      .getDescendantsOfKind(SyntaxKind.NewExpression)
      .filter((call) => call.getExpression().getText() === 'IigError')
      .flatMap((call) => patternsOf(call.getArguments()[1] as Expression | undefined)),
    ...source
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .filter((call) => /^(?:unexpected|fail)$/.test(call.getExpression().getText()))
      .flatMap((call) => patternsOf(call.getArguments().at(-1) as Expression | undefined)),
  ]);
}

errors('every error of the sources was reported above', () => {
  const patterns = messagesOfSources();
  assert.ok(patterns.length > 80, `${patterns.length} messages found`);
  const never = patterns.filter((text) => !seen.some((each) => new RegExp(`^${text}`).test(each)));
  assert.equal(never, []);
});

errors('every error says what to do', () => {
  const bare = seen.filter((text) => !/; | or |: |expected |needs |^#error/.test(text));
  assert.equal(bare, []);
});

errors.run();
