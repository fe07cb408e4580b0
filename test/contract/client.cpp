// The client of the contract's tests, driven by lines on its input. Each runs on a thread of its
// own and is answered when it has ended, so that a test has as many calls under way as it likes.
// Buffers hold 0xee, and words 0xee…, before a call: what it left alone can be seen.
#include "buffers.h"

#include <IOKit/IOKitLib.h>
#include <IOKit/OSMessageNotification.h>
#include <mach/message.h>

#include <chrono>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace {

io_service_t findService() {
    for (int i = 0; i < 6000; ++i) {
        io_service_t service =
            IOServiceGetMatchingService(0, IOServiceNameMatching("ContractDriver"));
        if (service != 0) {
            return service;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return 0;
}

void open(const Request & request, Answer & answer) {
    io_service_t service = findService();
    io_connect_t connect = 0;
    answer.status(service == 0
                      ? kIOReturnNotFound
                      : IOServiceOpen(service, mach_task_self(), request.small("type"), &connect));
    answer.put("connect", connect);
    IOObjectRelease(service);
}

// A name that is no connection.
void service(const Request &, Answer & answer) {
    answer.put("service", findService());
}

// ── calls ──

void call(const Request & request, Answer & answer) {
    Buffers b(request);
    answer.status(IOConnectCallMethod(request.small("c"), request.small("selector"), b.in.data(),
                                      static_cast<uint32_t>(b.in.size()), b.structure(),
                                      b.input.size(), b.outputs(), b.outputCount(), b.outputBytes(),
                                      b.outputSize()));
    b.tell(answer);
}

// ── completions ──

std::mutex gHeardLock;
std::vector<std::string> gHeard;
size_t gHeardCount;

void hear(const char * form, void * refcon, IOReturn result, std::vector<uint64_t> words) {
    std::lock_guard lock(gHeardLock);
    ++gHeardCount;
    if (gHeard.size() < 64) {
        gHeard.push_back("{\"form\":\"" + std::string(form) +
                         "\",\"refcon\":" + std::to_string(reinterpret_cast<uint64_t>(refcon)) +
                         ",\"status\":" + std::to_string(static_cast<uint32_t>(result)) +
                         ",\"words\":" + Answer::list(words) + "}");
    }
}

uint64_t word(void * pointer) {
    return reinterpret_cast<uint64_t>(pointer);
}
void hear0(void * refcon, IOReturn result) {
    hear("0", refcon, result, {});
}
void hear1(void * refcon, IOReturn result, void * arg0) {
    hear("1", refcon, result, {word(arg0)});
}
void hear2(void * refcon, IOReturn result, void * arg0, void * arg1) {
    hear("2", refcon, result, {word(arg0), word(arg1)});
}
void hearMany(void * refcon, IOReturn result, void ** args, uint32_t count) {
    std::vector<uint64_t> words;
    for (uint32_t i = 0; i < count; ++i) {
        words.push_back(word(args[i]));
    }
    hear("many", refcon, result, words);
}

// The callback that fits `words` words, as an app has to know.
uint64_t callback(uint32_t words) {
    switch (words) {
    case 0:
        return reinterpret_cast<uint64_t>(hear0);
    case 1:
        return reinterpret_cast<uint64_t>(hear1);
    case 2:
        return reinterpret_cast<uint64_t>(hear2);
    default:
        return reinterpret_cast<uint64_t>(hearMany);
    }
}

// `port`, `references`: how many words (3), `form`: which callback. Word 0 is 77, 3 and up 1000 +
// i.
void async(const Request & request, Answer & answer) {
    Buffers b(request);
    uint64_t reference[16] = {77, callback(request.small("form", 3)), request.number("refcon")};
    for (uint64_t i = 3; i < 16; ++i) {
        reference[i] = 1000 + i;
    }
    const bool none = request.has("noreference");
    answer.status(IOConnectCallAsyncMethod(
        request.small("c"), request.small("selector"), request.small("port"),
        none ? nullptr : reference, none ? 0 : request.small("references", kIOAsyncCalloutCount),
        b.in.data(), static_cast<uint32_t>(b.in.size()), b.structure(), b.input.size(), b.outputs(),
        b.outputCount(), b.outputBytes(), b.outputSize()));
    b.tell(answer);
}

void heard(const Request &, Answer & answer) {
    std::lock_guard lock(gHeardLock);
    std::string list;
    for (const std::string & each : gHeard) {
        list += (list.empty() ? "" : ",") + each;
    }
    answer.put("count", gHeardCount).raw("list", "[" + list + "]");
}

std::mutex gPortsLock;
std::map<uint32_t, IONotificationPortRef> gPorts;

IONotificationPortRef portOf(const Request & request) {
    std::lock_guard lock(gPortsLock);
    return gPorts.at(request.small("port"));
}

void makePort(const Request &, Answer & answer) {
    IONotificationPortRef port = IONotificationPortCreate(kIOMainPortDefault);
    const mach_port_t name = IONotificationPortGetMachPort(port);
    std::lock_guard lock(gPortsLock);
    gPorts[name] = port;
    answer.put("port", name);
}

// Its messages stay queued until somebody serves it.
void serve(const Request & request, Answer & answer) {
    IONotificationPortSetDispatchQueue(portOf(request),
                                       dispatch_queue_create("contract", DISPATCH_QUEUE_SERIAL));
    answer.status(0);
}

void destroyPort(const Request & request, Answer & answer) {
    IONotificationPortDestroy(portOf(request));
    answer.status(0);
}

// ── raw messages (contract §1.9) ──

void rawPort(const Request &, Answer & answer) {
    mach_port_t port = MACH_PORT_NULL;
    answer.status(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port));
    answer.put("port", port);
}

void receive(const Request & request, Answer & answer) {
    alignas(8) uint8_t buffer[1024] = {};
    auto * header = reinterpret_cast<mach_msg_header_t *>(buffer);
    const mach_msg_option_t options = MACH_RCV_MSG | MACH_RCV_TIMEOUT;
    answer.status(mach_msg(header, options, 0, request.small("size", sizeof buffer),
                           request.small("port"), request.small("timeout", 10000), MACH_PORT_NULL));
    answer.put("size", header->msgh_size).put("message", static_cast<uint32_t>(header->msgh_id));
    answer.bytes("bytes", std::vector<uint8_t>(buffer, buffer + 256));
}

void dropPort(const Request & request, Answer & answer) {
    answer.status(
        mach_port_mod_refs(mach_task_self(), request.small("port"), MACH_PORT_RIGHT_RECEIVE, -1));
}

// ── memory ──

void map(const Request & request, Answer & answer) {
    mach_vm_address_t address = request.number("at");
    mach_vm_size_t size = 0;
    const mach_port_t task = request.has("notask") ? MACH_PORT_NULL : mach_task_self();
    answer.status(IOConnectMapMemory64(request.small("c"), request.small("type"), task, &address,
                                       &size, request.small("options", kIOMapAnywhere)));
    answer.words("address", {address}).put("size", size);
}

void unmap(const Request & request, Answer & answer) {
    const mach_port_t task = request.has("notask") ? MACH_PORT_NULL : mach_task_self();
    answer.status(IOConnectUnmapMemory64(request.small("c"), request.small("type"), task,
                                         request.number("address")));
}

thread_local sigjmp_buf tFault;
void onFault(int) {
    siglongjmp(tFault, 1);
}

// Loads and stores for real: the operating system says what may be done.
void access(const Request & request, Answer & answer) {
    auto * byte = reinterpret_cast<volatile uint8_t *>(request.number("address"));
    volatile uint32_t readable = 0;
    volatile uint32_t writable = 0;
    volatile uint32_t value = 0;
    if (sigsetjmp(tFault, 1) == 0) {
        value = *byte;
        readable = 1;
    }
    if (readable != 0 && sigsetjmp(tFault, 1) == 0) {
        *byte = static_cast<uint8_t>(request.number("store", value));
        writable = 1;
    }
    answer.put("value", value).put("readable", readable).put("writable", writable);
}

// 1: eight bytes there are these. Nothing is stored, since other memory may be there by now.
void holds(const Request & request, Answer & answer) {
    auto * bytes = reinterpret_cast<const volatile uint64_t *>(request.number("address"));
    volatile uint32_t same = 0;
    if (sigsetjmp(tFault, 1) == 0) {
        same = *bytes == request.number("value");
    }
    answer.put("same", same);
}

// 1: the operating system made it writable.
void protect(const Request & request, Answer & answer) {
    answer.status(mprotect(reinterpret_cast<void *>(request.number("address")), 1,
                           PROT_READ | PROT_WRITE) == 0);
}

void close(const Request & request, Answer & answer) {
    answer.status(IOServiceClose(request.small("c")));
}

// ── what a connection has besides ──

void addReference(const Request & request, Answer & answer) {
    answer.status(IOConnectAddRef(request.small("c")));
}

void addClient(const Request & request, Answer & answer) {
    const uint32_t c = request.small("c");
    answer.status(IOConnectAddClient(c, request.small("other", c)));
}

void setPort(const Request & request, Answer & answer) {
    answer.status(IOConnectSetNotificationPort(request.small("c"), 0, MACH_PORT_NULL, 0));
}

void getService(const Request & request, Answer & answer) {
    io_service_t found = 0;
    answer.status(IOConnectGetService(request.small("c"), &found)).put("service", found);
}

const std::map<std::string, void (*)(const Request &, Answer &)> kVerbs = {
    {"open", open},           {"call", call},       {"async", async},
    {"heard", heard},         {"port", makePort},   {"serve", serve},
    {"destroy", destroyPort}, {"raw", rawPort},     {"receive", receive},
    {"drop", dropPort},       {"map", map},         {"unmap", unmap},
    {"access", access},       {"holds", holds},     {"protect", protect},
    {"close", close},         {"service", service}, {"addref", addReference},
    {"addclient", addClient}, {"setport", setPort}, {"getservice", getService},
};

void run(const std::string & line) {
    const Request request(line);
    Answer answer(request);
    const auto found = kVerbs.find(request.verb);
    if (found == kVerbs.end()) {
        answer.put("unknown", 1);
    } else {
        found->second(request, answer);
    }
}

} // namespace

int main() {
    signal(SIGSEGV, onFault);
    signal(SIGBUS, onFault);
    char line[4096];
    while (fgets(line, sizeof line, stdin) != nullptr) {
        // The test asks because of what it was answered.
        { std::lock_guard answered(Answer::output()); }
        std::thread(run, std::string(line)).detach();
    }
    _exit(0); // threads may still be in calls
}
