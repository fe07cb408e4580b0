// Handlers that drivers pass as blocks, kept as functions. Without blocks only NULL can be passed.
#ifndef DEXTSIM_DRIVERKIT_BLOCK_H
#define DEXTSIM_DRIVERKIT_BLOCK_H

#include <functional>

#if __BLOCKS__
#include <Block.h>
#include <memory>
#endif

namespace dextsim {

#if __BLOCKS__
// Empty for NULL. Keeps a copy of the block as long as a copy of the function exists.
inline std::function<void()> keepBlock(void (^block)(void)) {
    if (block == nullptr) {
        return {};
    }
    using Block = void (^)(void);
    std::shared_ptr<void> copy(reinterpret_cast<void *>(Block_copy(block)),
                               [](void * each) { Block_release(reinterpret_cast<Block>(each)); });
    return [copy] { reinterpret_cast<Block>(copy.get())(); };
}
#else
template <typename Unavailable> std::function<void()> keepBlock(Unavailable *) {
    return {};
}
#endif

} // namespace dextsim

#endif
