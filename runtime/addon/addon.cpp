// The functions that JavaScript sees. They check arguments for safety and hand work to queues; what
// the arguments mean, and every readable message, is the TypeScript client's
// (runtime/client/native.ts).
#include "addon.h"

#include "arguments.h"
#include "works.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>

namespace dextgen {
namespace {

// More than any call can carry, so that tests can see the platform refuse it; small enough to
// allocate.
constexpr uint32_t kMaxScalars = 1024;
constexpr uint32_t kMaxBytes = 64u << 20;

Napi::Value Services(Arguments & in) {
    Environment & environment = Environment::Of(in.Env());
    return environment.Submit(environment.RegistryQueue(),
                              std::make_unique<ListWork>(environment.Shape().service));
}

Napi::Value Property(Arguments & in) {
    auto service = in.Handle<Service>(0, "service");
    std::string key = in.String(1, "key");
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    return environment.Submit(environment.RegistryQueue(),
                              std::make_unique<PropertyWork>(std::move(service), std::move(key)));
}

/// Null and an exception when the platform gives no notification port.
std::shared_ptr<Notifier> EventsOrThrow(Environment & environment) {
    auto notifier = environment.Events();
    if (notifier == nullptr)
        IoReturnError(environment.Env(), "IONotificationPortCreate", kIOReturnNoResources)
            .ThrowAsJavaScriptException();
    return notifier;
}

Napi::Value Watch(Arguments & in) {
    Napi::Function function = in.Function(0, "listener");
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    auto notifier = EventsOrThrow(environment);
    if (notifier == nullptr)
        return {};
    auto watch = std::make_shared<WatchHandle>();
    watch->listener = environment.Listen(function, false, watch.get());
    dispatch_queue_t queue = notifier->EventQueue();
    return environment.Submit(queue, std::make_unique<WatchWork>(
                                         std::move(notifier), environment.Shape().service, watch));
}

Napi::Value Unwatch(Arguments & in) {
    auto watch = in.Handle<WatchHandle>(0, "watch");
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    auto notifier = EventsOrThrow(environment);
    if (notifier == nullptr)
        return {};
    environment.Forget(watch->listener);
    return environment.Submit(notifier->EventQueue(),
                              std::make_unique<UnwatchWork>(std::move(watch)));
}

Napi::Value Open(Arguments & in) {
    auto service = in.Handle<Service>(0, "service");
    const uint32_t type = in.Uint32(1, "type");
    Napi::Function function = in.Function(2, "terminated");
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    auto notifier = EventsOrThrow(environment);
    if (notifier == nullptr)
        return {};
    auto connection = std::make_shared<Connection>(std::move(notifier), environment.Shape());
    environment.Add(connection);
    // A service ends once; after that nothing more can come, and the event loop is let go.
    const ListenerId terminated = environment.Listen(function, true, connection.get());
    dispatch_queue_t queue = connection->CallQueue();
    return environment.Submit(
        queue,
        std::make_unique<OpenWork>(std::move(connection), std::move(service), type, terminated));
}

Napi::Value Close(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    if (connection->BeginClose())
        environment.ForgetAllOf(connection.get());
    dispatch_queue_t queue = connection->CallQueue();
    return environment.Submit(queue, std::make_unique<CloseWork>(std::move(connection)));
}

/// selector, scalars, struct, scalarOutputs, structOutput: arguments 1 to 5 of both kinds of call.
CallArguments ReadCall(Arguments & in) {
    CallArguments call;
    call.selector = in.Uint32(1, "selector");
    call.scalars = in.CopyOfWords(2, "scalars", kMaxScalars);
    call.structure = in.CopyOfBytes(3, "struct", kMaxBytes);
    if (!in.Ok())
        return call;
    call.scalarOutputs.resize(in.Uint32(4, "scalarOutputs", kMaxScalars));
    call.structOutput.resize(in.Uint32(5, "structOutput", kMaxBytes));
    return call;
}

Napi::Value Call(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    CallArguments call = ReadCall(in);
    if (!in.Ok())
        return {};
    dispatch_queue_t queue = connection->CallQueue();
    return Environment::Of(in.Env()).Submit(
        queue, std::make_unique<CallWork>(std::move(connection), std::move(call), 0));
}

// Returns { id, result }: the id to forget the completion by, and the promise of the call itself,
// which may settle after the first completion.
Napi::Value CallAsync(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    CallArguments call = ReadCall(in);
    const bool standing = in.Boolean(6, "standing");
    Napi::Function function = in.Function(7, "completion");
    if (!in.Ok())
        return {};
    if (connection->IsClosing()) {
        IoReturnError(in.Env(), "IOConnectCallAsyncMethod", kIOReturnAborted)
            .ThrowAsJavaScriptException();
        return {};
    }
    Environment & environment = Environment::Of(in.Env());
    const ListenerId id = environment.Listen(function, !standing, connection.get());
    Napi::Object result = Napi::Object::New(in.Env());
    result.Set("id", Napi::Number::New(in.Env(), static_cast<double>(id)));
    dispatch_queue_t queue = connection->CallQueue();
    result.Set("result",
               environment.Submit(
                   queue, std::make_unique<CallWork>(std::move(connection), std::move(call), id)));
    return result;
}

Napi::Value Forget(Arguments & in) {
    const ListenerId id = in.Integer(0, "id");
    if (!in.Ok())
        return {};
    Environment::Of(in.Env()).Forget(id);
    return in.Env().Undefined();
}

Napi::Value Map(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    const uint32_t type = in.Uint32(1, "type");
    if (!in.Ok())
        return {};
    dispatch_queue_t queue = connection->CallQueue();
    auto mapping = connection->UseMapping(type);
    return Environment::Of(in.Env()).Submit(
        queue, std::make_unique<MapWork>(std::move(connection), std::move(mapping)));
}

Napi::Value Unmap(Arguments & in) {
    auto handle = in.Handle<MappingHandle>(0, "mapping");
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    const bool last =
        std::exchange(handle->open, false) && handle->connection->DropMapping(*handle->mapping);
    if (last)
        return environment.Submit(
            handle->connection->CallQueue(),
            std::make_unique<UnmapWork>(handle->connection, handle->mapping->type));
    Napi::Promise::Deferred done = Napi::Promise::Deferred::New(in.Env());
    done.Resolve(in.Env().Undefined());
    return done.Promise();
}

/// mapping, offset, array: the bytes of both directions, checked.
struct Transfer {
    explicit Transfer(Arguments & in)
        : handle(in.Handle<MappingHandle>(0, "mapping")), offset(in.Integer(1, "offset")),
          bytes(in.Uint8Array(2, "bytes")) {
        if (!in.Ok())
            return;
        if (!handle->IsLive())
            in.Fail("mapping", "is closed");
        else if (!handle->mapping->memory->Contains(offset, bytes.length))
            in.Fail("offset", "and length reach beyond the mapped memory");
    }
    std::shared_ptr<MappingHandle> handle;
    uint64_t offset;
    Bytes bytes;
};

Napi::Value Read(Arguments & in) {
    Transfer transfer(in);
    if (!in.Ok())
        return {};
    const uint8_t * from = transfer.handle->mapping->memory->address + transfer.offset;
    if (transfer.bytes.length != 0)
        std::memcpy(transfer.bytes.data, from, transfer.bytes.length);
    return in.Env().Undefined();
}

Napi::Value Write(Arguments & in) {
    Transfer transfer(in);
    if (in.Ok() && !transfer.handle->mapping->memory->writable)
        in.Fail("mapping", "is read-only: the driver maps it so");
    if (!in.Ok())
        return {};
    uint8_t * to = transfer.handle->mapping->memory->address + transfer.offset;
    if (transfer.bytes.length != 0)
        std::memcpy(to, transfer.bytes.data, transfer.bytes.length);
    return in.Env().Undefined();
}

Napi::Value MakeRing(Arguments & in) {
    auto ring = in.Handle<MappingHandle>(0, "ring");
    auto control = in.Handle<MappingHandle>(1, "control");
    const RingShape shape{in.Uint32(2, "capacity"), in.Uint32(3, "recordSize"),
                          in.Uint32(4, "policy", kDextgenPolicyDropNewest)};
    if (in.Ok() && (!ring->IsLive() || !control->IsLive()))
        in.Fail("mapping", "is closed");
    if (!in.Ok())
        return {};
    const auto & memory = ring->mapping->memory;
    const auto & page = control->mapping->memory;
    if (const char * problem = CheckRing(shape, *memory, *page)) {
        Napi::Error::New(in.Env(), problem).ThrowAsJavaScriptException();
        return {};
    }
    return WrapHandle(in.Env(), std::make_shared<Ring>(shape, memory, page));
}

Napi::Value Answered(Arguments & in) {
    auto ring = in.Handle<Ring>(0, "ring");
    const uint32_t arming = in.Uint32(1, "arming");
    if (!in.Ok())
        return {};
    ring->Answered(arming);
    return in.Env().Undefined();
}

// Returns { buffer, first, count, lost, ended, reason }: `count` records from byte `first` of a new
// ArrayBuffer. Without any the ring is armed, unless it has ended.
Napi::Value Drain(Arguments & in) {
    auto ring = in.Handle<Ring>(0, "ring");
    const uint32_t maximum = in.Uint32(1, "maximum");
    if (in.Ok() && !ring->IsMapped())
        in.Fail("ring", "is closed");
    if (!in.Ok())
        return {};
    Napi::Env env = in.Env();
    const size_t recordSize = ring->Shape().recordSize;
    const uint64_t room = std::max<uint64_t>(1, kMaxBytes / recordSize);
    const Ring::Span span = ring->Next(static_cast<uint32_t>(std::min<uint64_t>(maximum, room)));
    Napi::Object result = Napi::Object::New(env);
    uint8_t * target = nullptr;
    if (span.count != 0) {
        Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, span.count * recordSize);
        if (env.IsExceptionPending())
            return {};
        target = static_cast<uint8_t *>(buffer.Data());
        result.Set("buffer", buffer);
    }
    const Ring::Result copied = ring->Copy(span, target);
    const auto number = [env](auto value) {
        return Napi::Number::New(env, static_cast<double>(value));
    };
    result.Set("first", number(copied.skip * recordSize));
    result.Set("count", number(copied.count));
    result.Set("lost", number(copied.lost));
    result.Set("ended", Napi::Boolean::New(env, copied.state != Ring::State::kOpen));
    result.Set("corrupt", Napi::Boolean::New(env, copied.state == Ring::State::kCorrupt));
    result.Set("reason", number(copied.reason));
    return result;
}

// One registration wrapper for all: arguments are read through Arguments, and nothing is thrown
// twice.
template <Napi::Value (*Function)(Arguments &)> Napi::Value Entry(const Napi::CallbackInfo & info) {
    Arguments arguments(info);
    Napi::Value result = Function(arguments);
    return result.IsEmpty() ? info.Env().Undefined() : result;
}

template <Napi::Value (*Function)(Arguments &)>
void Define(Napi::Object exports, const char * name) {
    exports.Set(name, Napi::Function::New<Entry<Function>>(exports.Env(), name));
}

// Dispatch threads may still return into this code after the last worker that loaded it has ended.
void KeepLoaded() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void *>(&KeepLoaded), &info) != 0 &&
        info.dli_fname != nullptr)
        (void)dlopen(info.dli_fname, RTLD_LAZY | RTLD_NODELETE);
}

