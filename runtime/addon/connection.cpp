// What a connection asks of IOKit. The order of close against calls is the queue's (contract §7.7:
// a closed port's name may be another's).
#include "connection.h"

#include "notifier.h"

#include "../wire/dextgen_wire.h"

#include <mach/mach.h>
#include <mach/mach_vm.h>

namespace dextgen {
namespace {

constexpr kern_return_t kServerDied = -308;                                     // contract §4.7
constexpr kern_return_t kInvalidDestination = 0x10000003;                       // contract §4.6
constexpr uint32_t kVendorErrors = 0xe3ff8000u, kVendorErrorMask = 0xffffc000u; // contract §11.1

struct Remains {
    io_connect_t port;
    IoObject interest;
};

void CloseRemains(void * context) {
    std::unique_ptr<Remains> remains(static_cast<Remains *>(context));
    (void)IOServiceClose(remains->port);
}

struct Abandoned {
    std::shared_ptr<Connection> connection;
    PagesList memories;
};

void CloseAbandoned(void * context) {
    std::unique_ptr<Abandoned> abandoned(static_cast<Abandoned *>(context));
    (void)abandoned->connection->Close();
}

/// A declared error of the driver, or the end of the connection: no rule refused the call.
bool CannotBeRejection(kern_return_t result) {
    return result == kServerDied || result == kInvalidDestination ||
           (static_cast<uint32_t>(result) & kVendorErrorMask) == kVendorErrors;
}

/// The two selectors that must say themselves whether the driver has contract selectors at all.
bool AsksForContract(const InterfaceShape & shape, uint32_t selector) {
    return !shape.hasContract || selector == shape.contractBase + kDextgenHandshake ||
           selector == shape.contractBase + kDextgenLastRejection;
}

const uint64_t * DataOrNull(const std::vector<uint64_t> & words) {
    return words.empty() ? nullptr : words.data();
}

const void * DataOrNull(const std::vector<uint8_t> & bytes) {
    return bytes.empty() ? nullptr : bytes.data();
}

// A driver may map memory read-only without a word about it to the app (contract §2.1); a store
// there would be a signal rather than an error.
bool IsWritable(mach_vm_address_t address) {
    mach_vm_size_t size = 0;
    vm_region_basic_info_data_64_t info{};
    mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
    mach_port_t object = MACH_PORT_NULL;
    const kern_return_t result =
        mach_vm_region(mach_task_self(), &address, &size, VM_REGION_BASIC_INFO_64,
                       reinterpret_cast<vm_region_info_t>(&info), &count, &object);
    return result == KERN_SUCCESS && (info.protection & VM_PROT_WRITE) != 0;
}

/// Sizes of the outputs: capacities on the way in, what came on the way out.
struct Outputs {
    explicit Outputs(CallArguments & call)
        : call_(call), scalars(static_cast<uint32_t>(call.scalarOutputs.size())),
          bytes(call.structOutput.size()) {}
    uint64_t * Scalars() { return scalars == 0 ? nullptr : call_.scalarOutputs.data(); }
    void * Bytes() { return bytes == 0 ? nullptr : call_.structOutput.data(); }
    /// The platform only ever shrinks them; an error leaves none.
    void Trim(bool succeeded) {
        const auto cut = [succeeded](auto & output, size_t size) {
            if (!succeeded)
                output.clear();
            else if (size < output.size())
                output.resize(size);
        };
        cut(call_.scalarOutputs, scalars);
        cut(call_.structOutput, bytes);
    }

  private:
    CallArguments & call_;

