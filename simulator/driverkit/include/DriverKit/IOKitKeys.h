// Names of registry properties and matching keys (contract §5, §6).
#ifndef DRIVERKIT_IOKITKEYS_H
#define DRIVERKIT_IOKITKEYS_H

#define kIOServicePlane "IOService"
#define kIOPowerPlane "IOPower"
#define kIOUSBPlane "IOUSB"

#define kIOClassKey "IOClass"
#define kIOProviderClassKey "IOProviderClass"
#define kIOUserClassKey "IOUserClass"
#define kIOUserServerNameKey "IOUserServerName"
#define kIOUserServerCDHashKey "IOUserServerCDHash"
#define kIOUserClientPropertiesKey "UserClientProperties"
#define kIOUserClientClassKey "IOUserClientClass"
#define kIOUserClientEntitlementsKey "IOUserClientEntitlements"
#define kIOServiceDEXTEntitlementsKey "IOServiceDEXTEntitlements"
#define kIOMatchCategoryKey "IOMatchCategory"
#define kIOProbeScoreKey "IOProbeScore"
#define kIONameMatchKey "IONameMatch"
#define kIOPropertyMatchKey "IOPropertyMatch"
#define kIOResourceMatchKey "IOResourceMatch"
#define kIOResourcesClass "IOResources"
#define kIOServiceDefaultMatchCategoryKey "IODefaultMatchCategory"
#define kIOServiceNotificationUserKey "IOServiceNotificationUser"
#define kIOMatchedAtBootKey "IOMatchedAtBoot"
#define kCFBundleIdentifierKey "CFBundleIdentifier"
#define kIOBundleIdentifierKey "CFBundleIdentifier"

#define kIODriverKitEntitlementKey "com.apple.developer.driverkit"
#define kIODriverKitUSBTransportEntitlementKey "com.apple.developer.driverkit.transport.usb"
#define kIODriverKitUserClientEntitlementsKey "com.apple.developer.driverkit.userclient-access"
#define kIODriverKitUserClientEntitlementAllowAnyKey                                               \
    "com.apple.developer.driverkit.allow-any-userclient-access"

#endif
