// An application that does what its standard input says, one command per line, and answers each
// with one line ("= …"); what it hears of by itself comes in between ("! …"). Services are named by
// their registry id and stay held once they were found.
//
//   find CRITERIA · open ID TYPE · call CONNECTION SELECTOR WORD… · start (the same, on a thread)
//   hold CONNECTION SELECTOR · map CONNECTION TYPE · close CONNECTION · parent ID
//   openother ID TYPE (for no task) · ref CONNECTION · odd · busy ID · setodd ID
//   get ID KEY · all ID KEY · set ID KEY NUMBER · setc CONNECTION KEY NUMBER · blob ID BYTES
//   notify TYPE CRITERIA · next ITERATOR · drain ITERATOR · release ITERATOR · watch ID
//   releasebyping ITERATOR (in the next callback of a matching notification)
//
// CRITERIA are KEY=VALUE joined by commas, KEY.KEY for a dictionary in it, VALUE #NUMBER, !true,
// !false or a string.
#include <IOKit/IOKitLib.h>

#include <CoreFoundation/CoreFoundation.h>

#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

std::mutex gOutput;
std::map<uint64_t, io_service_t> gServices; // by registry id
IONotificationPortRef gPort;

void say(const std::string & line) {
    std::lock_guard lock(gOutput);
    printf("%s\n", line.c_str());
    fflush(stdout);
}

std::string hex(kern_return_t status) {
    char text[16];
    snprintf(text, sizeof text, "0x%" PRIx32, static_cast<uint32_t>(status));
    return text;
}

// ── values ──

CFStringRef stringOf(const std::string & text) {
    return CFStringCreateWithCString(nullptr, text.c_str(), kCFStringEncodingUTF8);
}

CFMutableDictionaryRef newDictionary() {
    return CFDictionaryCreateMutable(nullptr, 0, &kCFTypeDictionaryKeyCallBacks,
                                     &kCFTypeDictionaryValueCallBacks);
}

CFTypeRef valueOf(const std::string & text) {
    if (text == "!true" || text == "!false") {
        return CFRetain(text == "!true" ? kCFBooleanTrue : kCFBooleanFalse);
    }
    if (text.empty() || text[0] != '#') {
        return stringOf(text);
    }
    const uint64_t number = strtoull(text.c_str() + 1, nullptr, 0);
    return CFNumberCreate(nullptr, kCFNumberSInt64Type, &number);
}

void put(CFMutableDictionaryRef dictionary, const std::string & path, const std::string & text) {
    const size_t dot = path.find('.');
    CFStringRef key = stringOf(path.substr(0, dot));
    if (dot == std::string::npos) {
        CFTypeRef value = valueOf(text);
        CFDictionarySetValue(dictionary, key, value);
        CFRelease(value);
    } else {
        auto inner = static_cast<CFMutableDictionaryRef>(
            const_cast<void *>(CFDictionaryGetValue(dictionary, key)));
        const bool fresh = inner == nullptr;
        inner = fresh ? newDictionary() : inner;
        put(inner, path.substr(dot + 1), text);
        CFDictionarySetValue(dictionary, key, inner);
        if (fresh) {
            CFRelease(inner);
        }
    }
    CFRelease(key);
}

CFMutableDictionaryRef criteriaOf(const std::string & text) {
    CFMutableDictionaryRef dictionary = newDictionary();
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const size_t equals = part.find('=');
        put(dictionary, part.substr(0, equals), part.substr(equals + 1));
    }
    return dictionary;
}

std::string textOf(CFTypeRef value);

void appendMember(const void * key, const void * value, void * members) {
    char name[256];
    CFStringGetCString(static_cast<CFStringRef>(key), name, sizeof name, kCFStringEncodingUTF8);
    (*static_cast<std::map<std::string, std::string> *>(members))[name] = textOf(value);
}

