// A schema as lines, each with the one hostile name it is about, so that what the compiler refuses leads to a name.
import * as assert from 'uvu/assert';
import { type Model, resolveInterface } from '../../generator/model/index.js';
import { hardTexts, textSource } from './words.js';

export type Owner = { readonly position: string; readonly name: string; readonly said?: string };
/** Each position with the names, as YAML source, that are still in it. */
export type Positions = { readonly [position: string]: Set<string> };

export class SchemaText {
  readonly lines: string[] = [];
  readonly owners: (Owner | undefined)[] = [];
  private readonly positions: Positions;

  constructor(name: string, positions: Positions) {
    this.positions = positions;
    this.add('dextgen: 1', `interface: ${name}`, 'version: 1.0', `doc: ${this.doc()}`);
  }

  add(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  /** A text that is hard too; another one in each line. */
  doc(): string {
    return textSource(hardTexts[this.lines.length % hardTexts.length] ?? '');
  }

  own(line: string, position: string, name: string): void {
    this.lines.push(line);
    this.owners[this.lines.length] = { position, name };
  }

  names(position: string): readonly string[] {
    return [...(this.positions[position] ?? [])];
  }

  /** A line for each name. */
  each(position: string, line: (name: string, index: number) => string): void {
    this.names(position).forEach((name, index) => {
      this.own(line(name, index), position, name);
    });
  }

  /** Names in groups, for what has few members. */
  groups(position: string, size: number): readonly (readonly string[])[] {
    const all = this.names(position);
    return Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
      all.slice(i * size, i * size + size),
    );
  }

  get text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

export type HardSchema = {
  readonly positions: () => Positions;
  readonly write: (positions: Positions) => SchemaText;
  /** What a name may be refused with, beside the codes of names. */
  readonly codes?: readonly string[];
};

export type Settled = {
  readonly model: Model;
  readonly text: string;
  readonly refused: readonly Owner[];
  readonly positions: Positions;
};

// Names, YAML's own faults, and a key that is no text.
const nameCodes = ['DK103', 'DK104', 'DK301', 'DK302', 'DK303', 'DK304', 'DK305'];

/** Takes out what is refused until nothing is. */
export function settle({ positions: start, write, codes = [] }: HardSchema): Settled {
  const positions = start();
  const refused: Owner[] = [];
  for (;;) {
    const schema = write(positions);
    const path = 'schema/hostile.yaml';
    const { model, diagnostics } = resolveInterface({ path, text: schema.text });
    if (model !== null) return { model, text: schema.text, refused, positions };
    const found = diagnostics.map(({ code, at, message, hint }) => {
      const owner = schema.owners[at?.line ?? 0];
      const said = `${code} ${message}, line ${at?.line}: ${schema.lines[(at?.line ?? 1) - 1]}`;
      assert.ok([...nameCodes, ...codes].includes(code), said);
      assert.ok(owner !== undefined, said);
      assert.ok(hint, said);
      return { ...owner, said: `${code} ${message}` };
    });
    assert.ok(found.length > 0);
    for (const owner of found) {
      if (positions[owner.position]?.delete(owner.name)) refused.push(owner);
    }
  }
}
