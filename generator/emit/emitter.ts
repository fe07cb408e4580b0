// What an emitter is: a pure function from the resolved model to files. Registration is in all-emitters.ts.
import type { Model } from '../model/model.js';
import type { Render } from '../render/render.js';

/** `path` is relative to `generated/<id>/`, with forward slashes; `text` has LF line endings and ends in one. */
export type OutputFile = { readonly path: string; readonly text: string };

export type Emitter = {
  readonly name: string;
  readonly emit: (model: Model, render: Render) => readonly OutputFile[];
};
