// The same interface through protobuf's toolchain, for comparison: buf and protoc-gen-es from npm, installed below build/
// by the first run, which therefore needs the registry.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { syntheticProto } from './synthetic.js';

const home = resolve('build', 'bench', 'protobuf');
const packages = [
  '@bufbuild/buf@1.75.0',
  '@bufbuild/protoc-gen-es@2.17.0',
  '@bufbuild/protobuf@2.17.0',
];

/** Whether the tools are there; installs them when they are not. */
export function hasProtobufTools(): boolean {
  const buf = join(home, 'node_modules', '.bin', 'buf');
  if (existsSync(buf)) return true;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  return spawnSync('npm', args, { cwd: home, stdio: 'ignore' }).status === 0 && existsSync(buf);
}

/** Makes a project with `methods` calls; the returned function runs `buf generate` in it. */
export function protobufProject(methods: number): () => void {
  const folder = join(home, String(methods));
  mkdirSync(join(folder, 'synthetic', 'v1'), { recursive: true });
  writeFileSync(join(folder, 'buf.yaml'), 'version: v2\n');
  const plugin = join(home, 'node_modules', '.bin', 'protoc-gen-es');
  const generation = `version: v2\nplugins:\n  - local: ${plugin}\n    out: gen\n    opt: target=ts\n`;
  writeFileSync(join(folder, 'buf.gen.yaml'), generation);
  writeFileSync(join(folder, 'synthetic', 'v1', 'synthetic.proto'), syntheticProto(methods));
  const buf = join(home, 'node_modules', '.bin', 'buf');
  return () => {
    const { status, stderr } = spawnSync(buf, ['generate'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`buf generate: ${stderr}`);
  };
}
