// What a HID report descriptor says of reports, field by field.
#ifndef DEXTSIM_DRIVERKIT_HID_ELEMENTS_H
#define DEXTSIM_DRIVERKIT_HID_ELEMENTS_H

#include <HIDDriverKit/IOHIDElement.h>

#include <DriverKit/OSArray.h>
#include <DriverKit/OSData.h>

#include <cstdint>
#include <span>
#include <vector>

namespace dextsim {

struct HidField {
    IOHIDElementType type = kIOHIDElementTypeCollection;
    IOHIDElementCollectionType collection = kIOHIDElementCollectionTypePhysical;
    size_t parent = SIZE_MAX; // its index
    uint32_t page = 0;
    uint32_t usage = 0;
    uint32_t id = 0;
    uint32_t flags = 0;
    uint64_t start = 0; // bits into the report, an id included
    uint32_t size = 0;
    uint32_t count = 0;
    int32_t logical[2] = {};
    int32_t physical[2] = {};
    int32_t exponent = 0;
    uint32_t unit = 0;
    // A selector of an array: its value lies anywhere in the array's `count` places.
    bool selector = false;
    int32_t selected = 0;
};

// First the collections, then the fields. A descriptor with mistakes ends where they are.
std::vector<HidField> readHidFields(std::span<const uint8_t> descriptor);

// kIOHIDReportType…
inline IOHIDReportType reportTypeOf(IOHIDElementType type) {
    return type == kIOHIDElementTypeOutput    ? kIOHIDReportTypeOutput
           : type == kIOHIDElementTypeFeature ? kIOHIDReportTypeFeature
                                              : kIOHIDReportTypeInput;
}

void readHidValue(const HidField & field, std::span<const uint8_t> report,
                  std::vector<uint8_t> & value);
void writeHidValue(const HidField & field, std::span<const uint8_t> value,
                   std::span<uint8_t> report);

} // namespace dextsim

struct IOHIDElement_IVars {
    dextsim::HidField field;
    IOHIDElement * parent = nullptr; // not retained
    OSArray * children = nullptr;
    IOHIDElementCookie cookie = 0;
    class IOHIDInterface * owner = nullptr; // not retained; null when it has gone
    uint64_t timestamp = 0;
    std::vector<uint8_t> value, previous; // little-endian, whole bytes for all of the field's bits
    OSData * shown = nullptr;
};

#endif
