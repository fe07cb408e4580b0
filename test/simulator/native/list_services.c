/* The smallest C client: lists the services of a kernel class and their names. */
#include <IOKit/IOKitLib.h>
#include <stdio.h>

int main(int count, char ** arguments) {
    io_iterator_t iterator = IO_OBJECT_NULL;
    kern_return_t status = IOServiceGetMatchingServices(
        kIOMainPortDefault, IOServiceMatching(count > 1 ? arguments[1] : "IOUserService"),
        &iterator);
    if (status != KERN_SUCCESS) {
        fprintf(stderr, "IOServiceGetMatchingServices: 0x%x\n", (unsigned)status);
        return 1;
    }
    io_service_t service;
    while (iterator != IO_OBJECT_NULL && (service = IOIteratorNext(iterator)) != IO_OBJECT_NULL) {
        io_name_t name;
        io_name_t className;
        IORegistryEntryGetName(service, name);
        IOObjectGetClass(service, className);
        printf("%s %s\n", name, className);
        IOObjectRelease(service);
    }
    if (iterator != IO_OBJECT_NULL) {
        IOObjectRelease(iterator);
    }
    return 0;
}
