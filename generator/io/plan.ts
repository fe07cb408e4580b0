// What the output folders have to hold: every schema compiled, before anything on disk is looked at or touched.
import { resolve } from 'node:path';
import { compile } from '../compile.js';
import { type Diagnostic, hasErrors } from '../diagnostics/index.js';
import { createRender } from '../render/render.js';
import { unixText } from '../schema-file.js';
import { digest, MANIFEST_FILE, type Origins, printManifest } from './manifest.js';
import { shownPath } from './paths.js';
import { problem } from './problems.js';
import { findSchemas, relocate, type Schema } from './schemas.js';
import type { TemplateSet } from './templates.js';

export type Request = {
  readonly cwd: string;
  /** Schema files and folders; none means the folder `schema`. */
  readonly named: readonly string[];
  /** Output folder relative to `cwd`; null means `generated`. */
  readonly out: string | null;
  readonly templates: TemplateSet;
  readonly generatorFingerprint: string;
  /** How a schema is compiled; a run that lives long remembers what did not change. */
  readonly compile?: typeof compile;
  /** Called before schemas that are large together are compiled. */
  readonly onLargeSchema?: () => void;
};

/** Characters: some thousand methods. */
const LARGE_SCHEMA = 1_000_000;

export type PlannedInterface = {
  readonly id: string;
  readonly schema: Schema;
  readonly origins: Origins;
  /** Everything that belongs into the folder, the manifest included, by path. */
  readonly files: ReadonlyMap<string, Buffer>;
};

export type Plan = {
  readonly cwd: string;
  readonly out: string;
  /** The output folder is dextgen's own, so that every folder in it has to come from a schema. */
  readonly ownsOut: boolean;
  /** See `Schemas.folders`. */
  readonly folders: readonly string[] | null;
  /** See `Schemas.inputs`. */
  readonly inputs: readonly string[];
  /** Empty when there are errors. */
  readonly interfaces: readonly PlannedInterface[];
  readonly diagnostics: readonly Diagnostic[];
};

export function makePlan(request: Request): Plan {
  const { cwd, named, templates, generatorFingerprint } = request;
  const { schemas, folders, inputs, diagnostics } = findSchemas(named, cwd);
  const compileSchema = request.compile ?? compile;
  const size = schemas.reduce((sum, { text }) => sum + text.length, 0);
  if (size > LARGE_SCHEMA) request.onLargeSchema?.();
  const render = createRender(templates.templates);
  const shared = { generator: generatorFingerprint, templates: templates.digest };
  const compiled = schemas.map((schema) => {
    const { model, files, typesOnly, diagnostics } = compileSchema(schema, render);
    const origins = { ...schemaOrigins(schema), ...shared };
    const shown = relocate(diagnostics, schema);
    if (typesOnly) return { diagnostics: shown, planned: null };
    if (model === null) return { diagnostics: shown, planned: null };
    if (files.length === 0) return { diagnostics: [...shown, nothing(schema)], planned: null };
    const bytes = withManifest(schema, origins, files);
    return { diagnostics: shown, planned: { id: model.id, schema, origins, files: bytes } };
  });
  const interfaces = compiled.flatMap(({ planned }) => planned ?? []);
  const all = [
    ...diagnostics,
    ...once(compiled.flatMap((one) => one.diagnostics)),
    ...duplicates(interfaces),
  ];
  // Types alone generate nothing, which must not look like success.
  if (interfaces.length === 0 && !hasErrors(all)) all.push(...schemas.map(nothing));
  return {
    cwd,
    out: resolve(cwd, request.out ?? 'generated'),
    ownsOut: request.out === null,
    folders,
    inputs,
    interfaces: hasErrors(all) ? [] : interfaces,
    diagnostics: all,
  };
}

/** What is wrong with an imported file is found once for each that imports it. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}

function schemaOrigins({ text, imported }: Schema): Pick<Origins, 'schema' | 'imports'> {
  const imports = imported.map((file) => [file.path, digest(unixText(file.text ?? ''))] as const);
  return { schema: digest(unixText(text)), imports: new Map(imports) };
}

function withManifest(
  schema: Schema,
  origins: Origins,
  files: readonly { readonly path: string; readonly text: string }[],
): ReadonlyMap<string, Buffer> {
  const bytes = new Map(files.map(({ path, text }) => [path, Buffer.from(text, 'utf8')]));
  const digests = new Map([...bytes].map(([path, content]) => [path, digest(content)]));
  const manifest = printManifest({ schemaPath: schema.path, origins, files: digests });
  return bytes.set(MANIFEST_FILE, Buffer.from(manifest, 'utf8'));
}

function nothing(schema: Schema): Diagnostic {
  return problem({ code: 'DK909', file: schema.shown, message: 'nothing was generated from it' });
}

/** Compared without case: one folder has to serve for both on many file systems. */
function duplicates(interfaces: readonly PlannedInterface[]): readonly Diagnostic[] {
  const first = new Map<string, PlannedInterface>();
  return interfaces.flatMap((planned) => {
    const key = planned.id.toLowerCase();
    const other = first.get(key);
    first.set(key, other ?? planned);
    if (other === undefined) return [];
    const message = `generates into the same folder as ${other.schema.shown}: ${planned.id}`;
    return [problem({ code: 'DK914', file: planned.schema.shown, message, hint: 'rename one' })];
  });
}

export function shownOut(plan: Plan, ...parts: readonly string[]): string {
  return [shownPath(plan.out, plan.cwd), ...parts].join('/');
}
