// How a queue of IODataQueueDispatchSource lies in memory (contract §3.1). A Mac's header also has
// the functions over it, which are the library's here.
#ifndef SYSTEM_IODATAQUEUEDISPATCHSOURCESHARED_H
#define SYSTEM_IODATAQUEUEDISPATCHSOURCESHARED_H

#include <stdint.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" // arrays without a size

// Entries begin at multiples of 4; `size` is that of the data, as its writer gave it.
typedef struct _IODataQueueEntry {
    uint32_t size;
    uint8_t data[0];
} IODataQueueEntry;

#define DATA_QUEUE_ENTRY_HEADER_SIZE sizeof(IODataQueueEntry)

typedef struct _IODataQueueMemory {
    volatile uint32_t head;
    volatile uint32_t tail;
    volatile uint8_t needServicedCallback;
    volatile uint8_t _resv[119];
    IODataQueueEntry queue[0];
} IODataQueueMemory;

#pragma GCC diagnostic pop

#endif
