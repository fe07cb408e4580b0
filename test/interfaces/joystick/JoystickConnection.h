// What the driver keeps for a connection: what its joystick shall be, and the joystick while there
// is one.
#ifndef JoystickConnection_h
#define JoystickConnection_h

#include "joystick.h"

#include <DriverKit/OSData.h>
#include <DriverKit/OSString.h>

class JoystickDevice;

struct JoystickConnection {
    JoystickDevice * device;
    OSData * descriptor;
    OSString * product;
    OSString * serial;
    JoystickIds ids;
};

#endif
