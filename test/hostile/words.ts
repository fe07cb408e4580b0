// Words and texts that are hard on generated code. Names are spelt as YAML source, so that traps of YAML are among them.

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keywords and alternative tokens of C++20, and words of Objective-C and of the .iig language. */
const cpp = list(`
  alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl
  concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do
  double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace
  new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict
  return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try
  typedef typeid typename typeof union unsigned using virtual void volatile wchar_t while xor xor_eq final override import
  module self super nil id in out inout byref bycopy oneway strong weak Class Protocol SEL BOOL YES NO IMPL TYPE ARRAY
  QUEUENAME LOCAL LOCALONLY LOCALHOST KERNEL TARGET REPLY INVOKEREPLY PORTMAKESEND EXTENDS SUPERDISPATCH`);

/** Macros and names of compilers, the C library and the platform. */
const platform = list(`
  linux unix i386 errno stdin stdout stderr environ main offsetof assert min max major minor makedev memcpy memset memcmp
  strlen malloc abort exit signal time select index log pow alloca size_t int32_t uint64_t st_atime h_addr s6_addr
  NULL EOF TRUE FALSE BIG_ENDIAN INT_MAX NAN INFINITY I complex imaginary noreturn bitfield
  kern_return_t mach_port_t IOService IOUserClient IOReturn OSObject OSMetaClass OSAction OSData OSDictionary
  kIOReturnSuccess ivars init free retain release copy Start Stop Create Terminate Dispatch ExternalMethod NewUserClient
  CopyClientMemoryForType AsyncCompletion SetDispatchQueue RegisterService GetProvider Serialize ClientCrashed
  action provider driver userClient service personality core dispatch`);

const typescript = list(`
  arguments as async await debugger eval extends finally function implements instanceof interface let null of package
  symbol type undefined var with yield declare abstract readonly any never unknown number string object bigint keyof
  infer is satisfies asserts accessor get set constructor prototype __proto__ hasOwnProperty isPrototypeOf toString
  toLocaleString valueOf toJSON then catch finally name length caller callee apply call bind Symbol Object Array Map Set
  Promise Date Error Proxy Reflect Function JSON Math Number String Boolean BigInt DataView Uint8Array BigUint64Array
  Float32Array Iterator Intl URL Omit Readonly Partial Record Exclude Pick NonNullable Awaited AsyncDisposable
  Buffer process global globalThis window require module exports console setTimeout queueMicrotask fetch isNaN`);

/** Spellings that meet after renaming, or that differ in what not every file system tells apart. */
const spellings = list(`
  a A aa ab a_b aB AB Ab first last firstLast modeFirst offMask offShift getOff withOff fooBar foo_bar FooBar fooBAR foo
  Foo foo1 foo2 foo_1 foo_2 a1b a_1b x64_t word_t kTypes readData closeData writeFoo foo foos fooOut fooIn fooCount fooLength fooReader fooWriter fooHead fooInput fooEvent
  fooEvents fooMin fooMax fooDevice fooMethod fooMask fooGiven fooSize readInto write size writable load store dextgenPad0 dextgen DextgenThing kDextgen _private foo__bar foo_
  a1234567890123456789012345678901234567890123456789012345678901234
  a123456789012345678901234567890123456789012345678901234567890`);

/** Unicode that looks like something else, cannot be seen, or is no character at all. */
const unicode = [
  'scоpe',
  'é',
  'e\u0301',
  '\u202eabc',
  'a\u200bb',
  'a\u00a0b',
  '\u{1f600}',
  'a\u0000b',
  'a\u2028b',
  'a\u2029b',
  '\ufeffabc',
  'a\ud800',
  'ａｂｃ',
  'ℌ',
  'ſtatic',
  '',
  ' ',
  'a b',
  'a-b',
  'a.b',
  'a/b',
  '../a',
  'a\\b',
  'a"b',
  "a'b",
  'a`b',
  'a*/b',
  'a//b',
  'a\nb',
  'a;b',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that looks like one
  '${a}',
  '{{a}}',
  '<a>',
  'a&b',
  '%s',
  '<<',
  '$data',
];

/** Keys that YAML reads as something other than a text, or once did. */
const yamlKeys = list(
  'null ~ true false yes no on off y n 1e3 0x10 0o17 017 12 -1 1.5 .inf .nan 2001-01-01 1_000 =',
);

const quoted = (word: string): string => JSON.stringify(word);

/** Names as YAML writes them, without repetitions. */
export const hardNames: readonly string[] = [
  ...new Set([
    ...[...cpp, ...platform, ...typescript, ...spellings, ...unicode].map(quoted),
    ...yamlKeys,
  ]),
];

/** Docs, units and reasons that try to leave the comment, text or table that they are printed in. */
export const hardTexts: readonly string[] = [
  '*/ int injected; /*',
  'ends in a backslash \\',
  'a trigraph ??/',
  'two lines\nint injected; // \\\nthird',
  '\r\nCRLF */\r\nint injected;',
  '// # define x y',
  '#error injected',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a text that looks like one
  '${process.exit(1)} `${x}` {{y}} {{{z}}} {{#each}}',
  ']]> --> <key>injected</key> &amp; &#0; <![CDATA[ ]]>',
  '@deprecated @param x {@link y} @ts-nocheck',
  '%s %n %d %1$s',
  '"quoted" \'single\' `tick`',
  '\u202e right to left \u2066 \u2028 \u2029 \u0085 \u000b',
  '\u0000 \u0001 \ufeff \ud800 \udfff \uffff x',
  '| a | b |\n|---|\n# heading\n```\ncode\n- list\n1. one\n<script>alert(1)</script>',
  `very long ${'word '.repeat(400)}`,
  `${'x'.repeat(3000)}`,
  '',
  ' ',
  '/** nested /* comment **/',
  'R"(raw string)" u8"x" L\'c\'',
  '-',
  '--',
  '---\n...\n---',
  '[link](javascript:alert(1)) ![image](x) &lt; ~strike~',
];

export const textSource = (text: string): string => quoted(text);
