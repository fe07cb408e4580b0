// The list of emitters, and one call that runs them all. Adding an emitter is adding a line here.
import type { Model } from '../model/model.js';
import { createRender, type Render, type Templates } from '../render/render.js';
import { addonEmitter } from './addon/index.js';
import { clientEmitter } from './client/index.js';
import { dispatchEmitter } from './dispatch/index.js';
import { docsEmitter } from './docs/index.js';
import type { Emitter, OutputFile } from './emitter.js';
import { iigEmitter } from './iig/index.js';
import { modelJsonEmitter } from './model-json/index.js';
import { plistEmitter } from './plist/index.js';
import { wireEmitter } from './wire/index.js';

export const allEmitters: readonly Emitter[] = [
  wireEmitter,
  iigEmitter,
  dispatchEmitter,
  plistEmitter,
  addonEmitter,
  clientEmitter,
  docsEmitter,
  modelJsonEmitter,
];

/** Every file of one interface, by path. Two emitters that claim one path are our bug. */
export function emitAll(model: Model, templates: Templates): readonly OutputFile[] {
  return emitWith(model, createRender(templates));
}

export function emitWith(model: Model, render: Render): readonly OutputFile[] {
  const owners = new Map<string, string>();
  const files: OutputFile[] = [];
  for (const emitter of allEmitters) {
    for (const file of emitter.emit(model, render)) {
      const owner = owners.get(file.path);
      if (owner !== undefined)
        throw new Error(`${owner} and ${emitter.name} both emit ${file.path}`);
      owners.set(file.path, emitter.name);
      files.push(file);
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
