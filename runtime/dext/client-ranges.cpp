// The platform takes whatever addresses the app passes, and looks at them late (contract §1.10).
#include "client-ranges.h"

#include <DriverKit/IOMemoryDescriptor.h>

namespace dextgen {

namespace {

IOAddressSegment SegmentOf(const Call & call, const ClientRange & range) {
    return {.address = call.in[range.address],
            .length = range.length < 0 ? range.size : call.in[range.length]};
}

/// What a driver writes must not land in a private copy; what it only reads may be one, which the
/// app cannot change under it.
uint64_t OptionsOf(RangeAccess access) {
    const uint64_t shared = kIOMemoryDisableCopyOnWrite;
    switch (access) {
    case RangeAccess::Write:
        return kIOMemoryDirectionIn | shared;
    case RangeAccess::ReadWrite:
        return kIOMemoryDirectionOutIn | shared;
    default:
        return kIOMemoryDirectionOut;
    }
}

} // namespace

bool RangesCheck(const Call & call, Fault * fault) {
    for (uint32_t i = 0; i < call.method->rangeCount; i++) {
        const ClientRange & range = call.method->ranges[i];
        const IOAddressSegment segment = SegmentOf(call, range);
        if (segment.length > UINT64_MAX - segment.address) {
            const uint32_t length = static_cast<uint32_t>(range.length);
            *fault = {.argument = range.length < 0 ? range.address : length,
                      .rule = kDextgenRuleTotal,
                      .limit = UINT64_MAX - segment.address,
                      .actual = segment.length};
            return false;
        }
    }
    return true;
}

kern_return_t RangesOpen(Call * call) {
    for (uint32_t i = 0; i < call->method->rangeCount; i++) {
        const ClientRange & range = call->method->ranges[i];
        const IOAddressSegment segments[32] = {SegmentOf(*call, range)};
        const kern_return_t status = call->connection->client->CreateMemoryDescriptorFromClient(
            OptionsOf(range.access), 1, segments, &call->ranges[i]);
        if (status != kIOReturnSuccess) {
            return status;
        }
        if (call->ranges[i] == nullptr) {
            return kIOReturnNoMemory;
        }
        call->rangeLengths[i] = segments[0].length;
    }
    return kIOReturnSuccess;
}

void RangesRelease(Call * call) {
    for (IOMemoryDescriptor *& range : call->ranges) {
        OSSafeReleaseNULL(range);
    }
}

} // namespace dextgen
