// Assertions for the native tests: a failed one prints where and what, and the program ends with 1.
#ifndef DEXTSIM_TEST_CHECK_H
#define DEXTSIM_TEST_CHECK_H

#include <atomic>
#include <cstdio>
#include <cstdlib>

inline std::atomic<int> gChecks{0};

inline void checkThat(bool holds, const char * expression, const char * file, int line) {
    ++gChecks;
    if (!holds) {
        fprintf(stderr, "%s:%d: failed: %s\n", file, line, expression);
        exit(1);
    }
}

#define CHECK(expression) checkThat((expression), #expression, __FILE__, __LINE__)

#endif
