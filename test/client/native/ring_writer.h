// The driver's half of a ring behind plain functions: both halves call their shape RingShape.
#ifndef TEST_RING_WRITER_H
#define TEST_RING_WRITER_H

#include <cstdint>

struct Writer;

Writer * MakeWriter(void * memory, void * control, uint32_t recordSize, uint32_t capacity,
                    uint32_t policy);
void FreeWriter(Writer * writer);
/// Returns how many were lost.
uint32_t WriteRecords(Writer * writer, const void * records, uint32_t count);
/// True, once per arming, when the app waits.
bool MustRing(Writer * writer, uint32_t * arming);
void EndRing(Writer * writer, uint32_t reason);

#endif
