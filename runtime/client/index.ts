// dextgen/client: what generated clients are built on, and the types and errors that their users see.
export { Batch, type Decode } from './batch.js';
export * from './bits.js';
export type { CompletionOptions } from './call-request.js';
export { argumentsOf, check, checkBytes, checkObject, inside, type Place } from './checks.js';
export * from './codec.js';
export { Connection } from './connection.js';
export type {
  Contract,
  EventInfo,
  FieldInfo,
  MethodInfo,
  MethodRow,
  Rule,
  ScalarName,
} from './contract.js';
export { Device, findDevices, type OpenOptions, type Origin, openConnection } from './device.js';
export type { EndReason } from './end.js';
export {
  AbortedError,
  AccessDeniedError,
  ArgumentError,
  BusyError,
  ClientError,
  ContractMismatchError,
  DeviceGoneError,
  DriverError,
  NoDeviceError,
  RejectedError,
  TimeoutError,
} from './errors.js';
export {
  decodeWords,
  type FeedEvent,
  type FeedRequest,
  type SubscriptionInfo,
  type Words,
} from './feeds.js';
export * from './fixed-text.js';
export type { Handle } from './handle.js';
export type { ErrorKind } from './io-return.js';
export {
  bytesOfArray,
  checkElements,
  MappedBuffer,
  type MemoryInfo,
  mapMemory,
} from './mapped-buffer.js';
export type { ClientMemory } from './native.js';
export * from './numbers.js';
export type { PollRequest } from './polls.js';
export { readScalar } from './property.js';
export { type RawAnswer, RawConnection, type RawRequest } from './raw.js';
export {
  agree,
  atMost,
  countable,
  decodeRecord,
  encodeRecord,
  fieldOf,
  numbersOf,
  RecordReader,
  RecordWriter,
  without,
} from './records.js';
export { readStatistics, type Statistics } from './statistics.js';
export { checkStatus, type Status, statusOf } from './status.js';
export { EventStream, type StreamEnd, type StreamOptions } from './stream.js';
export { streamFeed, streamPoll } from './streams.js';
export { decodeText, type TextRules, textBytes } from './text.js';
export * from './variants.js';
export { type CallOptions, withTimeout } from './wait.js';
export {
  fromWords,
  type HalfOrder,
  readHalves,
  sentWords,
  wordsAt,
  writeHalves,
} from './words.js';
