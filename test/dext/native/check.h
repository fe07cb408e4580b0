// The smallest test frame: CHECK counts, Finish reports and gives the exit code.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

inline int gChecks = 0;
inline int gFailures = 0;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        gChecks++;                                                                                 \
        if (!(condition)) {                                                                        \
            gFailures++;                                                                           \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
        }                                                                                          \
    } while (0)

inline int Finish() {
    printf("%d checks, %d failed\n", gChecks, gFailures);
    return gFailures == 0 && gChecks > 0 ? 0 : 1;
}

#endif
