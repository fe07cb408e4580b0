// IOEventLink and IOWorkGroup: objects of a user client, by name, that wait for an application's
// end. No application can bring one here, so what needs it says that it is not ready.
#include <DriverKit/IOEventLink.h>
#include <DriverKit/IOWorkGroup.h>

#include "../runtime/objects.h"

#include <DriverKit/OSSharedPtr.h>

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace {

using UsedNames = std::set<std::pair<const IOUserClient *, std::string>>;

// A name of a user client, taken while this lives.
class NameOfClient {
  public:
    NameOfClient(UsedNames & names, IOUserClient * client, const char * name)
        : names_(names), client_(client, OSRetain), name_(name) {
        std::lock_guard lock(mutex());
        isOurs_ = names_.emplace(client, name_).second;
    }
    ~NameOfClient() {
        std::lock_guard lock(mutex());
        if (isOurs_) {
            names_.erase({client_.get(), name_});
        }
    }
    NameOfClient(const NameOfClient &) = delete;
    NameOfClient & operator=(const NameOfClient &) = delete;
    bool isOurs() const { return isOurs_; }

  private:
    static std::mutex & mutex() {
        static auto * only = new std::mutex();
        return *only;
    }
    UsedNames & names_;
    OSSharedPtr<IOUserClient> client_;
    const std::string name_;
    bool isOurs_ = false;
};

template <typename Class, typename State>
kern_return_t make(OSMetaClass * meta, OSString * name, IOUserClient * client, size_t longest,
                   Class ** made) {
    static auto & names = *new UsedNames();
    if (name == nullptr || client == nullptr || made == nullptr || name->getLength() == 0 ||
        name->getLength() > longest) {
        return kIOReturnBadArgument;
    }
    auto taken = std::make_unique<NameOfClient>(names, client, name->getCStringNoCopy());
    if (!taken->isOurs()) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(meta, &object) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    *made = static_cast<Class *>(object);
    (*made)->Class::ivars = new State{std::move(taken)};
    return kIOReturnSuccess;
}

} // namespace

struct IOEventLink_IVars {
    std::unique_ptr<NameOfClient> name;
};
struct IOWorkGroup_IVars {
    std::unique_ptr<NameOfClient> name;
};

// ── event links ──

bool IOEventLink::init() {
    return OSObject::init();
}

void IOEventLink::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

kern_return_t IOEventLink::Create_Impl(IOEventLink_Create_Args) {
    return make<IOEventLink, IOEventLink_IVars>(OSTypeID(IOEventLink), name, userClient,
                                                kIOEventLinkMaxNameLength, eventLink);
}

kern_return_t IOEventLink::Activate() {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::Associate(uint64_t) {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::Disassociate() {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::Signal() {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::Wait(uint64_t *) {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::WaitUntil(uint64_t, uint64_t, uint64_t *) {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::SignalAndWait(uint64_t *) {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::SignalAndWaitUntil(uint64_t, uint64_t, uint64_t *) {
    return kIOReturnNotReady;
}
kern_return_t IOEventLink::Cancel() {
    return kIOReturnNotReady;
}

kern_return_t IOEventLink::Invalidate() {
    ivars->name.reset();
    return kIOReturnSuccess;
}

// ── work groups ──

bool IOWorkGroup::init() {
    return OSObject::init();
}

void IOWorkGroup::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

kern_return_t IOWorkGroup::Create_Impl(IOWorkGroup_Create_Args) {
    return make<IOWorkGroup, IOWorkGroup_IVars>(OSTypeID(IOWorkGroup), name, userClient,
                                                kIOWorkGroupMaxNameLength, workgroup);
}

// That of an application's join token.
size_t IOWorkGroup::GetTokenSize() {
    return 40;
}
kern_return_t IOWorkGroup::Join(void *) {
    return kIOReturnNotReady;
}
kern_return_t IOWorkGroup::Leave(void *) {
    return kIOReturnNotReady;
}

kern_return_t IOWorkGroup::Invalidate() {
    ivars->name.reset();
    return kIOReturnSuccess;
}