std::string textOf(CFTypeRef value) {
    if (value == nullptr) {
        return "none";
    }
    const CFTypeID type = CFGetTypeID(value);
    if (type == CFStringGetTypeID()) {
        char text[1024];
        CFStringGetCString(static_cast<CFStringRef>(value), text, sizeof text,
                           kCFStringEncodingUTF8);
        return text;
    }
    if (type == CFNumberGetTypeID()) {
        int64_t number = 0;
        CFNumberGetValue(static_cast<CFNumberRef>(value), kCFNumberSInt64Type, &number);
        return std::to_string(number);
    }
    if (type == CFBooleanGetTypeID()) {
        return CFBooleanGetValue(static_cast<CFBooleanRef>(value)) ? "true" : "false";
    }
    if (type == CFDictionaryGetTypeID()) {
        std::map<std::string, std::string> members;
        CFDictionaryApplyFunction(static_cast<CFDictionaryRef>(value), appendMember, &members);
        std::string text;
        for (const auto & [key, member] : members) {
            text += (text.empty() ? "{" : ",") + key + ":" + member;
        }
        return text.empty() ? "{}" : text + "}";
    }
    return "?";
}

// ── services ──

uint64_t keep(io_service_t service) {
    uint64_t id = 0;
    IORegistryEntryGetRegistryEntryID(service, &id);
    auto [place, fresh] = gServices.emplace(id, service);
    if (!fresh) {
        IOObjectRelease(service);
    }
    return id;
}

io_service_t heldService(std::istringstream & line) {
    uint64_t id = 0;
    line >> id;
    auto found = gServices.find(id);
    return found == gServices.end() ? IO_OBJECT_NULL : found->second;
}

std::string namesOf(io_iterator_t iterator) {
    std::string text;
    while (io_service_t service = IOIteratorNext(iterator)) {
        text += " " + std::to_string(keep(service));
    }
    return text;
}

std::string find(std::istringstream & line) {
    std::string criteria;
    line >> criteria;
    io_iterator_t iterator = 99;
    const kern_return_t status =
        IOServiceGetMatchingServices(kIOMainPortDefault, criteriaOf(criteria), &iterator);
    if (status != kIOReturnSuccess || iterator == IO_OBJECT_NULL) {
        return hex(status); // nothing found is success with a null iterator (contract §7.2)
    }
    const std::string names = namesOf(iterator);
    IOObjectRelease(iterator);
    return hex(status) + (names.empty() ? " empty" : names);
}

std::string parent(std::istringstream & line) {
    io_registry_entry_t found = IO_OBJECT_NULL;
    const kern_return_t status =
        IORegistryEntryGetParentEntry(heldService(line), kIOServicePlane, &found);
    return status == kIOReturnSuccess ? hex(status) + " " + std::to_string(keep(found))
                                      : hex(status);
}

std::string get(std::istringstream & line, bool all) {
    const io_service_t service = heldService(line);
    std::string key;
    line >> key;
    CFStringRef name = stringOf(key);
    std::string text;
    if (all) {
        CFMutableDictionaryRef properties = nullptr;
        const kern_return_t status =
            IORegistryEntryCreateCFProperties(service, &properties, nullptr, 0);
        text = status == kIOReturnSuccess ? textOf(CFDictionaryGetValue(properties, name))
                                          : hex(status);
        if (properties != nullptr) {
            CFRelease(properties);
        }
    } else {
        CFTypeRef value = IORegistryEntryCreateCFProperty(service, name, nullptr, 0);
        text = textOf(value);
        if (value != nullptr) {
            CFRelease(value);
        }
    }
    CFRelease(name);
    return text;
}

std::string set(std::istringstream & line, bool connection) {
    io_object_t object = IO_OBJECT_NULL;
    if (connection) {
        line >> object;
    } else {
        object = heldService(line);
    }
    std::string key;
    std::string number;
    line >> key >> number;
    CFMutableDictionaryRef properties = criteriaOf(key + "=#" + number);
    const kern_return_t status = connection ? IOConnectSetCFProperties(object, properties)
                                            : IORegistryEntrySetCFProperties(object, properties);
    CFRelease(properties);
    return hex(status);
}

std::string busy(std::istringstream & line) {
    uint32_t state = 99;
    const kern_return_t status = IOServiceGetBusyState(heldService(line), &state);
    return hex(status) + " " + std::to_string(state);
}

std::string blob(std::istringstream & line) {
    const io_service_t service = heldService(line);
    size_t size = 0;
    line >> size;
    CFMutableDictionaryRef properties = criteriaOf("Blob=" + std::string(size, 'x'));
    const kern_return_t status = IORegistryEntrySetCFProperties(service, properties);
    CFRelease(properties);
    return hex(status);
}

