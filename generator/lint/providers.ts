// Providers that no kernel is likely to have: LINT062.
import { suggest } from '../diagnostics/index.js';
import { driverNodes } from '../model/driver-nodes.js';
import { child, entriesOf, type SourceNode, stringOf } from '../source/index.js';
import type { Finding, Rule } from './finding.js';

/** Kernel classes that drivers match on. Others are as good: a provider may be any class of any kext. */
const knownProviders: readonly string[] = [
  'IOUserResources',
  'IOUSBHostDevice',
  'IOUSBHostInterface',
  'IOUSBHostHIDDevice',
  'IOUSBDevice',
  'IOUSBInterface',
  'IOPCIDevice',
  'IOHIDDevice',
  'IOHIDInterface',
  'IOUserHIDDevice',
  'AppleUserHIDDevice',
  'IOHIDEventService',
  'AppleUserHIDEventService',
  'AppleUserHIDEventDriver',
  'IOSCSIParallelInterfaceDevice',
  'IOSCSIPeripheralDeviceNub',
  'IOUserSCSIParallelInterfaceController',
  'IOUserSCSIPeripheralDeviceType00',
  'IOUserSCSIPeripheralDeviceType05',
  'IOUserBlockStorageDevice',
  'IOBlockStorageDevice',
  'IOUserSerial',
  'IOUserUSBSerial',
  'IOUserNetworkEthernet',
  'IOUserAudioDriver',
  'IOUserMIDIDriver',
  'IOUserVideoDriver',
  'IOUserService',
  'IOService',
  'IOThunderboltXDomainLink',
  'IOAVBNub',
  'IOPlatformDevice',
  'IOPlatformExpertDevice',
  'IORegistryEntry',
  'IOResources',
];
const known: ReadonlySet<string> = new Set(knownProviders);

/** More would take another class for a mistake. */
const mistakes = 2;

/** Of every personality of every driver. */
function providersOf(root: SourceNode): readonly SourceNode[] {
  const nodes = driverNodes(root).flatMap(({ node }) => [
    node,
    ...entriesOf(child(node, 'personalities')).map(({ value }) => value),
  ]);
  return nodes.map((node) => child(node, 'provider')).filter((provider) => provider !== null);
}

export const checkProviders: Rule = ({ root }) =>
  providersOf(root).flatMap((node): Finding[] => {
    const name = stringOf(node) ?? '';
    const meant = known.has(name) ? null : suggest(name, knownProviders, mistakes);
    if (meant === null) return [];
    return [
      {
        code: 'LINT062',
        at: node.span,
        message: `"${name}" looks like ${meant}; nothing is matched on a class that does not exist`,
        hint: `did you mean "${meant}"? Suppress this if a kext has a class of this name.`,
      },
    ];
  });
