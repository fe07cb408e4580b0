// The commands in the bundle that the launcher makes: they run from it, and are no reason to call generated files stale.
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyPackage, makeProject, removeFolders, root, run, succeed } from '../cli/project.js';

const bundle = suite('bundle');
bundle.after(removeFolders);

bundle('a change of the linter leaves what is generated current, and takes effect', () => {
  const copy = copyPackage();
  cpSync(join(root, 'docs/diagnostics.md'), join(copy, 'docs/diagnostics.md'));
  const options = { bin: join(copy, 'generator/bin.mjs') };
  const project = makeProject();
  succeed(project, ['gen'], options);
  appendFileSync(join(copy, 'generator/lint/lint.ts'), 'rules.length satisfies number;\n');
  appendFileSync(join(copy, 'generator/cli/explain.ts'), "explainTool.name === 'explain';\n");
  succeed(project, ['gen', '--check'], options);
  assert.match(succeed(project, ['explain', 'DK501'], options).stdout, 'DK501: duplicate selector');
  assert.match(succeed(project, ['explain', 'packet'], options).stdout, 'event packet of Scope');
  assert.is(succeed(project, ['fmt', '--check'], options).stdout, '1 schema unchanged\n');
  const lint = run(project, ['lint', '--format', 'json'], options);
  assert.ok([0, 1].includes(lint.status ?? 2), lint.stderr);
  assert.is(JSON.parse(lint.stdout).command, 'lint');
  assert.is(run(project, ['lint', '--fx'], options).status, 2);
});

bundle.run();
