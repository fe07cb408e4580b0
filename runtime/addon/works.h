// Each blocking call of IOKit as a Work: what it needs, what it does on its queue, what JavaScript
// gets.
#ifndef DEXTGEN_ADDON_WORKS_H
#define DEXTGEN_ADDON_WORKS_H

#include "handles.h"
#include "notifier.h"
#include "properties.h"

namespace dextgen {

class ListWork final : public Work {
  public:
    explicit ListWork(std::string name) : name_(std::move(name)) {}
    void Perform() override;
    Napi::Value Result(Environment & environment) override;

  private:
    std::string name_;
    kern_return_t result_ = kIOReturnSuccess;
    std::vector<std::shared_ptr<Service>> services_;
};

class PropertyWork final : public Work {
  public:
    PropertyWork(std::shared_ptr<Service> service, std::string key)
        : service_(std::move(service)), key_(std::move(key)) {}
    void Perform() override { value_ = CopyProperty(service_->object.Get(), key_); }
    Napi::Value Result(Environment & environment) override {
        return ToJavaScript(environment.Env(), value_.Get());
    }

  private:
    std::shared_ptr<Service> service_;
    std::string key_;
    CfObject value_;
};

/// On the event queue.
class WatchWork final : public Work {
  public:
    WatchWork(std::shared_ptr<Notifier> notifier, std::string name,
              std::shared_ptr<WatchHandle> watch)
        : notifier_(std::move(notifier)), name_(std::move(name)), watch_(std::move(watch)) {}
    void Perform() override;
    Napi::Value Result(Environment & environment) override;

  private:
    std::shared_ptr<Notifier> notifier_;
    std::string name_;
    std::shared_ptr<WatchHandle> watch_;
    kern_return_t result_ = kIOReturnSuccess;
};

/// On the event queue, where nobody drains the iterators meanwhile.
class UnwatchWork final : public Work {
  public:
    explicit UnwatchWork(std::shared_ptr<WatchHandle> watch) : watch_(std::move(watch)) {}
    void Perform() override {
        watch_->published = IoObject();
        watch_->terminated = IoObject();
    }
    Napi::Value Result(Environment & environment) override { return environment.Env().Undefined(); }

  private:
    std::shared_ptr<WatchHandle> watch_;
};

class OpenWork final : public Work {
  public:
    OpenWork(std::shared_ptr<Connection> connection, std::shared_ptr<Service> service,
             uint32_t type, ListenerId terminated)
        : connection_(std::move(connection)), service_(std::move(service)), type_(type),
          terminated_(terminated) {}
    void Perform() override {
        result_ = connection_->Open(service_->object.Get(), type_, terminated_);
    }
    Napi::Value Result(Environment & environment) override;

  private:
    std::shared_ptr<Connection> connection_;
    std::shared_ptr<Service> service_;
    uint32_t type_;
    ListenerId terminated_;
    kern_return_t result_ = kIOReturnSuccess;
};

class CallWork final : public Work {
  public:
    /// `listener` 0: a call without completion.
    CallWork(std::shared_ptr<Connection> connection, CallArguments call, ListenerId listener)
        : connection_(std::move(connection)), call_(std::move(call)), listener_(listener) {}
    void Perform() override {
        result_ = listener_ == 0 ? connection_->Call(call_, rejection_)
                                 : connection_->CallAsync(call_, listener_, rejection_);
    }
    Napi::Value Result(Environment & environment) override;

  private:
    Napi::Error Failure(Napi::Env env) const;

    std::shared_ptr<Connection> connection_;
    CallArguments call_;
    ListenerId listener_;
    Rejection rejection_{};
    kern_return_t result_ = kIOReturnSuccess;
};

class MapWork final : public Work {
  public:
    MapWork(std::shared_ptr<Connection> connection, std::shared_ptr<SharedMapping> mapping,
            uint32_t cache)
        : connection_(std::move(connection)), mapping_(std::move(mapping)), cache_(cache) {}
    void Perform() override { result_ = connection_->Map(mapping_->type, cache_, memory_); }
    Napi::Value Result(Environment & environment) override;

  private:
    std::shared_ptr<Connection> connection_;
    std::shared_ptr<SharedMapping> mapping_;
    uint32_t cache_;
    Mapping memory_;
    kern_return_t result_ = kIOReturnSuccess;
};

class UnmapWork final : public Work {
  public:
    UnmapWork(std::shared_ptr<Connection> connection, uint32_t type)
        : connection_(std::move(connection)), type_(type) {}
    void Perform() override { result_ = connection_->Unmap(type_); }
    Napi::Value Result(Environment & environment) override;

  private:
    std::shared_ptr<Connection> connection_;
    uint32_t type_;
    kern_return_t result_ = kIOReturnSuccess;
};

class CloseWork final : public Work {
  public:
    /// `memories` of calls that the driver has not answered stay until it has none of them any
    /// more.
    CloseWork(std::shared_ptr<Connection> connection, PagesList memories)
        : connection_(std::move(connection)), memories_(std::move(memories)) {}
    /// Its result says nothing: an end before the close fails and is closed all the same (contract
    /// §4.6).
    void Perform() override { (void)connection_->Close(); }
    Napi::Value Result(Environment & environment) override { return environment.Env().Undefined(); }

  private:
    std::shared_ptr<Connection> connection_;
    PagesList memories_;
};

/// A handle with `size` and `writable`.
Napi::Object WrapMapping(Napi::Env env, std::shared_ptr<Connection> connection,
                         std::shared_ptr<SharedMapping> mapping);

} // namespace dextgen

#endif
