// The dext's C++ against the simulator's headers, through its translator, without a warning of either compiler:
// the runtime, the scope's driver, and what is generated for the scope and for an interface with every feature.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import { compileDext } from './dext-sources.js';
import { modelOf, root } from './support.js';

const warnings = suite('dext warnings');

const check = (schema: string, sources: readonly string[]): void =>
  compileDext(modelOf(schema), sources);

const filesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.cpp'))
    .map((file) => `${folder}/${file}`);

warnings('the scope: generated, runtime and hand-written', () =>
  check('schema/scope.yaml', [...filesIn('runtime/dext'), ...filesIn('dext/scope')]),
);

warnings('an interface with every feature', () => check('test/dext/kitchen.yaml', []));

warnings('what methods may ask for, with hard names and docs', () =>
  check('test/dext/guards.yaml', []),
);

warnings('the interface of calls and its driver', () =>
  check('test/interfaces/calls/schema.yaml', filesIn('test/interfaces/calls')),
);

warnings('every type of fixed size', () =>
  check('test/interfaces/types/schema.yaml', filesIn('test/interfaces/types')),
);

warnings('every way of events and completions', () =>
  check('test/interfaces/events/schema.yaml', filesIn('test/interfaces/events')),
);

warnings.run();
