// Kinds of reports and elements of HID devices.
#ifndef HIDDRIVERKIT_IOHIDDEVICETYPES_H
#define HIDDRIVERKIT_IOHIDDEVICETYPES_H

#include <stdint.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/IOTypes.h>

typedef enum IOHIDReportType {
    kIOHIDReportTypeInput = 0,
    kIOHIDReportTypeOutput,
    kIOHIDReportTypeFeature,
    kIOHIDReportTypeCount
} IOHIDReportType;

typedef enum HIDReportCommandType {
    kIOHIDReportCommandSetReport,
    kIOHIDReportCommandGetReport
} HIDReportCommandType;

typedef enum IOHIDElementCommitDirection {
    kIOHIDElementCommitDirectionIn,
    kIOHIDElementCommitDirectionOut
} IOHIDElementCommitDirection;

typedef uint32_t IOHIDElementCookie;

typedef enum IOHIDElementType {
    kIOHIDElementTypeInput_Misc = 1,
    kIOHIDElementTypeInput_Button = 2,
    kIOHIDElementTypeInput_Axis = 3,
    kIOHIDElementTypeInput_ScanCodes = 4,
    kIOHIDElementTypeInput_NULL = 5,
    kIOHIDElementTypeOutput = 129,
    kIOHIDElementTypeFeature = 257,
    kIOHIDElementTypeCollection = 513
} IOHIDElementType;

typedef enum IOHIDElementCollectionType {
    kIOHIDElementCollectionTypePhysical = 0x00,
    kIOHIDElementCollectionTypeApplication,
    kIOHIDElementCollectionTypeLogical,
    kIOHIDElementCollectionTypeReport,
    kIOHIDElementCollectionTypeNamedArray,
    kIOHIDElementCollectionTypeUsageSwitch,
    kIOHIDElementCollectionTypeUsageModifier
} IOHIDElementCollectionType;

typedef uint32_t IOHIDElementFlags;
enum {
    kIOHIDElementFlagsConstantMask = 0x0001,
    kIOHIDElementFlagsVariableMask = 0x0002,
    kIOHIDElementFlagsRelativeMask = 0x0004,
    kIOHIDElementFlagsWrapMask = 0x0008,
    kIOHIDElementFlagsNonLinearMask = 0x0010,
    kIOHIDElementFlagsNoPreferredMask = 0x0020,
    kIOHIDElementFlagsNullStateMask = 0x0040,
    kIOHIDElementFlagsVolativeMask = 0x0080,
    kIOHIDElementFlagsBufferedByteMask = 0x0100
};

typedef uint32_t IOHIDValueScaleType;
enum {
    kIOHIDValueScaleTypeCalibrated = 0,
    kIOHIDValueScaleTypePhysical = 1,
    kIOHIDValueScaleTypeExponent = 2
};

typedef uint32_t IOHIDValueOptions;
enum {
    kIOHIDValueOptionsFlagRelativeSimple = 1 << 0,
    kIOHIDValueOptionsFlagPrevious = 1 << 1,
    kIOHIDValueOptionsUpdateElementValues = 1 << 2
};

typedef void (*IOHIDCompletionAction)(void * target, void * parameter, IOReturn status,
                                      uint32_t bufferSizeRemaining);
typedef struct IOHIDCompletion {
    void * target;
    IOHIDCompletionAction action;
    void * parameter;
} IOHIDCompletion;

#endif
