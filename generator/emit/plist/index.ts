// Info.plist of the dext, entitlements of the dext and of its apps, and an XcodeGen project that builds both.
// The smallest emitter: a view per kind of file, a template per file.
//
// Entitlements are the least that works. The dext does not ask for allow-third-party-userclients or
// allow-any-userclient-access: on iPadOS an app of the same team needs neither, on macOS userclient-access in the app
// is the check (contract §4.3 step 7), and both would open the driver to every app.
import type { Entitlement } from '../../model/model.js';
import type { Emitter } from '../emitter.js';
import { entitlementNames, toProjectView } from './project-view.js';
import { toEntitlementsView, toPlistView } from './view.js';

export const plistEmitter: Emitter = {
  name: 'plist',
  emit(model, render) {
    const view = toPlistView(model);
    const names = entitlementNames(model);
    const entitlements = (side: Entitlement['side']) =>
      render('plist/entitlements.plist', toEntitlementsView(model, side));
    return [
      { path: 'plist/Info.plist', text: render('plist/info.plist', view) },
      { path: `plist/${names.dext}`, text: entitlements('dext') },
      { path: `plist/${names.mac}`, text: entitlements('macos') },
      { path: `plist/${names.pad}`, text: entitlements('ipados') },
      { path: 'plist/project.yml', text: render('plist/project.yml', toProjectView(model)) },
    ];
  },
};
