// How a name of the schema is spelt in the languages that are generated. Emitters prefix; they rename no further.

/** `setSampleRate`, `set_sample_rate` and `SetSampleRate` become `SetSampleRate`. */
export function pascal(name: string): string {
  if (!name.includes('_')) return name.charAt(0).toUpperCase() + name.slice(1);
  return name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** `Gain` becomes `gain`, `USBMode` becomes `usbMode`, `sample_rate` becomes `sampleRate`. */
export function camel(name: string): string {
  const joined = pascal(name);
  const capitals = /^[A-Z]+/.exec(joined)?.[0] ?? '';
  // The last capital of a run begins the next word, unless the run is the whole name.
  const head =
    capitals.length > 1 && capitals.length < joined.length ? capitals.length - 1 : capitals.length;
  return joined.slice(0, head).toLowerCase() + joined.slice(head);
}

/** `packet` becomes `packets`: the stream of an event. */
export function plural(name: string): string {
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** `DualScope` becomes `dual_scope`: a file name that is also an identifier, as the addon's target must be. */
export function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
