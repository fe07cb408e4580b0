// SARIF 2.1.0: what its JSON schema requires of the parts that are written, and that they say what the diagnostic says.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lintTool } from '../../generator/cli/lint.js';
import { reportGen } from '../../generator/cli/report.js';
import {
  type Diagnostic,
  formatDiagnostics,
  type Place,
} from '../../generator/diagnostics/index.js';
import { resolveInterface } from '../../generator/model/index.js';
import { makeProject, removeProjects, runTool, schemaOf } from './support.js';

const sarif = suite('sarif');
sarif.after(removeProjects);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Rule = {
  readonly required: readonly string[];
  /** Every other property that may be written, so that a misspelt one is found. */
  readonly optional: readonly string[];
  /** Kinds of the objects below, by property; of each item where it is a list. */
  readonly parts?: Readonly<Record<string, string>>;
};

/** From the definitions of sarif-schema-2.1.0.json, which closes every object but property bags. */
const definitions: Readonly<Record<string, Rule>> = {
  log: { required: ['version', 'runs'], optional: ['$schema'], parts: { runs: 'run' } },
  run: {
    required: ['tool'],
    optional: ['results', 'columnKind'],
    parts: { tool: 'tool', results: 'result' },
  },
  tool: { required: ['driver'], optional: [], parts: { driver: 'toolComponent' } },
  toolComponent: {
    required: ['name'],
    optional: ['rules'],
    parts: { rules: 'reportingDescriptor' },
  },
  reportingDescriptor: {
    required: ['id'],
    optional: ['shortDescription'],
    parts: { shortDescription: 'multiformatMessageString' },
  },
  multiformatMessageString: { required: ['text'], optional: [] },
  result: {
    required: ['message'],
    optional: ['ruleId', 'ruleIndex', 'level', 'locations', 'relatedLocations'],
    parts: { message: 'message', locations: 'location', relatedLocations: 'location' },
  },
  message: { required: ['text'], optional: [] },
  location: {
    required: [],
    optional: ['id', 'physicalLocation', 'message'],
    parts: { physicalLocation: 'physicalLocation', message: 'message' },
  },
  physicalLocation: {
    required: ['artifactLocation'],
    optional: ['region'],
    parts: { artifactLocation: 'artifactLocation', region: 'region' },
  },
  artifactLocation: { required: ['uri'], optional: [] },
  region: { required: ['startLine'], optional: ['startColumn', 'endLine', 'endColumn'] },
};

function faultsOf(value: Json, kind: string, at = kind): string[] {
  const rule = definitions[kind];
  if (rule === undefined || value === null || typeof value !== 'object' || Array.isArray(value))
    return [`${at} is no object`];
  const object = value as { readonly [key: string]: Json };
  const missing = rule.required.filter((key) => !(key in object)).map((key) => `${at}.${key}`);
  const unknown = Object.keys(object).filter(
    (key) => !rule.required.includes(key) && !rule.optional.includes(key),
  );
  const inner = Object.entries(rule.parts ?? {}).flatMap(([key, part]) => {
    const member = object[key];
    if (member === undefined) return [];
    const items = Array.isArray(member) ? (member as readonly Json[]) : [member];
    return items.flatMap((item, i) => faultsOf(item, part, `${at}.${key}[${i}]`));
  });
  return [...missing, ...unknown.map((key) => `${at}.${key} is unknown`), ...inner];
}

