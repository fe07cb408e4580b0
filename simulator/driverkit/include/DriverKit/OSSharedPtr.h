// Keeps a reference to an object as long as it lives.
#ifndef DRIVERKIT_OSSHAREDPTR_H
#define DRIVERKIT_OSSHAREDPTR_H

#include <DriverKit/OSMetaClass.h>
#include <DriverKit/OSObject.h>

#include <cstddef>
#include <type_traits>
#include <utility>

// Whether the pointer takes a reference of its own or takes over the caller's.
inline constexpr struct OSRetainTag {
} OSRetain{};
inline constexpr struct OSNoRetainTag {
} OSNoRetain{};

template <typename T> class OSSharedPtr {
  public:
    OSSharedPtr() = default;
    OSSharedPtr(std::nullptr_t) {}

    OSSharedPtr(T * object, OSRetainTag) : object_(object) { take(); }
    OSSharedPtr(T * object, OSNoRetainTag) : object_(object) {}

    OSSharedPtr(const OSSharedPtr & other) : object_(other.get()) { take(); }
    OSSharedPtr(OSSharedPtr && other) noexcept : object_(other.detach()) {}

    template <typename U>
    requires std::is_convertible_v<U *, T *> OSSharedPtr(const OSSharedPtr<U> & other)
        : object_(other.get()) {
        take();
    }
    template <typename U>
    requires std::is_convertible_v<U *, T *> OSSharedPtr(OSSharedPtr<U> && other)
    noexcept : object_(other.detach()) {}

    ~OSSharedPtr() { reset(); }

    // By value: takes a copy's or a moved pointer's reference alike.
    OSSharedPtr & operator=(OSSharedPtr other) noexcept {
        swap(other);
        return *this;
    }

    void reset() noexcept {
        if (T * const old = detach(); old != nullptr) {
            old->release();
        }
    }
    void reset(std::nullptr_t) noexcept { reset(); }
    void reset(T * object, OSRetainTag tag) noexcept { *this = OSSharedPtr(object, tag); }
    void reset(T * object, OSNoRetainTag tag) noexcept { *this = OSSharedPtr(object, tag); }

    T * get() const noexcept { return object_; }
    T & operator*() const noexcept { return *object_; }
    T * operator->() const noexcept { return object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

    // The caller gets the reference.
    T * detach() noexcept { return std::exchange(object_, nullptr); }

    // For a parameter through which a call returns an object with a reference.
    T ** attach() noexcept {
        reset();
        return &object_;
    }

    void swap(OSSharedPtr & other) noexcept { std::swap(object_, other.object_); }

  private:
    void take() {
        if (object_ != nullptr) {
            object_->retain();
        }
    }

    T * object_ = nullptr;
};

template <typename T> OSSharedPtr(T *, OSRetainTag) -> OSSharedPtr<T>;
template <typename T> OSSharedPtr(T *, OSNoRetainTag) -> OSSharedPtr<T>;

template <typename T> void swap(OSSharedPtr<T> & one, OSSharedPtr<T> & other) noexcept {
    one.swap(other);
}

template <typename T, typename U>
bool operator==(const OSSharedPtr<T> & one, const OSSharedPtr<U> & other) {
    return one.get() == other.get();
}
template <typename T, typename U> bool operator==(const OSSharedPtr<T> & one, const U * other) {
    return one.get() == other;
}
template <typename T> bool operator==(const OSSharedPtr<T> & one, std::nullptr_t) {
    return one.get() == nullptr;
}

template <typename T, typename U> OSSharedPtr<T> OSStaticPtrCast(const OSSharedPtr<U> & from) {
    return OSSharedPtr<T>(static_cast<T *>(from.get()), OSRetain);
}

#endif
