#!/usr/bin/env node
// The `dextgen` command: refuses a Node that is too old, then hands the arguments to the launcher.
// Plain JavaScript that any Node parses; everything else is in launcher/ and cli.ts.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `dextgen needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  import('./launcher/launch.mjs').then(({ launch }) => launch(process.argv.slice(2)));
}