// biome-ignore lint/suspicious/noExplicitAny: what is read back is checked against the definitions first.
function readLog(text: string): any {
  const log = JSON.parse(text);
  assert.equal(faultsOf(log, 'log'), []);
  assert.is(log.version, '2.1.0');
  assert.is(log.runs.length, 1);
  const [{ tool, results }] = log.runs;
  assert.is(tool.driver.name, 'dextgen');
  for (const { ruleId, ruleIndex, level, locations, relatedLocations = [] } of results) {
    assert.is(tool.driver.rules[ruleIndex].id, ruleId);
    assert.ok(['error', 'warning'].includes(level));
    for (const { physicalLocation } of [...locations, ...relatedLocations]) {
      const { artifactLocation, region } = physicalLocation;
      assert.is(new URL(artifactLocation.uri, 'file:///project/').origin, 'null');
      if (region === undefined) continue;
      for (const value of Object.values(region)) assert.ok(Number(value) >= 1);
      assert.ok(region.endLine > region.startLine || region.endColumn >= region.startColumn);
    }
  }
  return log;
}

sarif('the checker finds what is missing and what is unknown', () => {
  assert.equal(faultsOf({ version: '2.1.0' }, 'log'), ['log.runs']);
  assert.equal(
    faultsOf({ version: '', runs: [{ tool: { driver: { name: '', nmae: '' } } }] }, 'log'),
    ['log.runs[0].tool[0].driver[0].nmae is unknown'],
  );
});

sarif('a diagnostic with notes keeps its places and its words', () => {
  const text = schemaOf(
    'methods:\n  a: { selector: 1 }\n  b: { selector: 1 }\n  c: { selectr: 1 }\n',
  );
  const twice = schemaOf('methods:\n  a: { selector: 1 }\n  b: { selector: 1 }\n');
  const { diagnostics } = resolveInterface({ path: 'schema/my file.yaml', text: twice });
  const [result, ...others] = readLog(formatDiagnostics(diagnostics, 'sarif')).runs[0].results;
  assert.is(others.length, 0);
  assert.is(result.ruleId, 'DK501');
  assert.match(result.message.text, /both have selector 1\nhint: /);
  const { physicalLocation } = result.locations[0];
  assert.is(physicalLocation.artifactLocation.uri, 'schema/my%20file.yaml');
  const { startLine, startColumn, endColumn } = physicalLocation.region;
  assert.is(twice.split('\n')[startLine - 1]?.slice(startColumn - 1, endColumn - 1), '1');
  assert.is(result.relatedLocations[0].physicalLocation.region.startLine, startLine - 1);
  const several = resolveInterface({ path: 'a.yaml', text }).diagnostics;
  readLog(formatDiagnostics(several, 'sarif'));
});

sarif('files as a whole, and no file at all', () => {
  const whole: Place = {
    file: 'a.yaml',
    line: 0,
    column: 0,
    endLine: 0,
    endColumn: 0,
    excerpt: '',
  };
  const base = { code: 'DK908', severity: 'error', message: 'm', notes: [], hint: null } as const;
  const diagnostics: readonly Diagnostic[] = [
    { ...base, at: whole },
    { ...base, at: null },
  ];
  const { results } = readLog(formatDiagnostics(diagnostics, 'sarif')).runs[0];
  assert.equal(results[0].locations[0].physicalLocation, { artifactLocation: { uri: 'a.yaml' } });
  assert.equal(results[1].locations, []);
});

sarif('nothing to say is a complete log as well', () => {
  assert.equal(readLog(formatDiagnostics([], 'sarif')).runs[0].results, []);
  const { stdout, stderr } = reportGen('check', { folders: [], diagnostics: [] }, 'sarif');
  assert.equal(readLog(stdout).runs[0].results, []);
  assert.is(stderr, '');
});

sarif('from the linter', () => {
  const cwd = makeProject({ 'schema/a.yaml': schemaOf('methods: { a: { selector: 1 } }\n') });
  const { stdout, stderr, exitCode } = runTool(lintTool, { cwd, format: 'sarif' });
  assert.equal([stderr, exitCode], ['', 1]);
  const [{ results, tool }] = readLog(stdout).runs;
  assert.equal(tool.driver.rules, [{ id: 'LINT001', shortDescription: { text: 'undocumented' } }]);
  assert.is(results[0].level, 'warning');
});

sarif.run();
