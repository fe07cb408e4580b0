// The C++ of the dext's runtime and of the scope's driver, in native programs under sanitizers.
import { suite } from 'uvu';
import {
  compilers,
  emit,
  fakeDriverKit,
  modelOf,
  runNative,
  runtimeSources,
  sanitizers,
  write,
} from './support.js';

const native = suite('dext native');
const program = (name: string) => `test/dext/native/${name}_test.cpp`;

native('ring: a writer and a reader in two threads', () => {
  const sources = [program('ring'), 'runtime/dext/ring.cpp'];
  for (const compiler of compilers) runNative(compiler, { sources, flags: ['-O2', '-pthread'] });
});

native('values: every scalar and both sides of every bound', () => {
  const rules = ['values', 'narrowing', 'variants', 'text'];
  const sources = [program('values'), ...rules.map((name) => `runtime/dext/${name}.cpp`)];
  runNative('g++', { sources, flags: sanitizers });
});

native('memory types: every number, and whose it is', () => {
  const rules = ['memory-types', 'values', 'narrowing', 'variants', 'text'];
  const sources = [program('memory_types'), ...rules.map((name) => `runtime/dext/${name}.cpp`)];
  const flags = [...sanitizers, '-Wno-missing-field-initializers'];
  runNative('g++', { sources, includes: fakeDriverKit(), flags });
});

native('packets: every way of cutting a stream gives the same packets', () => {
  const wire = write(emit(modelOf('schema/scope.yaml')));
  const includes = ['dext/scope', `${wire}/wire`];
  runNative('g++', { sources: [program('packets')], includes, flags: sanitizers });
});

const PROGRAMS = {
  varying: 'texts, variants and records, and noise',
  calls: 'what is refused, what is carried, and what an answer finds',
  streams: 'subscriptions, rings, memory and ends, without a leak',
  handles: 'whose they are, and what a failing call leaves of them',
  guards: 'roles, states, entitlements and counts',
  feeds: 'each completion ends once and is released once',
};

for (const [name, what] of Object.entries(PROGRAMS)) {
  native(`${name}: ${what}`, () => {
    const sources = [program(name), 'test/dext/native/fake/driverkit.cpp', ...runtimeSources()];
    // Tables and arguments name only what they are about.
    const lenient = '-Wno-missing-field-initializers';
    const flags = [...sanitizers, lenient, '-fno-exceptions', '-fno-rtti'];
    runNative('g++', { sources, includes: fakeDriverKit(), flags });
  });
}

native.run();
