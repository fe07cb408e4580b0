// The dexts of test/families/dexts that several tests build.
import type { PlistDict } from '../simulator/support.js';
import type { DextProject } from './support.js';

const CARD = 'com.example.PciCard';
const BOX = 'com.example.ScsiBox';

export const pciCard = (match: PlistDict): DextProject => ({
  name: 'pci',
  identifier: CARD,
  personalities: {
    PciCard: {
      CFBundleIdentifier: CARD,
      IOClass: 'IOUserService',
      IOProviderClass: 'IOPCIDevice',
      IOUserClass: 'PciCard',
      IOUserServerName: CARD,
      UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'PciCardClient' },
      ...match,
    },
  },
  entitlements: {
    'com.apple.developer.driverkit.transport.pci': [{ IOPCIPrimaryMatch: '0x00001af4&0x0000ffff' }],
  },
});

export const scsiBox = (more: PlistDict = {}): DextProject => ({
  name: 'scsi',
  identifier: BOX,
  personalities: {
    ScsiBox: {
      CFBundleIdentifier: BOX,
      IOClass: 'IOUserSCSIParallelInterfaceController',
      IOProviderClass: 'IOUserResources',
      IOResourceMatch: 'IOKit',
      IOUserClass: 'ScsiBox',
      IOUserServerName: BOX,
      UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'ScsiBoxClient' },
      ...more,
    },
  },
  entitlements: { 'com.apple.developer.driverkit.family.scsicontroller': true },
});
