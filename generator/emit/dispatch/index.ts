// The dext's generated half: the user client with its table, and the driver's side of it.
import type { Emitter } from '../emitter.js';
import { toCoreView } from './core-view.js';
import { toUserClientView } from './user-client-view.js';

export const dispatchEmitter: Emitter = {
  name: 'dispatch',
  emit(model, render) {
    const { className, userClientClass } = model.driver;
    const core = toCoreView(model);
    return [
      {
        path: `dispatch/${userClientClass}.cpp`,
        text: render('dispatch/user-client.cpp', toUserClientView(model)),
      },
      { path: `dispatch/${className}Core.h`, text: render('dispatch/core.h', core) },
      { path: `dispatch/${className}Core.cpp`, text: render('dispatch/core.cpp', core) },
    ];
  },
};
