// What every emitter asks of the struct of a call, whatever its kind: how many bytes, and where its length stands.
import type { Method, Payload, StructCarrier } from '../model/model.js';

/** Bytes of a struct that travel inline (contract §0.2). */
export const MAX_INLINE = 4096;

/** Bytes; 0 where there is no struct. */
export function largest(carrier: StructCarrier | null): number {
  if (carrier === null) return 0;
  return carrier.kind === 'fixed' ? carrier.type.size : carrier.max;
}

export function smallest(carrier: StructCarrier | null): number {
  if (carrier === null) return 0;
  return carrier.kind === 'fixed' ? carrier.type.size : carrier.min;
}

/** scalarOutput index that carries the true length (contract §1.6), or null. */
export function lengthScalar(carrier: StructCarrier | null): number | null {
  return carrier === null || carrier.kind === 'fixed' ? null : carrier.lengthScalar;
}

/** What the call itself answers: of an asynchronous one, what comes before its completion, or instead of it. */
export function atOnce({ kind, completion, output, accepted }: Method): Payload {
  if (kind === 'sync') return output;
  if (completion !== 'optional') return accepted;
  const none = { first: 0, last: 0 };
  return output.count === 0 ? output : { ...output, counts: [none, ...output.counts] };
}
