// What the tests of the tools share: where the package is, a header that is sound, and throw-away folders.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tool, ToolResult } from '../../generator/cli/tool.js';
import type { Format } from '../../generator/diagnostics/index.js';
import { parseEntries } from '../../generator/explain/entries.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
export const scope = readFileSync(join(root, 'schema', 'scope.yaml'), 'utf8');
export const entries = parseEntries(readFileSync(join(root, 'docs', 'diagnostics.md'), 'utf8'));

const identity = `dextgen: 1
interface: Example
version: 1.0
bundle: { identifier: com.example.Example.driver }
`;
const driver = 'driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }\n';

/** `body` behind a header; it may bring its own driver. */
export function schemaOf(body: string): string {
  return identity + (/^driver:/m.test(body) ? '' : driver) + body;
}

const made: string[] = [];

/** A folder with these files in it. */
export function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dextgen-tools-')));
  made.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function removeProjects(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

type Call = {
  readonly cwd: string;
  readonly named?: readonly string[];
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly format?: Format;
};

/** A command as the command line calls it, in this process. */
export function runTool(tool: Tool, { cwd, named = [], flags = {}, format }: Call): ToolResult {
  return tool.run({ named, flags, format: format ?? 'human', cwd, packageRoot: root });
}
