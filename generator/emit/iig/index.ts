// An .iig file for each user client, and one with a hook per method for each driver that does not keep its own.
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
    const written = driverSides(model).filter(({ driver }) => driver.keptIig === null);
    const drivers = written.map((side) => ({
      path: `iig/${side.driver.className}.iig`,
      text: render('iig/driver.iig', toDriverView(model, side)),
    }));
    return [...clients, ...drivers];
  },
};
