// Memory of a driver from JavaScript: always copied, always within what is mapped, on the
// JavaScript thread.
#include "memory_functions.h"

#include "works.h"

#include <algorithm>
#include <cstring>

namespace dextgen {
namespace {

constexpr uint64_t kMaxBatchBytes = 64u << 20; // of one drain

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

} // namespace

Napi::Value Map(Arguments & in) {
    auto connection = in.Handle<Connection>(0, "connection");
    const uint32_t type = in.Uint32(1, "type");
    const uint32_t cache = in.IsAbsent(2) ? 0 : in.Uint32(2, "cache", kIOMapCacheMask);
    if (!in.Ok())
        return {};
    dispatch_queue_t queue = connection->CallQueue();
    auto mapping = connection->UseMapping(type);
    return Environment::Of(in.Env()).Submit(
        queue, std::make_unique<MapWork>(std::move(connection), std::move(mapping), cache));
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

namespace {

/// mapping, offset, size: one aligned word, as the processor reads and writes it whole (contract
/// §2.6).
struct Word {
    explicit Word(Arguments & in)
        : handle(in.Handle<MappingHandle>(0, "mapping")), offset(in.Integer(1, "offset")),
          size(in.Uint32(2, "size", 8)) {
        if (!in.Ok())
            return;
        if (!handle->IsLive())
            in.Fail("mapping", "is closed");
        else if (!handle->mapping->memory->Contains(offset, size))
            in.Fail("offset", "and size reach beyond the mapped memory");
        else if ((size != 4 && size != 8) || !handle->mapping->memory->IsAligned(offset, size))
            in.Fail("offset", "is not that of a word");
    }
    template <typename Type> Type * At() const {
        return reinterpret_cast<Type *>(handle->mapping->memory->address + offset);
    }
    std::shared_ptr<MappingHandle> handle;
    uint64_t offset;
    uint32_t size;
};

} // namespace

Napi::Value Load(Arguments & in) {
    Word word(in);
    if (!in.Ok())
        return {};
    const uint64_t value = word.size == 8 ? __atomic_load_n(word.At<uint64_t>(), __ATOMIC_ACQUIRE)
                                          : __atomic_load_n(word.At<uint32_t>(), __ATOMIC_ACQUIRE);
    return Napi::BigInt::New(in.Env(), value);
}

Napi::Value Store(Arguments & in) {
    Word word(in);
    const uint64_t value = in.Word(3, "value");
    if (in.Ok() && !word.handle->mapping->memory->writable)
        in.Fail("mapping", "is read-only: the driver maps it so");
    if (!in.Ok())
        return {};
    if (word.size == 8)
        __atomic_store_n(word.At<uint64_t>(), value, __ATOMIC_RELEASE);
    else
        __atomic_store_n(word.At<uint32_t>(), static_cast<uint32_t>(value), __ATOMIC_RELEASE);
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
    const uint64_t room = std::max<uint64_t>(1, kMaxBatchBytes / recordSize);
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

} // namespace dextgen
