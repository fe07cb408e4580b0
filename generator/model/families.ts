// The families that a driver may derive from: where a base class is declared, what the kernel's half of it is called,
// and what the bundle has to be entitled to (contract §5.2, §5.4).

export type BaseClass = {
  /** Framework that declares it: `<HIDDriverKit/IOUserHIDDevice.iig>`. */
  readonly framework: string;
  /** IOClass. */
  readonly kernelClass: string;
};

export const baseClasses: ReadonlyMap<string, BaseClass> = new Map(
  Object.entries({
    IOService: { framework: 'DriverKit', kernelClass: 'IOUserService' },
    IOUserHIDDevice: { framework: 'HIDDriverKit', kernelClass: 'AppleUserHIDDevice' },
    IOUserHIDEventService: { framework: 'HIDDriverKit', kernelClass: 'AppleUserHIDEventService' },
    IOUserHIDEventDriver: { framework: 'HIDDriverKit', kernelClass: 'AppleUserHIDEventDriver' },
    IOUserSCSIParallelInterfaceController: {
      framework: 'SCSIControllerDriverKit',
      kernelClass: 'IOUserSCSIParallelInterfaceController',
    },
    IOUserNetworkEthernet: {
      framework: 'NetworkingDriverKit',
      kernelClass: 'IOUserNetworkEthernet',
    },
    IOUserSerial: { framework: 'SerialDriverKit', kernelClass: 'IOUserSerial' },
  }),
);

/** Frameworks by the class that a personality matches on. */
const providers: readonly { readonly prefix: string; readonly framework: string }[] = [
  { prefix: 'IOUSB', framework: 'USBDriverKit' },
  { prefix: 'IOPCI', framework: 'PCIDriverKit' },
  { prefix: 'IOHID', framework: 'HIDDriverKit' },
  { prefix: 'IOUserHID', framework: 'HIDDriverKit' },
];

export function providerFramework(provider: string): string | null {
  return providers.find(({ prefix }) => provider.startsWith(prefix))?.framework ?? null;
}

/** Entitlements by the kernel's half of what is created or matched. */
const families: ReadonlyMap<string, string> = new Map([
  ['AppleUserHIDDevice', 'com.apple.developer.driverkit.family.hid.device'],
  ['AppleUserHIDEventService', 'com.apple.developer.driverkit.family.hid.eventservice'],
  ['AppleUserHIDEventDriver', 'com.apple.developer.driverkit.family.hid.eventservice'],
  ['IOUserSCSIParallelInterfaceController', 'com.apple.developer.driverkit.family.scsicontroller'],
  ['IOUserNetworkEthernet', 'com.apple.developer.driverkit.family.networking'],
  ['IOUserSerial', 'com.apple.developer.driverkit.family.serial'],
]);

export function familyEntitlement(kernelClass: string): string | null {
  return families.get(kernelClass) ?? null;
}
