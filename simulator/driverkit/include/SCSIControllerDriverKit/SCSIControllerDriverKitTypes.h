// Types of parallel SCSI tasks and their answers.
#ifndef SCSICONTROLLERDRIVERKIT_TYPES_H
#define SCSICONTROLLERDRIVERKIT_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t SCSIDeviceIdentifier;
typedef SCSIDeviceIdentifier SCSITargetIdentifier;
typedef SCSIDeviceIdentifier SCSIInitiatorIdentifier;
typedef uint64_t SCSILogicalUnitNumber;
typedef uint64_t SCSITaggedTaskIdentifier;
typedef uint64_t SCSITaskTagIdentifier;
typedef uint8_t SCSILogicalUnitBytes[8];

enum {
    kSCSICDBSize_6Byte = 6,
    kSCSICDBSize_10Byte = 10,
    kSCSICDBSize_12Byte = 12,
    kSCSICDBSize_16Byte = 16,
    kSCSICDBSize_Maximum = 16
};
typedef uint8_t SCSICommandDescriptorBlock[kSCSICDBSize_Maximum];

typedef enum SCSITaskAttribute : uint32_t {
    kSCSITask_SIMPLE = 0,
    kSCSITask_ORDERED = 1,
    kSCSITask_HEAD_OF_QUEUE = 2,
    kSCSITask_ACA = 3
} SCSITaskAttribute;

typedef enum SCSIServiceResponse : uint32_t {
    kSCSIServiceResponse_Request_In_Process = 0,
    kSCSIServiceResponse_SERVICE_DELIVERY_OR_TARGET_FAILURE = 1,
    kSCSIServiceResponse_TASK_COMPLETE = 2,
    kSCSIServiceResponse_LINK_COMMAND_COMPLETE = 3,
    kSCSIServiceResponse_FUNCTION_COMPLETE = 4,
    kSCSIServiceResponse_FUNCTION_REJECTED = 5
} SCSIServiceResponse;

typedef enum SCSITaskStatus : uint32_t {
    kSCSITaskStatus_GOOD = 0x00,
    kSCSITaskStatus_CHECK_CONDITION = 0x02,
    kSCSITaskStatus_CONDITION_MET = 0x04,
    kSCSITaskStatus_BUSY = 0x08,
    kSCSITaskStatus_INTERMEDIATE = 0x10,
    kSCSITaskStatus_INTERMEDIATE_CONDITION_MET = 0x14,
    kSCSITaskStatus_RESERVATION_CONFLICT = 0x18,
    kSCSITaskStatus_TASK_SET_FULL = 0x28,
    kSCSITaskStatus_ACA_ACTIVE = 0x30,
    kSCSITaskStatus_TaskTimeoutOccurred = 0x01,
    kSCSITaskStatus_ProtocolTimeoutOccurred = 0x02,
    kSCSITaskStatus_DeviceNotResponding = 0x03,
    kSCSITaskStatus_DeviceNotPresent = 0x04,
    kSCSITaskStatus_DeliveryFailure = 0x05,
    kSCSITaskStatus_No_Status = 0xff
} SCSITaskStatus;

enum {
    kSCSIDataTransfer_NoDataTransfer = 0x00,
    kSCSIDataTransfer_FromInitiatorToTarget = 0x01,
    kSCSIDataTransfer_FromTargetToInitiator = 0x02
};

typedef enum SCSIParallelFeature : uint32_t {
    kSCSIParallelFeature_WideDataTransfer = 0,
    kSCSIParallelFeature_SynchronousDataTransfer = 1,
    kSCSIParallelFeature_QuickArbitrationAndSelection = 2,
    kSCSIParallelFeature_DoubleTransitionDataTransfers = 3,
    kSCSIParallelFeature_InformationUnitTransfers = 4,
    kSCSIParallelFeature_TotalFeatureCount = 5
} SCSIParallelFeature;

typedef enum SCSIParallelFeatureRequest : uint32_t {
    kSCSIParallelFeature_NoNegotiation = 0,
    kSCSIParallelFeature_AttemptNegotiation = 1,
    kSCSIParallelFeature_ClearNegotiation = 2
} SCSIParallelFeatureRequest;

typedef enum SCSIParallelFeatureResult : uint32_t {
    kSCSIParallelFeature_NegotitiationUnchanged = 0,
    kSCSIParallelFeature_NegotitiationCleared = 1,
    kSCSIParallelFeature_NegotitiationSuccess = 2
} SCSIParallelFeatureResult;

typedef enum DMAOutputSegmentType : uint32_t {
    kDMAOutputSegmentHost32 = 0,
    kDMAOutputSegmentBig32 = 1,
    kDMAOutputSegmentLittle32 = 2,
    kDMAOutputSegmentHost64 = 3,
    kDMAOutputSegmentBig64 = 4,
    kDMAOutputSegmentLittle64 = 5
} DMAOutputSegmentType;

enum SCSIUserParallelTaskVersion : uint64_t { kScsiUserParallelTaskCurrentVersion1 = 1 };
enum SCSIUserParallelResponseVersion : uint64_t {
    kScsiUserParallelTaskResponseCurrentVersion1 = 1
};

#define kMaxSenseBufferSize 256
// The number of slots is not documented; nothing here calls the bundled methods.
#define kMaxBundledParallelTasks 20

typedef struct SCSIUserParallelTask {
    uint64_t version;
    SCSITargetIdentifier fTargetID;
    SCSIParallelFeatureRequest fSCSIParallelFeatureRequest[kSCSIParallelFeature_TotalFeatureCount];
    uint64_t fSCSIParallelFeatureRequestCount;
    uint64_t fControllerTaskIdentifier;
    uint64_t fRequestedTransferCount;
    uint64_t fBufferIOVMAddr; // where a PCI controller reaches the data
    SCSITaskAttribute fTaskAttribute;
    uint64_t fTaskTagIdentifier;
    SCSILogicalUnitBytes fLogicalUnitBytes;
    SCSICommandDescriptorBlock fCommandDescriptorBlock;
    uint8_t fCommandSize;
    uint8_t fTransferDirection;
    uint32_t fTimeoutInMilliSec;
    uint64_t reserved[8];
} SCSIUserParallelTask;

typedef struct SCSIUserParallelResponse {
    uint64_t version;
    SCSITargetIdentifier fTargetID;
    SCSIParallelFeatureResult fSCSIParallelFeatureResult[kSCSIParallelFeature_TotalFeatureCount];
    uint64_t fSCSIParallelFeatureRequestResultCount;
    uint64_t fControllerTaskIdentifier;
    SCSITaskStatus fCompletionStatus;
    SCSIServiceResponse fServiceResponse;
    uint64_t fBytesTransferred;
    uint8_t fSenseBuffer[kMaxSenseBufferSize];
    uint8_t fSenseLength;
    uint64_t reserved[8];
} SCSIUserParallelResponse;

#endif
