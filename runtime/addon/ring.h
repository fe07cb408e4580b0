// Reads a driver-to-app ring (protocols: runtime/wire/dextgen_wire.h). Trusts nothing on the page
// for bounds: capacity and record size come from the ring-open reply and are checked against the
// mappings.
#ifndef DEXTGEN_ADDON_RING_H
#define DEXTGEN_ADDON_RING_H

#include "mapping.h"
#include "../wire/dextgen_wire.h"

#include <cstdint>
#include <memory>

namespace dextgen {

struct RingShape {
    uint32_t capacity;   // records; a power of two
    uint32_t recordSize; // bytes
    uint32_t policy;     // kDextgenPolicy…
};

/// Why a ring cannot be read; null means that it can.
const char * CheckRing(const RingShape & shape, const Mapping & ring, const Mapping & control);

class Ring {
  public:
    enum class State { kOpen, kEnded, kCorrupt };

    /// A span of records to copy: [first, first + count).
    struct Span {
        uint64_t first;
        uint32_t count;
    };

    struct Result {
        uint32_t skip;   // records at the start of the copy that were overwritten meanwhile
        uint32_t count;  // valid records behind them
        uint64_t lost;   // since the previous drain
        State state;     // kEnded and kCorrupt only when no record is left
        uint32_t reason; // IOReturn of the end
    };

    /// The mappings must pass CheckRing.
    Ring(RingShape shape, std::shared_ptr<Mapping> ring, std::shared_ptr<Mapping> control);

    bool IsMapped() const { return ring_->address != nullptr && control_->address != nullptr; }
    const RingShape & Shape() const { return shape_; }

    /// A doorbell answered `arming`.
    void Answered(uint32_t arming) { answered_ = arming; }

    /// What there is to copy, at most `maximum` records. An empty span means: armed, looked again,
    /// still nothing; wait for the doorbell.
    Span Next(uint32_t maximum);

    /// Copies a span of Next into `target` (count × recordSize bytes), then discards what the
    /// driver may have overwritten while it was copied, and moves on.
    Result Copy(Span span, uint8_t * target);

  private:
    uint64_t Available();
    void Arm();
    void CopyRecords(Span span, uint8_t * target) const;
    uint64_t TakeLost();
    DextgenRingHeader * Header() const {
        return reinterpret_cast<DextgenRingHeader *>(ring_->address);
    }
    DextgenRingControl * Control() const {
        return reinterpret_cast<DextgenRingControl *>(control_->address);
    }
    bool Overwrites() const { return shape_.policy == kDextgenPolicyDropOldest; }

    RingShape shape_;
    std::shared_ptr<Mapping> ring_;
    std::shared_ptr<Mapping> control_;
    uint64_t read_ = 0;        // records consumed; this side's own copy
    uint64_t skipped_ = 0;     // overwritten before or while they were copied, not yet reported
    uint64_t refusedSeen_ = 0; // of the driver's `lost`
    uint32_t armed_;           // the newest arming
    uint32_t answered_;        // the newest that a doorbell answered
    bool corrupt_ = false;
};

} // namespace dextgen

#endif
