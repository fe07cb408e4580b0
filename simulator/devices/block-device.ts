// The system above a block storage device that a driver makes: reads and writes its blocks.
import { type FamilySession, OPERATION } from './family-session.js';
import { findNode, type RegistryNode } from './registry-nodes.js';
import { SimulatorError } from './session.js';
import type { BodyReader, BodyWriter, Value } from './wire.js';

/** What the driver has said of itself. */
export type BlockDescription = {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly additionalInfo: string;
  readonly isEjectable: boolean;
  readonly isRemovable: boolean;
  readonly isWriteProtected: boolean;
  readonly blocks: number;
  /** Bytes. */
  readonly blockSize: number;
  /** Bytes of one request. */
  readonly maxTransfer: number;
  readonly maxRequests: number;
  /** 0: any number. */
  readonly maxUnmapRanges: number;
  readonly alignment: number;
  readonly addressBits: number;
  readonly unmap: boolean;
  readonly forceUnitAccess: boolean;
};

export type BlockRange = { readonly first: number; readonly blocks: number };

export type BlockDevice = {
  /** Registry entry of the driver. */
  readonly id: bigint;
  readonly description: BlockDescription;
  /** Blocks; in several requests when they are more than one takes. */
  read(first: number, blocks: number): Promise<Buffer>;
  /** Whole blocks; resolves with how many bytes the driver says that it has written. */
  write(
    first: number,
    bytes: Uint8Array,
    options?: { readonly forceUnitAccess?: boolean },
  ): Promise<number>;
  /** Without a range, all blocks. */
  synchronize(range?: BlockRange): Promise<void>;
  unmap(ranges: readonly BlockRange[]): Promise<void>;
  eject(): Promise<void>;
};

export type BlockQuery = {
  /** IOUserClass of the driver; without it, the first there is. */
  readonly name?: string;
  /** Milliseconds to wait for it; 5000. */
  readonly timeout?: number;
};

const CLASS = 'IOUserBlockStorageDevice';
const FAMILY = 4;
const CALL = { describe: 1, read: 2, write: 3, synchronize: 4, unmap: 5, eject: 6 } as const;
const FORCE_UNIT_ACCESS = 1;

type Ask = (call: number, fill?: (body: BodyWriter) => BodyWriter) => Promise<BodyReader>;

/** How many blocks one request takes; a driver without a limit takes all. */
const blocksAtOnce = ({ maxTransfer, blockSize, blocks }: BlockDescription): number =>
  Math.max(1, maxTransfer === 0 ? blocks : Math.floor(maxTransfer / blockSize));

/** [first, count] of each request. */
function* requestsOf(
  description: BlockDescription,
  first: number,
  blocks: number,
): Generator<[number, number]> {
  const most = blocksAtOnce(description);
  let done = 0;
  do {
    const count = Math.min(most, blocks - done);
    yield [first + done, count];
    done += count;
  } while (done < blocks);
}

async function readBlocks(
  ask: Ask,
  description: BlockDescription,
  first: number,
  blocks: number,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const [at, count] of requestsOf(description, first, blocks)) {
    const answer = await ask(CALL.read, (body) => body.u64(BigInt(at)).u32(0).u64(BigInt(count)));
    answer.u64();
    parts.push(Buffer.from(answer.bytes()));
  }
  return Buffer.concat(parts);
}

async function writeBlocks(
  ask: Ask,
  description: BlockDescription,
  first: number,
  bytes: Uint8Array,
  options: number,
): Promise<number> {
  const { blockSize } = description;
  if (bytes.length % blockSize !== 0) {
    throw new RangeError(`${bytes.length} bytes are no whole blocks of ${blockSize}`);
  }
  let written = 0;
  for (const [at, count] of requestsOf(description, first, bytes.length / blockSize)) {
    const from = (at - first) * blockSize;
    const part = bytes.subarray(from, from + count * blockSize);
    const answer = await ask(CALL.write, (body) => body.u64(BigInt(at)).u32(options).bytes(part));
    written += Number(answer.u64());
  }
  return written;
}

async function unmapBlocks(
  ask: Ask,
  { maxUnmapRanges }: BlockDescription,
  ranges: readonly BlockRange[],
): Promise<void> {
  const most = maxUnmapRanges === 0 ? Math.max(1, ranges.length) : maxUnmapRanges;
  for (let at = 0; at < ranges.length; at += most) {
    const some = ranges.slice(at, at + most);
    await ask(CALL.unmap, (body) =>
      some.reduce(
        (filled, { first, blocks }) => filled.u64(BigInt(first)).u64(BigInt(blocks)),
        body.u32(some.length),
      ),
    );
  }
}

/** Waits for a device to have registered. */
export async function openBlockDevice(
  session: FamilySession,
  registry: () => Promise<Value>,
  query: BlockQuery,
): Promise<BlockDevice> {
  const isAsked = (node: RegistryNode): boolean =>
    node.class === CLASS &&
    node.state === 'matched' &&
    (query.name === undefined || node.name === query.name);
  const node = await findNode(registry, isAsked, query.timeout ?? 5000);
  if (node === undefined) {
    throw new SimulatorError(`no block storage device appeared: ${JSON.stringify(query)}`, null);
  }
  const id = BigInt(node.entry);
  const ask: Ask = (call, fill) =>
    session.request(OPERATION.serviceAsk, id, (body) => {
      const filled = body.u8(FAMILY).u16(call);
      return fill === undefined ? filled : fill(filled);
    });
  const description = (await ask(CALL.describe)).value() as unknown as BlockDescription;
  const all: BlockRange = { first: 0, blocks: description.blocks };
  return {
    id,
    description,
    read: (first, blocks) => readBlocks(ask, description, first, blocks),
    write: (first, bytes, { forceUnitAccess = false } = {}) =>
      writeBlocks(ask, description, first, bytes, forceUnitAccess ? FORCE_UNIT_ACCESS : 0),
    synchronize: async ({ first, blocks } = all) =>
      void (await ask(CALL.synchronize, (body) => body.u64(BigInt(first)).u64(BigInt(blocks)))),
    unmap: (ranges) => unmapBlocks(ask, description, ranges),
    eject: async () => void (await ask(CALL.eject)),
  };
}
