// The few DriverKit classes that runtime/dext stands on, as a test double: objects are counted,
// completions are kept, memory is plain. Signatures as in the SDK; behaviour as far as contract
// §1–§2 matters to the runtime.
#ifndef FAKE_DRIVERKIT_H
#define FAKE_DRIVERKIT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int32_t kern_return_t;
typedef kern_return_t IOReturn;

constexpr kern_return_t iokit(uint32_t code) {
    return static_cast<kern_return_t>(0xe0000000u | code);
}
constexpr kern_return_t kIOReturnSuccess = 0;
constexpr kern_return_t kIOReturnError = iokit(0x2bc);
constexpr kern_return_t kIOReturnNoMemory = iokit(0x2bd);
constexpr kern_return_t kIOReturnNoResources = iokit(0x2be);
constexpr kern_return_t kIOReturnBadArgument = iokit(0x2c2);
constexpr kern_return_t kIOReturnExclusiveAccess = iokit(0x2c5);
constexpr kern_return_t kIOReturnUnsupported = iokit(0x2c7);
constexpr kern_return_t kIOReturnVMError = iokit(0x2c8);
constexpr kern_return_t kIOReturnInternalError = iokit(0x2c9);
constexpr kern_return_t kIOReturnNoSpace = iokit(0x2db);
constexpr kern_return_t kIOReturnBusy = iokit(0x2d5);
constexpr kern_return_t kIOReturnNotReady = iokit(0x2d8);
constexpr kern_return_t kIOReturnNotPermitted = iokit(0x2e2);
constexpr kern_return_t kIOReturnNoCompletion = iokit(0x2ea);
constexpr kern_return_t kIOReturnAborted = iokit(0x2eb);
constexpr kern_return_t kIOReturnNotFound = iokit(0x2f0);

/// Objects and IOMalloc blocks that nobody has freed yet.
extern int gLiveObjects;
extern int gLiveBlocks;

class OSObject {
  public:
    OSObject() { gLiveObjects++; }
    virtual ~OSObject() { gLiveObjects--; }
    void retain() const { references++; }
    void release() const {
        if (--references == 0) {
            delete this;
        }
    }
    mutable int references = 1;
};

typedef kern_return_t (*OSDispatchMethod)(OSObject *, void *);

#define OSSafeReleaseNULL(p)                                                                       \
    {                                                                                              \
        if (NULL != (p)) {                                                                         \
            (p)->release();                                                                        \
            (p) = NULL;                                                                            \
        }                                                                                          \
    }

void * IOMalloc(size_t length);
void * IOMallocZero(size_t length);
void IOFree(void * address, size_t length); // aborts when the length is not the block's
#define IONewZero(type, count) (static_cast<type *>(IOMallocZero(sizeof(type) * (count))))
#define IODelete(p, type, count) IOFree((p), sizeof(type) * (count))
#define IOSafeDeleteNULL(p, type, count)                                                           \
    do {                                                                                           \
        if (NULL != (p)) {                                                                         \
            IOFree((p), sizeof(type) * (count));                                                   \
            (p) = NULL;                                                                            \
        }                                                                                          \
    } while (0)

class OSAction : public OSObject {};

class OSData : public OSObject {
  public:
    static OSData * withBytes(const void * bytes, size_t length);
    ~OSData() override { ::free(bytes); }
    size_t getLength() const { return length; }
    const void * getBytesNoCopy() const { return length > 0 ? bytes : nullptr; }
    void * bytes = nullptr;
    size_t length = 0;
};

struct IOAddressSegment {
    uint64_t address;
    uint64_t length;
};

enum {
    kIOMemoryDirectionIn = 1,
    kIOMemoryDirectionOut = 2,
    kIOMemoryDirectionOutIn = 3,
    kIOMemoryDirectionInOut = 3,
    kIOMemoryDisableCopyOnWrite = 16,
};
enum { kIOMemoryMapReadOnly = 2 };

