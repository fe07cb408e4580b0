// The completions a driver can receive: where each type is declared, and the parameters behind the action
// (contract §9.5, §9.6, §10). The schema's rules know the same list.
import type { DriverAction } from '../model/model.js';

type ActionType = {
  readonly include: string;
  readonly parameters: readonly string[];
  /** The action stands behind the parameters rather than before them. */
  readonly actionLast?: boolean;
};

const types: Readonly<Record<string, ActionType>> = {
  'IOUSBHostPipe.CompleteAsyncIO': {
    include: '<USBDriverKit/IOUSBHostPipe.iig>',
    parameters: ['IOReturn status', 'uint32_t actualByteCount', 'uint64_t completionTimestamp'],
  },
  'IOUSBHostDevice.CompleteAsyncDeviceRequest': {
    include: '<USBDriverKit/IOUSBHostDevice.iig>',
    parameters: ['IOReturn status', 'uint32_t bytesTransferred'],
  },
  'IOHIDInterface.ReportAvailable': {
    include: '<HIDDriverKit/IOHIDInterface.iig>',
    parameters: [
      'uint64_t timestamp',
      'uint32_t reportID',
      'uint32_t reportLength',
      'IOHIDReportType type',
      'IOMemoryDescriptor * report',
    ],
    actionLast: true,
  },
  'IOInterruptDispatchSource.InterruptOccurred': {
    include: '<DriverKit/IOInterruptDispatchSource.iig>',
    parameters: ['uint64_t count', 'uint64_t time'],
  },
  'IOTimerDispatchSource.TimerOccurred': {
    include: '<DriverKit/IOTimerDispatchSource.iig>',
    parameters: ['uint64_t time'],
  },
};

export function actionType({ providerClass, providerMethod }: DriverAction): ActionType {
  const type = types[`${providerClass}.${providerMethod}`];
  if (type === undefined) throw new Error(`no action type ${providerClass}.${providerMethod}`);
  return type;
}
