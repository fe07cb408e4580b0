// Where else in the language a key belongs, for one that stands in the wrong place: read off interface.schema.json.
import language from '../../schema/interface.schema.json' with { type: 'json' };

/** Definitions that an author knows by name; the others are parts of them. */
const places: Readonly<Record<string, string>> = {
  bundle: 'the bundle',
  driver: 'a driver',
  personality: 'a personality',
  userClient: 'a user client',
  service: 'a service',
  namedType: 'a type',
  field: 'a field or an argument',
  method: 'a method',
  event: 'an event',
  subscribe: 'a subscription',
  poll: 'the polling of an event',
  handle: 'a handle',
  machine: 'a state machine',
  buffer: 'a buffer',
  section: 'a section of a buffer',
  property: 'a property',
};

/** `a field or an argument`; empty when the key belongs nowhere, or to the schema as a whole. */
export function placesOf(key: string): readonly string[] {
  const definitions: Readonly<Record<string, object>> = language.definitions;
  return Object.entries(places).flatMap(([name, place]) => {
    const { properties = {} } = definitions[name] as { readonly properties?: object };
    return Object.hasOwn(properties, key) ? [place] : [];
  });
}
