// Names of properties of HID event services.
#ifndef HIDDRIVERKIT_IOHIDEVENTSERVICEKEYS_H
#define HIDDRIVERKIT_IOHIDEVENTSERVICEKEYS_H

#define kIOHIDPointerAccelerationKey "HIDPointerAcceleration"
#define kIOHIDPointerAccelerationTypeKey "HIDPointerAccelerationType"
#define kIOHIDPointerAccelerationMultiplierKey "HIDPointerAccelerationMultiplier"
#define kIOHIDPointerAccelerationSupportKey "HIDSupportsPointerAcceleration"
#define kIOHIDMouseAccelerationTypeKey "HIDMouseAcceleration"
#define kIOHIDTrackpadAccelerationType "HIDTrackpadAcceleration"
#define kIOHIDUseLinearScalingMouseAccelerationKey "HIDUseLinearScalingMouseAcceleration"
#define kIOHIDServiceAccelerationProperties "IOHIDSetAcceleration"
#define kIOHIDDropAccelPropertyEventsKey "DropAccelPropertyEvents"
#define kHIDAccelParametricCurvesKey "HIDAccelCurves"
#define kHIDPointerReportRateKey "HIDPointerReportRate"

#define kIOHIDScrollAccelerationKey "HIDScrollAcceleration"
#define kIOHIDScrollAccelerationTypeKey "HIDScrollAccelerationType"
#define kIOHIDScrollAccelerationSupportKey "HIDSupportsScrollAcceleration"
#define kIOHIDMouseScrollAccelerationKey "HIDMouseScrollAcceleration"
#define kIOHIDTrackpadScrollAccelerationKey "HIDTrackpadScrollAcceleration"
#define kHIDScrollAccelParametricCurvesKey "HIDScrollAccelCurves"
#define kIOHIDScrollReportRateKey "HIDScrollReportRate"
#define kIOHIDScrollResolutionKey "HIDScrollResolution"
#define kIOHIDScrollResolutionXKey "HIDScrollResolutionX"
#define kIOHIDScrollResolutionYKey "HIDScrollResolutionY"
#define kIOHIDScrollResolutionZKey "HIDScrollResolutionZ"

#define kIOHIDDigitizerTipThresholdKey "DigitizerTipThreshold"
#define kIOHIDSurfaceDimensionsKey "SurfaceDimensions"
#define kIOHIDWidthKey "Width"
#define kIOHIDHeightKey "Height"

#define kIOHIDEventDriverHandlesReport "IOHIDEventDriverHandlesReport"

#endif
