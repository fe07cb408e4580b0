// What the dext and its apps have to be signed with: the least that works (contract §4.3, §5.4).
import { familyEntitlement } from './families.js';
import { ADMINISTRATOR } from './limits.js';
import type {
  ChildService,
  Driver,
  Entitlement,
  Method,
  Personality,
  PlistEntry,
  PlistValue,
  UserClient,
} from './model.js';

const yes: PlistValue = { kind: 'boolean', value: true };
const PREFIX = 'com.apple.developer.driverkit';

type Matched = { readonly driver: Driver; readonly personality: Personality };

type Transport = {
  readonly provider: RegExp;
  readonly key: string;
  /** The matching keys that the entitlement repeats; null for one that is only true or absent. */
  readonly keys: RegExp | null;
  /** What stands for every device, where no key narrows it. */
  readonly any: PlistEntry | null;
};

const transports: readonly Transport[] = [
  {
    provider: /^IOUSB/,
    key: `${PREFIX}.transport.usb`,
    keys: /^(idVendor|idProduct)$/,
    // Without an idVendor only the wildcard remains, which Apple grants for development (contract §5.4).
    any: { key: 'idVendor', value: { kind: 'string', value: '*' } },
  },
  {
    provider: /^IOPCI/,
    key: `${PREFIX}.transport.pci`,
    keys: /^IOPCI(Primary|Secondary|Class)?Match$/,
    any: { key: 'IOPCIMatch', value: { kind: 'string', value: '0x00000000&0x00000000' } },
  },
  { provider: /^IOHID/, key: `${PREFIX}.transport.hid`, keys: null, any: null },
];

/** USB tells devices by their vendor; a product alone says nothing. */
function asked(match: readonly PlistEntry[], { keys, any }: Transport): readonly PlistEntry[] {
  const found = match.filter(({ key }) => keys?.test(key));
  const narrow =
    any === null || found.some(({ key }) => key === any.key || key.startsWith('IOPCI'));
  return narrow || any === null ? found : [any];
}

function transportOf(transport: Transport, matched: readonly Matched[]): Entitlement[] {
  const fitting = matched.filter(({ personality }) =>
    transport.provider.test(personality.provider),
  );
  const [first] = fitting;
  if (first === undefined) return [];
  const dictionaries = fitting.map(
    ({ personality }): PlistValue => ({
      kind: 'dictionary',
      entries: asked(personality.match, transport),
    }),
  );
  const unique = [...new Map(dictionaries.map((one) => [JSON.stringify(one), one])).values()];
  return [
    {
      side: 'dext',
      key: transport.key,
      value: transport.keys === null ? yes : { kind: 'array', items: unique },
      approval: true,
      reason: `${first.driver.className} matches on ${first.personality.provider}`,
    },
  ];
}

function familiesOf(matched: readonly Matched[], services: readonly ChildService[]): Entitlement[] {
  const halves = [
    ...matched.map(({ driver, personality }) => [personality.kernelClass, driver.className]),
    ...services.map(({ kernelClass, name }) => [kernelClass, `the service ${name}`]),
  ];
  const found = new Map<string, Entitlement>();
  for (const [kernelClass = '', who] of halves) {
    const key = familyEntitlement(kernelClass);
    if (key === null || found.has(key)) continue;
    const reason = `${who} is an ${kernelClass}`;
    found.set(key, { side: 'dext', key, value: yes, approval: true, reason });
  }
  return [...found.values()];
}

/** In the order in which they are printed. */
export function entitlementsOf(
  drivers: readonly Driver[],
  services: readonly ChildService[],
  bundleIdentifier: string,
): readonly Entitlement[] {
  const matched = drivers.flatMap((driver) =>
    driver.personalities.map((personality) => ({ driver, personality })),
  );
  const access: PlistValue = {
    kind: 'array',
    items: [{ kind: 'string', value: bundleIdentifier }],
  };
  return [
    { side: 'dext', key: PREFIX, value: yes, approval: true, reason: 'every dext' },
    ...transports.flatMap((transport) => transportOf(transport, matched)),
    ...familiesOf(matched, services),
    {
      side: 'dext',
      key: 'com.apple.security.app-sandbox',
      value: yes,
      approval: false,
      reason: 'every dext',
    },
    {
      side: 'macos',
      key: `${PREFIX}.userclient-access`,
      value: access,
      approval: true,
      reason: 'every app that opens the driver',
    },
    {
      side: 'macos',
      key: 'com.apple.developer.system-extension.install',
      value: yes,
      approval: false,
      reason: 'the app that installs the driver',
    },
    {
      side: 'ipados',
      key: `${PREFIX}.communicates-with-drivers`,
      value: yes,
      approval: true,
      reason: 'every app that opens the driver',
    },
  ];
}

/** What opening and calling ask of apps, each once; where one of several would do, the first of them. */
export function callEntitlements(
  clients: readonly UserClient[],
  methods: readonly Method[],
): readonly Entitlement[] {
  const first = new Map<string, string>();
  const ask = (key: string, who: string): void => {
    if (!first.has(key)) first.set(key, who);
  };
  for (const { className, entitlements } of clients)
    for (const key of entitlements[0] ?? []) ask(key, `opening ${className}`);
  for (const { name, guards } of methods)
    if (guards.entitlement !== null) ask(guards.entitlement, `the method ${name}`);
  first.delete(ADMINISTRATOR);
  return [...first].flatMap(([key, who]) =>
    (['macos', 'ipados'] as const).map((side) => ({
      side,
      key,
      value: yes,
      approval: false,
      reason: `${who} asks for it`,
    })),
  );
}
