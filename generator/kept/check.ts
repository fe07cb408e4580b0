// A driver that keeps its own .iig: whether it declares what the interface needs of its class. What that is comes from
// the emitter that would write the file.

import { type Diagnostic, sortDiagnostics } from '../diagnostics/index.js';
import { toDriverView } from '../emit/iig/driver-view.js';
import { type DriverSide, driverSides } from '../emit/sides.js';
import { driverNodes } from '../model/driver-nodes.js';
import type { Driver, Model } from '../model/model.js';
import { openInterface } from '../model/resolve-interface.js';
import type { SchemaFile } from '../schema-file.js';
import { child, createReport, type Report, type SourceNode, type Span } from '../source/index.js';
import { classOf, type Declaration, declarationsOf } from './declarations.js';

/** Lines of each declaration that the file has to have. */
function neededOf(model: Model, side: DriverSide): readonly string[] {
  const view = toDriverView(model, side);
  const members = [...view.actions, ...view.hooks, ...view.generated];
  return [
    ...(view.hasClients
      ? ['virtual kern_return_t NewUserClient(uint32_t type, IOUserClient ** userClient) override;']
      : []),
    ...(view.hasCore ? [`${view.className}Core * Core() LOCALONLY;`] : []),
    ...members.map(({ lines }) => lines.map((line) => line.trim()).join(' ')),
    ...(view.hasClients ? ['void StopCore() LOCALONLY;'] : []),
  ];
}

const keyOf = ({ result, name, parameters }: Declaration): string =>
  `${result} ${name}(${parameters.join(', ')})`;

type Kept = { readonly driver: Driver; readonly at: Span; readonly text: string | null };

function noClass({ driver, at, text }: Kept, base: string | null, report: Report): void {
  const { className, baseClass, keptIig } = driver;
  const why =
    text === null
      ? `"${keptIig}" cannot be read`
      : base === null
        ? `"${keptIig}" declares no class ${className}`
        : `"${keptIig}" derives ${className} from ${base}, not from ${baseClass}`;
  const hint =
    base === null
      ? `the path is relative to the schema; the file declares "class ${className} : public ${baseClass}".`
      : `write "extends: ${base}", or change the file.`;
  report({ code: 'DK720', at, message: why, hint });
}

const MOST_SHOWN = 6;

function missing({ driver, at }: Kept, lines: readonly string[], report: Report): void {
  const more = lines.length - MOST_SHOWN;
  const list = lines.slice(0, MOST_SHOWN).join('\n      ');
  report({
    code: 'DK721',
    at,
    message: `"${driver.keptIig}" does not declare ${lines.length === 1 ? 'a member' : `${lines.length} members`} of ${driver.className} that the interface needs`,
    hint: `add to the class:\n      ${list}${more > 0 ? `\n      and ${more} more` : ''}`,
  });
}

function checkOne(model: Model, side: DriverSide, kept: Kept, report: Report): void {
  const { driver } = side;
  const declared = kept.text === null ? null : classOf(kept.text, driver.className);
  if (declared === null || declared.base !== driver.baseClass) {
    noClass(kept, declared?.base ?? null, report);
    return;
  }
  const known = new Map(declarationsOf(declared.body).map((one) => [keyOf(one), one]));
  const lines = neededOf(model, side).filter((line) => {
    const [needed] = declarationsOf(line);
    const found = needed === undefined ? undefined : known.get(keyOf(needed));
    return found === undefined || (needed?.localOnly === true && !found.localOnly);
  });
  if (lines.length > 0) missing(kept, lines, report);
}

function placeOf(root: SourceNode | null, name: string): Span {
  const nodes = root === null ? [] : driverNodes(root);
  const node = nodes.find((one) => one.name === name)?.node ?? null;
  return child(node, 'iig')?.span ?? { start: 0, end: 0 };
}

/** Errors only; none for a schema whose .iig files are all generated. */
export function checkKept(model: Model, schema: SchemaFile): readonly Diagnostic[] {
  const sides = driverSides(model).filter(({ driver }) => driver.keptIig !== null);
  if (sides.length === 0) return [];
  const imported = schema.imported ?? [];
  const { root, sources } = openInterface(schema, imported);
  const { report, diagnostics } = createReport(sources);
  for (const side of sides) {
    const { driver } = side;
    const file = imported.find(({ path }) => path === driver.keptIig);
    const kept = { driver, at: placeOf(root, driver.name), text: file?.text ?? null };
    checkOne(model, side, kept, report);
  }
  return sortDiagnostics(diagnostics);
}
