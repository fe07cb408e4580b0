// USB descriptors beyond configurations: capabilities of a BOS descriptor, bursts, multiples,
// streams and intervals of endpoints; names and numbers of Apple's headers. Expected numbers are of
// USB 2.0 and 3.2.
#include "check.h"

#include <USBDriverKit/USBDriverKit.h>

#include <cstdio>
#include <cstring>
#include <vector>

namespace {

constexpr auto kFull = kIOUSBHostConnectionSpeedFull;
constexpr auto kHigh = kIOUSBHostConnectionSpeedHigh;
constexpr auto kSuper = kIOUSBHostConnectionSpeedSuper;

const IOUSBBOSDescriptor * bosOf(const std::vector<uint8_t> & bytes) {
    return reinterpret_cast<const IOUSBBOSDescriptor *>(bytes.data());
}

void testCapabilities() {
    std::vector<uint8_t> bytes = {
        5,  15, 42, 0, 3,                       // 42 bytes, 3 capabilities
        7,  16, 2,  6, 0, 0, 0,                 // USB 2.0 extension
        10, 16, 3,  0, 8, 0, 3, 10, 0xff, 0x07, // superspeed
        20, 16, 4,  0,                          // container id: the 16 bytes below
    };
    for (uint8_t i = 0; i < 16; ++i) {
        bytes.push_back(i);
    }
    const IOUSBBOSDescriptor * const bos = bosOf(bytes);
    const auto * const extension = IOUSBGetUSB20ExtensionDeviceCapabilityDescriptor(bos);
    CHECK(extension != nullptr && extension->bmAttributes == 6);
    const auto * const fast = IOUSBGetSuperSpeedDeviceCapabilityDescriptor(bos);
    CHECK(fast != nullptr && fast->wU2DevExitLat == 0x7ff && fast->wSpeedsSupported == 8);
    const auto * const container = IOUSBGetContainerIDDescriptor(bos);
    CHECK(container != nullptr && container->containerID[15] == 15);
    CHECK(IOUSBGetPlatformCapabilityDescriptor(bos) == nullptr);
    CHECK(IOUSBGetNextCapabilityDescriptor(nullptr, nullptr) == nullptr);
    int count = 0;
    const IOUSBDeviceCapabilityDescriptorHeader * at = nullptr;
    while ((at = IOUSBGetNextCapabilityDescriptor(bos, at)) != nullptr) {
        ++count;
    }
    CHECK(count == 3);
    bytes[2] = 41; // the last one is cut
    CHECK(IOUSBGetContainerIDDescriptor(bosOf(bytes)) == nullptr);
}

void testHostileCapabilities() {
    for (unsigned length = 0; length < 256; ++length) {
        const std::vector<uint8_t> bytes = {5,  15, 12, 0, 1, static_cast<uint8_t>(length),
                                            16, 4,  0,  0, 0, 0};
        int count = 0;
        const IOUSBDeviceCapabilityDescriptorHeader * at = nullptr;
        while ((at = IOUSBGetNextCapabilityDescriptor(bosOf(bytes), at)) != nullptr) {
            CHECK(++count < 4);
        }
        CHECK(count == (length >= 3 && length <= 7 ? 1 : 0));
        CHECK(IOUSBGetContainerIDDescriptor(bosOf(bytes)) == nullptr); // too short for an id
    }
}

void testBursts() {
    const IOUSBEndpointDescriptor isoch = {7, 5, 0x81, 1, 0x1400, 1}; // 3 packets of 1024
    CHECK(IOUSBGetEndpointMult(kHigh, &isoch, nullptr, nullptr) == 3);
    CHECK(IOUSBGetEndpointBurstSize(kHigh, &isoch, nullptr, nullptr) == 3072);
    CHECK(IOUSBGetEndpointMult(kFull, &isoch, nullptr, nullptr) == 1);
    const IOUSBEndpointDescriptor bulk = {7, 5, 0x82, 2, 1024, 0};
    const IOUSBSuperSpeedEndpointCompanionDescriptor companion = {6, 48, 15, 4, 0};
    CHECK(IOUSBGetEndpointBurstSize(kSuper, &bulk, &companion, nullptr) == 16 * 1024);
    CHECK(IOUSBGetEndpointBurstSize(kSuper, &bulk, nullptr, nullptr) == 1024);
    CHECK(IOUSBGetEndpointMaxStreamsEncoded(kSuper, &bulk, &companion) == 4);
    CHECK(IOUSBGetEndpointMaxStreams(kSuper, &bulk, &companion) == 16);
    CHECK(IOUSBGetEndpointMaxStreams(kHigh, &bulk, &companion) == 0);
    const IOUSBEndpointDescriptor fastIsoch = {7, 5, 0x83, 1, 1024, 1};
    const IOUSBSuperSpeedEndpointCompanionDescriptor three = {6, 48, 1, 2, 6144};
    CHECK(IOUSBGetEndpointBurstSize(kSuper, &fastIsoch, &three, nullptr) == 6 * 1024);
    const IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor plus = {8, 49, 0, 98304};
    CHECK(IOUSBGetEndpointBurstSize(kSuper, &fastIsoch, &three, &plus) == 98304);
}

void testIntervals() {
    const IOUSBEndpointDescriptor interrupt = {7, 5, 0x81, 3, 64, 4};
    CHECK(IOUSBGetEndpointIntervalEncodedMicroframes(kHigh, &interrupt) == 4);
    CHECK(IOUSBGetEndpointIntervalEncodedMicroframes(kFull, &interrupt) == 6); // 4 ms
    const IOUSBEndpointDescriptor bulk = {7, 5, 0x82, 2, 512, 0};
    CHECK(IOUSBGetEndpointIntervalEncodedMicroframes(kHigh, &bulk) == 0);
}

void testNames() {
    CHECK(IOUSBBitRange(11, 12) == kIOUSBEndpointDescriptorPacketSizeMult);
    CHECK(IOUSBBitRange(0, 31) == 0xffffffffu && IOUSBBit(7) == 0x80);
    CHECK((kIOUSBDeviceRequestDirectionIn | kIOUSBDeviceRequestTypeVendor) == 0xc0);
    CHECK(kIOUSBHostPortTypeInternal == 2 && kIOUSBHostPortStatusTestMode == 0x8000);
    CHECK(strcmp(kUSBHostMatchingPropertyPortType, "USBPortType") == 0);
    CHECK(sizeof(IOUSBHIDDescriptor) == 9 && sizeof(IOUSBDeviceQualifierDescriptor) == 10);
    IOUSBHostFreeDescriptor(nullptr);
}

} // namespace

int main() {
    testCapabilities();
    testHostileCapabilities();
    testBursts();
    testIntervals();
    testNames();
    printf("%d checks\n", gChecks.load());
    return 0;
}
