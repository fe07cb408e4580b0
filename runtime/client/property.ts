// Registry properties with the type that the schema gives them.
import type { Contract, ScalarName } from './contract.js';
import { ClientError } from './errors.js';
import type { Native, ServiceHandle } from './native.js';

/** @throws ClientError when the driver has not published the property, or with another type. */
export async function readScalar(
  contract: Contract,
  native: Native,
  service: ServiceHandle,
  key: string,
  type: ScalarName,
): Promise<number | bigint | boolean> {
  const value = toScalar(await native.property(service, key), type);
  if (value !== undefined) return value;
  throw new ClientError(
    'io',
    `the ${contract.name} driver has published no property ${key} of type ${type}`,
  );
}

// The registry has 64-bit integers without a sign of their own, and no floats (contract §6.4).
function toScalar(value: unknown, type: ScalarName): number | bigint | boolean | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'bigint') return undefined;
  const bits = Number(type.slice(1));
  const exact = type.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  return bits === 64 ? exact : Number(exact);
}
