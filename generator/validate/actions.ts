// The completions a driver can receive, by the method type that its action is declared with (contract §9.5, §10).
import { didYouMean } from '../diagnostics/index.js';
import type { Report, Span } from '../source/index.js';

const known = [
  'IOUSBHostPipe.CompleteAsyncIO',
  'IOUSBHostDevice.CompleteAsyncDeviceRequest',
  'IOTimerDispatchSource.TimerOccurred',
  'IOHIDInterface.ReportAvailable',
  'IOInterruptDispatchSource.InterruptOccurred',
];

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
  const name = `${providerClass}.${providerMethod}`;
  if (known.includes(name)) return true;
  report({
    code: 'DK703',
    at,
    message: `no completion "${name}" is known`,
    hint: didYouMean(name, known) ?? `known are ${known.join(', ')}.`,
  });
  return false;
}
