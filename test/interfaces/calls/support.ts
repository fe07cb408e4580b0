// The suite of calls, and what a refused or failed call is compared with.
import { DriverError, RejectedError } from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection } from '../../js/test/interfaces/bench.js';
import { Calls } from './generated/calls/client/calls.js';

export const calls = suite('calls');

export const open = (): Promise<Calls> => Calls.open({ timeout: 60_000 });

type Refusal = {
  readonly rule: string;
  readonly argument?: string | undefined;
  readonly limit: number | bigint;
  readonly actual: number | bigint;
  readonly code?: number;
};

export async function refused(
  promise: Promise<unknown>,
  expected: Refusal,
): Promise<RejectedError> {
  const error = await rejection(promise);
  assert.instance(error, RejectedError, `${error}`);
  const { rule, argument, limit, actual } = error as RejectedError;
  const { code = 0xe00002c2, ...facts } = expected;
  assert.equal({ rule, argument, limit, actual }, { argument: undefined, ...facts });
  assert.is((error as RejectedError).code, code);
  return error as RejectedError;
}

export async function failed(promise: Promise<unknown>, name: string | undefined, code: number) {
  const error = await rejection(promise);
  assert.instance(error, DriverError, `${error}`);
  assert.is((error as DriverError).error, name);
  assert.is((error as DriverError).code, code);
}

export const unknownHandle = (argument: string, actual: number) => ({
  rule: 'handle',
  argument,
  limit: 0,
  actual,
  code: 0xe00002f0,
});
