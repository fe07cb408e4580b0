// runtime/dext's writer as the tests use it.
#include "ring_writer.h"

#include "dext/ring.h"

struct Writer {
    dextgen::RingWriter ring;
};

Writer * MakeWriter(void * memory, void * control, uint32_t recordSize, uint32_t capacity,
                    uint32_t policy) {
    auto * writer = new Writer;
    dextgen::RingStart(
        &writer->ring, memory, control,
        {.recordSize = recordSize, .capacity = capacity, .policy = policy, .eventId = 1});
    return writer;
}

void FreeWriter(Writer * writer) {
    delete writer;
}

uint32_t WriteRecords(Writer * writer, const void * records, uint32_t count) {
    return dextgen::RingWrite(&writer->ring, records, count).lost;
}

bool MustRing(Writer * writer, uint32_t * arming) {
    if (!dextgen::RingIsArmed(&writer->ring, arming))
        return false;
    dextgen::RingAnswer(&writer->ring, *arming);
    return true;
}

void EndRing(Writer * writer, uint32_t reason) {
    dextgen::RingEnd(&writer->ring, reason);
}
