// Names and numbers of PCI: matching keys, configuration registers, their bits.
#ifndef PCIDRIVERKIT_IOPCIFAMILYDEFINITIONS_H
#define PCIDRIVERKIT_IOPCIFAMILYDEFINITIONS_H

#include <stddef.h>
#include <stdint.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOTypes.h>

// Matching keys: "0xDDDDVVVV" with an optional "&mask", several separated by spaces.
#define kIOPCIMatchKey "IOPCIMatch"
#define kIOPCIPrimaryMatchKey "IOPCIPrimaryMatch"
#define kIOPCISecondaryMatchKey "IOPCISecondaryMatch"
#define kIOPCIClassMatchKey "IOPCIClassMatch"

#define kIOPCIExpressCapabilitiesKey "IOPCIExpressCapabilities"
#define kIOPCIExpressLinkStatusKey "IOPCIExpressLinkStatus"
#define kIOPCIExpressLinkCapabilitiesKey "IOPCIExpressLinkCapabilities"
#define kIOPCIExpressSlotStatusKey "IOPCIExpressSlotStatus"
#define kIOPCIExpressSlotCapabilitiesKey "IOPCIExpressSlotCapabilities"
#define kIOPCIDeviceMemoryArrayKey "IODeviceMemory"
#define kIOPCITunnelCompatibleKey "IOPCITunnelCompatible"
#define kIOPCITunnelledKey "IOPCITunnelled"
#define kIOPCITunnelL1EnableKey "IOPCITunnelL1Enable"
#define kIOPCIPauseCompatibleKey "IOPCIPauseCompatible"
#define kIOPMPCIConfigSpaceVolatileKey "IOPMPCIConfigSpaceVolatile"
#define kIOPMPCISleepLinkDisableKey "IOPMPCISleepLinkDisable"
#define kIOPMPCISleepResetKey "IOPMPCISleepReset"

enum { kIOInterruptTypePCIMessaged = 0x00010000, kIOInterruptTypePCIMessagedX = 0x00020000 };

// Offsets in the configuration space.
enum {
    kIOPCIConfigurationOffsetVendorID = 0x00,
    kIOPCIConfigurationOffsetDeviceID = 0x02,
    kIOPCIConfigurationOffsetCommand = 0x04,
    kIOPCIConfigurationOffsetStatus = 0x06,
    kIOPCIConfigurationOffsetRevisionID = 0x08,
    kIOPCIConfigurationOffsetClassCode = 0x09,
    kIOPCIConfigurationOffsetCacheLineSize = 0x0C,
    kIOPCIConfigurationOffsetLatencyTimer = 0x0D,
    kIOPCIConfigurationOffsetHeaderType = 0x0E,
    kIOPCIConfigurationOffsetBIST = 0x0F,
    kIOPCIConfigurationOffsetBaseAddress0 = 0x10,
    kIOPCIConfigurationOffsetBaseAddress1 = 0x14,
    kIOPCIConfigurationOffsetBaseAddress2 = 0x18,
    kIOPCIConfigurationOffsetBaseAddress3 = 0x1C,
    kIOPCIConfigurationOffsetBaseAddress4 = 0x20,
    kIOPCIConfigurationOffsetBaseAddress5 = 0x24,
    kIOPCIConfigurationOffsetCardBusCISPtr = 0x28,
    kIOPCIConfigurationOffsetSubSystemVendorID = 0x2C,
    kIOPCIConfigurationOffsetSubSystemID = 0x2E,
    kIOPCIConfigurationOffsetExpansionROMBase = 0x30,
    kIOPCIConfigurationOffsetCapabilitiesPtr = 0x34,
    kIOPCIConfigurationOffsetInterruptLine = 0x3C,
    kIOPCIConfigurationOffsetInterruptPin = 0x3D,
    kIOPCIConfigurationOffsetMinimumGrant = 0x3E,
    kIOPCIConfigurationOffsetMaximumLatency = 0x3F
};

// Capabilities; the extended ones of PCI Express are negated.
enum {
    kIOPCICapabilityIDOffset = 0x00,
    kIOPCINextCapabilityOffset = 0x01,

    kIOPCICapabilityIDPowerManagement = 0x01,
    kIOPCICapabilityIDAGP = 0x02,
    kIOPCICapabilityIDVitalProductData = 0x03,
    kIOPCICapabilityIDSlotID = 0x04,
    kIOPCICapabilityIDMSI = 0x05,
    kIOPCICapabilityIDCPCIHotswap = 0x06,
    kIOPCICapabilityIDPCIX = 0x07,
    kIOPCICapabilityIDLDT = 0x08,
    kIOPCICapabilityIDVendorSpecific = 0x09,
    kIOPCICapabilityIDDebugPort = 0x0a,
    kIOPCICapabilityIDCPCIResourceControl = 0x0b,
    kIOPCICapabilityIDHotplug = 0x0c,
    kIOPCICapabilityIDAGP8 = 0x0e,
    kIOPCICapabilityIDSecure = 0x0f,
    kIOPCICapabilityIDPCIExpress = 0x10,
    kIOPCICapabilityIDMSIX = 0x11,
    kIOPCICapabilityIDFPB = 0x15,
};
enum {
    kIOPCIExpressCapabilityIDErrorReporting = -0x01U,
    kIOPCIExpressCapabilityIDVirtualChannel = -0x02U,
    kIOPCIExpressCapabilityIDDeviceSerialNumber = -0x03U,
    kIOPCIExpressCapabilityIDPowerBudget = -0x04U,
    kIOPCIExpressCapabilityIDAccessControlServices = -0x0DU,
    kIOPCIExpressCapabilityIDLatencyTolerenceReporting = -0x18U,
    kIOPCIExpressCapabilityIDL1PMSubstates = -0x1EU,
};

