// The dext's generated half: each user client with its table, and each driver's side of them.
import type { Model } from '../../model/model.js';
import type { Render } from '../../render/render.js';
import type { Emitter, OutputFile } from '../emitter.js';
import { clientSides, driverSides, hasCore } from '../sides.js';
import { hasRecords } from '../struct-parameters.js';
import { toCoreView } from './core-view.js';
import { toRecordsView } from './records-view.js';
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
    return [...clients, ...drivers, ...records(model, render)];
  },
};

/** Only where something varies in size. */
function records(model: Model, render: Render): readonly OutputFile[] {
  if (!hasRecords(model)) return [];
  const view = toRecordsView(model);
  const path = `dispatch/${model.name}Records`;
  return [
    { path: `${path}.h`, text: render('dispatch/records.h', view) },
    { path: `${path}.cpp`, text: render('dispatch/records.cpp', view) },
  ];
}