// ── connections ──

std::string open(std::istringstream & line, task_port_t task) {
    const io_service_t service = heldService(line);
    uint32_t type = 0;
    line >> type;
    io_connect_t connection = IO_OBJECT_NULL;
    const kern_return_t status = IOServiceOpen(service, task, type, &connection);
    return hex(status) + " " + std::to_string(connection);
}

std::string reference(std::istringstream & line) {
    io_connect_t connection = IO_OBJECT_NULL;
    line >> connection;
    return hex(IOConnectAddRef(connection));
}

// No property list has a UUID.
CFMutableDictionaryRef unsendable() {
    CFMutableDictionaryRef dictionary = newDictionary();
    CFUUIDRef value = CFUUIDCreate(nullptr);
    CFDictionarySetValue(dictionary, CFSTR("Odd"), value);
    CFRelease(value);
    return dictionary;
}

std::string setUnsendable(std::istringstream & line) {
    CFMutableDictionaryRef properties = unsendable();
    const kern_return_t status = IORegistryEntrySetCFProperties(heldService(line), properties);
    CFRelease(properties);
    return hex(status);
}

// What look-ups make of dictionaries that are none or cannot be sent, and how many references each
// is left with.
std::string oddMatching() {
    io_iterator_t iterator = IO_OBJECT_NULL;
    std::string text = hex(IOServiceGetMatchingServices(kIOMainPortDefault, nullptr, &iterator));
    CFTypeRef const odd = CFArrayCreateMutable(nullptr, 0, &kCFTypeArrayCallBacks);
    for (CFTypeRef each : {odd, static_cast<CFTypeRef>(criteriaOf("IONameMatch=Nobody")),
                           static_cast<CFTypeRef>(unsendable())}) {
        CFRetain(each);
        const kern_return_t status = IOServiceGetMatchingServices(
            kIOMainPortDefault, static_cast<CFDictionaryRef>(each), &iterator);
        text += " " + hex(status) + " " + std::to_string(CFGetRetainCount(each));
        CFRelease(each);
    }
    return text;
}

struct Call {
    io_connect_t connection = IO_OBJECT_NULL;
    uint32_t selector = 0;
    std::vector<uint64_t> words;

    std::string make() const {
        uint64_t out[4] = {};
        uint32_t count = 4;
        const kern_return_t status = IOConnectCallScalarMethod(
            connection, selector, words.data(), static_cast<uint32_t>(words.size()), out, &count);
        std::string text = hex(status);
        for (uint32_t i = 0; status == kIOReturnSuccess && i < count; ++i) {
            text += " " + std::to_string(out[i]);
        }
        return text;
    }
};

Call callOf(std::istringstream & line) {
    Call call;
    line >> call.connection >> call.selector;
    for (uint64_t word; line >> word;) {
        call.words.push_back(word);
    }
    return call;
}

std::string start(std::istringstream & line) {
    std::thread([call = callOf(line)] {
        say("! call " + std::to_string(call.selector) + " " + call.make());
    }).detach();
    return "0x0";
}

void completed(void *, IOReturn status, void **, uint32_t) {
    say("! completion " + hex(status));
}

std::string hold(std::istringstream & line) {
    const Call call = callOf(line);
    uint64_t reference[kOSAsyncRef64Count] = {};
    reference[kIOAsyncCalloutFuncIndex] = reinterpret_cast<uint64_t>(&completed);
    return hex(IOConnectCallAsyncScalarMethod(call.connection, call.selector,
                                              IONotificationPortGetMachPort(gPort), reference,
                                              kIOAsyncCalloutCount, nullptr, 0, nullptr, nullptr));
}

