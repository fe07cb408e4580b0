// dextgen.manifest.json: digests of what went into an interface's files and of what came out, so that a later
// check can say why a file differs. No version, date or absolute path, so it is the same on every machine.
import { createHash } from 'node:crypto';

export const MANIFEST_FILE = 'dextgen.manifest.json';

/** SHA-256 of everything that decides what is generated. */
export type Origins = {
  readonly schema: string;
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
    generator: { sha256: origins.generator },
    templates: { sha256: origins.templates },
    files: Object.fromEntries(files),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Null when the text is no manifest. */
export function parseManifest(text: string): Manifest | null {
  try {
    const { schema, generator, templates, files } = JSON.parse(text);
    const origins = {
      schema: String(schema.sha256),
      generator: String(generator.sha256),
      templates: String(templates.sha256),
    };
    const digests = Object.entries(files).map(([path, sha]) => [path, String(sha)] as const);
    return { schemaPath: String(schema.path), origins, files: new Map(digests) };
  } catch {
    return null;
  }
}
