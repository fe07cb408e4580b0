// The whole runtime as one translation unit. A generated scope.cpp includes it: gyp would put the
// objects of sources that lie outside an addon's folder outside its build folder.
#include "addon.cpp"
#include "arguments.cpp"
#include "connection.cpp"
#include "describe.cpp"
#include "environment.cpp"
#include "letters.cpp"
#include "listeners.cpp"
#include "memory_functions.cpp"
#include "notifier.cpp"
#include "properties.cpp"
#include "ring.cpp"
#include "works.cpp"