// The system stores into the memory, as a store of this process's own would end it.
bool isWritable(mach_vm_address_t address) {
    int ends[2];
    const char byte = 1;
    if (pipe(ends) != 0 || write(ends[1], &byte, 1) != 1) {
        return false;
    }
    const bool stored = read(ends[0], reinterpret_cast<void *>(address), 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return stored;
}

std::string map(std::istringstream & line) {
    io_connect_t connection = IO_OBJECT_NULL;
    uint32_t type = 0;
    line >> connection >> type;
    mach_vm_address_t address = 0;
    mach_vm_size_t size = 0;
    const kern_return_t status =
        IOConnectMapMemory64(connection, type, mach_task_self(), &address, &size, kIOMapAnywhere);
    const bool writable = status == kIOReturnSuccess && isWritable(address);
    return hex(status) + (writable ? " writable" : " read-only");
}

std::string close(std::istringstream & line) {
    io_connect_t connection = IO_OBJECT_NULL;
    line >> connection;
    return hex(IOServiceClose(connection));
}

// ── notifications ──

std::atomic<io_iterator_t> gReleasedByPing{IO_OBJECT_NULL};

void pinged(void * type, io_iterator_t iterator) {
    if (const io_iterator_t other = gReleasedByPing.exchange(IO_OBJECT_NULL)) {
        IOObjectRelease(other);
    }
    say("! " + *static_cast<std::string *>(type) + " " + std::to_string(iterator));
}

std::string releaseByPing(std::istringstream & line) {
    io_iterator_t iterator = IO_OBJECT_NULL;
    line >> iterator;
    gReleasedByPing = iterator;
    return "0x0";
}

void told(void *, io_service_t, uint32_t type, void *) {
    say("! message " + hex(static_cast<kern_return_t>(type)));
}

std::string notify(std::istringstream & line) {
    std::string type;
    std::string criteria;
    line >> type >> criteria;
    io_iterator_t iterator = IO_OBJECT_NULL;
    // Its name lives as long as the notification: to the end.
    const kern_return_t status = IOServiceAddMatchingNotification(
        gPort, type.c_str(), criteriaOf(criteria), pinged, new std::string(type), &iterator);
    return hex(status) + " " + std::to_string(iterator);
}

std::string watch(std::istringstream & line) {
    io_object_t notification = IO_OBJECT_NULL;
    return hex(IOServiceAddInterestNotification(gPort, heldService(line), kIOGeneralInterest, told,
                                                nullptr, &notification));
}

std::string next(std::istringstream & line, bool drain) {
    io_iterator_t iterator = IO_OBJECT_NULL;
    line >> iterator;
    if (drain) {
        return "0x0" + namesOf(iterator);
    }
    const io_service_t service = IOIteratorNext(iterator);
    return service == IO_OBJECT_NULL ? "0x0" : "0x0 " + std::to_string(keep(service));
}

std::string release(std::istringstream & line) {
    io_object_t object = IO_OBJECT_NULL;
    line >> object;
    return hex(IOObjectRelease(object));
}

std::string obey(const std::string & command, std::istringstream & line) {
    using Command = std::string (*)(std::istringstream &);
    static const std::map<std::string, Command> commands = {
        {"find", find},
        {"parent", parent},
        {"open", [](std::istringstream & l) { return open(l, mach_task_self()); }},
        {"openother", [](std::istringstream & l) { return open(l, MACH_PORT_NULL); }},
        {"ref", reference},
        {"odd", [](std::istringstream &) { return oddMatching(); }},
        {"busy", busy},
        {"setodd", setUnsendable},
        {"call", [](std::istringstream & l) { return callOf(l).make(); }},
        {"start", start},
        {"hold", hold},
        {"map", map},
        {"close", close},
        {"get", [](std::istringstream & l) { return get(l, false); }},
        {"all", [](std::istringstream & l) { return get(l, true); }},
        {"set", [](std::istringstream & l) { return set(l, false); }},
        {"setc", [](std::istringstream & l) { return set(l, true); }},
        {"blob", blob},
        {"notify", notify},
        {"next", [](std::istringstream & l) { return next(l, false); }},
        {"drain", [](std::istringstream & l) { return next(l, true); }},
        {"release", release},
        {"releasebyping", releaseByPing},
        {"watch", watch},
    };
    auto found = commands.find(command);
    return found == commands.end() ? "unknown command" : found->second(line);
}

} // namespace

int main() {
    gPort = IONotificationPortCreate(kIOMainPortDefault);
    IONotificationPortSetDispatchQueue(gPort,
                                       dispatch_queue_create("events", DISPATCH_QUEUE_SERIAL));
    for (std::string text; std::getline(std::cin, text);) {
        std::istringstream line(text);
        std::string command;
        line >> command;
        say("= " + obey(command, line));
    }
    fflush(stdout);
    _Exit(0); // threads in calls never end
}