  public:
    uint32_t scalars;
    size_t bytes;
};

} // namespace

Connection::Connection(std::shared_ptr<Notifier> notifier, const InterfaceShape & shape)
    : notifier_(std::move(notifier)), shape_(shape),
      queue_(dispatch_queue_create("dextgen.connection", nullptr)) {}

Connection::~Connection() {
    if (port_ == IO_OBJECT_NULL)
        return;
    dispatch_async_f(queue_.Get(), new Remains{port_, std::move(interest_)}, CloseRemains);
}

kern_return_t Connection::Open(io_service_t service, uint32_t type, ListenerId terminated) {
    if (IsClosing())
        return kIOReturnAborted;
    // First the interest: a service that ends between the two is heard of.
    kern_return_t result = notifier_->AddInterest(service, terminated, &interest_);
    if (result != kIOReturnSuccess)
        return result;
    result = IOServiceOpen(service, mach_task_self(), type, &port_);
    if (result == kIOReturnSuccess)
        return result;
    port_ = IO_OBJECT_NULL;
    interest_ = IoObject();
    return result;
}

// Fetched in the same turn of the queue: no other call of this connection comes between.
kern_return_t Connection::Finish(kern_return_t result, uint32_t selector, Rejection & rejection) {
    if (result == kIOReturnSuccess || AsksForContract(shape_, selector) ||
        CannotBeRejection(result))
        return result;
    uint32_t count = 5;
    size_t bytes = 0;
    const kern_return_t fetched =
        IOConnectCallMethod(port_, shape_.contractBase + kDextgenLastRejection, nullptr, 0, nullptr,
                            0, rejection.words, &count, nullptr, &bytes);
    // A contract selector that does not answer means that nobody is there (contract §4.6).
    if (fetched != kIOReturnSuccess)
        return kInvalidDestination;
    rejection.valid =
        count == 5 && rejection.words[2] != kDextgenRuleNone && rejection.words[0] == selector;
    return result;
}

kern_return_t Connection::Call(CallArguments & call, Rejection & rejection) {
    if (IsClosing())
        return kIOReturnAborted;
    Outputs out(call);
    const kern_return_t result = IOConnectCallMethod(
        port_, call.selector, DataOrNull(call.scalars), static_cast<uint32_t>(call.scalars.size()),
        DataOrNull(call.structure), call.structure.size(), out.Scalars(), &out.scalars, out.Bytes(),
        &out.bytes);
    out.Trim(result == kIOReturnSuccess);
    return Finish(result, call.selector, rejection);
}

kern_return_t Connection::CallAsync(CallArguments & call, ListenerId listener,
                                    Rejection & rejection) {
    if (IsClosing())
        return kIOReturnAborted;
    Outputs out(call);
    AsyncReference reference(listener, call.completionWords);
    const kern_return_t result = IOConnectCallAsyncMethod(
        port_, call.selector, notifier_->WakePort(), reference.words, kIOAsyncCalloutCount,
        DataOrNull(call.scalars), static_cast<uint32_t>(call.scalars.size()),
        DataOrNull(call.structure), call.structure.size(), out.Scalars(), &out.scalars, out.Bytes(),
        &out.bytes);
    out.Trim(result == kIOReturnSuccess);
    return Finish(result, call.selector, rejection);
}

kern_return_t Connection::Map(uint32_t type, uint32_t cache, Mapping & memory) {
    if (IsClosing())
        return kIOReturnAborted;
    mach_vm_address_t address = 0;
    mach_vm_size_t size = 0;
    const kern_return_t result = IOConnectMapMemory64(port_, type, mach_task_self(), &address,
                                                      &size, kIOMapAnywhere | cache);
    if (result != kIOReturnSuccess)
        return result;
    memory = {reinterpret_cast<uint8_t *>(address), size, IsWritable(address)};
    return result;
}

kern_return_t Connection::Unmap(uint32_t type) {
    if (IsClosing())
        return kIOReturnSuccess; // the close unmaps (contract §2.3)
    return IOConnectUnmapMemory64(port_, type, mach_task_self(), 0);
}

kern_return_t Connection::Close() {
    interest_ = IoObject();
    if (port_ == IO_OBJECT_NULL)
        return kIOReturnSuccess;
    // Releases the port whatever it returns (contract §4.5).
    return IOServiceClose(std::exchange(port_, io_connect_t{IO_OBJECT_NULL}));
}

bool Connection::BeginClose() {
    if (closing_.exchange(true))
        return false;
    for (auto & [type, mapping] : mappings_)
        mapping->memory->address = nullptr;
    mappings_.clear();
    return true;
}

void Connection::Abandon(PagesList memories) {
    if (BeginClose())
        dispatch_async_f(queue_.Get(), new Abandoned{shared_from_this(), std::move(memories)},
                         CloseAbandoned);
}

std::shared_ptr<SharedMapping> Connection::UseMapping(uint32_t type) {
    auto & mapping = mappings_[type];
    if (mapping == nullptr) {
        mapping = std::make_shared<SharedMapping>();
        mapping->type = type;
    }
    mapping->users++;
    return mapping;
}

bool Connection::DropMapping(SharedMapping & mapping) {
    if (--mapping.users != 0)
        return false;
    const bool mapped = mapping.memory->address != nullptr;
    mapping.memory->address = nullptr;
    auto found = mappings_.find(mapping.type);
    if (found != mappings_.end() && found->second.get() == &mapping)
        mappings_.erase(found);
    return mapped;
}

} // namespace dextgen
