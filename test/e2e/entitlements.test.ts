// An app that is not entitled to the driver: open is denied, and the error says what to add.
import { startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Scope } from '../../generated/scope/client/scope.js';
import { rejection, SCOPE_BUNDLE, scopeDevice, until } from './support.js';

const entitlements = suite('entitlements');

entitlements('without the entitlement, open is denied and says what is missing', async () => {
  await using simulator = await startSimulator({ bundles: [SCOPE_BUNDLE] });
  await simulator.plug(scopeDevice().usb);
  await until(async () => (await Scope.devices()).length === 1, 'the driver is there');
  const error = await rejection(Scope.open());
  assert.is(error.name, 'AccessDeniedError');
  assert.match(error.message, /0xe00002e2/);
  assert.match(error.message, /userclient-access with com\.example\.Scope\.driver/);
});

entitlements.run();
