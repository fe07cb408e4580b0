// The TypeScript client: one module per interface over dextgen/client. The only emitter that uses ts-morph.
import type { Emitter } from '../emitter.js';
import { printClient } from './source.js';

export const clientEmitter: Emitter = {
  name: 'client',
  emit: (model) => [{ path: `client/${model.id}.ts`, text: printClient(model) }],
};
