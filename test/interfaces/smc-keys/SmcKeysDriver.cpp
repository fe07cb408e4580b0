// A controller with two keys: one to read and write, one to read only. What it makes of a request
// stands in the reply.
#include "SmcKeysDriver.h"
#include "SmcKeysDriverCore.h"
#include "SmcKeysUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct SmcKeysDriver_IVars {
    SmcKeysDriverCore core;
    uint8_t speed[2];
};

bool SmcKeysDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(SmcKeysDriver_IVars, 1);
    return ivars != nullptr;
}

void SmcKeysDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, SmcKeysDriver_IVars, 1);
    super::free();
}

kern_return_t SmcKeysDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t SmcKeysDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

SmcKeysDriverCore * SmcKeysDriver::Core() {
    return &ivars->core;
}

namespace {

constexpr uint32_t kSpeedKey = 0x46304163;  // F0Ac
constexpr uint32_t kSerialKey = 0x5250424D; // RPBM
constexpr uint32_t kUi16 = 0x75693136;      // ui16
constexpr uint32_t kFlag = 0x666C6167;      // flag
constexpr uint32_t kKeys[] = {kSpeedKey, kSerialKey};

bool Known(uint32_t key) {
    return key == kSpeedKey || key == kSerialKey;
}

} // namespace

static SmcKeysResult ReadBytes(const uint8_t * speed, const SmcKeysRequestReadBytes & request,
                               SmcKeysReply * reply) {
    if (!Known(request.key)) {
        return kSmcKeysResultNotFound;
    }
    reply->info.dataSize = request.info.dataSize;
    if (request.key == kSpeedKey) {
        memcpy(reply->bytes, speed, 2);
    } else {
        reply->bytes[0] = 1;
    }
    return kSmcKeysResultSuccess;
}

static SmcKeysResult ReadInfo(uint32_t key, SmcKeysReply * reply) {
    if (!Known(key)) {
        return kSmcKeysResultNotFound;
    }
    reply->info = {.dataSize = key == kSpeedKey ? 2u : 1u,
                   .dataType = key == kSpeedKey ? kUi16 : kFlag,
                   .attributes = 0x80};
    return kSmcKeysResultSuccess;
}

kern_return_t SmcKeysDriver::Call(SmcKeysUserClient *, const SmcKeysRequest * request, uint64_t,
                                  SmcKeysReply * reply) {
    switch (request->readBytes.command) {
    case kSmcKeysRequestReadBytes:
        reply->result = ReadBytes(ivars->speed, request->readBytes, reply);
        break;
    case kSmcKeysRequestWriteBytes:
        reply->result = request->writeBytes.key == kSpeedKey ? kSmcKeysResultSuccess
                                                             : kSmcKeysResultNotWritable;
        if (reply->result == kSmcKeysResultSuccess) {
            memcpy(ivars->speed, request->writeBytes.bytes, sizeof(ivars->speed));
        }
        break;
    case kSmcKeysRequestReadIndex:
        reply->result =
            request->readIndex.index < 2 ? kSmcKeysResultSuccess : kSmcKeysResultNotFound;
        reply->key = reply->result == kSmcKeysResultSuccess ? kKeys[request->readIndex.index] : 0;
        break;
    default:
        reply->result = ReadInfo(request->readKeyInfo.key, reply);
        break;
    }
    return kIOReturnSuccess;
}
