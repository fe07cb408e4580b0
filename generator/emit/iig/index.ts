// An .iig file for each user client, and one for each driver with a hook per method.
import type { Emitter } from '../emitter.js';
import { clientSides, driverSides } from '../sides.js';
import { toDriverView } from './driver-view.js';
import { toUserClientView } from './user-client-view.js';

export const iigEmitter: Emitter = {
  name: 'iig',
  emit(model, render) {
    const clients = clientSides(model).map((side) => ({
      path: `iig/${side.client.className}.iig`,
      text: render('iig/user-client.iig', toUserClientView(model, side)),
    }));
    const drivers = driverSides(model).map((side) => ({
      path: `iig/${side.driver.className}.iig`,
      text: render('iig/driver.iig', toDriverView(model, side)),
    }));
    return [...clients, ...drivers];
  },
};
