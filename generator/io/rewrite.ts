// Replaces a schema's text in one step: a complete file of its own is renamed over it, so that an editor or a run that
// reads meanwhile sees the old text or the new one.
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Line endings and a byte order mark are the repository's business, so a file keeps what it has. */
function encodedLike(original: string, text: string): string {
  const mark = original.startsWith('\ufeff') ? '\ufeff' : '';
  const windows = /^[^\n]*\r\n/.test(original);
  return mark + (windows ? text.replaceAll('\n', '\r\n') : text);
}

/** Takes text with line feeds. Through a symbolic link, and with the permissions as they were. */
export function rewriteFile(path: string, unixText: string): void {
  const file = realpathSync(path);
  const text = encodedLike(readFileSync(file, 'utf8'), unixText);
  const temporary = join(dirname(file), `.dextgen-${randomUUID()}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    chmodSync(temporary, statSync(file).mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
