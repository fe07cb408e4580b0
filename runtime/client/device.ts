// Finding drivers and opening one: what is there now, or the first to come.
import { Connection } from './connection.js';
import type { Contract, ScalarName } from './contract.js';
import {
  AccessDeniedError,
  ClientError,
  DeviceGoneError,
  isNativeError,
  NoDeviceError,
  TimeoutError,
} from './errors.js';
import { shakeHands } from './handshake.js';
import { describeCode } from './io-return.js';
import { loadNative, type Native, type ServiceHandle } from './native.js';
import { readScalar } from './property.js';
import { type CallOptions, startTimer } from './wait.js';

export type OpenOptions = {
  /** With a signal, open waits for a device until the signal aborts. Without one it does not wait. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait; alone or with a signal. */
  readonly timeout?: number | undefined;
  /** Registry entry id of the device to open: one of `devices()`. Without it, any. */
  readonly device?: bigint | undefined;
  /** Path of the addon, where a bundler or an installer has moved it. */
  readonly addon?: string | undefined;
};

/** The module whose interface this is: what generated code passes along. */
export type Origin = { readonly contract: Contract; readonly moduleUrl: string };

/** A driver's service in the registry. Its properties can be read without opening it. */
export class Device {
  readonly #contract: Contract;
  readonly #native: Native;
  readonly #service: ServiceHandle;

  constructor(contract: Contract, native: Native, service: ServiceHandle) {
    this.#contract = contract;
    this.#native = native;
    this.#service = service;
  }

  /** Registry entry id: the same for as long as the driver runs, never used again. */
  get id(): bigint {
    return this.#service.id;
  }

  /** Any property of the service, as the registry has it; undefined when there is none. */
  property(key: string): Promise<unknown> {
    return this.#native.property(this.#service, key);
  }

  scalar(key: string, type: ScalarName): Promise<number | bigint | boolean> {
    return readScalar(this.#contract, this.#native, this.#service, key, type);
  }
}

export async function findDevices(origin: Origin, addon?: string): Promise<Device[]> {
  const { contract, moduleUrl } = origin;
  const native = loadNative(contract, moduleUrl, addon);
  const services = await findServices(contract, native);
  return services.sort(byId).map((service) => new Device(contract, native, service));
}

async function findServices(contract: Contract, native: Native): Promise<ServiceHandle[]> {
  return native.services(contract.service).catch((error) => {
    throw explainSearch(contract, error);
  });
}

/** The registry itself does not answer: on a Mac that does not happen, elsewhere no simulator runs. */
function explainSearch(contract: Contract, error: unknown): unknown {
  if (!isNativeError(error)) return error;
  const what = `looking for ${contract.name}: the I/O Registry does not answer`;
  return new ClientError('io', `${what}, ${describeCode(error.code)}`, error.code);
}

/** Opens a device and shakes hands with its driver. */
export async function openConnection(
  origin: Origin,
  options: OpenOptions = {},
): Promise<Connection> {
  const { contract, moduleUrl } = origin;
  options.signal?.throwIfAborted();
  return openWith(contract, loadNative(contract, moduleUrl, options.addon), options);
}

/** openConnection with an addon at hand. */
export async function openWith(
  contract: Contract,
  native: Native,
  options: OpenOptions,
): Promise<Connection> {
  const waits = options.signal !== undefined || options.timeout !== undefined;
  if (waits) return waitAndOpen(contract, native, options);
  const services = (await findServices(contract, native)).filter(wanted(options)).sort(byId);
  const [service] = services;
  if (service === undefined) throw noDevice(contract, options);
  return openService(contract, native, service);
}

/** Tries each service that appears, those that exist first, until one can be opened. */
async function waitAndOpen(
  contract: Contract,
  native: Native,
  options: OpenOptions,
): Promise<Connection> {
  const found: ServiceHandle[] = [];
  let notice = () => {};
  const hear = (published: boolean, service: ServiceHandle) => {
    if (!published || !wanted(options)(service)) return;
    found.push(service);
    notice();
  };
  const watch = await native.watch(hear, contract.service).catch((error) => {
    throw explainSearch(contract, error);
  });
  const limit = startLimit(contract, options, () => notice());
  try {
    for (;;) {
      limit.check();
      const service = found.shift();
      const connection =
        service && (await openUnlessGone(contract, native, service, limit.callOptions()));
      if (connection !== undefined) return connection;
      if (found.length > 0) continue;
      await new Promise<void>((resolve) => {
        notice = resolve;
        if (limit.isOver()) resolve();
      });
    }
  } finally {
    limit.stop();
    await native.unwatch(watch);
  }
}

/** The signal and the time limit of a wait, as one. */
function startLimit(contract: Contract, options: OpenOptions, over: () => void) {
  const { signal, timeout } = options;
  const deadline = timeout === undefined ? Infinity : performance.now() + timeout;
  let late = false;
  // A timer may fire a moment before the clock says so; it does not fire again.
  const timer = startTimer(timeout, () => {
    late = true;
    over();
  });
  signal?.addEventListener('abort', over);
  return {
    isOver: () => signal?.aborted === true || late,
    check: () => {
      signal?.throwIfAborted();
      if (late)
        throw new TimeoutError(`${waitedFor(contract, options)} did not appear in ${timeout} ms`);
    },
    callOptions: (): CallOptions => ({
      signal,
      timeout:
        deadline === Infinity ? undefined : Math.max(1, Math.round(deadline - performance.now())),
    }),
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
    },
  };
}

/** undefined when the service went away meanwhile, so that another may be waited for. */
async function openUnlessGone(
  contract: Contract,
  native: Native,
  service: ServiceHandle,
  options: CallOptions,
): Promise<Connection | undefined> {
  try {
    return await openService(contract, native, service, options);
  } catch (error) {
    if (error instanceof DeviceGoneError) return undefined;
    throw error;
  }
}

async function openService(
  contract: Contract,
  native: Native,
  service: ServiceHandle,
  options?: CallOptions,
): Promise<Connection> {
  const connection = await Connection.open(contract, native, service, options).catch((error) => {
    throw explainRefusal(contract, error);
  });
  try {
    await shakeHands(connection, options);
    return connection;
  } catch (error) {
    // Not awaited: a driver that hangs would hold up the error.
    void connection.close();
    throw error;
  }
}

function explainRefusal(contract: Contract, error: unknown): unknown {
  if (!(error instanceof ClientError) || error.kind !== 'denied' || error.code === undefined)
    return error;
  return new AccessDeniedError(
    `opening ${contract.name} was refused with ${describeCode(error.code)}: the app needs the entitlement ` +
      `com.apple.developer.driverkit.userclient-access with ${contract.bundle} in it ` +
      '(on iPadOS com.apple.developer.driverkit.communicates-with-drivers)' +
      (contract.opening === undefined ? '' : `, and ${contract.opening}`),
    error.code,
  );
}

function noDevice(contract: Contract, options: OpenOptions): ClientError {
  return new NoDeviceError(
    'gone',
    `${waitedFor(contract, options)} is not there: its device is not plugged in, or its driver ` +
      `(${contract.bundle}) is not installed; pass a signal to wait for it`,
  );
}

function waitedFor(contract: Contract, { device }: OpenOptions): string {
  return device === undefined
    ? `a ${contract.name} (service ${contract.service})`
    : `the ${contract.name} with registry id ${device}`;
}

function wanted({ device }: OpenOptions): (service: ServiceHandle) => boolean {
  return (service) => device === undefined || service.id === device;
}

function byId(a: ServiceHandle, b: ServiceHandle): number {
  return a.id < b.id ? -1 : 1;
}
