// Reference counting and equality; see object.h.
#include "object.h"

using dextsim::cf::Object;

namespace {
const char gAllocators[3] = {};
CFAllocatorRef allocator(int index) {
    return reinterpret_cast<CFAllocatorRef>(gAllocators + index);
}
} // namespace

const CFAllocatorRef kCFAllocatorDefault = nullptr;
const CFAllocatorRef kCFAllocatorSystemDefault = allocator(0);
const CFAllocatorRef kCFAllocatorMalloc = allocator(1);
const CFAllocatorRef kCFAllocatorNull = allocator(2);

CFAllocatorRef CFGetAllocator(CFTypeRef) {
    return kCFAllocatorSystemDefault;
}

CFTypeRef CFRetain(CFTypeRef reference) {
    auto * object = const_cast<Object *>(dextsim::cf::objectOf(reference));
    if (!object->immortal) {
        object->references.fetch_add(1, std::memory_order_relaxed);
    }
    return reference;
}

void CFRelease(CFTypeRef reference) {
    auto * object = const_cast<Object *>(dextsim::cf::objectOf(reference));
    if (!object->immortal && object->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete object;
    }
}

CFIndex CFGetRetainCount(CFTypeRef reference) {
    return dextsim::cf::objectOf(reference)->references.load(std::memory_order_relaxed);
}

CFTypeID CFGetTypeID(CFTypeRef reference) {
    return static_cast<CFTypeID>(dextsim::cf::objectOf(reference)->type);
}

Boolean CFEqual(CFTypeRef one, CFTypeRef other) {
    if (one == other) {
        return true;
    }
    const Object & first = *dextsim::cf::objectOf(one);
    const Object & second = *dextsim::cf::objectOf(other);
    return first.type == second.type && first.equals(second);
}

CFHashCode CFHash(CFTypeRef reference) {
    return dextsim::cf::objectOf(reference)->hash();
}
