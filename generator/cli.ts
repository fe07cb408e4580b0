// The command line: parses, runs, prints and decides the exit code. Nothing else in the generator prints.
import { type Arguments, type Command, parseArguments } from './cli/arguments.js';
import { type Report, reportGen, reportWatch } from './cli/report.js';
import { resolveSchema } from './compile.js';
import { type Diagnostic, type Format, formatDiagnostics, hasErrors } from './diagnostics/index.js';
import { checkPlan, writePlan } from './io/generate.js';
import { makePlan, type Request } from './io/plan.js';
import { findSchemas, relocate } from './io/schemas.js';
import { precompileTemplates, templatePaths } from './io/templates.js';
import { type WatchRun, watchSchemas } from './io/watch.js';
import { useValidator, validatorSource } from './validate/shape.js';

/** What the launcher knows about the package. */
export type Context = {
  readonly version: string;
  /** Its folder. */
  readonly packageRoot: string;
  readonly generatorFingerprint: string;
  readonly templates: {
    readonly digest: string;
    readonly templates: Readonly<Record<string, TemplateSpecification>>;
  };
  readonly validateShape: Parameters<typeof useValidator>[0];
  /** Makes the process trade time for memory, for large schemas. */
  readonly saveMemory: () => void;
};

/** What the launcher puts into the bundle besides this program, so that no run has to compile it, as sources. */
export type Precompiled = {
  /** An object expression: `Context.templates`. */
  readonly templates: string;
  /** A CommonJS module: `Context.validateShape`. */
  readonly validator: string;
  /** The files that these are made from and the program is not. */
  readonly files: readonly string[];
};

export function precompile(packageRoot: string): Precompiled {
  return {
    templates: precompileTemplates(packageRoot),
    validator: validatorSource(),
    files: templatePaths(packageRoot),
  };
}

/** 0 done, 1 the user's input or drift, 2 wrong usage. */
type Result = Report & { readonly exitCode: 0 | 1 | 2; readonly ranEverything: boolean };

/** `ranEverything`: the run went through the emitters, so V8 has compiled what a usual run needs. */
export async function main(
  argv: readonly string[],
  context: Context,
): Promise<{ readonly ranEverything: boolean }> {
  useValidator(context.validateShape);
  const parsed = parseArguments(argv, context.version);
  const { stdout, stderr, exitCode, ranEverything } = await run(parsed, context);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
  return { ranEverything };
}

async function run(parsed: Arguments, context: Context): Promise<Result> {
  switch (parsed.kind) {
    case 'print':
      return { stdout: parsed.text, stderr: '', exitCode: 0, ranEverything: false };
    case 'wrong':
      return wrongUsage(parsed.message);
    case 'run':
      return runCommand(parsed.command, parsed.format, context);
    default:
      return parsed satisfies never;
  }
}

async function runCommand(command: Command, format: Format, context: Context): Promise<Result> {
  switch (command.kind) {
    case 'watch':
      return runWatch(command, format, context);
    case 'model':
      return runModel(command.named, format);
    case 'tool': {
      const { tool, named, flags } = command;
      const { packageRoot } = context;
      const result = tool.run({ named, flags, format, cwd: process.cwd(), packageRoot });
      return { ...result, ranEverything: false };
    }
    default:
      return runGen(command, format, context);
  }
}

type GenCommand = {
  readonly kind: 'gen' | 'check' | 'watch';
  readonly named: readonly string[];
  readonly out: string | null;
};

function requestOf({ named, out }: GenCommand, context: Context): Request {
  const { generatorFingerprint, templates, saveMemory } = context;
  const compiled = new Map(Object.entries(templates.templates));
  return {
    cwd: process.cwd(),
    named,
    out,
    templates: { digest: templates.digest, templates: compiled },
    generatorFingerprint,
    onLargeSchema: saveMemory,
  };
}

function runGen(command: GenCommand, format: Format, context: Context): Result {
  const plan = makePlan(requestOf(command, context));
  const check = command.kind === 'check';
  const outcome = check ? checkPlan(plan) : writePlan(plan);
  return {
    ...reportGen(check ? 'check' : 'gen', outcome, format),
    exitCode: hasErrors(outcome.diagnostics) ? 1 : 0,
    ranEverything: plan.interfaces.length > 0,
  };
}

/** Prints after every run, and ends with Ctrl-C. */
async function runWatch(command: GenCommand, format: Format, context: Context): Promise<Result> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  let ranEverything = false;
  const onRun = ({ plan, outcome, ms }: WatchRun): void => {
    const { stdout, stderr } = reportWatch(outcome, format, ms);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    ranEverything ||= plan.interfaces.length > 0;
  };
  await watchSchemas({ request: requestOf(command, context), onRun, signal: ending.signal });
  return { stdout: '', stderr: '', exitCode: 0, ranEverything };
}

function runModel(named: readonly string[], format: Format): Result {
  const found = findSchemas(named, process.cwd());
  const { diagnostics } = found;
  // A folder may hold files of types beside its interface.
  const interfaces = found.schemas.filter((schema) => !resolveSchema(schema).typesOnly);
  const schemas = interfaces.length > 0 ? interfaces : found.schemas;
  const [schema, ...others] = schemas;
  if (schema === undefined || hasErrors(diagnostics)) return failed(diagnostics, format);
  if (others.length > 0) {
    const names = schemas.map(({ shown }) => shown).join(', ');
    return wrongUsage(`there are several interfaces, name one of them: ${names}`);
  }
  const resolved = resolveSchema(schema);
  const shown = relocate(resolved.diagnostics, schema);
  if (resolved.typesOnly) return wrongUsage(`${schema.shown} holds types only, and no interface`);
  if (resolved.model === null) return failed(shown, format);
  return {
    stdout: `${JSON.stringify(resolved.model, null, 2)}\n`,
    stderr: shown.length > 0 ? formatDiagnostics(shown, format) : '',
    exitCode: 0,
    ranEverything: false,
  };
}

function failed(diagnostics: readonly Diagnostic[], format: Format): Result {
  const text = formatDiagnostics(diagnostics, format);
  const [stdout, stderr] = format === 'human' ? ['', text] : [text, ''];
  return { stdout, stderr, exitCode: 1, ranEverything: false };
}

function wrongUsage(message: string): Result {
  const stderr = `dextgen: ${message}\nTry: dextgen --help\n`;
  return { stdout: '', stderr, exitCode: 2, ranEverything: false };
}
