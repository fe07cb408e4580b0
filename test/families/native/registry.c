// The registry as an application walks it, and how it waits for drivers: what it finds is printed.
#include <IOKit/IOKitLib.h>

static void say(const char * what, unsigned depth, io_registry_entry_t entry) {
    io_name_t name;
    if (IORegistryEntryGetName(entry, name) == KERN_SUCCESS) {
        printf("%s %u %s\n", what, depth, name);
    }
    IOObjectRelease(entry);
}

static void walkAll(void) {
    io_iterator_t all;
    if (IORegistryCreateIterator(kIOMainPortDefault, kIOServicePlane, kIORegistryIterateRecursively,
                                 &all) != KERN_SUCCESS) {
        exit(1);
    }
    for (int round = 0; round < 2; ++round) {
        for (io_object_t entry; (entry = IOIteratorNext(all)) != IO_OBJECT_NULL;) {
            say(round == 0 ? "all" : "again", 0, entry);
        }
        IOIteratorReset(all);
    }
    IOObjectRelease(all);
}

// The same by hand: into each entry and out again.
static void walkLevels(void) {
    io_iterator_t levels;
    IORegistryCreateIterator(kIOMainPortDefault, kIOServicePlane, 0, &levels);
    unsigned depth = 0;
    for (;;) {
        const io_object_t entry = IOIteratorNext(levels);
        if (entry != IO_OBJECT_NULL) {
            say("level", depth++, entry);
            IORegistryIteratorEnterEntry(levels);
        } else if (IORegistryIteratorExitEntry(levels) == KERN_SUCCESS) {
            --depth;
        } else {
            break;
        }
    }
    printf("outside 0x%x\n", (unsigned)IORegistryIteratorExitEntry(levels));
    IOObjectRelease(levels);
}

static void walkUp(const char * class) {
    io_service_t service =
        IOServiceGetMatchingService(kIOMainPortDefault, IOServiceMatching(class));
    io_iterator_t up;
    IORegistryEntryCreateIterator(service, kIOServicePlane,
                                  kIORegistryIterateRecursively | kIORegistryIterateParents, &up);
    for (io_object_t entry; (entry = IOIteratorNext(up)) != IO_OBJECT_NULL;) {
        say("up", 0, entry);
    }
    IOObjectRelease(up);
    io_iterator_t none;
    printf("plane 0x%x\n",
           (unsigned)IORegistryEntryCreateIterator(service, "NoSuchPlane", 0, &none));
    io_name_t location;
    printf("location 0x%x\n",
           (unsigned)IORegistryEntryGetLocationInPlane(service, kIOServicePlane, location));
    printf("in %d %d\n", IORegistryEntryInPlane(service, kIOServicePlane),
           IORegistryEntryInPlane(service, "IOUSB"));
    IOObjectRelease(service);
}

// A driver that is being started makes its provider busy: when that is over, it can be found.
static void waitFor(const char * provider, const char * driver) {
    io_service_t service =
        IOServiceGetMatchingService(kIOMainPortDefault, IOServiceMatching(provider));
    mach_timespec_t limit = {60, 0};
    printf("quiet 0x%x\n", (unsigned)IOServiceWaitQuiet(service, &limit));
    uint32_t busy = 1;
    const kern_return_t status = IOServiceGetBusyState(service, &busy);
    printf("busy 0x%x %u\n", (unsigned)status, busy);
    io_service_t found =
        IOServiceGetMatchingService(kIOMainPortDefault, IOServiceNameMatching(driver));
    printf("found %d\n", found != IO_OBJECT_NULL);
    printf("trap 0x%x\n", (unsigned)IOConnectTrap3(found, 0, 0, 0, 0));
    IOObjectRelease(found);
    IOObjectRelease(service);
    printf("gone 0x%x\n", (unsigned)IOServiceGetBusyState(service, &busy));
}

// Busy by its driver's own word, until that takes it back.
static void watch(const char * name) {
    io_service_t service =
        IOServiceGetMatchingService(kIOMainPortDefault, IOServiceNameMatching(name));
    mach_timespec_t none = {0, 1000000};
    uint32_t busy = 0;
    IOServiceGetBusyState(service, &busy);
    printf("busy %u\n", busy);
    printf("timeout 0x%x\n", (unsigned)IOServiceWaitQuiet(service, &none));
    fflush(stdout);
    printf("quiet 0x%x\n", (unsigned)IOServiceWaitQuiet(service, NULL));
    IOServiceGetBusyState(service, &busy);
    printf("busy %u\n", busy);
    IOObjectRelease(service);
}

int main(int count, char ** words) {
    if (count == 3 && strcmp(words[1], "walk") == 0) {
        walkAll();
        walkLevels();
        walkUp(words[2]);
    } else if (count == 4 && strcmp(words[1], "wait") == 0) {
        waitFor(words[2], words[3]);
    } else if (count == 3 && strcmp(words[1], "watch") == 0) {
        watch(words[2]);
    }
    return 0;
}
