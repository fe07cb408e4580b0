// The device traffic of a recording without its times, by kind of event: what two runs have in common.
import { readFileSync } from 'node:fs';

/** What app and driver do is not the device's; when the host gives up is not, either. */
const OTHERS = ['open', 'close', 'call', 'return', 'completion', 'abort', 'unplug', undefined];

export function traffic(file: string): Readonly<Record<string, readonly string[]>> {
  const kinds: Record<string, string[]> = {};
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const { t: _, ...event } = JSON.parse(line);
    if (OTHERS.includes(event.event)) continue;
    const list = kinds[event.event] ?? [];
    kinds[event.event] = list;
    list.push(JSON.stringify(event));
  }
  return kinds;
}
