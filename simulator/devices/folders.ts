// The private folder of a simulator: its name says whose it is, so that what was killed can be cleared away by others.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^dextsim-(\d+)-\w+$/;
/** Bytes of a socket's path, macOS having fewer than Linux, that a folder for temporary files may have. */
const BASE_ROOM = 103 - '/dextsim-4194304-XXXXXX/kernel.sock'.length;

/** Where the folders are: for temporary files, unless the path of a socket in it would be too long. */
const base = (): string => (Buffer.byteLength(tmpdir()) <= BASE_ROOM ? tmpdir() : '/tmp');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a kernel process listens there. */
function answers(socket: string): Promise<boolean> {
  return new Promise((done) => {
    const attempt = connect(socket);
    attempt.once('connect', () => {
      attempt.destroy();
      done(true);
    });
    attempt.once('error', ({ code }: NodeJS.ErrnoException) =>
      done(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}

/** Removes the folders of processes that are gone, and whose kernel processes are; nobody else's can be removed. */
async function clearAway(): Promise<void> {
  for (const name of readdirSync(base())) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    const folder = join(base(), name);
    if (await answers(join(folder, 'kernel.sock'))) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // another user's
    }
  }
}

/** A folder of mode 700 for a simulator of this process. */
export async function newSimulatorFolder(): Promise<string> {
  await clearAway();
  return mkdtempSync(join(base(), `dextsim-${process.pid}-`));
}
