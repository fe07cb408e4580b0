// What a function that hands an object over returns: without smart pointers, a plain pointer.
#ifndef DRIVERKIT_OSPTR_H
#define DRIVERKIT_OSPTR_H

#include <DriverKit/OSSharedPtr.h>

template <typename T> using OSPtr = T *;

#endif
