// Macros, conditions and includes: what of a file the translator sees.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { excludes, generated, includes, translateFiles, translateMembers } from './support.js';

/** Members, and what the header declares of them. */
const macros: readonly (readonly [string, string])[] = [
  ['#define LIMIT 4\nvoid Go(const uint8_t a[LIMIT]) LOCALONLY;', 'void Go( const uint8_t a[4]);'],
  ['#define A B\n#define B C\n#define C int\nA Go() LOCALONLY;', 'int Go( );'],
  ['#define int int\nint Go() LOCALONLY;', 'int Go( );'],
  ['#define A B\n#define B A\nvoid Go(A a) LOCALONLY;', 'void Go( A a);'],
  ['#define HIDDEN LOCALONLY\nvoid Go(void * a) HIDDEN;', 'void Go( void * a);'],
  [
    '#define GET(type, name) type Get##name() const LOCALONLY\nGET(int, Size);',
    'int GetSize( ) const;',
  ],
  ['#define F() int\nF() Go() LOCALONLY;', 'int Go( );'],
  ['#define F(x) x\nvoid F(Go)F((int a)) LOCALONLY;', 'void Go( int a);'],
  [
    '#define F(x, ...) void x(__VA_ARGS__) LOCALONLY;\nF(A) F(B, int a) F(C, int a, int b)',
    'void C( int a, int b);',
  ],
  [
    '#define F(x, rest...) void x(int a, ## rest) LOCALONLY;\nF(A) F(B, int b)',
    'void B( int a, int b);',
  ],
  [
    '#define S(x) #x\nvoid Go(const char * a = S(b "c" \\d)) LOCALONLY;',
    'void Go( const char * a = "b \\"c\\" \\\\ d");',
  ],
  ['#define F(x) x\n#define G F\nvoid Go(G(int) a) LOCALONLY;', 'void Go( int a);'],
  ['#define F(x) x\nint F;\nvoid Go() LOCALONLY;', ''],
  [
    '#define URL "a//b/*c"\nvoid Go(const char * a = URL) LOCALONLY; // */',
    'void Go( const char * a = "a//b/*c");',
  ],
  ['#define ONE 1 // /* not a comment\nvoid Go(int a = ONE) LOCALONLY;', 'void Go( int a = 1);'],
  ['#define TWO \\\n  int Go() \\\n  LOCALONLY\nTWO;', 'int Go( );'],
  ['#define ONE /* a\n  b */ int\nONE Go() LOCALONLY;', 'int Go( );'],
  ['#define ONE int\n#undef ONE\n#define ONE bool\nONE Go() LOCALONLY;', 'bool Go( );'],
];

const conditions: readonly (readonly [string, boolean])[] = [
  ['1', true],
  ['0', false],
  ['KERNEL', false],
  ['__IIG && !KERNEL', true],
  ['UNKNOWN', false],
  ['1 + 2 * 3 == 7 && (1 + 2) * 3 == 9', true],
  ['10 - 4 - 3 == 3', true],
  ['1 ? 0 : 1', false],
  ['0 || 0 ? 1 : 2 - 2', false],
  ['-1 < 0 && ~0 == -1', true],
  ["0x10 == 16 && 010 == 8 && 0b11 == 3 && 1'000 == 1000", true],
  ['0xffffffffffffffff == -1', true],
  ['(1ull << 40) >> 38 == 4', true],
  ["'A' == 65", true],
  ['7 / 2 == 3 && 7 % 2 == 1 && 1 / 0 == 0', true],
  ['VALUE == 3', true],
  ['SUM(1, 2) == 3', true],
  ['defined VALUE && defined(SUM) && !defined(UNKNOWN)', true],
  ['IS_THERE', true],
  ['__has_include(<DriverKit/IOService.iig>) && __has_include(<DriverKit/IOLib.h>)', true],
  ['__has_include("Nothing.iig")', false],
  ['defined(__has_include) && __has_feature(blocks)', false],
  ['__cplusplus >= 201103L /* C++11 */ // and later', true],
];

const preprocess = suite('iig: preprocess');

for (const [text, expected] of macros)
  preprocess(`macros with parameters and without: ${text.split('\n')[0]}`, () => {
    const { errors, header } = translateMembers(text);
    if (expected === '') assert.match(errors[0] ?? '', /F is a data member/);
    else {
      assert.equal(errors, []);
      includes(generated(header), expected);
    }
  });

for (const [condition, holds] of conditions)
  preprocess(`conditions: ${condition} ${holds ? 'holds' : 'does not hold'}`, () => {
    const { errors, header } = translateMembers(
      `#define VALUE (1 + 2)\n#define SUM(a, b) (a + b)\n#define IS_THERE defined(VALUE)\n#if ${condition}\nvoid Yes() LOCALONLY;\n#else\nvoid No() LOCALONLY;\n#endif`,
    );
    assert.equal(errors, []);
    includes(generated(header), holds ? 'void Yes( );' : 'void No( );');
    excludes(generated(header), holds ? 'void No( );' : 'void Yes( );');
  });

preprocess('conditions: nested, with every keyword', () => {
  const { errors, header } = translateMembers(`#ifdef __IIG
#if 0
#if UNDEFINED(+
#error not here
#endif
void A() LOCALONLY;
#elif 1
#ifndef NOTHING
void B() LOCALONLY;
#endif
#elif (
#else
void C() LOCALONLY;
#endif
#elifdef __IIG
void D() LOCALONLY;
#endif
#ifdef NOTHING
#elifndef NOTHING
void E() LOCALONLY;
#endif
#
#pragma mark It's nothing
# /* a */ if 0
text that isn't C++: \` "
#endif`);
  assert.equal(errors, []);
  for (const name of ['B', 'E']) includes(generated(header), `void ${name}( );`);
  for (const name of ['A', 'C', 'D']) excludes(generated(header), `void ${name}( );`);
});

preprocess('includes of both kinds, by macro, once each, round in circles', () => {
  const { errors, header } = translateFiles({
    'plain.h':
      '#include "Test.iig"\n#ifndef PLAIN\n#define PLAIN 16\ntypedef char PlainName[PLAIN];\n#define PLAIN_METHOD(x) void x() LOCALONLY\n#endif\nnot C++ `\n',
    'Base.iig':
      '#import "plain.h"\n#include <DriverKit/IOService.iig>\n#include "Test.h"\nclass Base : public IOService\n{\n};\n',
    'Test.iig':
      '#define BASE "Base.iig"\n#define SERVICE <DriverKit/IOUserClient.iig>\n#include BASE\n#include SERVICE\n#import "Base.iig"\n#include "missing.h"\nclass Test : public Base\n{\n    kern_return_t Go(const PlainName name, IOUserClient * client);\n    PLAIN_METHOD(Plain);\n};\n',
  });
  assert.equal(errors, []);
  includes(generated(header), '#define Test_Go_Args const char * name, IOUserClient * client');
  includes(generated(header), 'void Plain( );');
  includes(header, '#include "Base.h" /* .iig include */');
});

preprocess('macros of the command count', () => {
  const { errors } = translateMembers('#if !defined(UNSET)\nvoid Go() LOCALONLY;\n#endif');
  assert.equal(errors, []);
});

preprocess.run();
