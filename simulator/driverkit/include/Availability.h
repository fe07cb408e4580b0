// Versions of DriverKit; the simulator offers all it has to every deployment target.
#ifndef AVAILABILITY_H
#define AVAILABILITY_H

#define __DRIVERKIT_19_0 190000
#define __DRIVERKIT_20_0 200000
#define __DRIVERKIT_21_0 210000
#define __DRIVERKIT_22_0 220000
#define __DRIVERKIT_23_0 230000
#define __DRIVERKIT_24_0 240000
#define __DRIVERKIT_25_0 250000

#define API_AVAILABLE(...)
#define API_UNAVAILABLE(...)
#define API_DEPRECATED(...)
#define __API_AVAILABLE(...)
#define __OSX_AVAILABLE(...)
#define __builtin_available(...) true

#endif
