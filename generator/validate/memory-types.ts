// Memory types of one user client: each number belongs to one buffer, and none is the contract's.
import { CONTRACT_MEMORY } from '../model/limits.js';
import { extentOf, mayOverlap } from '../model/memory-types.js';
import type { Buffer } from '../model/model.js';
import type { Report, Span } from '../source/index.js';

export type Mapped = { readonly buffer: Buffer; readonly at: Span };

const isFixed = ({ buffer }: Mapped): boolean => buffer.parts.length === 0 && !buffer.anyType;

function checkContract({ buffer, at }: Mapped, base: number | null, report: Report): void {
  if (base === null || buffer.anyType) return;
  const [first, last] = extentOf(buffer);
  if (last < base || first >= base + CONTRACT_MEMORY) return;
  report({
    code: 'DK607',
    at,
    message: `memory types from 0x${base.toString(16)} to 0x${(base + CONTRACT_MEMORY - 1).toString(16)} belong to the contract`,
    hint: 'choose a small number, or move the contract with "contract: { base: … }".',
  });
}

function overlap(one: Mapped, earlier: Mapped, report: Report): void {
  const notes = [{ message: 'first used here', at: earlier.at }];
  if (isFixed(one) && isFixed(earlier)) {
    report({
      code: 'DK606',
      at: one.at,
      message: `the memory type ${one.buffer.memoryType} is taken`,
      notes,
      hint: 'give each buffer a memory type of its own.',
    });
    return;
  }
  report({
    code: 'DK661',
    at: one.at,
    message: `some memory type could mean "${one.buffer.name}" as well as "${earlier.buffer.name}"`,
    notes,
    hint: 'keep them apart: another base, or a part with a fixed value for each kind.',
  });
}

/** Fixed types by their numbers; only the few computed ones are compared with all others. */
export function checkMemoryTypes(
  mapped: readonly Mapped[],
  base: number | null,
  report: Report,
): void {
  const fixed = new Map<string, Mapped>();
  const computed: Mapped[] = [];
  for (const one of mapped) {
    checkContract(one, base, report);
    const same = (other: Mapped): boolean => other.buffer.client === one.buffer.client;
    const meets = (other: Mapped): boolean =>
      same(other) &&
      one.buffer.anyType === other.buffer.anyType &&
      mayOverlap(one.buffer, other.buffer);
    const key = `${one.buffer.client} ${one.buffer.memoryType}`;
    const known = fixed.get(key);
    const earlier = isFixed(one)
      ? (known ?? computed.find(meets))
      : [...fixed.values(), ...computed].find(meets);
    if (earlier !== undefined) overlap(one, earlier, report);
    if (!isFixed(one)) computed.push(one);
    else if (known === undefined) fixed.set(key, one);
  }
}