Napi::Object DescribeMethods(Napi::Env env, const InterfaceShape & shape) {
    Napi::Array methods = Napi::Array::New(env, shape.methodCount);
    for (uint32_t i = 0; i < shape.methodCount; i++) {
        const MethodShape & method = shape.methods[i];
        Napi::Object object = Napi::Object::New(env);
        object.Set("name", Napi::String::New(env, method.name));
        object.Set("selector", Napi::Number::New(env, method.selector));
        object.Set("scalarInputs", Napi::Number::New(env, method.scalarInputs));
        object.Set("structInputMaximum", Napi::Number::New(env, method.structInputMaximum));
        object.Set("scalarOutputs", Napi::Number::New(env, method.scalarOutputs));
        object.Set("structOutputMaximum", Napi::Number::New(env, method.structOutputMaximum));
        object.Set("completionWords", Napi::Number::New(env, method.completionWords));
        methods.Set(i, object);
    }
    return methods;
}

Napi::Object DescribeEvents(Napi::Env env, const InterfaceShape & shape) {
    Napi::Array events = Napi::Array::New(env, shape.eventCount);
    for (uint32_t i = 0; i < shape.eventCount; i++) {
        const EventShape & event = shape.events[i];
        Napi::Object object = Napi::Object::New(env);
        object.Set("name", Napi::String::New(env, event.name));
        object.Set("id", Napi::Number::New(env, event.id));
        object.Set("payloadSize", Napi::Number::New(env, event.payloadSize));
        object.Set("completionWords", Napi::Number::New(env, event.completionWords));
        object.Set("ringCapacity", Napi::Number::New(env, event.ringCapacity));
        events.Set(i, object);
    }
    return events;
}

