// `dextgen/simulator`: start a simulator, play the device side, look inside. Tests and demos import this.
export {
  type AddonBuild,
  BuildError,
  type BuildOptions,
  buildAddon,
  buildDext,
  buildSimulator,
  type DextBuild,
  kernelProgram,
  requireTools,
} from './build.js';
export type {
  ConfigurationData,
  DeviceData,
  EndpointData,
  InterfaceData,
  UsbSpeed,
} from './descriptors.js';
export { type PacketSource, type PacketSourceOptions, packetSource } from './packet-source.js';
export { SimulatorError } from './session.js';
export {
  connectSimulator,
  type DextProcess,
  type RunningSimulator,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './simulator.js';
export {
  type InEndpoint,
  type InRequest,
  type OutEndpoint,
  type PluggedDevice,
  type Setup,
  USB_STATUS,
  type UsbDevice,
} from './usb-device.js';
export type { Value } from './wire.js';
