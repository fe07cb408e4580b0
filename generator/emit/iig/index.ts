// The two .iig files: the user client of the interface, and the driver with a hook per method.
import type { Emitter } from '../emitter.js';
import { toDriverView } from './driver-view.js';
import { toUserClientView } from './user-client-view.js';

export const iigEmitter: Emitter = {
  name: 'iig',
  emit(model, render) {
    const { className, userClientClass } = model.driver;
    return [
      {
        path: `iig/${userClientClass}.iig`,
        text: render('iig/user-client.iig', toUserClientView(model)),
      },
      { path: `iig/${className}.iig`, text: render('iig/driver.iig', toDriverView(model)) },
    ];
  },
};
