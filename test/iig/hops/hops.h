// What the hopping classes write down for the test; each vector is touched on one queue only.
#ifndef HOPS_H
#define HOPS_H

#include "Hops.h"

#include <cstdint>
#include <string>
#include <vector>

struct HopWorker_IVars {
    IODispatchQueue * queue;
    IODispatchQueue * side;
    std::vector<uint32_t> * notes;
    uint32_t elsewhere; // notes that came on another queue
};

struct HopHeard {
    uint32_t number;
    std::string text;
    uint64_t sum;
    uint64_t reference;
    bool onEars;
};

struct HopListener_IVars {
    IODispatchQueue * queue;
    IODispatchQueue * ears;
    std::vector<HopHeard> * heard;
    uint32_t answersElsewhere;
};

#endif
