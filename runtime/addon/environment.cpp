// One Node environment's life: promises, listeners, the event loop's keep-alive, and the order of
// the end (contract §12.59: nothing may call back once the environment is gone).
#include "environment.h"

#include "connection.h"
#include "notifier.h"

#include <cstdio>

namespace dextgen {
namespace {

struct Job {
    std::unique_ptr<Work> work;
    std::shared_ptr<Mailbox> mailbox;
};

void RunJob(void * context) {
    std::unique_ptr<Job> job(static_cast<Job *>(context));
    job->work->Perform();
    job->mailbox->Post(std::move(job->work));
}

} // namespace

void OpenLetters(Napi::Env env, Napi::Function, Environment * environment, void *) {
    // Without an environment Node is emptying the queue of a function that has ended.
    if (static_cast<napi_env>(env) == nullptr)
        return;
    for (std::unique_ptr<Letter> & letter : environment->Letters().Take()) {
        Napi::HandleScope scope(env);
        letter->Open(*environment);
        letter.reset();
    }
}

Napi::Error IoReturnError(Napi::Env env, const char * operation, kern_return_t code) {
    char text[96];
    (void)std::snprintf(text, sizeof text, "%s failed with 0x%08x", operation,
                        static_cast<unsigned>(code));
    Napi::Error error = Napi::Error::New(env, text);
    error.Set("code", Napi::Number::New(env, static_cast<uint32_t>(code)));
    error.Set("operation", Napi::String::New(env, operation));
    return error;
}

void Work::Open(Environment & environment) {
    environment.Settle(*this);
}

Environment::Environment(Napi::Env env, const InterfaceShape & shape) : env_(env), shape_(shape) {
    wake_ = Mailbox::Wake::New(env, "dextgen", 0, 1, this);
    wake_.Unref(env);
    mailbox_ = std::make_shared<Mailbox>(wake_);
    // Hooks run last in, first out: this one before the one that ends the thread-safe function.
    env.AddCleanupHook(TearDown, this);
}

// Waits for nothing that a driver could hold up: connections close on their own queues, and
// callbacks that still run find no listener.
void Environment::TearDown(Environment * environment) {
    environment->mailbox_->Close();
    for (const auto & weak : environment->connections_)
        if (auto connection = weak.lock())
            connection->Abandon(environment->ForgetAllOf(connection.get()));
    for (const auto & [id, listening] : environment->listeners_)
        RemoveListener(id);
    environment->listeners_.clear();
    environment->promises_.clear();
    environment->connections_.clear();
    environment->notifier_.reset();
}

std::shared_ptr<Notifier> Environment::Events() {
    if (notifier_ == nullptr)
        notifier_ = Notifier::Create();
    return notifier_;
}

dispatch_queue_t Environment::RegistryQueue() {
    if (!registryQueue_)
        registryQueue_ = Queue(dispatch_queue_create("dextgen.registry", nullptr));
    return registryQueue_.Get();
}

void Environment::Add(const std::shared_ptr<Connection> & connection) {
    std::erase_if(connections_, [](const auto & weak) { return weak.expired(); });
    connections_.push_back(connection);
}

void Environment::Hold() {
    if (holds_++ == 0)
        wake_.Ref(env_);
}

void Environment::LetGo() {
    if (--holds_ == 0)
        wake_.Unref(env_);
}

Napi::Promise Environment::Submit(dispatch_queue_t queue, std::unique_ptr<Work> work,
                                  MemoryViews memories) {
    Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(env_);
    work->promise_ = ++lastPromise_;
    promises_.emplace(work->promise_, Promised{deferred, std::move(memories)});
    Hold();
    dispatch_async_f(queue, new Job{std::move(work), mailbox_}, RunJob);
    return deferred.Promise();
}

void Environment::Settle(Work & work) {
    auto found = promises_.find(work.promise_);
    if (found == promises_.end())
        return;
    Promised promised = std::move(found->second);
    promises_.erase(found);
    CopyBack(promised.memories);
    LetGo();
    Napi::Value result = work.Result(*this);
    if (env_.IsExceptionPending())
        promised.deferred.Reject(env_.GetAndClearPendingException().Value());
    else
        promised.deferred.Resolve(result);
}

ListenerId Environment::Listen(Napi::Function function, bool once, const void * owner,
                               MemoryViews memories) {
    ListenerId id = AddListener({mailbox_, once});
    listeners_.emplace(id, Listening{Napi::Persistent(function), once, owner, std::move(memories)});
    Hold();
    return id;
}

void Environment::Forget(ListenerId id) {
    auto found = listeners_.find(id);
    if (found == listeners_.end() || found->second.forgotten)
        return;
    if (found->second.memories.empty()) {
        Drop(id);
        return;
    }
    // The driver may still look at the addresses; the program need not wait for that.
    found->second.forgotten = true;
    LetGo();
}

void Environment::Drop(ListenerId id) {
    RemoveListener(id);
    auto found = listeners_.find(id);
    if (found == listeners_.end())
        return;
    const bool held = !found->second.forgotten;
    listeners_.erase(found);
    if (held)
        LetGo();
}

PagesList Environment::ForgetAllOf(const void * owner) {
    std::vector<ListenerId> ids;
    PagesList pages;
    for (const auto & [id, listening] : listeners_) {
        if (listening.owner != owner)
            continue;
        ids.push_back(id);
        for (const MemoryView & view : listening.memories)
            pages.push_back(view.pages);
    }
    for (ListenerId id : ids)
        Drop(id);
    return pages;
}

void Environment::Notify(ListenerId id, std::initializer_list<napi_value> arguments) {
    auto found = listeners_.find(id);
    if (found == listeners_.end())
        return;
    if (found->second.forgotten) {
        Drop(id);
        return;
    }
    CopyBack(found->second.memories);
    Napi::Function function = found->second.function.Value();
    if (found->second.once)
        Drop(id);
    (void)function.Call(arguments);
    if (!env_.IsExceptionPending())
        return;
    Napi::Error error = env_.GetAndClearPendingException();
    (void)napi_fatal_exception(env_, error.Value());
}

} // namespace dextgen
