// Replaces whole interface folders so that each holds its old files or its new ones, never a mixture: the new
// folder is staged complete beside the old one, then two renames swap them. A failure undoes what was swapped; a
// run killed between the two renames leaves the old folder staged, and the next run puts it back before anything.
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { builtFolders, entriesOf, type Tree } from './tree.js';

export type Replacement = {
  readonly id: string;
  /** Null removes the folder. */
  readonly files: ReadonlyMap<string, Buffer> | null;
  /** What the folder holds now. */
  readonly tree: Tree;
};

const stageName = /^\.dextgen-(\d+)$/;

/** All or nothing: throws, with the output folder as it was, when any part cannot be written. */
export function replaceFolders(out: string, replacements: readonly Replacement[]): void {
  const stage = join(out, `.dextgen-${process.pid}`);
  const swapped: Replacement[] = [];
  try {
    for (const replacement of replacements) stageFolder(out, stage, replacement);
    for (const replacement of replacements) {
      if (replacement.files === null) remove(out, stage, replacement.id);
      else swap(out, stage, replacement.id);
      swapped.push(replacement);
    }
  } catch (error) {
    for (const { id } of swapped.reverse()) swapBack(out, stage, id);
    rmSync(stage, { recursive: true, force: true });
    throw error;
  }
  for (const { id, files } of replacements) if (files !== null) moveBuilt(stage, out, id);
  rmSync(stage, { recursive: true, force: true });
}

/** An unchanged file is the same file, with its time: a hard link, or a copy where there are none. */
function stageFolder(out: string, stage: string, { id, files, tree }: Replacement): void {
  mkdirSync(join(stage, 'old'), { recursive: true });
  if (files === null) return;
  const made = new Set<string>();
  for (const [path, content] of files) {
    const to = join(stage, 'new', id, path);
    const folder = dirname(to);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    const kept = tree.get(path)?.equals(content) && keepFile(join(out, id, path), to);
    if (!kept) writeFileSync(to, content);
  }
}

function keepFile(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return copyFile(from, to);
  }
}

/** False when another run has just taken the file away. */
function copyFile(from: string, to: string): boolean {
  try {
    copyFileSync(from, to);
    const { atime, mtime } = statSync(from);
    utimesSync(to, atime, mtime);
    return true;
  } catch {
    return false;
  }
}

function remove(out: string, stage: string, id: string): void {
  renameIfThere(join(out, id), join(stage, 'old', id));
}

/**
 * Nothing happens between the two renames, so that a reader or a kill hardly ever finds no folder at all.
 * Retried, because another `dextgen gen` on the same folder may put its own there in that moment.
 */
function swap(out: string, stage: string, id: string): void {
  const target = join(out, id);
  const staged = join(stage, 'new', id);
  const old = join(stage, 'old', id);
  let aside = old;
  for (let attempt = 1; ; attempt++) {
    try {
      renameIfThere(target, aside);
      renameSync(staged, target);
      return;
    } catch (error) {
      const occupied = ['ENOTEMPTY', 'EEXIST'].includes(`${(error as NodeJS.ErrnoException).code}`);
      if (!occupied || attempt === 20) {
        renameIfThere(old, target);
        throw error;
      }
      aside = join(stage, `${id}-${attempt}`);
    }
  }
}

function swapBack(out: string, stage: string, id: string): void {
  rmSync(join(out, id), { recursive: true, force: true });
  renameIfThere(join(stage, 'old', id), join(out, id));
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** What was built in place belongs to the user and survives the swap. */
function moveBuilt(stage: string, out: string, id: string): void {
  const old = join(stage, 'old', id);
  for (const path of builtFolders(old)) {
    const to = join(out, id, path);
    if (!existsSync(to) && existsSync(dirname(to))) renameIfThere(join(old, path), to);
  }
}

/** Folders staged by runs that no longer run. */
export function leftovers(out: string): readonly string[] {
  return entriesOf(out)
    .map(({ name }) => name)
    .filter((name) => {
      const pid = stageName.exec(name)?.[1];
      return pid !== undefined && (!isRunning(Number(pid)) || isOld(join(out, name)));
    });
}

/** Nothing stages for an hour: the process number has been given to something else. */
function isOld(folder: string): boolean {
  const status = statSync(folder, { throwIfNoEntry: false });
  return status !== undefined && status.mtimeMs < Date.now() - 3_600_000;
}

/** Puts back what an interrupted run had taken out, and clears the rest. Returns whether there was anything. */
export function recover(out: string): boolean {
  const names = leftovers(out);
  for (const name of names) {
    const stage = join(out, name);
    for (const { name: id } of entriesOf(join(stage, 'old'))) {
      if (existsSync(join(out, id))) moveBuilt(stage, out, id);
      else renameIfThere(join(stage, 'old', id), join(out, id));
    }
    rmSync(stage, { recursive: true, force: true });
  }
  return names.length > 0;
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
