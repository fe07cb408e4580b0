// A value of a device file with the path of its key: what it must be, or a sentence that says so.
export class DeviceFileError extends Error {
  override name = 'DeviceFileError';
}

export class Field {
  constructor(
    private readonly file: string,
    private readonly path: string,
    readonly value: unknown,
  ) {}

  fail(text: string): never {
    throw new DeviceFileError(`${this.file}: ${this.path === '' ? text : `${this.path}: ${text}`}`);
  }

  private expected(what: string): never {
    return this.fail(`${what} is expected, not ${JSON.stringify(this.value) ?? 'nothing'}`);
  }

  private object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.expected('a map');
    }
    return value as Record<string, unknown>;
  }

  private member(key: string, value: unknown): Field {
    return new Field(this.file, this.path === '' ? key : `${this.path}.${key}`, value);
  }

  /** The keys that may be there. */
  only(...keys: readonly string[]): void {
    const unknown = Object.keys(this.object()).find((key) => !keys.includes(key));
    if (unknown !== undefined)
      this.member(unknown, null).fail(`unknown key; known: ${keys.join(', ')}`);
  }

  get(key: string): Field {
    return this.find(key) ?? this.member(key, undefined).fail('the key is missing');
  }

  find(key: string): Field | undefined {
    const value = this.object()[key];
    return value === undefined ? undefined : this.member(key, value);
  }

  members(): readonly (readonly [string, Field])[] {
    return Object.entries(this.object()).map(([key, value]) => [key, this.member(key, value)]);
  }

  list(least = 0): readonly Field[] {
    const { value } = this;
    if (!Array.isArray(value)) return this.expected('a list');
    if (value.length < least) return this.fail('the list is empty');
    return value.map((each, i) => new Field(this.file, `${this.path}[${i}]`, each));
  }

  integer(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      return this.expected(`an integer from ${least} to ${most}`);
    }
    return value;
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.expected('a text');
  }

  truth(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.expected('true or false');
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.value);
    return found ?? this.expected(`one of ${words.join(', ')}`);
  }

  /** Hexadecimal digits, in groups as one likes, or a list of numbers. */
  bytes(): Uint8Array {
    const { value } = this;
    if (Array.isArray(value)) {
      return Uint8Array.from(this.list().map((each) => each.integer(0, 255)));
    }
    // 01020304 without quotes is a number in YAML.
    if (typeof value !== 'string') return this.expected('bytes in hexadecimal, quoted, or a list,');
    const digits = value.replace(/[\s:]+/g, '');
    if (!/^([0-9a-f]{2})*$/i.test(digits)) return this.expected('bytes in hexadecimal');
    return Uint8Array.from(Buffer.from(digits, 'hex'));
  }
}
