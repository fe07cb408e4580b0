// An adapter that sees two networks. A scan lists them once, one result for each call.
#include "WifiControlDriver.h"
#include "WifiControlDriverCore.h"
#include "WifiControlUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct WifiControlDriver_IVars {
    WifiControlDriverCore core;
    uint32_t enabled;
    uint32_t next;
    uint8_t joined[32];
};

bool WifiControlDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(WifiControlDriver_IVars, 1);
    return ivars != nullptr;
}

void WifiControlDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, WifiControlDriver_IVars, 1);
    super::free();
}

kern_return_t WifiControlDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t WifiControlDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

WifiControlDriverCore * WifiControlDriver::Core() {
    return &ivars->core;
}

namespace {

constexpr uint32_t kNetworks = 2;
constexpr kern_return_t kNoScanResult = 20008;

} // namespace

kern_return_t WifiControlDriver::DriverInfo(WifiControlUserClient *, WifiControlDriverInfo * info) {
    info->version = 1;
    // The text fills its field, without a NUL.
    memset(info->firmware, 'f', sizeof(info->firmware));
    memcpy(info->bsdName, "en1", 3);
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::Station(WifiControlUserClient *, WifiControlStation * info) {
    info->version = 1;
    info->mode = kWifiControlModeAx;
    info->rssi = -40;
    memcpy(info->ssid, ivars->joined, sizeof(info->ssid));
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::Power(WifiControlUserClient *, WifiControlPower * power) {
    power->version = 1;
    power->enabled = ivars->enabled;
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::SetPower(WifiControlUserClient *, const WifiControlPower * power) {
    ivars->enabled = power->enabled;
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::State(WifiControlUserClient *, WifiControlState * state) {
    state->version = 1;
    state->state = ivars->enabled != 0 ? kWifiControlRadioStateRun : kWifiControlRadioStateInit;
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::ScanResult(WifiControlUserClient *, WifiControlNetwork * network) {
    if (ivars->next >= kNetworks) {
        return kNoScanResult;
    }
    network->ssid[0] = static_cast<uint8_t>('a' + ivars->next);
    network->channel = 1 + 5 * ivars->next;
    network->ciphers = kWifiControlCipherCcmp;
    ivars->next++;
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::Scan(WifiControlUserClient *, const WifiControlScan *) {
    ivars->next = 0;
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::Associate(WifiControlUserClient *,
                                           const WifiControlAssociate * request) {
    memcpy(ivars->joined, request->network.id, sizeof(ivars->joined));
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::Disassociate(WifiControlUserClient *,
                                              const WifiControlDisassociate *) {
    memset(ivars->joined, 0, sizeof(ivars->joined));
    return kIOReturnSuccess;
}

kern_return_t WifiControlDriver::Join(WifiControlUserClient * client,
                                      const WifiControlAssociate * request) {
    return Associate(client, request);
}
