// The lab's client, driven by lines on its input; it answers each with one line:
//   call SELECTOR WORD…            → status, then eight output words, all in hex
//   struct SELECTOR SIZE WORD…     the same with a structure of SIZE bytes, byte i being i * 7 + 1
//   memory PAGES                   → the address of fresh zeroed memory
//   write ADDRESS LENGTH FIRST     byte i becomes FIRST + i; → 0x0
//   read ADDRESS LENGTH            → its bytes as one word of hex each
//   map TYPE                       → status, then whether the memory of that type can be written
#include <IOKit/IOKitLib.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

io_connect_t gConnect;

io_service_t findService() {
    for (int i = 0; i < 6000; ++i) {
        io_service_t service = IOServiceGetMatchingService(0, IOServiceNameMatching("LabDriver"));
        if (service != 0) {
            return service;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return 0;
}

std::vector<uint64_t> words(std::istringstream & line) {
    std::vector<uint64_t> list;
    for (std::string word; line >> word;) {
        list.push_back(strtoull(word.c_str(), nullptr, 0));
    }
    return list;
}

void call(const std::vector<uint64_t> & in, size_t size) {
    std::vector<uint8_t> structure(size);
    for (size_t i = 0; i < size; ++i) {
        structure[i] = static_cast<uint8_t>(i * 7 + 1);
    }
    uint64_t out[8] = {};
    uint32_t count = 8;
    kern_return_t status = IOConnectCallMethod(
        gConnect, static_cast<uint32_t>(in[0]), in.data() + 1, static_cast<uint32_t>(in.size() - 1),
        size == 0 ? nullptr : structure.data(), size, out, &count, nullptr, nullptr);
    printf("0x%x", static_cast<unsigned>(status));
    for (uint64_t word : out) {
        printf(" 0x%" PRIx64, word);
    }
    printf("\n");
}

void memory(uint64_t pages) {
    const size_t size = pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
    void * base = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    printf("0x%" PRIx64 "\n", reinterpret_cast<uint64_t>(base));
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

void map(uint32_t type) {
    mach_vm_address_t address = 0;
    mach_vm_size_t size = 0;
    kern_return_t status =
        IOConnectMapMemory64(gConnect, type, mach_task_self(), &address, &size, kIOMapAnywhere);
    const bool writable = status == kIOReturnSuccess && isWritable(address);
    if (status == kIOReturnSuccess) {
        IOConnectUnmapMemory64(gConnect, type, mach_task_self(), address);
    }
    printf("0x%x 0x%x\n", static_cast<unsigned>(status), writable);
}

void handle(const std::string & verb, std::vector<uint64_t> in) {
    if (verb == "call") {
        call(in, 0);
    } else if (verb == "struct") {
        const size_t size = in[1];
        in.erase(in.begin() + 1);
        call(in, size);
    } else if (verb == "memory") {
        memory(in[0]);
    } else if (verb == "map") {
        map(static_cast<uint32_t>(in[0]));
    } else if (verb == "write") {
        auto * bytes = reinterpret_cast<uint8_t *>(in[0]);
        for (uint64_t i = 0; i < in[1]; ++i) {
            bytes[i] = static_cast<uint8_t>(in[2] + i);
        }
        printf("0x0\n");
    } else if (verb == "read") {
        auto * bytes = reinterpret_cast<volatile uint8_t *>(in[0]);
        for (uint64_t i = 0; i < in[1]; ++i) {
            printf("%s0x%x", i == 0 ? "" : " ", bytes[i]);
        }
        printf("\n");
    } else {
        printf("what is %s?\n", verb.c_str());
    }
}

} // namespace

int main() {
    io_service_t service = findService();
    kern_return_t status =
        service == 0 ? -1 : IOServiceOpen(service, mach_task_self(), 0, &gConnect);
    printf("0x%x\n", static_cast<unsigned>(status));
    fflush(stdout);
    char line[4096];
    while (fgets(line, sizeof line, stdin) != nullptr) {
        std::istringstream text(line);
        std::string verb;
        text >> verb;
        handle(verb, words(text));
        fflush(stdout);
    }
    status = IOServiceClose(gConnect);
    return status == kIOReturnSuccess || status == MACH_SEND_INVALID_DEST ? 0 : 1;
}
