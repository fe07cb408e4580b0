// `dextgen/simulator`: start a simulator, play the device side, look inside. Tests and demos import this.
export { ASSUMPTIONS, type Assumptions, assumptionName } from './assumptions.js';
export {
  AUDIO_OPERATION,
  type AudioBox,
  type AudioControl,
  type AudioDevice,
  type AudioOperation,
  type AudioQuery,
  type AudioState,
  type AudioStream,
  type AudioSystem,
} from './audio-system.js';
export type { BarMemory } from './bar-memory.js';
export type {
  BlockDescription,
  BlockDevice,
  BlockQuery,
  BlockRange,
} from './block-device.js';
export {
  type AddonBuild,
  BuildError,
  type BuildOptions,
  buildAddon,
  buildDext,
  buildSimulator,
  type DextBuild,
  hasTool,
  kernelProgram,
  requireTools,
} from './build.js';
export { buildDriver, type DriverBuild, expandVariables, isDriverProject } from './build-driver.js';
export { type ControlRule, controlTable } from './control-table.js';
export type {
  ConfigurationData,
  DeviceData,
  EndpointData,
  InterfaceData,
  UsbSpeed,
} from './descriptors.js';
export { corrupt, delay, shorten, stall, type Which } from './effects.js';
export {
  type Answer,
  type ControlHandler,
  type InEndpoint,
  type InRequest,
  type OutEndpoint,
  type Setup,
  USB_STATUS,
} from './endpoint.js';
export {
  type FollowedHid,
  HID_REPORT,
  type HidDevice,
  type HidEvent,
  type HidQuery,
  type HidReport,
  type HidReportRequest,
  type HidReportType,
  type PluggedHidDevice,
} from './hid-device.js';
export type {
  IsochronousEndpoint,
  IsochronousFrame,
  IsochronousRequest,
} from './isochronous.js';
export type {
  Fault,
  FaultAction,
  FaultPoint,
  MachineControls,
  MachineTime,
} from './machine.js';
export {
  MIDI_PROTOCOL,
  type MidiDevice,
  type MidiEndpoint,
  type MidiEntity,
  type MidiQuery,
  type MidiSource,
  type MidiSystem,
} from './midi-system.js';
export { type PacketSource, type PacketSourceOptions, packetSource } from './packet-source.js';
export {
  type PciBar,
  type PciCapability,
  type PciDevice,
  type PluggedPciDevice,
  pciConfiguration,
  type RegisterAccess,
  type Registers,
} from './pci-device.js';
export type { Divergence } from './player.js';
export type {
  Recorded,
  RecordedDevice,
  RecordedHidDevice,
  RecordedPciDevice,
  RecordedScsiBus,
} from './recorded.js';
export { RecordingError, readRecording } from './recording.js';
export type { Replay, ReplayOptions } from './replay.js';
export {
  SCSI_FUNCTION,
  SCSI_SERVICE,
  type ScsiAnswer,
  type ScsiBus,
  type ScsiQuery,
  type ScsiTask,
} from './scsi-bus.js';
export {
  SERIAL_FLOW,
  SERIAL_PARITY,
  type SerialLines,
  type SerialPort,
  type SerialQuery,
  type SerialSettings,
  type SerialStatus,
} from './serial-port.js';
export { SimulatorError } from './session.js';
export {
  connectSimulator,
  type DextProcess,
  type RunningSimulator,
  type SessionProcess,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './simulator.js';
export { type FileSourceOptions, fileSource, transfers } from './sources.js';
export { type DeviceClock, type Duration, MachineClock, milliseconds } from './time.js';
export type {
  DeviceBehaviour,
  PluggedDevice,
  RawUsbDevice,
  Selection,
  UsbDevice,
} from './usb-device.js';
export type { Value } from './wire.js';
