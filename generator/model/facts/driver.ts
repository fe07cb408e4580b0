// The driver side of the model: drivers, what they match, what apps open, services they create, and what all of it is signed with.

import type { ScalarType } from './types.js';
import type { Range } from './values.js';

export type Driver = {
  /** Its key below `drivers`; `main` when it is the only one. */
  readonly name: string;
  /** C++ class of the driver and, since it is the IOUserClass, the registry name of the service. */
  readonly className: string;
  /** C++ class that it derives from: IOService, or a class of a family, and the framework that declares it. */
  readonly baseClass: string;
  readonly baseFramework: string;
  /** Project path of an .iig that exists and is kept; null when dextgen writes it. */
  readonly keptIig: string | null;
  /** At least one. */
  readonly personalities: readonly Personality[];
  readonly actions: readonly DriverAction[];
  /** Connections at a time. */
  readonly maxClients: number;
  /** It hears of its clients coming and going. */
  readonly clientHooks: boolean;
  readonly doc: string;
};

/** One dictionary below IOKitPersonalities. */
export type Personality = {
  readonly name: string;
  /** IOClass: the kernel's half. */
  readonly kernelClass: string;
  /** IOProviderClass. */
  readonly provider: string;
  /** Matching keys, in schema order. */
  readonly match: readonly PlistEntry[];
  /** Further keys, which become properties of the service. */
  readonly properties: readonly PlistEntry[];
};

export type Entitlement = {
  /** Who is signed with it: the dext, its apps on macOS, or those on iPadOS. */
  readonly side: 'dext' | 'macos' | 'ipados';
  readonly key: string;
  readonly value: PlistValue;
  /** Apple grants it on request only. */
  readonly approval: boolean;
  /** What in the schema asks for it. */
  readonly reason: string;
};

export type PlistEntry = { readonly key: string; readonly value: PlistValue };

/** A value of a property list. The kernel's lists have neither fractions nor dates (contract §6.4). */
export type PlistValue =
  | { readonly kind: 'string'; readonly value: string }
  /** A decimal string beyond 2^53. */
  | { readonly kind: 'integer'; readonly value: number | string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'data'; readonly hex: string }
  | { readonly kind: 'array'; readonly items: readonly PlistValue[] }
  | { readonly kind: 'dictionary'; readonly entries: readonly PlistEntry[] };

/** A class of connections to one driver, with selectors and memory types of its own. */
export type UserClient = {
  /** Its key below `userClients`; `main` in the short form. */
  readonly name: string;
  /** Name of the driver that creates it. */
  readonly driver: string;
  readonly className: string;
  /** Third argument of IOServiceOpen that asks for it; null when any does. */
  readonly type: number | null;
  /** Key of the personality that holds its dictionary (contract §4.2). */
  readonly dictionary: string;
  /** Further keys of that dictionary, which become properties of the connection. */
  readonly properties: readonly PlistEntry[];
  /** Alternatives: the kernel lets an app open it that has every entitlement of one of them; none: no more is asked (contract §4.3). */
  readonly entitlements: readonly (readonly string[])[];
  readonly doc: string;
};

/** A service that the bundle's own code creates from a named dictionary, such as a virtual HID device. */
export type ChildService = {
  readonly name: string;
  /** Whose dictionary holds its own, and who creates it: a user client or a driver, by name. */
  readonly owner: { readonly kind: 'userClient' | 'driver'; readonly name: string };
  readonly dictionary: string;
  /** IOUserClass, which is written by hand; empty for a service that is all the kernel's. */
  readonly className: string;
  /** IOClass: the kernel's half. */
  readonly kernelClass: string;
  readonly properties: readonly PlistEntry[];
  readonly doc: string;
};

/** A completion the driver receives from its provider: `virtual void ReadComplete(...) TYPE(IOUSBHostPipe::CompleteAsyncIO)`. */
export type DriverAction = {
  readonly name: string;
  readonly providerClass: string;
  readonly providerMethod: string;
};

export type Property = {
  /** Registry key. */
  readonly name: string;
  /** Name of the driver whose service has it. */
  readonly driver: string;
  readonly type: ScalarType;
  readonly default: number | boolean | string;
  readonly range: Range | null;
  readonly doc: string;
  readonly unit: string;
  /** Name of the method that sets it, or null. */
  readonly setter: string | null;
};
