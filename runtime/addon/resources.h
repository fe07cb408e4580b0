// Owners of what IOKit, CoreFoundation and libdispatch hand out: one release each, no copies.
// Owns no policy of when to release.
#ifndef DEXTGEN_ADDON_RESOURCES_H
#define DEXTGEN_ADDON_RESOURCES_H

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <IOKit/IOReturn.h>
#include <dispatch/dispatch.h>

#include <utility>

namespace dextgen {

/// A move-only owner: `Release` is called once on a value that is not `Value{}`.
template <typename Value, auto Release> class Owner {
  public:
    Owner() = default;
    explicit Owner(Value value) : value_(value) {}
    Owner(Owner && other) noexcept : value_(std::exchange(other.value_, Value{})) {}
    Owner & operator=(Owner && other) noexcept {
        Reset(std::exchange(other.value_, Value{}));
        return *this;
    }
    Owner(const Owner &) = delete;
    Owner & operator=(const Owner &) = delete;
    ~Owner() { Reset(Value{}); }

    Value Get() const { return value_; }
    Value Take() { return std::exchange(value_, Value{}); }
    explicit operator bool() const { return value_ != Value{}; }
    /// For functions that return an owned value through a pointer.
    Value * Receive() {
        Reset(Value{});
        return &value_;
    }
    void Reset(Value value) {
        Value old = std::exchange(value_, value);
        if (old != Value{})
            Release(old);
    }

  private:
    Value value_{};
};

inline void ReleaseIoObject(io_object_t object) {
    (void)IOObjectRelease(object);
}
inline void ReleaseCf(CFTypeRef object) {
    CFRelease(object);
}
inline void ReleaseQueue(dispatch_queue_t queue) {
    dispatch_release(queue);
}

using IoObject = Owner<io_object_t, ReleaseIoObject>;
using CfObject = Owner<CFTypeRef, ReleaseCf>;
/// A queue outlives its owner until the work already on it has run.
using Queue = Owner<dispatch_queue_t, ReleaseQueue>;

} // namespace dextgen

#endif
