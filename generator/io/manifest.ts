// dextgen.manifest.json: digests of what went into an interface's files and of what came out, so that a later
// check can say why a file differs. No version, date or absolute path, so it is the same on every machine.
import { createHash } from 'node:crypto';

export const MANIFEST_FILE = 'dextgen.manifest.json';

/** SHA-256 of everything that decides what is generated. */
export type Origins = {
  readonly schema: string;
  /** Files that the schema imports, by path. */
  readonly imports: ReadonlyMap<string, string>;
  readonly generator: string;
  readonly templates: string;
};

export type Manifest = {
  readonly schemaPath: string;
  readonly origins: Origins;
  /** Digest of each generated file, by path. */
  readonly files: ReadonlyMap<string, string>;
};

export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function printManifest({ schemaPath, origins, files }: Manifest): string {
  const content = {
    about: 'Written by dextgen gen, read by dextgen gen --check. Do not edit.',
    schema: { path: schemaPath, sha256: origins.schema },
    ...(origins.imports.size === 0 ? {} : { imports: Object.fromEntries(origins.imports) }),
    generator: { sha256: origins.generator },
    templates: { sha256: origins.templates },
    files: Object.fromEntries(files),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Null when the text is no manifest. */
export function parseManifest(text: string): Manifest | null {
  try {
    const { schema, imports, generator, templates, files } = JSON.parse(text);
    const origins: Origins = {
      schema: String(schema.sha256),
      imports: digestsOf(imports ?? {}),
      generator: String(generator.sha256),
      templates: String(templates.sha256),
    };
    return { schemaPath: String(schema.path), origins, files: digestsOf(files) };
  } catch {
    return null;
  }
}

function digestsOf(object: object): ReadonlyMap<string, string> {
  return new Map(Object.entries(object).map(([path, sha]) => [path, String(sha)]));
}
