// Records that arrived together, in memory of their own: they stay valid for as long as somebody keeps them.

export type Decode<Item> = (view: DataView, offset: number) => Item;

export class Batch<Item> implements Iterable<Item> {
  readonly length: number;
  /** Items that were lost between the previous batch and this one. */
  readonly lost: number;
  /** The raw records, one behind the other. */
  readonly bytes: DataView;
  readonly #size: number;
  readonly #decode: Decode<Item>;
  readonly #items: readonly Item[] | undefined;

  /** `items`: what was decoded before; the bytes are empty then. */
  constructor(
    bytes: DataView,
    size: number,
    lost: number,
    decode: Decode<Item>,
    items?: readonly Item[],
  ) {
    this.bytes = bytes;
    this.length = items?.length ?? bytes.byteLength / size;
    this.#items = items;
    this.lost = lost;
    this.#size = size;
    this.#decode = decode;
  }

  /** Decodes an item each time it is asked for; undefined beyond the end. */
  at(index: number): Item | undefined {
    if (this.#items !== undefined) return index >= 0 ? this.#items[index] : undefined;
    return index >= 0 && index < this.length
      ? this.#decode(this.bytes, index * this.#size)
      : undefined;
  }

  *[Symbol.iterator](): Generator<Item, void, void> {
    if (this.#items !== undefined) {
      yield* this.#items;
      return;
    }
    const end = this.length * this.#size;
    for (let offset = 0; offset < end; offset += this.#size) yield this.#decode(this.bytes, offset);
  }
}
