// See service_calls.h.
#include "service_calls.h"

#include "objects.h"

#include <array>
#include <atomic>

namespace dextsim {

namespace {

constexpr size_t kFamilies = 8;
std::array<std::atomic<ServiceCallHandler>, kFamilies> handlers;

} // namespace

void takeServiceCalls(ServiceFamily family, ServiceCallHandler handler) {
    handlers[static_cast<size_t>(family)] = handler;
}

void answerServiceCall(uint64_t id, kern_return_t status, const Writer & body) {
    kernelConnection()->reply(id, status, body);
}

void serviceAsked(uint64_t id, uint64_t object, Reader & body) {
    const uint8_t family = body.u8();
    const uint16_t call = body.u16();
    const ServiceCallHandler handler = family < kFamilies ? handlers[family].load() : nullptr;
    OSObject * const found = copyObject(object);
    auto * const service = castTo<IOService>(found, OSTypeID(IOService));
    if (service == nullptr || handler == nullptr) {
        OSSafeRelease(found);
        answerServiceCall(id, service == nullptr ? kIOReturnOffline : kIOReturnUnsupported,
                          Writer().string("the service is none of this family"));
        return;
    }
    handler(id, call, service, body);
}

} // namespace dextsim
