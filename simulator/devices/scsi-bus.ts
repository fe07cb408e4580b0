// The system behind a SCSI controller that a driver makes: sends tasks to its targets and takes the answers.
import { type FamilySession, OPERATION } from './family-session.js';
import { findNode, nodesOf, type RegistryNode } from './registry-nodes.js';
import { SimulatorError } from './session.js';
import type { Value } from './wire.js';

export const SCSI_SERVICE = {
  inProcess: 0,
  deliveryFailure: 1,
  taskComplete: 2,
  functionComplete: 4,
  functionRejected: 5,
} as const;

export const SCSI_FUNCTION = {
  abortTask: 0,
  abortTaskSet: 1,
  clearAca: 2,
  clearTaskSet: 3,
  logicalUnitReset: 4,
  targetReset: 5,
} as const;

export type ScsiTask = {
  readonly target: number | bigint;
  /** As eight bytes, most significant first; 0. */
  readonly lun?: number | bigint;
  readonly command: Uint8Array;
  /** To the target. */
  readonly out?: Uint8Array;
  /** From the target: the most bytes it may give. */
  readonly inLength?: number;
  readonly attribute?: number;
  readonly timeoutMs?: number;
};

export type ScsiAnswer = {
  /** What UserProcessParallelTask said at once; the rest is of the completion if that was `inProcess`. */
  readonly immediate: number;
  readonly status: number;
  readonly service: number;
  readonly transferred: number;
  readonly sense: Buffer;
  readonly data: Buffer;
};

export type ScsiBus = {
  /** Registry entry of the controller. */
  readonly id: bigint;
  readonly properties: { readonly [key: string]: Value };
  /** The targets there are, with what the system found out about them. */
  targets(): Promise<readonly { readonly [key: string]: Value }[]>;
  send(task: ScsiTask): Promise<ScsiAnswer>;
  /** A task management function; resolves with the service response. */
  manage(
    kind: (typeof SCSI_FUNCTION)[keyof typeof SCSI_FUNCTION],
    target: number | bigint,
    lun?: number | bigint,
    tag?: number | bigint,
  ): Promise<number>;
};

export type ScsiQuery = {
  /** IOUserClass of the controller; without it, the first there is. */
  readonly name?: string;
  /** Milliseconds to wait for it; 5000. */
  readonly timeout?: number;
};

const CONTROLLER = 'IOUserSCSIParallelInterfaceController';
const TARGET = 'IOSCSIParallelInterfaceDevice';
const DEFAULT_TIMEOUT_MS = 30_000;

/** Waits for a controller to have started. */
export async function openScsiBus(
  session: FamilySession,
  registry: () => Promise<Value>,
  query: ScsiQuery,
): Promise<ScsiBus> {
  const isAsked = (node: RegistryNode): boolean =>
    node.class === CONTROLLER &&
    node.state === 'matched' &&
    (query.name === undefined || node.name === query.name);
  const node = await findNode(registry, isAsked, query.timeout ?? 5000);
  if (node === undefined) {
    throw new SimulatorError(`no SCSI controller appeared: ${JSON.stringify(query)}`, null);
  }
  const id = BigInt(node.entry);
  return {
    id,
    properties: node.properties,
    targets: async () => {
      const tree = (await registry()) as unknown as RegistryNode;
      const controller = [...nodesOf(tree)].find(({ entry }) => entry === node.entry);
      const children = controller?.children ?? [];
      return children
        .filter((child) => child.class === TARGET && child.state === 'matched')
        .map(({ properties }) => properties);
    },
    send: async (task) => {
      const answer = await session.request(OPERATION.scsiSend, id, (body) =>
        body
          .u64(BigInt(task.target))
          .u64(BigInt(task.lun ?? 0))
          .bytes(task.command)
          .u32(task.attribute ?? 0)
          .u32(task.timeoutMs ?? DEFAULT_TIMEOUT_MS)
          .bytes(task.out ?? new Uint8Array(0))
          .u32(task.inLength ?? 0),
      );
      return {
        immediate: answer.u32(),
        status: answer.u32(),
        service: answer.u32(),
        transferred: Number(answer.u64()),
        sense: answer.bytes(),
        data: answer.bytes(),
      };
    },
    manage: async (kind, target, lun = 0, tag = 0) => {
      const answer = await session.request(OPERATION.scsiManage, id, (body) =>
        body.u8(kind).u64(BigInt(target)).u64(BigInt(lun)).u64(BigInt(tag)),
      );
      return answer.u32();
    },
  };
}
