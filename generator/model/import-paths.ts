// Where an import leads, as text: paths of the project with forward slashes, on every system.

/** The path of `written`, which is relative to the folder of `from`. */
export function joinPath(from: string, written: string): string {
  const parts = [...from.split('/').slice(0, -1), ...written.split('/')];
  const joined: string[] = [];
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part === '..' && joined.length > 0 && joined.at(-1) !== '..') joined.pop();
    else joined.push(part);
  }
  // A path from the root of the file system stays one.
  return (from.startsWith('/') ? '/' : '') + joined.join('/');
}
