// `dextgen lint` for one schema: every rule, what the schema suppresses, and the text with the safe fixes in it. Pure.

import { type Diagnostic, sortDiagnostics } from '../diagnostics/index.js';
import type { Model } from '../model/model.js';
import { type Opened, openInterface } from '../model/resolve-interface.js';
import type { SchemaFile } from '../schema-file.js';
import { createReport } from '../source/index.js';
import { checkCalls } from './calls.js';
import { checkDocumentation } from './documentation.js';
import type { Finding, Rule } from './finding.js';
import { applyEdits, editsOf } from './fixes.js';
import { checkGuards } from './guards.js';
import { checkMatching } from './matching.js';
import { checkMemory } from './memory.js';
import { checkNarrowTypes } from './narrow-types.js';
import { checkNumbering } from './numbering.js';
import { checkNumbers } from './numbers.js';
import { checkProviders } from './providers.js';
import { checkSubscriptions } from './subscriptions.js';
import { suppress } from './suppressions.js';
import { checkTypes } from './types.js';
import { checkVarying } from './varying.js';

const rules: readonly Rule[] = [
  checkDocumentation,
  checkNumbers,
  checkMatching,
  checkProviders,
  checkMemory,
  checkCalls,
  checkGuards,
  checkSubscriptions,
  checkTypes,
  checkNarrowTypes,
  checkNumbering,
  checkVarying,
];

export type Linted = {
  /** The schema's errors if it has any, else what the rules found. */
  readonly diagnostics: readonly Diagnostic[];
  /** The schema with the safe fixes; null when there are none. */
  readonly fixed: string | null;
};

type Sound = Opened & { readonly root: NonNullable<Opened['root']>; readonly model: Model };

const isSound = (opened: Opened): opened is Sound => opened.root !== null && opened.model !== null;

const open = ({ path, text, imported = [] }: SchemaFile): Opened =>
  openInterface({ path, text }, imported);

function findingsOf({ root, model, sources }: Sound): readonly Finding[] {
  const found = rules.flatMap((rule) => rule({ root, model }));
  return suppress(found, sources, root);
}

/** What a fix may change: retired selectors are refused like all that were never used. */
const essence = ({ retired: _, ...model }: Model): string => JSON.stringify(model);

/** Null unless the interface is the same to the last number. */
function fix(schema: SchemaFile, opened: Sound, findings: readonly Finding[]): string | null {
  const text = opened.sources[0]?.text ?? '';
  const fixes = findings.flatMap((finding) => finding.fix ?? []);
  const edits = editsOf(text, opened.root, fixes);
  if (edits.length === 0 || schema.path.endsWith('.json')) return null;
  const fixed = applyEdits(text, edits);
  const { model } = open({ ...schema, text: fixed });
  return model !== null && essence(model) === essence(opened.model) ? fixed : null;
}

export function lintSchema(schema: SchemaFile): Linted {
  const opened = open(schema);
  if (!isSound(opened)) return { diagnostics: opened.diagnostics, fixed: null };
  const findings = findingsOf(opened);
  const { report, diagnostics } = createReport(opened.sources, 'warning');
  for (const finding of findings) report(finding);
  return { diagnostics: sortDiagnostics(diagnostics), fixed: fix(schema, opened, findings) };
}
