// Builds a driver that was written for Xcode: its .iig and C++ files as they are, its Info.plist with the variables
// of the build settings filled in.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BuildError, type BuildOptions, makeDext } from './build.js';

export type DriverBuild = BuildOptions & {
  /** Everything below it belongs to the driver: .iig, .cpp, headers. */
  readonly folder: string;
  /** Instead of `<folder>/Info.plist`. */
  readonly plist?: string;
  /** Without it the driver has com.apple.developer.driverkit and nothing else. */
  readonly entitlements?: string;
  /** PRODUCT_BUNDLE_IDENTIFIER. */
  readonly identifier: string;
  /** Further folders of headers. */
  readonly includes?: readonly string[];
  /** Other variables of the build settings that the plists name. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly out: string;
};

const DRIVERKIT_ONLY = `<?xml version="1.0"?>
<plist version="1.0"><dict><key>com.apple.developer.driverkit</key><true/></dict></plist>
`;

/** Replaces $(NAME) and \${NAME}, also with a modifier behind a colon. */
export function expandVariables(
  text: string,
  variables: Readonly<Record<string, string>>,
  file: string,
): string {
  return text.replace(/\$(?:\((\w+)(?::\w+)*\)|\{(\w+)(?::\w+)*\})/g, (whole, round, curly) => {
    const value = variables[round ?? curly];
    if (value === undefined) {
      throw new BuildError(`${file}: ${whole} has no value; give it one in \`variables\``);
    }
    return value;
  });
}

/** Whether the outermost dictionary has the key. */
function hasKey(plist: string, key: string): boolean {
  let depth = 0;
  for (const [tag, name] of plist.matchAll(/<dict>|<\/dict>|<key>([^<]*)<\/key>/g)) {
    if (tag === '<dict>') depth += 1;
    else if (tag === '</dict>') depth -= 1;
    else if (depth === 1 && name === key) return true;
  }
  return false;
}

/** Xcode adds keys that a project's Info.plist leaves to it. */
function addKey(plist: string, key: string, value: string): string {
  if (hasKey(plist, key)) return plist;
  return plist.replace('<dict>', `<dict>\n<key>${key}</key><string>${value}</string>`);
}

function settingsOf(build: DriverBuild): Record<string, string> {
  const name = build.identifier.split('.').at(-1) ?? build.identifier;
  return {
    PRODUCT_BUNDLE_IDENTIFIER: build.identifier,
    PRODUCT_NAME: build.identifier,
    TARGET_NAME: name,
    EXECUTABLE_NAME: build.identifier,
    PRODUCT_BUNDLE_PACKAGE_TYPE: 'DEXT',
    DEVELOPMENT_LANGUAGE: 'en',
    MARKETING_VERSION: '1.0',
    CURRENT_PROJECT_VERSION: '1',
    ...build.variables,
  };
}

function writePlists(build: DriverBuild): { readonly plist: string; readonly rights: string } {
  const settings = settingsOf(build);
  const source = build.plist ?? join(build.folder, 'Info.plist');
  let info = expandVariables(readFileSync(source, 'utf8'), settings, source);
  info = addKey(info, 'CFBundleExecutable', build.identifier);
  info = addKey(info, 'CFBundleIdentifier', build.identifier);
  const rights =
    build.entitlements === undefined
      ? DRIVERKIT_ONLY
      : expandVariables(readFileSync(build.entitlements, 'utf8'), settings, build.entitlements);
  const files = { plist: join(build.out, 'Info.plist'), rights: join(build.out, 'entitlements') };
  writeIfChanged(files.plist, info);
  writeIfChanged(files.rights, rights);
  return files;
}

/** Xcode puts generated headers into a folder called like the product, by which some projects name them. */
function nameHeaders({ identifier, out }: DriverBuild, interfaces: readonly string[]): string {
  const named = join(out, 'named');
  for (const product of new Set([identifier, identifier.split('.').at(-1) ?? identifier])) {
    mkdirSync(join(named, product), { recursive: true });
    for (const file of interfaces) {
      const header = basename(file).replace(/\.iig$/, '.h');
      writeIfChanged(join(named, product, header), `#include <${header}>\n`);
    }
  }
  return named;
}

/** Time stamps stay, so that make does not build again what has not changed. */
function writeIfChanged(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/** Returns the bundle's folder. Warnings of a compiler are the author's business: they are not shown. */
export async function buildDriver(given: DriverBuild): Promise<string> {
  const build = { ...given, folder: resolve(given.folder), out: resolve(given.out) };
  mkdirSync(build.out, { recursive: true });
  const files = readdirSync(build.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(build.folder, name),
  );
  const sources = files.filter((name) => name.endsWith('.cpp')).sort();
  const interfaces = files.filter((name) => name.endsWith('.iig'));
  if (sources.length === 0 || interfaces.length === 0) {
    throw new BuildError(`${build.folder} has no .cpp and .iig files of a driver`);
  }
  const headers = files.filter((name) => /\.(h|hpp|iig)$/.test(name));
  const folders = new Set([
    build.folder,
    ...headers.map(dirname),
    ...(build.includes ?? []),
    nameHeaders(build, interfaces),
  ]);
  const { plist, rights } = writePlists(build);
  await makeDext(build, {
    NAME: build.identifier,
    IIG: [...new Set(interfaces.map(dirname))].join(' '),
    SOURCES: sources.join(' '),
    INCLUDES: [...folders].map((folder) => resolve(folder)).join(' '),
    PLIST: plist,
    ENTITLEMENTS: rights,
    OUT: build.out,
    DEXT_WARN: '-w',
  });
  return join(build.out, `${build.identifier}.dext`);
}
