// The dext's emitters in detail: text made harmless, literals that read back, rows, hooks and what Apple's iig takes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pascal } from '../../generator/emit/c-names.js';
import {
  commentLines,
  commentText,
  floatLiteral,
  integerLiteral,
  stringLiteral,
  wrap,
} from '../../generator/emit/c-text.js';
import { emit, modelOf } from './support.js';

const text = suite('C text');
const dext = suite('dext emitters');

text('a comment cannot end early, swallow the next line or reorder it', () => {
  assert.equal(commentLines('ends in \\'), ['ends in \\ .']);
  assert.equal(commentLines('ends in \\   '), ['ends in \\ .']);
  assert.equal(commentLines('trigraph ??/'), ['trigraph ? ?/']);
  assert.equal(commentLines('a */ b /* c'), ['a * / b / * c']);
  assert.equal(commentLines('one\r\ntwo\u2028three\vfour'), ['one', 'two', 'three', 'four']);
  assert.equal(commentLines('right\u202eleft\u2066\u0000\u0007'), ['rightleft']);
  assert.equal(commentLines('\n\n'), []);
  assert.is(commentText('a\nb\\'), 'a b\\ .');
});

text(
  'a long line of a comment is broken between words, and ends there as harmless as elsewhere',
  () => {
    const words = 'nineteen characters, '.repeat(4);
    const lines = commentLines(`${words}\\ more of it`);
    assert.is(lines.length, 2);
    assert.ok(
      lines.every((line) => line.length <= 92),
      lines.join('\n'),
    );
    assert.equal(commentLines(`${'x'.repeat(87)} y \\ z`), [`${'x'.repeat(87)} y \\ .`, 'z']);
    assert.equal(commentLines('x'.repeat(200)), ['x'.repeat(200)]);
  },
);

text('a string literal is ASCII and has no trigraph', () => {
  assert.is(stringLiteral('Gain'), '"Gain"');
  assert.is(stringLiteral('a"b\\c??/'), '"a\\"b\\\\c\\?\\?/"');
  assert.is(stringLiteral('é\n1'), '"\\303\\251\\0121"');
});

text('integer literals are exact at the ends of their types', () => {
  assert.is(integerLiteral('u64', '18446744073709551615'), '18446744073709551615ull');
  assert.is(integerLiteral('i64', '-9223372036854775808'), '(-9223372036854775807ll - 1)');
  assert.is(integerLiteral('i32', -2147483648), '(-2147483647 - 1)');
  assert.is(integerLiteral('i8', -5), '(-5)');
  assert.is(integerLiteral('u8', 5), '5u');
  assert.is(integerLiteral('bool', true), '1u');
});

text('float literals are floats', () => {
  assert.is(floatLiteral('f64', 1), '1.0');
  assert.is(floatLiteral('f32', -0.5), '(-0.5f)');
  assert.is(floatLiteral('f64', 1e21), '1e+21');
});

text('long lists break behind a comma', () => {
  assert.equal(wrap('f', ['a', 'b'], ';'), ['f(a, b);']);
  const parts = ['x'.repeat(60), 'y'.repeat(34), 'z'];
  assert.equal(wrap('f', parts, ' {'), [`f(${parts[0]}, ${parts[1]},`, '  z) {']);
});

text('names', () => {
  assert.is(pascal('set_sample_rate'), 'SetSampleRate');
  assert.is(pascal('setSampleRate'), 'SetSampleRate');
});

text.run();

const scope = emit(modelOf('schema/scope.yaml'));
const kitchen = emit(modelOf('test/dext/kitchen.yaml'));
const guards = emit(modelOf('test/dext/guards.yaml'));
const fileOf = (files: ReadonlyMap<string, string>, path: string): string => {
  const file = files.get(path);
  assert.ok(file !== undefined, path);
  return file ?? '';
};

