// OSSerialization: containers in the encoding that messages between processes have.
#include "containers.h"
#include "os_value.h"

#include "../runtime/block.h"

#include <DriverKit/OSSerialization.h>

#include "ipc/wire.h"

struct OSSerialization_IVars {
    std::vector<uint8_t> own;
    const void * bytes = nullptr;
    size_t length = 0;
    std::function<void()> freeBuffer;
};

namespace {

#if __BLOCKS__
std::function<void()> keepFree(OSSerializationFreeBufferHandler block, const void * bytes,
                               size_t length) {
    if (block == nullptr) {
        return {};
    }
    std::shared_ptr<void> copy(reinterpret_cast<void *>(Block_copy(block)), [](void * each) {
        Block_release(reinterpret_cast<OSSerializationFreeBufferHandler>(each));
    });
    return [copy, bytes, length] {
        reinterpret_cast<OSSerializationFreeBufferHandler>(copy.get())(bytes, length);
    };
}
#else
template <typename Unavailable>
std::function<void()> keepFree(Unavailable *, const void *, size_t) {
    return {};
}
#endif

} // namespace

OSSerializationPtr OSSerialization::createFromObject(const OSObjectPtr object) {
    const dextsim::Value value = dextsim::toValue(object);
    if (value.isNone()) {
        return nullptr;
    }
    dextsim::Writer writer;
    writer.value(value);
    OSSerialization_IVars made;
    made.own = writer.take();
    OSSerialization * const result =
        dextsim::makeContainer<OSSerialization>(gOSSerializationMetaClass, std::move(made));
    if (result != nullptr) {
        result->ivars->bytes = result->ivars->own.data();
        result->ivars->length = result->ivars->own.size();
    }
    return result;
}

OSSerializationPtr OSSerialization::createFromBytes(const void * bytes, size_t length,
                                                    OSSerializationFreeBufferHandler freeBuffer) {
    if (bytes == nullptr) {
        return nullptr;
    }
    OSSerialization_IVars made;
    made.bytes = bytes;
    made.length = length;
    made.freeBuffer = keepFree(freeBuffer, bytes, length);
    return dextsim::makeContainer<OSSerialization>(gOSSerializationMetaClass, std::move(made));
}

void OSSerialization::free() {
    if (ivars != nullptr) {
        if (ivars->freeBuffer) {
            ivars->freeBuffer();
        }
        delete ivars;
        ivars = nullptr;
    }
    super::free();
}

OSObjectPtr OSSerialization::copyObject() {
    const auto * const bytes = static_cast<const uint8_t *>(ivars->bytes);
    dextsim::Reader reader(std::span(bytes, ivars->length));
    const dextsim::Value value = reader.value();
    return reader.done() ? dextsim::fromValue(value) : nullptr;
}

const void * OSSerialization::finalizeBuffer(size_t * length) {
    if (length != nullptr) {
        *length = ivars->length;
    }
    return ivars->bytes;
}
