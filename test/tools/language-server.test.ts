// The stock YAML language server with the published schema: what an author of an interface gets in an editor.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProject, removeProjects, root, scope } from './support.js';

type Json = Record<string, unknown>;
type LspDiagnostic = {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
};

const TIMEOUT_MS = 60_000;

/** A client of the server: just enough of the protocol to ask one thing after another. */
class Client {
  private readonly server: ChildProcessWithoutNullStreams;
  private received = Buffer.alloc(0);
  private nextId = 1;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private readonly published = new Map<string, (found: readonly LspDiagnostic[]) => void>();

  constructor(folder: string) {
    const bin = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');
    this.server = spawn(process.execPath, [bin, '--stdio'], { cwd: folder });
    this.server.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    this.server.stderr.resume();
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const head = this.received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(
        /Content-Length: (\d+)/.exec(this.received.toString('latin1', 0, head))?.[1],
      );
      if (this.received.length < head + 4 + length) return;
      const body = this.received.toString('utf8', head + 4, head + 4 + length);
      this.received = this.received.subarray(head + 4 + length);
      this.handle(JSON.parse(body));
    }
  }

  private handle(message: Json): void {
    const { id, method, params, result } = message;
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: LspDiagnostic[] };
      this.published.get(uri)?.(diagnostics);
    } else if (method !== undefined && id !== undefined) {
      // The server asks for its settings, and to register what it can do.
      const items = (params as { items?: { section: string }[] } | null)?.items;
      const settings = {
        validate: true,
        hover: true,
        completion: true,
        schemaStore: { enable: false },
      };
      const answer = items?.map(({ section }) => (section === 'yaml' ? settings : {})) ?? null;
      this.send({ id, result: answer });
    } else if (typeof id === 'number') this.waiting.get(id)?.(result);
  }

  private send(message: Json): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method: string, params: Json): void {
    this.send({ method, params });
  }

  request(method: string, params: Json): Promise<unknown> {
    const id = this.nextId++;
    this.send({ id, method, params });
    return this.within(new Promise((done) => this.waiting.set(id, done)), method);
  }

  private async within<T>(promise: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`no answer to ${what}`)), TIMEOUT_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  /** What the server says about a text once it has opened it. */
  open(uri: string, text: string): Promise<readonly LspDiagnostic[]> {
    const told = new Promise<readonly LspDiagnostic[]>((done) => this.published.set(uri, done));
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.notify('textDocument/didOpen', { textDocument });
    return this.within(told, `opening ${uri}`);
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.server.once('exit', done));
    await this.request('shutdown', {}).catch(() => {});
    this.notify('exit', {});
    const timer = setTimeout(() => this.server.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(timer);
  }
}

const files = {
  'schema/scope.yaml': scope,
  'schema/types/common.yaml':
    '# yaml-language-server: $schema=../types.schema.json\ndextgen: 1\ntypes:\n  Mode: { enum: u8, values: { off: 0 } }\n',
};
const folder = makeProject(files);
mkdirSync(join(folder, 'schema'), { recursive: true });
for (const name of ['interface.schema.json', 'types.schema.json'])
  writeFileSync(join(folder, 'schema', name), readFileSync(join(root, 'schema', name)));
const uriOf = (path: string): string => pathToFileURL(join(folder, path)).href;
const client = new Client(folder);

const server = suite('language server');
server.before(async () => {
  await client.request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      workspace: { configuration: true },
      textDocument: { hover: { contentFormat: ['plaintext'] }, completion: {} },
    },
  });
  client.notify('initialized', {});
  client.notify('workspace/didChangeConfiguration', { settings: {} });
});
server.after(async () => {
  await client.close();
  removeProjects();
});

