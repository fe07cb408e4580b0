// The dext's generated half: each user client with its table, and each driver's side of them.
import type { Emitter } from '../emitter.js';
import { clientSides, driverSides, hasCore } from '../sides.js';
import { toCoreView } from './core-view.js';
import { toUserClientView } from './user-client-view.js';

export const dispatchEmitter: Emitter = {
  name: 'dispatch',
  emit(model, render) {
    const clients = clientSides(model).map((side) => ({
      path: `dispatch/${side.client.className}.cpp`,
      text: render('dispatch/user-client.cpp', toUserClientView(model, side)),
    }));
    const drivers = driverSides(model)
      .filter(hasCore)
      .flatMap((side) => {
        const core = toCoreView(model, side);
        const path = `dispatch/${side.driver.className}Core`;
        return [
          { path: `${path}.h`, text: render('dispatch/core.h', core) },
          { path: `${path}.cpp`, text: render('dispatch/core.cpp', core) },
        ];
      });
    return [...clients, ...drivers];
  },
};
