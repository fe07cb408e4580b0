// Names of properties, notification types and planes.
#ifndef _IOKIT_IOKITKEYS_H
#define _IOKIT_IOKITKEYS_H

#define kIOClassKey "IOClass"
#define kIOProviderClassKey "IOProviderClass"
#define kIONameMatchKey "IONameMatch"
#define kIOPropertyMatchKey "IOPropertyMatch"
#define kIOPropertyExistsMatchKey "IOPropertyExistsMatch"
#define kIOPathMatchKey "IOPathMatch"
#define kIOLocationMatchKey "IOLocationMatch"
#define kIOParentMatchKey "IOParentMatch"
#define kIOResourceMatchKey "IOResourceMatch"
#define kIORegistryEntryIDKey "IORegistryEntryID"
#define kIOMatchCategoryKey "IOMatchCategory"
#define kIODefaultMatchCategoryKey "IODefaultMatchCategory"
#define kIOProbeScoreKey "IOProbeScore"
#define kIOUserClassKey "IOUserClass"
#define kIOUserClientClassKey "IOUserClientClass"
#define kIOUserClientCreatorKey "IOUserClientCreator"
#define kIOUserServerNameKey "IOUserServerName"
#define kIOUserServerOneProcessKey "IOUserServerOneProcess"
#define kIOBundleIdentifierKey "CFBundleIdentifier"
#define kIOServiceDEXTEntitlementsKey "IOServiceDEXTEntitlements"

#define kIOServicePlane "IOService"
#define kIOPowerPlane "IOPower"
#define kIODeviceTreePlane "IODeviceTree"
#define kIOUSBPlane "IOUSB"

#define kIOServiceClass "IOService"
#define kIOResourcesClass "IOResources"
#define kIOUserResourcesClass "IOUserResources"

#define kIOPublishNotification "IOServicePublish"
#define kIOFirstPublishNotification "IOServiceFirstPublish"
#define kIOMatchedNotification "IOServiceMatched"
#define kIOFirstMatchNotification "IOServiceFirstMatch"
#define kIOTerminatedNotification "IOServiceTerminate"
#define kIOWillTerminateNotification "IOServiceWillTerminate"

#define kIOGeneralInterest "IOGeneralInterest"
#define kIOBusyInterest "IOBusyInterest"

#endif
