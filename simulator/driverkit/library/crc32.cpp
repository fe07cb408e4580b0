// The CRC-32 of zlib, PNG and Ethernet.
#include <DriverKit/IOLib.h>
#include <array>

namespace {

constexpr uint32_t polynomial = 0xedb88320;

constexpr std::array<uint32_t, 256> makeTable() {
    std::array<uint32_t, 256> table = {};
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = (rest >> 1) ^ ((rest & 1) != 0 ? polynomial : 0);
        table[byte] = rest;
    }
    return table;
}

constexpr std::array<uint32_t, 256> table = makeTable();

} // namespace

uint32_t crc32(uint32_t crc, const void * buf, size_t size) {
    const uint8_t * bytes = static_cast<const uint8_t *>(buf);
    uint32_t rest = ~crc;
    for (size_t index = 0; index < size; index++)
        rest = (rest >> 8) ^ table[(rest ^ bytes[index]) & 0xff];
    return ~rest;
}
