// The functions that JavaScript sees. They check arguments for safety and hand work to queues; what
// the arguments mean, and every readable message, is the TypeScript client's
// (runtime/client/native.ts).
#include "addon.h"

#include "describe.h"
#include "memory_functions.h"
#include "works.h"

#include <dlfcn.h>

namespace dextgen {
namespace {

// More than any call can carry, so that tests can see the platform refuse it; small enough to
// allocate.
constexpr uint32_t kMaxScalars = 1024;
constexpr uint32_t kMaxBytes = 64u << 20;
constexpr size_t kMaxMemory = size_t{1} << 30;

/// Registry name of a driver; that of the interface's main one unless the bundle has several.
std::string ServiceName(Arguments & in, size_t index) {
    return in.StringOr(index, "service", Environment::Of(in.Env()).Shape().service);
}

Napi::Value Services(Arguments & in) {
    std::string name = ServiceName(in, 0);
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    return environment.Submit(environment.RegistryQueue(),
                              std::make_unique<ListWork>(std::move(name)));
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
    std::string name = ServiceName(in, 1);
    if (!in.Ok())
        return {};
    Environment & environment = Environment::Of(in.Env());
    auto notifier = EventsOrThrow(environment);
    if (notifier == nullptr)
        return {};
    auto watch = std::make_shared<WatchHandle>();
    watch->listener = environment.Listen(function, false, watch.get());
    dispatch_queue_t queue = notifier->EventQueue();
    return environment.Submit(
        queue, std::make_unique<WatchWork>(std::move(notifier), std::move(name), watch));
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
    PagesList memories;
    if (connection->BeginClose())
        memories = environment.ForgetAllOf(connection.get());
    dispatch_queue_t queue = connection->CallQueue();
    return environment.Submit(
        queue, std::make_unique<CloseWork>(std::move(connection), std::move(memories)));
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

/// Puts memories on pages of their own, and their addresses into the scalars.
MemoryViews ReadMemories(Arguments & in, size_t index, CallArguments & call) {
    MemoryViews views;
    const auto inside = [&call](int64_t scalar) {
        return scalar >= 0 && static_cast<size_t>(scalar) < call.scalars.size();
    };
    for (MemoryArgument & memory : in.Memories(index, "memories")) {
        const size_t length = memory.bytes.ByteLength();
        if (length == 0 || length > kMaxMemory || !inside(memory.address) ||
            (memory.length != -1 && !inside(memory.length))) {
            in.Fail("memories", "has one that is empty, too long or without a scalar");
            return {};
        }
        auto pages = Pages::Copy(memory.bytes.Data(), length);
        if (pages == nullptr) {
            in.Fail("memories", "are more than there is memory for");
            return {};
        }
        call.scalars[static_cast<size_t>(memory.address)] =
            reinterpret_cast<uintptr_t>(pages->Bytes());
        if (memory.length >= 0)
            call.scalars[static_cast<size_t>(memory.length)] = length;
        call.memories.push_back(pages);
        views.push_back({std::move(pages), Napi::Reference<Napi::Uint8Array>::New(memory.bytes, 1),
                         memory.written});
    }
    return views;
}

Napi::Value Call(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    CallArguments call = ReadCall(in);
    MemoryViews memories = ReadMemories(in, 6, call);
    if (!in.Ok())
        return {};
    dispatch_queue_t queue = connection->CallQueue();
    return Environment::Of(in.Env()).Submit(
        queue, std::make_unique<CallWork>(std::move(connection), std::move(call), 0),
        std::move(memories));
}

// Returns { id, result }: the id to forget the completion by, and the promise of the call itself,
// which may settle after the first completion.
Napi::Value CallAsync(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    CallArguments call = ReadCall(in);
    const bool standing = in.Boolean(6, "standing");
    Napi::Function function = in.Function(7, "completion");
    call.completionWords = in.Uint32(8, "completionWords", kDextgenMaxCompletionWords);
    MemoryViews memories = ReadMemories(in, 9, call);
    if (!in.Ok())
        return {};
    if (connection->IsClosing()) {
        IoReturnError(in.Env(), "IOConnectCallAsyncMethod", kIOReturnAborted)
            .ThrowAsJavaScriptException();
        return {};
    }
    Environment & environment = Environment::Of(in.Env());
    const ListenerId id =
        environment.Listen(function, !standing, connection.get(), std::move(memories));
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

} // namespace

Napi::Object Export(Napi::Env env, Napi::Object exports, const InterfaceShape & shape) {
    KeepLoaded();
    env.SetInstanceData(new Environment(env, shape));
    exports.Set("interface", DescribeInterface(env, shape));
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
    Define<Load>(exports, "load");
    Define<Store>(exports, "store");
    Define<MakeRing>(exports, "ring");
    Define<Drain>(exports, "drain");
    Define<Answered>(exports, "answered");
    return exports;
}

} // namespace dextgen
