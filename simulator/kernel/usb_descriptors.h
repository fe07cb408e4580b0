// Reads USB descriptors as they come from the device: bytes to the few fields the kernel needs.
#ifndef DEXTSIM_KERNEL_USB_DESCRIPTORS_H
#define DEXTSIM_KERNEL_USB_DESCRIPTORS_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace dextsim {

using Bytes = std::vector<uint8_t>;

struct EndpointDescriptor {
    uint8_t address = 0; // with the direction bit
    uint8_t attributes = 0;
    uint16_t maxPacketSize = 0;
    uint8_t interval = 0;

    // Of one frame: high-speed endpoints may have up to three packets in each of 8 microframes.
    uint32_t maxFrameBytes() const {
        return (maxPacketSize & 0x7ffu) * (1u + (maxPacketSize >> 11 & 3u)) * 8u;
    }
    bool isIn() const { return (address & 0x80) != 0; }
    bool isInterrupt() const { return (attributes & 3) == 3; }
    bool isIsochronous() const { return (attributes & 3) == 1; }
    bool isBulk() const { return (attributes & 3) == 2; }
};

struct InterfaceDescriptor {
    uint8_t number = 0;
    uint8_t alternate = 0;
    uint8_t interfaceClass = 0;
    uint8_t subClass = 0;
    uint8_t protocol = 0;
    uint8_t nameIndex = 0;
    std::vector<EndpointDescriptor> endpoints;
};

struct ConfigurationDescriptor {
    uint8_t value = 0;
    std::vector<InterfaceDescriptor> interfaces; // every alternate setting
};

struct DeviceDescriptors {
    Bytes device; // 18 bytes
    std::vector<Bytes> configurations;
    std::map<uint8_t, Bytes> strings; // by index; 0 = the languages

    uint16_t vendor() const { return word(8); }
    uint16_t product() const { return word(10); }
    uint16_t release() const { return word(12); }
    uint8_t byte(size_t at) const { return at < device.size() ? device[at] : 0; }
    // Text of a string descriptor, "" when there is none.
    std::string text(uint8_t index) const;
    // The configuration with this bConfigurationValue, or null.
    const Bytes * configuration(uint8_t value) const;

  private:
    uint16_t word(size_t at) const { return static_cast<uint16_t>(byte(at) | byte(at + 1) << 8); }
};

// False: `error` says what is wrong with the bytes.
bool parseConfiguration(const Bytes & bytes, ConfigurationDescriptor & configuration,
                        std::string & error);
// "" or what is wrong with the set.
std::string checkDescriptors(const DeviceDescriptors & descriptors);

} // namespace dextsim

#endif
