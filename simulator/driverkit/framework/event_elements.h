// What event drivers ask of an element when a report has come.
#ifndef DEXTSIM_DRIVERKIT_EVENT_ELEMENTS_H
#define DEXTSIM_DRIVERKIT_EVENT_ELEMENTS_H

#include <DriverKit/OSSharedPtr.h>
#include <HIDDriverKit/IOHIDDigitizerCollection.h>
#include <HIDDriverKit/IOHIDElement.h>
#include <HIDDriverKit/IOUserHIDEventDriver.h>

#include <vector>

namespace dextsim {

// Of this report, and changed by it.
inline bool isCurrent(IOHIDElement * element, uint64_t timestamp, uint32_t reportID) {
    return element->getReportID() == reportID && element->getTimeStamp() == timestamp;
}

// Between 0 and 1 over the element's range.
inline IOFixed calibrated(IOHIDElement * element) {
    const int64_t least = static_cast<int32_t>(element->getLogicalMin());
    const int64_t most = static_cast<int32_t>(element->getLogicalMax());
    const int64_t value = static_cast<int32_t>(element->getValue());
    return most > least ? static_cast<IOFixed>((value - least) * 65536 / (most - least)) : 0;
}

// Styluses, pucks and fingers: each a collection of elements with its own state.
using Digitizers = std::vector<OSSharedPtr<IOHIDDigitizerCollection>>;

// False: the element is none of a digitizer.
bool takeDigitizerElement(IOHIDEventService * service, Digitizers & digitizers,
                          IOHIDElement * element);
// Dispatches one event for all that the report changes.
void dispatchDigitizers(IOHIDEventService * service, const Digitizers & digitizers,
                        uint64_t timestamp, uint32_t reportID);

} // namespace dextsim

#endif