/** Line and column of a text's first occurrence behind another. */
function positionOf(
  text: string,
  ...words: readonly string[]
): { line: number; character: number } {
  let at = 0;
  for (const word of words) {
    at = text.indexOf(word, at);
    assert.ok(at >= 0, word);
  }
  const before = text.slice(0, at).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

server('finds nothing wrong with the example, nor with a file of types', async () => {
  assert.equal(await client.open(uriOf('schema/scope.yaml'), scope), []);
  const path = 'schema/types/common.yaml';
  assert.equal(await client.open(uriOf(path), files[path]), []);
});

server(
  'finds an unknown key, a missing one and a wrong kind of value, where they are',
  async () => {
    const broken = scope
      .replace('    timeout: 5s', '    timeuot: 5s')
      .replace('provider: IOUSBHostInterface', 'class2: X')
      .replace('selector: 6', 'selector: six');
    const found = await client.open(uriOf('schema/broken.yaml'), broken);
    const at = (word: string): LspDiagnostic | undefined => {
      const { line } = positionOf(broken, word);
      return found.find(({ range }) => range.start.line === line);
    };
    assert.match(at('timeuot')?.message ?? '', 'timeuot');
    assert.match(at('selector: six')?.message ?? '', 'integer');
    assert.ok(
      found.some(({ message }) => message.includes('provider')),
      JSON.stringify(found),
    );
  },
);

server('finds an unknown key in a file of types', async () => {
  const text = files['schema/types/common.yaml'].replace('values:', 'valuse:');
  const found = await client.open(uriOf('schema/types/broken.yaml'), text);
  assert.ok(
    found.some(({ message }) => message.includes('valuse')),
    JSON.stringify(found),
  );
});

server('offers the keys of a method that are not there yet, with their descriptions', async () => {
  const text = scope.replace('    async: true\n', '    \n');
  const uri = uriOf('schema/completed.yaml');
  await client.open(uri, text);
  const { line } = positionOf(text, 'selector: 3');
  const answer = await client.request('textDocument/completion', {
    textDocument: { uri },
    position: { line: line + 1, character: 4 },
  });
  const { items } = answer as { items: { label: string; documentation?: unknown }[] };
  const labels = items.map(({ label }) => label);
  for (const key of ['async', 'in']) assert.ok(labels.includes(key), labels.join());
  for (const key of ['selector', 'capacity']) assert.not.ok(labels.includes(key), labels.join());
  const async = items.find(({ label }) => label === 'async');
  assert.match(JSON.stringify(async), 'short for completion: required');
});

server('shows what a key means', async () => {
  const hover = async (...words: readonly string[]): Promise<string> => {
    const answer = await client.request('textDocument/hover', {
      textDocument: { uri: uriOf('schema/scope.yaml') },
      position: positionOf(scope, ...words),
    });
    return JSON.stringify(answer);
  };
  const { definitions } = JSON.parse(
    readFileSync(join(root, 'schema/interface.schema.json'), 'utf8'),
  );
  assert.match(await hover('methods:', 'selector'), definitions.selector.description);
  assert.match(await hover('events:', 'overflow'), 'Losses are counted');
});

const newer = `# yaml-language-server: $schema=./interface.schema.json
dextgen: 1
interface: Newer
version: 1.0
bundle: { identifier: com.example.Newer.driver }
drivers:
  main:
    class: NewerDriver
    userClient: NewerUserClient
    personalities:
      One:
        provider: IOUserResources
        match: { IOResourceMatch: IOKit }
types:
  Setting: { variant: { tag: u16 }, cases: { off: { tag: 0 } } }
states:
  machine:
    names: [idle, busy]
events:
  reply:
    payload: { value: u32 }
    delivery: standing
    unacknowledged: allowed
    subscribe:
      selector: 4
buffers:
  reader: { memoryType: { base: 16, plus: { channel: "0-15" } }, size: 16 KiB, access: read-only }
`;

server(
  'knows drivers, variants, states, subscriptions and computed memory types as well',
  async () => {
    const uri = uriOf('schema/newer.yaml');
    assert.equal(await client.open(uri, newer), []);
    const hover = (...words: readonly string[]): Promise<unknown> =>
      client.request('textDocument/hover', {
        textDocument: { uri },
        position: positionOf(newer, ...words),
      });
    const places = [
      ['drivers:', 'personalities'],
      ['One:', 'match'],
      ['types:', 'variant'],
      ['states:', 'names'],
      ['events:', 'delivery'],
      ['events:', 'unacknowledged'],
      ['events:', 'subscribe'],
      ['buffers:', 'memoryType'],
      ['buffers:', 'plus'],
    ];
    for (const words of places) {
      const text = JSON.stringify(await hover(...words));
      assert.ok(text.length > 80, `${words.join(' ')}: ${text}`);
    }
  },
);

server('completes the keys of a subscription and of a state machine', async () => {
  const offered = async (after: string, indent: string): Promise<readonly string[]> => {
    const text = newer.replace(`${after}\n`, `${after}\n${indent}\n`);
    const uri = uriOf(`schema/${indent.length}.yaml`);
    await client.open(uri, text);
    const { line } = positionOf(text, after);
    const position = { line: line + 1, character: indent.length };
    const answer = await client.request('textDocument/completion', {
      textDocument: { uri },
      position,
    });
    return (answer as { items: { label: string }[] }).items.map(({ label }) => label);
  };
  const subscription = await offered('      selector: 4', '      ');
  for (const key of ['unsubscribe', 'in', 'errors']) assert.ok(subscription.includes(key), key);
  const machine = await offered('    names: [idle, busy]', '    ');
  for (const key of ['scope', 'doc']) assert.ok(machine.includes(key), key);
});

server.run();
