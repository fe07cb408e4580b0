// Prints the resolved model: the first thing to read when some output looks wrong, and the input of outside tools.
import type { Emitter } from '../emitter.js';

export const modelJsonEmitter: Emitter = {
  name: 'model-json',
  emit: (model) => [{ path: 'model.json', text: `${JSON.stringify(model, null, 2)}\n` }],
};
