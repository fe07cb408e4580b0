// Translates texts in a folder of their own; finds the framework's declarations.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { translate } from '../../simulator/iig/main.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
export const framework = join(root, 'simulator', 'driverkit', 'include');
export const folder = mkdtempSync(join(tmpdir(), 'dextgen-iig-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export type Outcome = {
  readonly header: string;
  readonly implementation: string;
  readonly errors: readonly string[];
};

/** `files` are written first, by name; the one called Test.iig is translated. */
export function translateFiles(files: Readonly<Record<string, string>>): Outcome {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const path = join(folder, 'Test.iig');
  const result = translate({ path, searchPath: [framework, folder] });
  return 'errors' in result
    ? { header: '', implementation: '', errors: result.errors }
    : { ...result, errors: [] };
}

/** A class with these members, after the usual includes: five lines stand before the first member. */
export function translateMembers(members: string): Outcome {
  const text = `#include <DriverKit/IOUserClient.iig>
#include <USBDriverKit/IOUSBHostPipe.iig>
class Test : public IOService
{
public:
${members}
};
`;
  return translateFiles({ 'Test.iig': text });
}

const squeeze = (text: string): string => text.replace(/\\\n/g, ' ').replace(/\s+/g, ' ');

/** Line ends and the width of gaps do not count. */
export function includes(text: string, part: string): void {
  assert.ok(squeeze(text).includes(squeeze(part)), `${part}\nis not in\n${text}`);
}

export function excludes(text: string, part: string): void {
  assert.not.ok(squeeze(text).includes(squeeze(part)), `${part}\nis in the output`);
}

/** What compilers see: the original text of the class is kept for documentation only. */
export const generated = (text: string): string =>
  text.slice(text.indexOf('#else /* __DOCUMENTATION__ */'));
