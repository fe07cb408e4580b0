// What nobody outside of Apple knows for certain, as options: the stricter reading first, then the other. The kernel
// program has the same table; docs/simulator.md says what each means.

export const ASSUMPTIONS = {
  nullDispatch: ['unsupported', 'bad-argument'],
  userClientStart: ['after-create', 'in-create'],
  missingClass: ['unsupported-mode', 'offline'],
  noNewUserClient: ['error', 'unsupported'],
  unsetOptions: ['read-only', 'zero'],
  lockingKeys: ['ignored', 'honoured'],
  sandbox: ['closed', 'open'],
  matchedProperties: ['registry', 'published'],
  usbKeys: ['sets', 'any'],
  usbLength: ['packets', 'any'],
  usbSize: ['1MiB', 'any'],
  usbPipes: ['opened', 'any'],
  usbGone: ['aborted', 'not-responding'],
  idleDext: ['exits', 'stays'],
  logStrings: ['private', 'public'],
  iteration: ['false-ends', 'true-ends'],
} as const;

type Table = typeof ASSUMPTIONS;
/** Every one that is left out has its stricter reading. */
export type Assumptions = { readonly [Key in keyof Table]?: Table[Key][number] };

/** `usbKeys` is usb-keys on a command line. */
export const assumptionName = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Options of the kernel program. */
export const assumptionArguments = (assume: Assumptions): string[] =>
  Object.entries(assume).flatMap(([key, value]) => ['--assume', `${assumptionName(key)}=${value}`]);
