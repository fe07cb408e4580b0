// Events of game controllers: three calls, each with what a newer kind of pad has more than the
// last.
#include <HIDDriverKit/IOUserHIDEventService.h>

#include "../runtime/families.h"
#include "../runtime/hid.h"

using namespace dextsim;

namespace {

using Axis = std::pair<const char *, IOFixed>;

struct Pad {
    const char * kind;
    uint64_t timeStamp;
    bool left, right; // the buttons below the sticks
    IOOptionBits options;
};

kern_return_t dispatchPad(const IOHIDEventService * service, const Pad & pad,
                          std::initializer_list<Axis> axes) {
    Value::Dictionary fields{{"timestamp", Value::number(pad.timeStamp)},
                             {"thumbstickButtonLeft", Value::boolean(pad.left)},
                             {"thumbstickButtonRight", Value::boolean(pad.right)},
                             {"options", Value::number(pad.options)}};
    for (const auto & [name, value] : axes) {
        fields.emplace(name, Value::number(static_cast<uint64_t>(int64_t{value})));
    }
    Writer body = familyBody(FamilyOp::HidEvent, service);
    return tellFamily(body.string(pad.kind).value(Value::dictionary(std::move(fields))));
}

} // namespace

// What every pad has, by the names of the parameters.
#define COMMON_AXES                                                                                \
    {"dpadUp", dpadUp}, {"dpadDown", dpadDown}, {"dpadLeft", dpadLeft}, {"dpadRight", dpadRight},  \
        {"faceX", faceX}, {"faceY", faceY}, {"faceA", faceA}, {"faceB", faceB},                    \
        {"shoulderL1", shoulderL1}, {"shoulderR1", shoulderR1}, {"shoulderL2", shoulderL2},        \
        {"shoulderR2", shoulderR2}, {"joystickX", joystickX}, {"joystickY", joystickY},            \
        {"joystickZ", joystickZ}, {                                                                \
        "joystickRz", joystickRz                                                                   \
    }

kern_return_t IOUserHIDEventService::dispatchStandardGameControllerEvent(
    uint64_t timeStamp, IOFixed dpadUp, IOFixed dpadDown, IOFixed dpadLeft, IOFixed dpadRight,
    IOFixed faceX, IOFixed faceY, IOFixed faceA, IOFixed faceB, IOFixed shoulderL1,
    IOFixed shoulderR1, IOFixed shoulderL2, IOFixed shoulderR2, IOFixed joystickX,
    IOFixed joystickY, IOFixed joystickZ, IOFixed joystickRz, bool thumbstickButtonLeft,
    bool thumbstickButtonRight, IOOptionBits options) {
    return dispatchPad(
        this,
        {"standardGameController", timeStamp, thumbstickButtonLeft, thumbstickButtonRight, options},
        {COMMON_AXES});
}

kern_return_t IOUserHIDEventService::dispatchExtendedGameControllerEvent(
    uint64_t timeStamp, IOFixed dpadUp, IOFixed dpadDown, IOFixed dpadLeft, IOFixed dpadRight,
    IOFixed faceX, IOFixed faceY, IOFixed faceA, IOFixed faceB, IOFixed shoulderL1,
    IOFixed shoulderR1, IOFixed shoulderL2, IOFixed shoulderR2, IOFixed joystickX,
    IOFixed joystickY, IOFixed joystickZ, IOFixed joystickRz, bool thumbstickButtonLeft,
    bool thumbstickButtonRight, IOFixed buttonL4, IOFixed buttonR4, IOFixed buttonL5,
    IOFixed buttonR5, IOOptionBits options) {
    return dispatchPad(
        this,
        {"extendedGameController", timeStamp, thumbstickButtonLeft, thumbstickButtonRight, options},
        {COMMON_AXES,
         {"buttonL4", buttonL4},
         {"buttonR4", buttonR4},
         {"buttonL5", buttonL5},
         {"buttonR5", buttonR5}});
}

kern_return_t IOUserHIDEventService::dispatchExtendedGameControllerEventWithOptionalButtons(
    uint64_t timeStamp, IOFixed dpadUp, IOFixed dpadDown, IOFixed dpadLeft, IOFixed dpadRight,
    IOFixed faceX, IOFixed faceY, IOFixed faceA, IOFixed faceB, IOFixed shoulderL1,
    IOFixed shoulderR1, IOFixed shoulderL2, IOFixed shoulderR2, IOFixed joystickX,
    IOFixed joystickY, IOFixed joystickZ, IOFixed joystickRz, bool thumbstickButtonLeft,
    bool thumbstickButtonRight, IOFixed shoulderL4, IOFixed shoulderR4, IOFixed bottomM1,
    IOFixed bottomM2, IOFixed bottomM3, IOFixed bottomM4, IOOptionBits options) {
    return dispatchPad(
        this,
        {"extendedGameController", timeStamp, thumbstickButtonLeft, thumbstickButtonRight, options},
        {COMMON_AXES,
         {"shoulderL4", shoulderL4},
         {"shoulderR4", shoulderR4},
         {"bottomM1", bottomM1},
         {"bottomM2", bottomM2},
         {"bottomM3", bottomM3},
         {"bottomM4", bottomM4}});
}
