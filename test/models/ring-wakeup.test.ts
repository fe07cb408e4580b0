// Runs the model checker over the ring's wake-up: the protocol passes, and each of its two halves is needed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const model = readFileSync(join('test', 'models', 'ring-wakeup.pml'), 'utf8');
const wakeUp = suite('ring wake-up');

/** Errors that spin finds in a model, searched completely. */
function errorsIn(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'ring-model-'));
  try {
    writeFileSync(join(folder, 'ring.pml'), text);
    const { stdout } = spawnSync('spin', ['-search', '-DRECORDS=5', 'ring.pml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const errors = /errors: (\d+)/.exec(stdout)?.[1];
    if (errors === undefined) throw new Error(`spin did not finish:\n${stdout}`);
    return Number(errors);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mutate(from: string, to: string): string {
  const mutated = model.replace(from, to);
  assert.is.not(mutated, model, `the model no longer says "${from}"`);
  return mutated;
}

const noSecondLook = mutate(':: read < written -> skip', ':: false -> skip');
const answersAlways = mutate(':: seen != answered ->', ':: true ->');

wakeUp('both mutations apply', () => {
  assert.is.not(noSecondLook, answersAlways);
});

if (spawnSync('spin', ['-V']).status === 0) {
  wakeUp('no wake-up is lost and no arming answered twice', () => {
    assert.is(errorsIn(model), 0);
  });

  wakeUp('an app that does not look once more can sleep for ever', () => {
    assert.ok(errorsIn(noSecondLook) > 0);
  });

  wakeUp('a driver that does not remember its answer answers twice', () => {
    assert.ok(errorsIn(answersAlways) > 0);
  });
} else console.log('spin is not installed: the ring model was not checked (apt-get install spin)');

wakeUp.run();
