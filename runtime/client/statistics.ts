// What the driver counts per connection (contract selector 7).
import type { Connection } from './connection.js';

export type Statistics = {
  readonly calls: bigint;
  readonly rejections: bigint;
  readonly completions: bigint;
  readonly eventsLost: bigint;
  readonly recordsWritten: bigint;
};

export async function readStatistics(connection: Connection): Promise<Statistics> {
  const { scalars } = await connection.callContract('statistics', [], 5);
  const [calls = 0n, rejections = 0n, completions = 0n, eventsLost = 0n, recordsWritten = 0n] =
    scalars;
  return { calls, rejections, completions, eventsLost, recordsWritten };
}
