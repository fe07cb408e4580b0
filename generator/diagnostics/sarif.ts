// Diagnostics as SARIF 2.1.0 (OASIS): one log with one run, for code scanning services and editors.
import { codes } from './codes.js';
import type { Diagnostic, Place } from './diagnostic.js';
import { driftCodes } from './drift-codes.js';
import { lintCodes } from './lint-codes.js';

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const titles: ReadonlyMap<string, string> = new Map(
  [...codes, ...driftCodes, ...lintCodes].map(({ code, title }) => [code, title]),
);

/** A path is a URI reference: what has a meaning there is percent-encoded. */
const uriOf = (file: string): string => file.split('/').map(encodeURIComponent).join('/');

function physicalLocation(at: Place) {
  const artifactLocation = { uri: uriOf(at.file) };
  // A file as a whole has no region.
  if (at.line === 0) return { artifactLocation };
  const { line: startLine, column: startColumn, endLine, endColumn } = at;
  return { artifactLocation, region: { startLine, startColumn, endLine, endColumn } };
}

function resultOf(diagnostic: Diagnostic, ruleIndex: number) {
  const { code, severity, message, at, notes, hint } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint === null ? message : `${message}\nhint: ${hint}` },
    locations: at === null ? [] : [{ physicalLocation: physicalLocation(at) }],
    ...(notes.length === 0
      ? {}
      : {
          relatedLocations: notes.map((note, id) => ({
            id,
            physicalLocation: physicalLocation(note.at),
            message: { text: note.message },
          })),
        }),
  };
}

/** A complete log, also when there is nothing to say: a service closes what it no longer sees. */
export function formatSarif(diagnostics: readonly Diagnostic[]): string {
  const used = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const rules = used.map((id) => ({ id, shortDescription: { text: titles.get(id) ?? id } }));
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'dextgen', rules } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((one) => resultOf(one, used.indexOf(one.code))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
