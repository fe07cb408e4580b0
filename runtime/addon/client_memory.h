// Memory of this process that a driver gets by its address (contract §1.10). The platform shares
// whole pages, so the bytes lie on pages of their own: nothing else of the process is there for a
// driver to see. What the driver writes is copied back to where the program wants it.
#ifndef DEXTGEN_ADDON_CLIENT_MEMORY_H
#define DEXTGEN_ADDON_CLIENT_MEMORY_H

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace dextgen {

/// Any thread. They stay where they are until the last owner lets go: a driver looks at addresses
/// when it likes.
class Pages {
  public:
    /// Null when there is no memory.
    static std::shared_ptr<Pages> Copy(const uint8_t * bytes, size_t length);
    ~Pages();
    Pages(const Pages &) = delete;
    Pages & operator=(const Pages &) = delete;

    uint8_t * Bytes() const { return bytes_; }
    size_t Length() const { return length_; }

  private:
    Pages(uint8_t * bytes, size_t length) : bytes_(bytes), length_(length) {}
    uint8_t * bytes_;
    size_t length_;
};

using PagesList = std::vector<std::shared_ptr<Pages>>;

/// The program's side of some pages. JavaScript thread.
struct MemoryView {
    std::shared_ptr<Pages> pages;
    Napi::Reference<Napi::Uint8Array> target;
    bool written; // by the driver
};

using MemoryViews = std::vector<MemoryView>;

/// Copies back what a driver may have written. A target that was detached meanwhile gets nothing.
void CopyBack(const MemoryViews & views);

} // namespace dextgen

#endif
