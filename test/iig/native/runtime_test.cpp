// The dext's runtime in one process, without the kernel's.
#include "support.h"

#include <cstdio>

int main() {
    SampleDerived * const sample = make<SampleDerived>(OSTypeID(SampleDerived));
    testObjects(sample);
    testQueuesAndActions(sample);
    testDataQueue();
    SampleClient * const client = make<SampleClient>(OSTypeID(SampleClient));
    testCalls(client);
    testKernel(sample, client);
    printf("%d checks\n", static_cast<int>(gChecks));
    return 0;
}
