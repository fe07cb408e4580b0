// Builds a driver that was written for Xcode: its .iig, C and C++ files as they are, its Info.plist with the variables
// of the build settings filled in. What is not said is found in its folder.
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { BuildError, type BuildOptions, makeDext } from './build.js';
import { filesBelow, isHeader, isPlain, plainFiles } from './plain-paths.js';

export type DriverBuild = BuildOptions & {
  /** Everything below it belongs to the driver: .iig, C, C++, headers. */
  readonly folder: string;
  /** Instead of `<folder>/Info.plist`. */
  readonly plist?: string;
  /** Default the one `.entitlements` below the folder; without any it has com.apple.developer.driverkit alone. */
  readonly entitlements?: string;
  /** PRODUCT_BUNDLE_IDENTIFIER; default what Info.plist says, or `local.` and the folder's name. */
  readonly identifier?: string;
  /** Further folders of headers. */
  readonly includes?: readonly string[];
  /** Other variables of the build settings that the plists name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files and folders that are copied into the bundle, for OSBundle::loadResource; paths from `folder` on. */
  readonly resources?: readonly string[];
  /** Where the bundle is put; default `build/sim/<identifier>`. */
  readonly out?: string;
};

/** A build with nothing left open; every path is absolute. */
type Settled = DriverBuild & {
  readonly plist: string;
  readonly identifier: string;
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

/** What Info.plist itself says; null when it leaves that to a build setting. */
function identifierIn(plist: string): string | null {
  const key = /<key>CFBundleIdentifier<\/key>\s*<string>([^<$]+)<\/string>/;
  return key.exec(plist)?.[1]?.trim() ?? null;
}

/** An identifier may have letters, digits, hyphens and dots. */
const localIdentifier = (folder: string): string =>
  `local.${basename(folder).replace(/[^A-Za-z0-9.-]+/g, '-')}`;

/** Of several nobody knows which Xcode signs it with. */
function entitlementsBelow(folder: string): string | undefined {
  const found = filesBelow(folder).filter((name) => name.endsWith('.entitlements'));
  if (found.length <= 1) return found[0];
  throw new BuildError(`${found.join(', ')}: which are the driver's? Name it in \`entitlements\``);
}

function settle(given: DriverBuild): Settled {
  const folder = resolve(given.folder);
  const plist = resolve(given.plist ?? join(folder, 'Info.plist'));
  if (!existsSync(plist)) throw new BuildError(`${plist}: no such file; the driver needs one`);
  const identifier =
    given.identifier ?? identifierIn(readFileSync(plist, 'utf8')) ?? localIdentifier(folder);
  const entitlements = given.entitlements ?? entitlementsBelow(folder);
  const out = resolve(given.out ?? join('build', 'sim', identifier));
  return { ...given, folder, plist, identifier, out, ...(entitlements && { entitlements }) };
}

function settingsOf(build: Settled): Record<string, string> {
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

function writePlists(build: Settled): { readonly plist: string; readonly rights: string } {
  const settings = settingsOf(build);
  let info = expandVariables(readFileSync(build.plist, 'utf8'), settings, build.plist);
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
function nameHeaders({ identifier, out }: Settled, interfaces: readonly string[]): string {
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

/** Whether a folder has the sources of a driver, wherever below it. */
export function isDriverProject(folder: string): boolean {
  return statSync(folder).isDirectory() && filesBelow(folder).some((name) => /\.iig$/.test(name));
}

/** The folder and the files that make is given: below it, and not what an earlier build put there. */
function sourcesOf({ folder, out }: Settled) {
  if (!isPlain(out)) {
    throw new BuildError(`${out}: make builds in no path with spaces; choose another \`out\``);
  }
  const own = filesBelow(folder).filter((name) => !name.startsWith(`${out}${sep}`));
  return plainFiles(folder, own, join(out, 'sources'));
}

function resourcesOf({ folder, resources = [] }: Settled): readonly string[] {
  const files = resources.map((name) => resolve(folder, name));
  const missing = files.find((file) => !existsSync(file));
  if (missing === undefined) return files;
  throw new BuildError(`${missing}: no such file; \`resources\` names it`);
}

/** Returns the bundle's folder. Warnings of a compiler are the author's business: they are not shown. */
export async function buildDriver(given: DriverBuild): Promise<string> {
  const build = settle(given);
  const { folder, files } = sourcesOf(build);
  const sources = files.filter((name) => /\.(cpp|cc|cxx|c)$/.test(name));
  const interfaces = files.filter((name) => name.endsWith('.iig'));
  if (sources.length === 0 || interfaces.length === 0) {
    throw new BuildError(`${build.folder} has no .cpp and .iig files of a driver`);
  }
  const resources = resourcesOf(build);
  mkdirSync(build.out, { recursive: true });
  const folders = new Set([
    folder,
    ...files.filter(isHeader).map(dirname),
    ...(build.includes ?? []).map((include) => resolve(include)),
    nameHeaders(build, interfaces),
  ]);
  const { plist, rights } = writePlists(build);
  await makeDext(build, {
    NAME: build.identifier,
    IIG: [...new Set(interfaces.map(dirname))].join(' '),
    SOURCES: sources.join(' '),
    INCLUDES: [...folders].join(' '),
    PLIST: plist,
    ENTITLEMENTS: rights,
    OUT: build.out,
    DEXT_WARN: '-w',
  });
  const bundle = join(build.out, `${build.identifier}.dext`);
  // As Xcode's build phase does: beside the program, each under its own name.
  for (const file of resources) cpSync(file, join(bundle, basename(file)), { recursive: true });
  return bundle;
}
