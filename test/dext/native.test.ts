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

native('varying: texts, variants and records, and noise', () => {
  const sources = [program('varying'), 'test/dext/native/fake/driverkit.cpp', ...runtimeSources()];
  const flags = [...sanitizers, '-Wno-missing-field-initializers', '-fno-exceptions', '-fno-rtti'];
  runNative('g++', { sources, includes: fakeDriverKit(), flags });
});

native('runtime: calls, subscriptions, rings and ends, without a leak', () => {
  const sources = [program('runtime'), 'test/dext/native/fake/driverkit.cpp', ...runtimeSources()];
  // The tables and arguments of the test name only what they are about.
  const flags = [...sanitizers, '-Wno-missing-field-initializers', '-fno-exceptions', '-fno-rtti'];
  runNative('g++', { sources, includes: fakeDriverKit(), flags });
});

native('guards: handles, roles, states, entitlements and counts', () => {
  const sources = [program('guards'), 'test/dext/native/fake/driverkit.cpp', ...runtimeSources()];
  const flags = [...sanitizers, '-Wno-missing-field-initializers', '-fno-exceptions', '-fno-rtti'];
  runNative('g++', { sources, includes: fakeDriverKit(), flags });
});

native('feeds: each completion ends once and is released once', () => {
  const sources = [program('feeds'), 'test/dext/native/fake/driverkit.cpp', ...runtimeSources()];
  const flags = [...sanitizers, '-Wno-missing-field-initializers', '-fno-exceptions', '-fno-rtti'];
  runNative('g++', { sources, includes: fakeDriverKit(), flags });
});

native.run();