dext('a .iig has no data member and no _Impl, and LOCALONLY wherever it is no message', () => {
  for (const files of [scope, kitchen, guards]) {
    for (const [path, content] of files) {
      if (!path.endsWith('.iig')) continue;
      const body = content.slice(content.indexOf('public:'));
      const members = body
        .replace(/\/\/.*$/gm, '')
        .split(';')
        .slice(0, -2);
      for (const member of members) {
        assert.match(member, /\(/, `${path}: ${member}`);
        const isMessage = /\boverride\b|\bTYPE\(/.test(member) && !/ExternalMethod/.test(member);
        assert.is(/\bLOCALONLY\b/.test(member), !isMessage, `${path}: ${member}`);
      }
      assert.not.match(body, /_Impl|std::|&\w|template/);
    }
  }
});

dext('a completion has the parameters of its type behind the action', () => {
  const driver = fileOf(scope, 'iig/ScopeDriver.iig');
  assert.match(
    driver,
    /virtual void ReadComplete\(OSAction \* action TARGET, IOReturn status, uint32_t actualByteCount,\s+uint64_t completionTimestamp\) TYPE\(IOUSBHostPipe::CompleteAsyncIO\);/,
  );
  assert.match(driver, /#include <USBDriverKit\/IOUSBHostPipe\.iig>/);
});

dext('every row has every column, in ascending order of selectors', () => {
  const client = fileOf(kitchen, 'dispatch/KitchenClient.cpp');
  const rows = [...client.matchAll(/\.dispatch = \{([^}]*)\}/g)].map((match) => match[1] ?? '');
  assert.is(rows.length, 7);
  for (const row of rows) {
    const columns = [...row.matchAll(/\.(\w+) =/g)].map((match) => match[1]);
    assert.equal(columns, [
      'function',
      'checkCompletionExists',
      'checkScalarInputCount',
      'checkStructureInputSize',
      'checkScalarOutputCount',
      'checkStructureOutputSize',
    ]);
  }
  const selectors = [...client.matchAll(/\.selector = kKitchenSelector(\w+)/g)].map((m) => m[1]);
  const ascending = 'Nothing Later Tell SetLoud Bytes Everything Big'.split(' ');
  assert.equal(selectors, ascending);
});

dext('an asynchronous row requires its completion', () => {
  const client = fileOf(scope, 'dispatch/ScopeUserClient.cpp');
  const row = /\.function = SelfTestCall,\s+\.checkCompletionExists = (\d)/.exec(client);
  assert.is(row?.[1], '1');
});

dext('bytes that may leave through a descriptor have a scalar for their length', () => {
  const client = fileOf(kitchen, 'dispatch/KitchenClient.cpp');
  const row = /\.function = BytesCall,[^}]*checkScalarOutputCount = (\d+)[\s\S]*?\},\n {4}\{/.exec(
    client,
  );
  assert.is(row?.[1], '2');
  assert.match(row?.[0] ?? '', /\.lengthScalar = 0,/);
  assert.match(client, /call->out\[1\] = dextgen::ToWord\(moreOut\);/);
});

dext('nothing is printed that nothing refers to', () => {
  // Packet has neither padding nor a narrowed field; a rule for it would be an unused variable.
  const client = fileOf(scope, 'dispatch/ScopeUserClient.cpp');
  assert.not.match(client, /kPacketRule|kCalibrationRule/);
  assert.match(client, /kStateEventRule/);
});

dext('no #ifdef for anybody but C++', () => {
  for (const [path, content] of [...scope, ...kitchen]) {
    const conditions = [...content.matchAll(/^#\s*if(?:n?def)?\b.*$/gm)].map(([line]) => line);
    const allowed = /^#ifndef \w+(?:_H|_h)$|^#ifdef __cplusplus$/;
    for (const condition of conditions) assert.match(condition, allowed, path);
  }
});

dext('lines of code fit 100 columns', () => {
  for (const [path, content] of [...scope, ...guards])
    for (const line of content.split('\n'))
      if (!line.trim().startsWith('//')) assert.ok(line.length <= 100, `${path}: ${line}`);
});

dext.run();
