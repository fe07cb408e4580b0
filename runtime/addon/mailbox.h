// Carries letters from any thread to the JavaScript thread of one Node environment.
// Letters own no JavaScript values: one that arrives after the environment is gone dies where it
// is.
#ifndef DEXTGEN_ADDON_MAILBOX_H
#define DEXTGEN_ADDON_MAILBOX_H

#include <napi.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace dextgen {

class Environment;

class Letter {
  public:
    virtual ~Letter() = default;
    /// Called on the JavaScript thread, inside a handle scope.
    virtual void Open(Environment & environment) = 0;
};

/// Called by Node on the JavaScript thread after a wake-up.
void OpenLetters(Napi::Env env, Napi::Function unused, Environment * environment, void * data);

class Mailbox {
  public:
    using Letters = std::vector<std::unique_ptr<Letter>>;
    using Wake = Napi::TypedThreadSafeFunction<Environment, void, OpenLetters>;

    explicit Mailbox(Wake wake) : wake_(wake) {}

    /// Any thread. One wake-up per batch: a letter that finds others waiting rides with them.
    void Post(std::unique_ptr<Letter> letter) {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!open_)
            return;
        letters_.push_back(std::move(letter));
        if (letters_.size() == 1)
            (void)wake_.NonBlockingCall();
    }

    /// JavaScript thread.
    Letters Take() {
        std::lock_guard<std::mutex> lock(mutex_);
        return std::exchange(letters_, {});
    }

    /// JavaScript thread, before Node ends the thread-safe function: nobody calls it afterwards.
    void Close() {
        Letters unread;
        std::lock_guard<std::mutex> lock(mutex_);
        open_ = false;
        unread.swap(letters_);
        (void)wake_.Abort();
    }

  private:
    std::mutex mutex_;
    Letters letters_;
    Wake wake_;
    bool open_ = true;
};

} // namespace dextgen

#endif
