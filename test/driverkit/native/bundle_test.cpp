// OSBundle and OSMappedFile: what lies beside the program, as it would in a driver's bundle.
#include "check.h"
#include "ipc/program.h"
#include <DriverKit/IOReturn.h>
#include <DriverKit/OSBundle.h>
#include <DriverKit/OSPtr.h>
#include <cstring>
#include <fstream>
#include <stdlib.h>
#include <string>
#include <unistd.h>

namespace {

// A file beside this program, as long as this lives.
struct Resource {
    explicit Resource(const std::string & content)
        : name("resource-" + std::to_string(getpid()) + ".bin") {
        const std::string program = dextsim::programPath();
        path = program.substr(0, program.rfind('/') + 1) + name;
        std::ofstream(path) << content;
    }
    ~Resource() { unlink(path.c_str()); }
    std::string name, path;
};

void testResource() {
    const Resource resource(std::string(5000, 'x'));
    OSPtr<OSBundle> bundle = OSBundle::mainBundle();
    CHECK(bundle != nullptr && bundle->refcount == 1);
    OSMappedFile * file = nullptr;
    CHECK(bundle->loadResource(resource.name.c_str(), 0, 20000, &file) == kIOReturnSuccess);
    CHECK(file->size() == 5000);
    const auto * const bytes = static_cast<const char *>(file->data());
    CHECK(bytes[0] == 'x' && bytes[4999] == 'x' && bytes[5000] == 0 && bytes[24999] == 0);
    file->release();
    bundle->release();
}

void testRefusals() {
    OSBundle * const bundle = OSBundle::mainBundle();
    OSMappedFile * file = nullptr;
    CHECK(bundle->loadResource("nothing.bin", 0, 0, &file) == kIOReturnNotFound);
    for (const char * name : {"", "/etc/passwd", "..", "../x", "a/../../x", "a/.."}) {
        CHECK(bundle->loadResource(name, 0, 0, &file) == kIOReturnBadArgument);
    }
    CHECK(bundle->loadResource(nullptr, 0, 0, &file) == kIOReturnBadArgument);
    CHECK(OSMappedFile::createFromPath("/", 0, 0, &file) == kIOReturnBadArgument);
    CHECK(file == nullptr);
    bundle->release();
    CHECK(OSBundle::createFromPath("/nowhere/at/all") == nullptr);
}

void testEmpty() {
    const Resource resource("");
    OSMappedFile * file = nullptr;
    CHECK(OSMappedFile::createFromPath(resource.path.c_str(), 0, 16, &file) == kIOReturnSuccess);
    CHECK(file->size() == 0 && file->data() == nullptr);
    file->release();
}

} // namespace

int main() {
    testResource();
    testRefusals();
    testEmpty();
    printf("%d checks\n", gChecks.load());
    return 0;
}
