// What blocking calls do, and how their results look in JavaScript.
#include "works.h"

#include <IOKit/IOKitKeys.h>

#include <cstring>

namespace dextgen {
namespace {

Napi::Value Throw(Napi::Env env, const char * operation, kern_return_t code) {
    IoReturnError(env, operation, code).ThrowAsJavaScriptException();
    return env.Undefined();
}

Napi::BigUint64Array ToWords(Napi::Env env, const std::vector<uint64_t> & words) {
    Napi::BigUint64Array array = Napi::BigUint64Array::New(env, words.size());
    if (!words.empty())
        std::memcpy(array.Data(), words.data(), words.size() * sizeof(uint64_t));
    return array;
}

Napi::Uint8Array ToBytes(Napi::Env env, const std::vector<uint8_t> & bytes) {
    Napi::Uint8Array array = Napi::Uint8Array::New(env, bytes.size());
    if (!bytes.empty())
        std::memcpy(array.Data(), bytes.data(), bytes.size());
    return array;
}

} // namespace

void ListWork::Perform() {
    IoObject iterator;
    // Consumes the dictionary; success without an iterator means that there are none (contract
    // §7.2).
    result_ = IOServiceGetMatchingServices(MACH_PORT_NULL, IOServiceNameMatching(name_.c_str()),
                                           iterator.Receive());
    if (result_ != kIOReturnSuccess || !iterator)
        return;
    while (io_service_t object = IOIteratorNext(iterator.Get()))
        if (auto service = Service::Adopt(IoObject(object)))
            services_.push_back(std::move(service));
}

Napi::Value ListWork::Result(Environment & environment) {
    Napi::Env env = environment.Env();
    if (result_ != kIOReturnSuccess)
        return Throw(env, "IOServiceGetMatchingServices", result_);
    Napi::Array list = Napi::Array::New(env, services_.size());
    for (uint32_t i = 0; i < services_.size(); i++)
        list.Set(i, WrapService(env, services_[i]));
    return list;
}

void WatchWork::Perform() {
    result_ = notifier_->AddMatching(kIOPublishNotification, name_.c_str(), watch_->listener,
                                     &watch_->published);
    if (result_ == kIOReturnSuccess)
        result_ = notifier_->AddMatching(kIOTerminatedNotification, name_.c_str(), watch_->listener,
                                         &watch_->terminated);
}

Napi::Value WatchWork::Result(Environment & environment) {
    Napi::Env env = environment.Env();
    if (result_ == kIOReturnSuccess)
        return WrapHandle(env, watch_);
    environment.Forget(watch_->listener);
    return Throw(env, "IOServiceAddMatchingNotification", result_);
}

Napi::Value OpenWork::Result(Environment & environment) {
    Napi::Env env = environment.Env();
    if (result_ == kIOReturnSuccess)
        return WrapHandle(env, connection_);
    environment.Forget(terminated_);
    return Throw(env, "IOServiceOpen", result_);
}

Napi::Error CallWork::Failure(Napi::Env env) const {
    const char * operation = listener_ == 0 ? "IOConnectCallMethod" : "IOConnectCallAsyncMethod";
    Napi::Error error = IoReturnError(env, operation, result_);
    if (!rejection_.valid)
        return error;
    static const char * const names[] = {"selector", "argument", "rule", "limit", "actual"};
    Napi::Object rejection = Napi::Object::New(env);
    for (size_t i = 0; i < 5; i++)
        rejection.Set(names[i], Napi::BigInt::New(env, rejection_.words[i]));
    error.Set("rejection", rejection);
    return error;
}

Napi::Value CallWork::Result(Environment & environment) {
    Napi::Env env = environment.Env();
    if (result_ != kIOReturnSuccess) {
        if (listener_ != 0)
            environment.Drop(listener_);
        Failure(env).ThrowAsJavaScriptException();
        return env.Undefined();
    }
    Napi::Object result = Napi::Object::New(env);
    result.Set("scalars", ToWords(env, call_.scalarOutputs));
    result.Set("struct", ToBytes(env, call_.structOutput));
    return result;
}

Napi::Value MapWork::Result(Environment & environment) {
    Napi::Env env = environment.Env();
    if (result_ == kIOReturnSuccess && connection_->IsClosing())
        result_ = kIOReturnAborted;
    if (result_ != kIOReturnSuccess) {
        (void)connection_->DropMapping(*mapping_);
        return Throw(env, "IOConnectMapMemory64", result_);
    }
    if (mapping_->memory->address == nullptr)
        *mapping_->memory = memory_;
    return WrapMapping(env, connection_, mapping_);
}

Napi::Value UnmapWork::Result(Environment & environment) {
    Napi::Env env = environment.Env();
    if (result_ != kIOReturnSuccess)
        return Throw(env, "IOConnectUnmapMemory64", result_);
    return env.Undefined();
}

Napi::Object WrapMapping(Napi::Env env, std::shared_ptr<Connection> connection,
                         std::shared_ptr<SharedMapping> mapping) {
    const auto size = static_cast<double>(mapping->memory->size);
    const bool writable = mapping->memory->writable;
    Napi::Object handle =
        WrapHandle(env, std::make_shared<MappingHandle>(std::move(connection), std::move(mapping)));
    handle.Set("size", Napi::Number::New(env, size));
    handle.Set("writable", Napi::Boolean::New(env, writable));
    return handle;
}

Napi::Object WrapService(Napi::Env env, std::shared_ptr<Service> service) {
    const uint64_t id = service->id;
    Napi::Object handle = WrapHandle(env, std::move(service));
    handle.Set("id", Napi::BigInt::New(env, id));
    return handle;
}

} // namespace dextgen
