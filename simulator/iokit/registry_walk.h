// An iterator over the registry: one level of it, which it goes down from and up again, or all.
#ifndef DEXTSIM_IOKIT_REGISTRY_WALK_H
#define DEXTSIM_IOKIT_REGISTRY_WALK_H

#include "session.h"

#include <set>
#include <vector>

namespace dextsim::client {

class RegistryWalk {
  public:
    // Begins above the entry `from`, or with what is below it.
    RegistryWalk(SessionRef session, uint64_t from, bool withEntry, uint32_t options);

    // 0: nothing more, at this level or at all.
    uint64_t next();
    // Into what `next` returned last.
    void enter();
    // False: it is where it began.
    bool leave();
    void reset();

  private:
    struct Level {
        uint64_t of;
        bool isLoaded = false;
        std::vector<uint64_t> entries;
        size_t at = 0;
        uint64_t current = 0; // 0: none any more
    };
    uint64_t nextOfLevel();

    const SessionRef session_;
    const uint64_t from_;
    const bool withEntry_;
    const uint32_t options_;
    std::vector<Level> levels_;
    std::set<uint64_t> done_;
};

} // namespace dextsim::client

#endif
