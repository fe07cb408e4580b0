// The command line of the commands besides `gen`: what is parsed, what is wrong usage, what the help says.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Arguments, parseArguments } from '../../generator/cli/arguments.js';
import { tools } from '../../generator/cli/tools.js';

const commands = suite('commands');

const parse = (line: string): Arguments => parseArguments(line.split(' '), '1.2.3');

function wrong(line: string): string {
  const parsed = parse(line);
  return parsed.kind === 'wrong' ? parsed.message : parsed.kind;
}

function tool(line: string) {
  const parsed = parse(line);
  if (parsed.kind !== 'run' || parsed.command.kind !== 'tool')
    throw new Error(`${line}: ${JSON.stringify(parsed)}`);
  const { command, format } = parsed;
  const { named, flags } = command;
  return { name: command.tool.name, named, fix: flags.fix, check: flags.check, format };
}

commands('every command stands in the help, with its options', () => {
  const help = parse('--help');
  assert.is(help.kind, 'print');
  for (const { name, options } of tools) {
    assert.match(help.kind === 'print' ? help.text : '', `dextgen ${name}`);
    const own = parse(`${name} --help`);
    for (const option of Object.keys(options))
      assert.match(own.kind === 'print' ? own.text : '', `--${option}`);
  }
});

commands('files, flags and formats', () => {
  const none = { fix: undefined, check: undefined, format: 'human' };
  assert.equal(tool('lint'), { ...none, name: 'lint', named: [] });
  assert.equal(tool('lint --fix a.yaml b.yaml --format sarif'), {
    ...none,
    name: 'lint',
    named: ['a.yaml', 'b.yaml'],
    fix: true,
    format: 'sarif',
  });
  assert.equal(tool('fmt --check x'), { ...none, name: 'fmt', named: ['x'], check: true });
  assert.equal(tool('explain DK501 --format=json'), {
    ...none,
    name: 'explain',
    named: ['DK501'],
    format: 'json',
  });
});

commands('gen takes several schemas', () => {
  const parsed = parse('gen a.yaml b.yaml --check');
  assert.equal(parsed.kind === 'run' && parsed.command, {
    kind: 'check',
    named: ['a.yaml', 'b.yaml'],
    out: null,
  });
});

commands('what is wrong is said, with what was probably meant', () => {
  assert.match(wrong('lnt'), 'unknown command "lnt": did you mean "lint"?');
  assert.match(wrong('lint --fxi'), 'did you mean "--fix"?');
  assert.match(wrong('fmt --fix'), 'unknown argument "--fix"');
  assert.match(wrong('explain'), 'Not enough');
  assert.match(wrong('explain a b'), 'unknown argument "b"');
  assert.match(wrong('explain DK501 --format sarif'), 'Invalid values');
  assert.match(wrong('gen --out a --out b'), '--out is given twice');
  assert.match(wrong('explain a --schema b --schema c'), '--schema is given twice');
});

commands.run();
