// The first call of a connection: are the driver and this client generated from one interface?
import type { Connection } from './connection.js';
import type { Contract } from './contract.js';
import { ClientError, ContractMismatchError } from './errors.js';
import type { CallOptions } from './wait.js';

/** @throws ContractMismatchError with a sentence that says which side is older. */
export async function shakeHands(connection: Connection, options?: CallOptions): Promise<void> {
  const { contract } = connection;
  if (contract.base === null) return;
  const version = (BigInt(contract.major) << 16n) | BigInt(contract.minor);
  const words = [contract.hashHigh, contract.hashLow, version, 0n];
  const { scalars } = await connection
    .callContract('handshake', words, 5, options)
    .catch((error) => {
      throw explainSilence(contract, error);
    });
  const [high, low, theirs = 0n] = scalars;
  if (high === contract.hashHigh && low === contract.hashLow) return;
  throw explainMismatch(contract, Number(theirs >> 16n), Number(theirs & 0xffffn));
}

function explainSilence(contract: Contract, error: unknown): unknown {
  if (!(error instanceof ClientError)) return error;
  if (error.kind !== 'unsupported' && error.kind !== 'bad-argument') return error;
  return new ContractMismatchError(
    'driver',
    `the installed ${contract.name} driver knows no contract: it is older than this app (${contract.name} ` +
      `${contract.major}.${contract.minor}) or was not generated; install the driver that belongs to the app`,
  );
}

export function explainMismatch(
  contract: Contract,
  major: number,
  minor: number,
): ContractMismatchError {
  const { name } = contract;
  const driver = `the installed ${name} driver is version ${major}.${minor}`;
  const app = `this app's ${contract.major}.${contract.minor}`;
  const difference = major - contract.major || minor - contract.minor;
  if (difference < 0)
    return new ContractMismatchError(
      'driver',
      `${driver}, older than ${app}: install the driver that belongs to the app`,
    );
  if (difference > 0)
    return new ContractMismatchError('app', `${driver}, newer than ${app}: update the app`);
  return new ContractMismatchError(
    'unknown',
    `${driver} as is ${app}, but their schemas differ: rebuild both from one schema, and raise its version with each change`,
  );
}
