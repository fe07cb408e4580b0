// Members of the classes that a generated driver derives from: a hook of such a name would hide the platform's, with
// other parameters. Names of the published headers, as C++ sees them.
import { baseMembers } from './reserved-words.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const hidDevice = words(`
  handleStart newDeviceDescription newReportDescriptor getReport setReport setProperty handleReport CompleteReport
  KernelStart KernelHandleReport KernelCompleteReport _ProcessReport _SetProperty`);

const hidEventService = words(`
  dispatchKeyboardEvent dispatchRelativePointerEvent dispatchAbsolutePointerEvent dispatchRelativeScrollWheelEvent
  dispatchDigitizerStylusEvent dispatchDigitizerTouchEvent SetLEDState conformsTo getElements handleReport handleStart
  ReportAvailable GetReport SetReport`);

const families: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    IOUserHIDDevice: hidDevice,
    IOUserHIDEventService: hidEventService,
    IOUserHIDEventDriver: [...hidEventService, 'parseElements'],
    IOUserSCSIParallelInterfaceController: words(`
      UserInitializeController UserStartController UserStopController UserDoesHBAPerformAutoSense
      UserDoesHBAPerformDeviceManagement UserDoesHBASupportMultiPathing UserDoesHBASupportSCSIParallelFeature
      UserInitializeTargetForID UserTargetPresentForID UserCreateTargetForID UserDestroyTargetForID UserMapHBAData
      UserGetDMASpecification UserGetDataBuffer UserReportInitiatorIdentifier UserReportHighestSupportedDeviceID
      UserReportMaximumTaskCount UserReportHBAConstraints UserReportHBAHighestLogicalUnitNumber UserProcessParallelTask
      UserProcessBundledParallelTasks UserMapBundledParallelTaskCommandAndResponseBuffers ParallelTaskCompletion
      BundledParallelTaskCompletion UserAbortTaskRequest UserAbortTaskSetRequest UserClearACARequest
      UserClearTaskSetRequest UserLogicalUnitResetRequest UserTargetResetRequest UserSetHBAProperties
      UserRemoveHBAProperties UserSetTargetProperties UserRemoveTargetProperties UserCallMediaParametersHaveChanged`),
    IOUserNetworkEthernet: words(`
      RegisterEthernetInterface ReportAvailableMediaTypes ReportLinkStatus ReportLinkQuality ReportDataBandwidths
      ReportNicProxyLimits SelectMediaType SetInterfaceEnable SetPromiscuousModeEnable SetMulticastAddresses
      SetAllMulticastModeEnable SetWakeOnMagicPacketEnable SetWakeOnMagicPacketSupport SetTxPacketHeadroom
      SetTxPacketTailroom SetSoftwareVlanSupport SetMTU GetMaxTransferUnit SetHardwareAssists GetHardwareAssists
      setInterfaceEnable setMulticastAddresses reportLinkStatus getSupportedMediaArray`),
    IOUserSerial: words(`
      RxFreeSpaceAvailable RxDataAvailable TxFreeSpaceAvailable TxDataAvailable TxPacketsAvailable SetModemStatus RxError
      HwActivate HwDeactivate HwResetFIFO HwSendBreak HwProgramUART HwProgramBaudRate HwProgramMCR HwGetModemStatus
      HwProgramLatencyTimer HwProgramFlowControl ConnectQueues SetupTTYBaseName ConnectDriverQueues SetupFIFOBuffers`),
  }),
);

/** Those of a class that is not known are its own. */
export function membersOf(baseClass: string): ReadonlySet<string> {
  return new Set([...baseMembers, ...(families.get(baseClass) ?? [])]);
}
