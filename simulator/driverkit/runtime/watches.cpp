// See watches.h.
#include "watches.h"

#include "families.h"
#include "queues.h"

#include <map>
#include <utility>

namespace dextsim {

namespace {

struct Watches {
    std::mutex lock; // held while a watch is told, so that it cannot end meanwhile
    std::map<uint64_t, Watch *> byNumber;
};

Watches & watches() {
    static Watches & instance = *new Watches;
    return instance;
}

} // namespace

void watchReady(uint64_t number) {
    Watches & all = watches();
    std::lock_guard lock(all.lock);
    auto found = all.byNumber.find(number);
    if (found != all.byNumber.end()) {
        found->second->ready();
    }
}

void Watch::begin(uint64_t number, IODispatchQueue * queue, Tell tell) {
    number_ = number;
    queue->retain();
    queue_ = queue;
    tell_ = std::move(tell);
    Watches & all = watches();
    std::lock_guard lock(all.lock);
    all.byNumber[number] = this;
}

void Watch::end(const std::function<void()> & ended) {
    OSAction * handler = nullptr;
    {
        Watches & all = watches();
        std::lock_guard outer(all.lock);
        std::lock_guard lock(lock_);
        if (ended_ || number_ == 0) {
            return;
        }
        ended_ = true;
        all.byNumber.erase(number_);
        handler = std::exchange(handler_, nullptr);
    }
    tellFamily(familyBody(FamilyOp::WatchForget, number_));
    IODispatchQueue * const queue = std::exchange(queue_, nullptr);
    queue->ivars->queue->async([ended, handler] {
        if (ended) {
            ended();
        }
        OSSafeRelease(handler);
    });
    queue->release();
}

kern_return_t Watch::setHandler(OSAction * action) {
    OSAction * old = nullptr;
    {
        std::lock_guard lock(lock_);
        if (ended_) {
            return kIOReturnNotReady;
        }
        if (action != nullptr) {
            action->retain();
        }
        old = std::exchange(handler_, action);
    }
    OSSafeRelease(old);
    notify();
    return kIOReturnSuccess;
}

kern_return_t Watch::setEnable(bool enable, const std::function<void()> & done) {
    {
        std::lock_guard lock(lock_);
        if (ended_) {
            return kIOReturnNotReady;
        }
        enabled_ = enable;
        if (done) {
            queue_->ivars->queue->async(done);
        }
    }
    notify();
    return kIOReturnSuccess;
}

void Watch::ready() {
    {
        std::lock_guard lock(lock_);
        missed_ = true;
    }
    notify();
}

void Watch::notify() {
    OSAction * handler = nullptr;
    {
        std::lock_guard lock(lock_);
        if (!missed_ || !enabled_ || handler_ == nullptr) {
            return;
        }
        missed_ = false;
        handler = handler_;
        handler->retain();
    }
    tell_(handler);
    handler->release();
}

} // namespace dextsim
