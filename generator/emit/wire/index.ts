// The wire header: everything both sides of an interface must agree on, as plain C that other languages can import.
import type { Emitter } from '../emitter.js';
import { toWireView } from './view.js';

export const wireEmitter: Emitter = {
  name: 'wire',
  emit(model, render) {
    return [{ path: `wire/${model.id}.h`, text: render('wire/interface.h', toWireView(model)) }];
  },
};