class IOMemoryMap : public OSObject {
  public:
    uint64_t GetAddress() { return address; }
    uint64_t GetLength() { return length; }
    uint64_t address = 0;
    uint64_t length = 0;
};

class IOMemoryDescriptor : public OSObject {
  public:
    explicit IOMemoryDescriptor(uint64_t size) : bytes(calloc(1, size)), length(size) {}
    ~IOMemoryDescriptor() override { ::free(bytes); }
    kern_return_t GetLength(uint64_t * returned) {
        *returned = length;
        return kIOReturnSuccess;
    }
    kern_return_t CreateMapping(uint64_t options, uint64_t address, uint64_t offset, uint64_t size,
                                uint64_t alignment, IOMemoryMap ** map,
                                OSDispatchMethod supermethod = nullptr);
    void * bytes;
    uint64_t length;
    kern_return_t mapStatus = kIOReturnSuccess;
};

class IOBufferMemoryDescriptor : public IOMemoryDescriptor {
  public:
    using IOMemoryDescriptor::IOMemoryDescriptor;
    static kern_return_t Create(uint64_t options, uint64_t capacity, uint64_t alignment,
                                IOBufferMemoryDescriptor ** memory);
    kern_return_t SetLength(uint64_t size, OSDispatchMethod supermethod = nullptr);
    kern_return_t GetAddressRange(IOAddressSegment * range);
};

extern OSObject * const kOSBooleanFalse;

/// A few names, each with a value that the dictionary borrows.
class OSDictionary : public OSObject {
  public:
    OSObject * getObject(const char * name) const;
    const char * names[4] = {};
    OSObject * values[4] = {};
};

class IOService : public OSObject {
  public:
    kern_return_t SetProperties(OSDictionary * properties);
};

typedef uint64_t IOUserClientAsyncArgumentsArray[16];

struct IOUserClientMethodArguments {
    uint64_t version;
    uint64_t selector;
    OSAction * completion;
    const uint64_t * scalarInput;
    uint32_t scalarInputCount;
    OSData * structureInput;
    IOMemoryDescriptor * structureInputDescriptor;
    uint64_t * scalarOutput;
    uint32_t scalarOutputCount;
    OSData * structureOutput;
    IOMemoryDescriptor * structureOutputDescriptor;
    uint64_t structureOutputMaximumSize;
    uint64_t __reserved[30];
};

typedef kern_return_t (*IOUserClientMethodFunction)(OSObject * target, void * reference,
                                                    IOUserClientMethodArguments * arguments);

struct IOUserClientMethodDispatch {
    IOUserClientMethodFunction function;
    uint32_t checkCompletionExists;
    uint32_t checkScalarInputCount;
    uint32_t checkStructureInputSize;
    uint32_t checkScalarOutputCount;
    uint32_t checkStructureOutputSize;
};

enum : uint32_t { kIOUserClientVariableStructureSize = 0xffffffffu };
enum { kIOUserClientMemoryReadOnly = 1 };

struct Completion {
    const OSAction * action;
    kern_return_t status;
    uint32_t count;
    uint64_t words[16];
};

constexpr int kKeptCompletions = 4096;

class IOUserClient : public IOService {
  public:
    void AsyncCompletion(OSAction * action, IOReturn status,
                         const IOUserClientAsyncArgumentsArray words, uint32_t count,
                         OSDispatchMethod supermethod = nullptr);
    kern_return_t CopyClientEntitlements(OSDictionary ** copy);
    /// Memory as long as the first range says; what an app has there is nobody's business here.
    kern_return_t CreateMemoryDescriptorFromClient(uint64_t options, uint32_t count,
                                                   const IOAddressSegment segments[32],
                                                   IOMemoryDescriptor ** memory,
                                                   OSDispatchMethod supermethod = nullptr);
    Completion completions[kKeptCompletions];
    int completionCount = 0;
    OSDictionary * entitlements = nullptr; // of the app, borrowed
    int entitlementCopies = 0;
};

#endif
