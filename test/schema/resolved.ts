// Schemas for tests: a header that is sound, and what a test adds to it.
import * as assert from 'uvu/assert';
import { formatDiagnostics } from '../../generator/diagnostics/index.js';
import { type Model, type Resolution, resolveInterface } from '../../generator/model/index.js';

const header = `dextgen: 1
interface: Example
version: 1.0
bundle: { identifier: com.example.Example.driver }
driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }
`;

export function resolveText(text: string): Resolution {
  return resolveInterface({ path: 'example.yaml', text });
}

/** The model of the header with `body` behind it. */
export function modelOf(body: string): Model {
  return modelOfText(header + body);
}

export function modelOfText(text: string): Model {
  const { model, diagnostics } = resolveText(text);
  if (model === null) assert.unreachable(formatDiagnostics(diagnostics, 'human'));
  return model as Model;
}

/** Codes and positions of what is wrong with `body`; lines count from its first. */
export function faultsOf(body: string): readonly string[] {
  const offset = header.split('\n').length - 1;
  return resolveText(header + body).diagnostics.map(
    ({ code, at }) => `${code} ${(at?.line ?? 0) - offset}:${at?.column}`,
  );
}
