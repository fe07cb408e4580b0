// What templates may not do, and views may not contain.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRender, precompileTemplate } from '../../generator/render/render.js';

const render = suite('render');

function print(template: string, view: object, partials: Record<string, string> = {}): string {
  const texts = Object.entries(partials).map(([k, v]) => [`a/partials/${k}.hbs`, v] as const);
  return createRender(new Map([['a/b.hbs', template], ...texts]))('a/b', view);
}

render('fields, lists, flags and partials', () => {
  const template = '{{#each items}}{{> a/item}}\n{{/each}}{{#if more}}…{{/if}}';
  const view = { items: [{ n: 1 }, { n: '<&>' }], more: true };
  assert.is(print(template, view, { item: '<{{n}}>' }), '<1>\n<<&>>\n…');
});

render('a compiled template prints the same', () => {
  const texts = { 'a/b.hbs': '{{#each l}}{{> a/i}}{{/each}}', 'a/partials/i.hbs': '{{n}}\r\n' };
  const compiled = Object.entries(texts).map(
    ([path, text]) => [path, new Function(`return ${precompileTemplate(text)}`)()] as const,
  );
  const view = { l: [{ n: 1 }, { n: 2 }] };
  assert.is(createRender(new Map(compiled))('a/b', view), '1\n2\n');
  assert.throws(() => createRender(new Map(compiled))('a/b', { l: [{}] }), /partials.i.*"n"/);
});

render('CRLF templates print as LF ones', () => {
  assert.is(print('a\r\n{{#if x}}\r\nb\r\n{{/if}}\r\n', { x: true }), 'a\nb\n');
});

const bad: readonly (readonly [string, string, object, RegExp])[] = [
  ['a missing field', '{{name}}', {}, /a\/b\.hbs: .*"name"/],
  ['a missing field of a field', '{{a.b}}', { a: {} }, /"b"/],
  ['a missing flag', '{{#if flag}}{{/if}}', {}, /#if at line 1 needs a boolean/],
  ['a flag that is a list', '\n{{#if list}}{{/if}}', { list: [] }, /#if at line 2/],
  ['a missing list', '{{#each list}}{{/each}}', {}, /#each at line 1 needs an array/],
  ['an unknown partial', '{{> a/nope}}', {}, /a\/nope/],
  ['a helper', '{{lookup a b}}{{shout a}}', { a: 'x', b: 'y' }, /unknown helper shout/],
  ['an object as text', '{{a}}', { a: { b: 1 } }, /prints an object/],
  ['undefined deep in the view', '', { a: [{ b: undefined }] }, /view\.a\[0\]\.b is undefined/],
  ['a number that is none', '', { a: Number.NaN }, /view\.a is NaN/],
  ['a function', '', { a: () => 1 }, /view\.a is a function/],
  ['a class instance', '', { a: new Map() }, /view\.a is not a plain object/],
];

for (const [what, template, view, error] of bad) {
  render(`refused: ${what}`, () => {
    assert.throws(() => print(template, view), error);
  });
}

render('an error names the partial it arises in', () => {
  assert.throws(
    () => print('{{> a/item}}', {}, { item: '\n{{name}}' }),
    /^templates\/a\/partials\/item\.hbs: .*"name".* - 2:2/,
  );
});

render('refused: a template that is not there', () => {
  assert.throws(() => createRender(new Map())('x/y', {}), /no template templates\/x\/y\.hbs/);
});

render.run();