// The command register.
enum {
    kIOPCICommandIOSpace = 0x0001,
    kIOPCICommandMemorySpace = 0x0002,
    kIOPCICommandBusMaster = 0x0004,
    kIOPCICommandSpecialCycles = 0x0008,
    kIOPCICommandMemWrInvalidate = 0x0010,
    kIOPCICommandPaletteSnoop = 0x0020,
    kIOPCICommandParityError = 0x0040,
    kIOPCICommandAddressStepping = 0x0080,
    kIOPCICommandSERR = 0x0100,
    kIOPCICommandFastBack2Back = 0x0200,
    kIOPCICommandInterruptDisable = 0x0400
};

// The status register.
enum {
    kIOPCIStatusInterrupt = 0x0008,
    kIOPCIStatusCapabilities = 0x0010,
    kIOPCIStatusPCI66 = 0x0020,
    kIOPCIStatusUDF = 0x0040,
    kIOPCIStatusFastBack2Back = 0x0080,
    kIOPCIStatusDevSel0 = 0x0000,
    kIOPCIStatusDevSel1 = 0x0200,
    kIOPCIStatusDevSel2 = 0x0400,
    kIOPCIStatusDevSel3 = 0x0600,
    kIOPCIStatusTargetAbortCapable = 0x0800,
    kIOPCIStatusTargetAbortActive = 0x1000,
    kIOPCIStatusMasterAbortActive = 0x2000,
    kIOPCIStatusSERRActive = 0x4000,
    kIOPCIStatusParityErrActive = 0x8000
};

// Power management: bits of the capability register, then of control and status.
enum {
    kPCIPMCPMESupportFromD3Cold = 0x8000,
    kPCIPMCPMESupportFromD3Hot = 0x4000,
    kPCIPMCPMESupportFromD2 = 0x2000,
    kPCIPMCPMESupportFromD1 = 0x1000,
    kPCIPMCPMESupportFromD0 = 0x0800,
    kPCIPMCD2Support = 0x0400,
    kPCIPMCD1Support = 0x0200,
    kPCIPMCD3Support = 0x0001
};
enum {
    kPCIPMCSPMEStatus = 0x8000,
    kPCIPMCSPMEEnable = 0x0100,
    kPCIPMCSPowerStateMask = 0x0003,
    kPCIPMCSPowerStateD3 = 0x0003,
    kPCIPMCSPowerStateD2 = 0x0002,
    kPCIPMCSPowerStateD1 = 0x0001,
    kPCIPMCSPowerStateD0 = 0x0000,
    kPCIPMCSDefaultEnableBits = (~(IOOptionBits)0),
    kPCIPMCSPMEDisableInS3 = 0x00010000,
    kPCIPMCSPMEWakeReason = 0x00020000
};

// First parameter of GetBARInfo.
typedef enum IOPCIMemoryRange : unsigned int {
    kPCIMemoryRangeBAR0 = 0,
    kPCIMemoryRangeBAR1 = 1,
    kPCIMemoryRangeBAR2 = 2,
    kPCIMemoryRangeBAR3 = 3,
    kPCIMemoryRangeBAR4 = 4,
    kPCIMemoryRangeBAR5 = 5,
} tIOPCIMemoryRange;

// What GetBARInfo says of one; the numbers are the low bits of the register.
typedef enum IOPCIBARType : unsigned int {
    kPCIBARTypeM32 = 0x0,
    kPCIBARTypeIO = 0x1,
    kPCIBARTypeM64 = 0x4,
    kPCIBARTypeM32PF = 0x8,
    kPCIBARTypeM64PF = 0xc,
} tIOPCIBARType;

typedef enum IOPCILinkSpeed : unsigned int {
    kPCILinkSpeed_2_5_GTs = 1,
    kPCILinkSpeed_5_GTs = 2,
    kPCILinkSpeed_8_GTs = 3,
    kPCILinkSpeed_16_GTs = 4,
    kPCILinkSpeed_32_GTs = 5,
} tIOPCILinkSpeed;

typedef enum tIOPCIDeviceResetTypes : unsigned int {
    kIOPCIDeviceResetTypeHotReset = 0x00000001,
    kIOPCIDeviceResetTypeWarmReset = 0x00000002,
    kIOPCIDeviceResetTypeWarmResetDisable = 0x00000004,
    kIOPCIDeviceResetTypeWarmResetEnable = 0x00000008,
    kIOPCIDeviceResetTypeFunctionReset = 0x00000010,
} tIOPCIDeviceResetTypes;

typedef enum tIOPCIDeviceResetOptions : unsigned int {
    kIOPCIDeviceResetOptionNone = 0x00000000,
    kIOPCIDeviceResetOptionTerminate = 0x00000001,
} tIOPCIDeviceResetOptions;

#endif