Napi::Object Describe(Napi::Env env, const InterfaceShape & shape) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", Napi::String::New(env, shape.name));
    object.Set("service", Napi::String::New(env, shape.service));
    object.Set("hashHigh", Napi::BigInt::New(env, shape.hashHigh));
    object.Set("hashLow", Napi::BigInt::New(env, shape.hashLow));
    object.Set("major", Napi::Number::New(env, shape.versionMajor));
    object.Set("minor", Napi::Number::New(env, shape.versionMinor));
    object.Set("methods", DescribeMethods(env, shape));
    object.Set("events", DescribeEvents(env, shape));
    object.Freeze();
    return object;
}

} // namespace

Napi::Object Export(Napi::Env env, Napi::Object exports, const InterfaceShape & shape) {
    KeepLoaded();
    env.SetInstanceData(new Environment(env, shape));
    exports.Set("interface", Describe(env, shape));
    Define<Services>(exports, "services");
    Define<Property>(exports, "property");
    Define<Watch>(exports, "watch");
    Define<Unwatch>(exports, "unwatch");
    Define<Open>(exports, "open");
    Define<Close>(exports, "close");
    Define<Call>(exports, "call");
    Define<CallAsync>(exports, "callAsync");
    Define<Forget>(exports, "forget");
    Define<Map>(exports, "map");
    Define<Unmap>(exports, "unmap");
    Define<Read>(exports, "read");
    Define<Write>(exports, "write");
    Define<MakeRing>(exports, "ring");
    Define<Drain>(exports, "drain");
    Define<Answered>(exports, "answered");
    return exports;
}

} // namespace dextgen
