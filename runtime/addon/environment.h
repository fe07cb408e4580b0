// What one Node environment (the main thread or a worker) holds: its mailbox and the JavaScript
// values that wait for letters. Several environments of a process share nothing but the table of
// listeners.
#ifndef DEXTGEN_ADDON_ENVIRONMENT_H
#define DEXTGEN_ADDON_ENVIRONMENT_H

#include "client_memory.h"
#include "interface.h"
#include "listeners.h"
#include "mailbox.h"
#include "resources.h"

#include <initializer_list>
#include <unordered_map>

namespace dextgen {

class Connection;
class Notifier;

/// A blocking piece of work: runs on a queue, then settles its promise on the JavaScript thread.
class Work : public Letter {
  public:
    /// On the queue. No JavaScript here.
    virtual void Perform() = 0;
    /// On the JavaScript thread. A pending exception becomes the rejection.
    virtual Napi::Value Result(Environment & environment) = 0;
    void Open(Environment & environment) final;

  private:
    friend class Environment;
    uint64_t promise_ = 0;
};

class Environment {
  public:
    Environment(Napi::Env env, const InterfaceShape & shape);
    static Environment & Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

    Napi::Env Env() const { return env_; }
    const InterfaceShape & Shape() const { return shape_; }
    Mailbox & Letters() { return *mailbox_; }

    /// Runs `work` on `queue`; the promise keeps the event loop alive until it settles.
    /// `memories` get what the driver wrote before it settles.
    Napi::Promise Submit(dispatch_queue_t queue, std::unique_ptr<Work> work,
                         MemoryViews memories = {});

    /// A function that is called with letters for an id; it keeps the event loop alive until it is
    /// forgotten, which a `once` listener is by its first letter. `owner` only groups listeners.
    /// `memories` get what the driver wrote before each call.
    ListenerId Listen(Napi::Function function, bool once, const void * owner,
                      MemoryViews memories = {});
    /// Nobody wants to hear of it any more. Memory that the driver has stays until it answers.
    void Forget(ListenerId id);
    /// No letter comes.
    void Drop(ListenerId id);
    /// Returns the memory that drivers still have.
    PagesList ForgetAllOf(const void * owner);
    /// Calls the listener if there still is one. An exception of it is the program's uncaught
    /// exception.
    void Notify(ListenerId id, std::initializer_list<napi_value> arguments);

    /// Created at first use; null when the platform refuses.
    std::shared_ptr<Notifier> Events();
    /// Serial: registry reads, which never wait for a driver.
    dispatch_queue_t RegistryQueue();

    void Add(const std::shared_ptr<Connection> & connection);

  private:
    friend class Work;
    struct Listening {
        Napi::FunctionReference function;
        bool once;
        const void * owner;
        MemoryViews memories;
        bool forgotten = false; // only the memory is still of interest
    };
    struct Promised {
        Napi::Promise::Deferred deferred;
        MemoryViews memories;
    };

    void Hold();
    void LetGo();
    void Settle(Work & work);
    static void TearDown(Environment * environment);

    Napi::Env env_;
    const InterfaceShape & shape_;
    Mailbox::Wake wake_;
    std::shared_ptr<Mailbox> mailbox_;
    std::shared_ptr<Notifier> notifier_;
    Queue registryQueue_;
    std::unordered_map<uint64_t, Promised> promises_;
    std::unordered_map<ListenerId, Listening> listeners_;
    std::vector<std::weak_ptr<Connection>> connections_;
    uint64_t lastPromise_ = 0;
    uint32_t holds_ = 0;
};

/// An Error whose `code` is the unsigned IOReturn and whose `operation` names the call that failed.
Napi::Error IoReturnError(Napi::Env env, const char * operation, kern_return_t code);

} // namespace dextgen

#endif
