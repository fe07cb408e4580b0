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
typedef uint32_t IOHIDValueScaleType;

typedef void (*IOHIDCompletionAction)(void * target, void * parameter, IOReturn status,
                                      uint32_t bufferSizeRemaining);
typedef struct IOHIDCompletion {
    void * target;
    IOHIDCompletionAction action;
    void * parameter;
} IOHIDCompletion;

#endif
