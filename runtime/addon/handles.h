// Objects that JavaScript holds and cannot look into: opaque, tagged with their type and with this
// very addon, so that a wrong or forged one is an error and never another object's pointer.
#ifndef DEXTGEN_ADDON_HANDLES_H
#define DEXTGEN_ADDON_HANDLES_H

#include "connection.h"
#include "ring.h"

namespace dextgen {

struct WatchHandle {
    ListenerId listener;
    // The event queue's, from the moment the watch is submitted.
    IoObject published;
    IoObject terminated;
};

struct MappingHandle {
    MappingHandle(std::shared_ptr<Connection> of, std::shared_ptr<SharedMapping> memory)
        : connection(std::move(of)), mapping(std::move(memory)) {}

    std::shared_ptr<Connection> connection;
    std::shared_ptr<SharedMapping> mapping;
    bool open = true;

    bool IsLive() const { return open && mapping->memory->address != nullptr; }
};

/// Distinct for each type, and for each addon of a process.
template <typename Type> napi_type_tag TagOf() {
    static const char here = 0;
    return {0x6465787467656e31u /* dextgen1 */, reinterpret_cast<uintptr_t>(&here)};
}

template <typename Type> Napi::Object WrapHandle(Napi::Env env, std::shared_ptr<Type> object) {
    Napi::Object handle = Napi::Object::New(env);
    auto owner = std::make_unique<std::shared_ptr<Type>>(std::move(object));
    const auto finalize = [](napi_env, void * data, void *) {
        delete static_cast<std::shared_ptr<Type> *>(data);
    };
    if (napi_wrap(env, handle, owner.get(), finalize, nullptr, nullptr) != napi_ok)
        return handle;
    (void)owner.release();
    const napi_type_tag tag = TagOf<Type>();
    (void)napi_type_tag_object(env, handle, &tag);
    return handle;
}

/// Null when `value` is not a handle of this type.
template <typename Type> std::shared_ptr<Type> UnwrapHandle(Napi::Env env, Napi::Value value) {
    const napi_type_tag tag = TagOf<Type>();
    bool matches = false;
    void * data = nullptr;
    if (!value.IsObject() || napi_check_object_type_tag(env, value, &tag, &matches) != napi_ok ||
        !matches || napi_unwrap(env, value, &data) != napi_ok)
        return nullptr;
    return *static_cast<std::shared_ptr<Type> *>(data);
}

/// With a property `id`: the registry entry id, a bigint.
Napi::Object WrapService(Napi::Env env, std::shared_ptr<Service> service);

} // namespace dextgen

#endif
