// An application that does what its standard input says, one command per line, and answers each
// with one line: a service of any driver opened, called and mapped without a client written for it.
//
//   open NAME TYPE · call SELECTOR SCALARS HEX OUTSCALARS OUTBYTES · async TAG (then as call)
//   map TYPE · peek TYPE OFFSET LENGTH · poke TYPE OFFSET HEX · unmap TYPE · close
//
// "-" stands for nothing. Answers begin with "=", completions ("! TAG STATUS WORDS") come between.
#include <IOKit/IOKitLib.h>

#include <CoreFoundation/CoreFoundation.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Mapping {
    uint8_t * address;
    mach_vm_size_t size;
};

std::mutex gOutput;
io_connect_t gConnect;
IONotificationPortRef gPort;
std::map<uint32_t, Mapping> gMappings;

void say(const std::string & line) {
    std::lock_guard lock(gOutput);
    printf("%s\n", line.c_str());
    fflush(stdout);
}

std::string hexOf(const uint8_t * bytes, size_t length) {
    std::string text = length == 0 ? "-" : "";
    for (size_t i = 0; i < length; ++i) {
        char digits[3];
        snprintf(digits, sizeof digits, "%02x", bytes[i]);
        text += digits;
    }
    return text;
}

std::vector<uint8_t> bytesOf(const std::string & hex) {
    std::vector<uint8_t> bytes;
    for (size_t i = 0; hex != "-" && i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<uint8_t>(strtoul(hex.substr(i, 2).c_str(), nullptr, 16)));
    }
    return bytes;
}

std::string wordsOf(const uint64_t * words, uint32_t count) {
    std::ostringstream text;
    for (uint32_t i = 0; i < count; ++i) {
        text << (i == 0 ? "" : ",") << words[i];
    }
    return count == 0 ? "-" : text.str();
}

std::vector<uint64_t> wordsIn(const std::string & text) {
    std::vector<uint64_t> words;
    std::istringstream stream(text == "-" ? "" : text);
    for (std::string word; std::getline(stream, word, ',');) {
        words.push_back(strtoull(word.c_str(), nullptr, 0));
    }
    return words;
}

std::string statusText(kern_return_t status) {
    char text[16];
    snprintf(text, sizeof text, "0x%" PRIx32, static_cast<uint32_t>(status));
    return text;
}

void listen() {
    gPort = IONotificationPortCreate(0);
    std::thread([] {
        CFRunLoopAddSource(CFRunLoopGetCurrent(), IONotificationPortGetRunLoopSource(gPort),
                           kCFRunLoopDefaultMode);
        CFRunLoopRun();
    }).detach();
}

void completed(void * tag, IOReturn status, void ** words, uint32_t count) {
    say("! " + std::to_string(reinterpret_cast<uintptr_t>(tag)) + " " + statusText(status) + " " +
        wordsOf(reinterpret_cast<uint64_t *>(words), count));
}

std::string open(std::istringstream & line) {
    std::string name;
    uint32_t type = 0;
    line >> name >> type;
    io_service_t service = 0;
    for (int i = 0; i < 6000 && service == 0; ++i) {
        service = IOServiceGetMatchingService(0, IOServiceNameMatching(name.c_str()));
        if (service == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    if (service == 0) {
        return "no service";
    }
    kern_return_t status = IOServiceOpen(service, mach_task_self(), type, &gConnect);
    IOObjectRelease(service);
    return statusText(status);
}

std::string call(std::istringstream & line, bool asynchronous) {
    uint64_t tag = 0;
    uint32_t selector = 0;
    std::string scalars;
    std::string hex;
    uint32_t outCount = 0;
    size_t outSize = 0;
    if (asynchronous) {
        line >> tag;
    }
    line >> selector >> scalars >> hex >> outCount >> outSize;
    auto words = wordsIn(scalars);
    auto bytes = bytesOf(hex);
    std::vector<uint64_t> outWords(outCount);
    std::vector<uint8_t> outBytes(outSize);
    auto count = static_cast<uint32_t>(words.size());
    kern_return_t status;
    if (asynchronous) {
        uint64_t reference[kOSAsyncRef64Count] = {};
        reference[kIOAsyncCalloutFuncIndex] = reinterpret_cast<uint64_t>(&completed);
        reference[kIOAsyncCalloutRefconIndex] = tag;
        status = IOConnectCallAsyncMethod(gConnect, selector, IONotificationPortGetMachPort(gPort),
                                          reference, kIOAsyncCalloutCount, words.data(), count,
                                          bytes.data(), bytes.size(), outWords.data(), &outCount,
                                          outBytes.data(), &outSize);
    } else {
        status =
            IOConnectCallMethod(gConnect, selector, words.data(), count, bytes.data(), bytes.size(),
                                outWords.data(), &outCount, outBytes.data(), &outSize);
    }
    if (status != kIOReturnSuccess) {
        return statusText(status);
    }
    return statusText(status) + " " + wordsOf(outWords.data(), outCount) + " " +
           hexOf(outBytes.data(), outSize);
}

std::string map(std::istringstream & line) {
    uint32_t type = 0;
    line >> type;
    mach_vm_address_t address = 0;
    mach_vm_size_t size = 0;
    kern_return_t status =
        IOConnectMapMemory64(gConnect, type, mach_task_self(), &address, &size, kIOMapAnywhere);
    if (status == kIOReturnSuccess) {
        gMappings[type] = {reinterpret_cast<uint8_t *>(address), size};
    }
    return statusText(status) + " " + std::to_string(size);
}

std::string unmap(std::istringstream & line) {
    uint32_t type = 0;
    line >> type;
    return statusText(IOConnectUnmapMemory64(gConnect, type, mach_task_self(), 0));
}

std::string touch(std::istringstream & line, bool writes) {
    uint32_t type = 0;
    uint64_t offset = 0;
    std::string operand;
    line >> type >> offset >> operand;
    auto found = gMappings.find(type);
    auto bytes =
        writes ? bytesOf(operand) : std::vector<uint8_t>(strtoul(operand.c_str(), nullptr, 0));
    if (found == gMappings.end() || offset + bytes.size() > found->second.size) {
        return "outside";
    }
    uint8_t * at = found->second.address + offset;
    if (writes) {
        std::copy(bytes.begin(), bytes.end(), at);
        return "0x0";
    }
    return "0x0 " + hexOf(at, bytes.size());
}

std::string obey(const std::string & command, std::istringstream & line) {
    if (command == "open") {
        return open(line);
    }
    if (command == "call" || command == "async") {
        return call(line, command == "async");
    }
    if (command == "map") {
        return map(line);
    }
    if (command == "unmap") {
        return unmap(line);
    }
    if (command == "peek" || command == "poke") {
        return touch(line, command == "poke");
    }
    if (command == "close") {
        return statusText(IOServiceClose(gConnect));
    }
    return "unknown command";
}

} // namespace

int main() {
    listen();
    for (std::string text; std::getline(std::cin, text);) {
        std::istringstream line(text);
        std::string command;
        line >> command;
        say("= " + obey(command, line));
    }
    fflush(stdout);
    _Exit(0); // the run loop's thread never ends
}
