// Tells when any of some files or folders changed, appeared or went. The system's notifications make it quick; a slow
// look at sizes and times makes it certain, since notifications get lost on network drives and when folders are replaced.
import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { listSchemas, schemaFolders } from './schemas.js';

/** Quiet time after a notification: an editor that saves truncates first and writes then. */
const SETTLE_MS = 8;
/** How long a file may stay empty before that counts as what the user wants. */
const EMPTY_MS = 100;
const LOOK_MS = 500;

/** What the paths look like now; equal texts mean that nothing has changed. */
export function stateOf(paths: readonly string[]): string {
  return paths.map((path) => `${path} ${describe(path)}`).join('\n');
}

function describe(path: string): string {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (status === undefined) return 'absent';
  if (!status.isDirectory()) return `${status.ino} ${status.size} ${status.mtimeNs}`;
  return listSchemas(path).join(' ');
}

/** The folders whose notifications tell of changes to the paths: existing ones, and parents of what does not exist. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isFolder) for (const folder of schemaFolders(path)) folders.add(folder);
    folders.add(existingFolder(dirname(path)));
  }
  return folders;
}

function existingFolder(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() || folder === dirname(folder))
      return folder;
  }
}

/** Resolves when `stateOf(paths)` is no longer `state`, or when the signal ends it. */
export function nextChange(
  paths: readonly string[],
  state: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((done) => {
    let settling: NodeJS.Timeout | undefined;
    const watchers = [...foldersOf(paths)].flatMap((folder) => openWatcher(folder, onEvent));
    const look = setInterval(compare, LOOK_MS);
    signal.addEventListener('abort', finish, { once: true });
    // What happened between the reading and the first notification.
    compare();

    function onEvent(): void {
      clearTimeout(settling);
      settling = setTimeout(compare, SETTLE_MS);
    }
    function compare(): void {
      clearTimeout(settling);
      if (stateOf(paths) === state) return;
      if (paths.some(isEmpty)) settling = setTimeout(finish, EMPTY_MS);
      else finish();
    }
    function finish(): void {
      clearTimeout(settling);
      clearInterval(look);
      signal.removeEventListener('abort', finish);
      for (const watcher of watchers) watcher.close();
      done();
    }
    if (signal.aborted) finish();
  });
}

function isEmpty(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() === true && status.size === 0;
}

/** None where the system refuses one more: the slow look is enough. */
function openWatcher(folder: string, onEvent: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: true }, onEvent);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
