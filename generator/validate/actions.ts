// The completions a driver can receive, by the method type that its action is declared with (contract §9.5, §10).
import { didYouMean } from '../diagnostics/index.js';
import type { Report, Span } from '../source/index.js';

const known: Readonly<Record<string, readonly string[]>> = {
  IOUSBHostPipe: ['CompleteAsyncIO'],
  IOUSBHostDevice: ['CompleteAsyncDeviceRequest'],
  IOTimerDispatchSource: ['TimerOccurred'],
};

const all = Object.entries(known).flatMap(([type, methods]) => methods.map((m) => `${type}.${m}`));

export type ActionType = {
  readonly providerClass: string;
  readonly providerMethod: string;
  readonly at: Span;
};

/** Whether the action exists; reports when it does not. */
export function checkAction(
  { providerClass, providerMethod, at }: ActionType,
  report: Report,
): boolean {
  if (known[providerClass]?.includes(providerMethod)) return true;
  const name = `${providerClass}.${providerMethod}`;
  report({
    code: 'DK703',
    at,
    message: `no completion "${name}" is known`,
    hint: didYouMean(name, all) ?? `known are ${all.join(', ')}.`,
  });
  return false;
}
