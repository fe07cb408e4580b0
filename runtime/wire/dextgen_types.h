// What wire headers store and C has no type for: numbers in network order, and integers of 16
// bytes. Plain C; in C++ a number in network order is read and assigned like any other. Every
// access is by bytes, so that nothing needs to be aligned. Fixed-width types only.
#ifndef DEXTGEN_TYPES_H
#define DEXTGEN_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/// An integer of 16 bytes.
typedef struct DextgenU128 {
    uint64_t low;
    uint64_t high;
} DextgenU128;

static inline uint64_t DextgenReadBig(const uint8_t * bytes, uint32_t size) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static inline void DextgenWriteBig(uint8_t * bytes, uint32_t size, uint64_t value) {
    for (uint32_t i = size; i > 0; i--) {
        bytes[i - 1] = (uint8_t)(value & 0xFF);
        value >>= 8;
    }
}

#ifdef __cplusplus
#define DEXTGEN_BIG(type, carrier)                                                                 \
    operator type() const {                                                                        \
        return static_cast<type>(static_cast<carrier>(DextgenReadBig(bytes, sizeof bytes)));       \
    }                                                                                              \
    void operator=(type value) {                                                                   \
        DextgenWriteBig(bytes, sizeof bytes, static_cast<uint64_t>(value));                        \
    }
#else
#define DEXTGEN_BIG(type, carrier)
#endif

/// Numbers in network order: the most significant byte first.
typedef struct DextgenBigU16 {
    uint8_t bytes[2];
    DEXTGEN_BIG(uint16_t, uint16_t)
} DextgenBigU16;
typedef struct DextgenBigU32 {
    uint8_t bytes[4];
    DEXTGEN_BIG(uint32_t, uint32_t)
} DextgenBigU32;
typedef struct DextgenBigU64 {
    uint8_t bytes[8];
    DEXTGEN_BIG(uint64_t, uint64_t)
} DextgenBigU64;
typedef struct DextgenBigI16 {
    uint8_t bytes[2];
    DEXTGEN_BIG(int16_t, uint16_t)
} DextgenBigI16;
typedef struct DextgenBigI32 {
    uint8_t bytes[4];
    DEXTGEN_BIG(int32_t, uint32_t)
} DextgenBigI32;
typedef struct DextgenBigI64 {
    uint8_t bytes[8];
    DEXTGEN_BIG(int64_t, uint64_t)
} DextgenBigI64;

typedef struct DextgenBigF32 {
    uint8_t bytes[4];
#ifdef __cplusplus
    operator float() const {
        const uint32_t bits = static_cast<uint32_t>(DextgenReadBig(bytes, sizeof bytes));
        float value = 0;
        __builtin_memcpy(&value, &bits, sizeof value);
        return value;
    }
    void operator=(float value) {
        uint32_t bits = 0;
        __builtin_memcpy(&bits, &value, sizeof bits);
        DextgenWriteBig(bytes, sizeof bytes, bits);
    }
#endif
} DextgenBigF32;
typedef struct DextgenBigF64 {
    uint8_t bytes[8];
#ifdef __cplusplus
    operator double() const {
        const uint64_t bits = DextgenReadBig(bytes, sizeof bytes);
        double value = 0;
        __builtin_memcpy(&value, &bits, sizeof value);
        return value;
    }
    void operator=(double value) {
        uint64_t bits = 0;
        __builtin_memcpy(&bits, &value, sizeof bits);
        DextgenWriteBig(bytes, sizeof bytes, bits);
    }
#endif
} DextgenBigF64;
typedef struct DextgenBigU128 {
    uint8_t bytes[16];
#ifdef __cplusplus
    operator DextgenU128() const {
        return {DextgenReadBig(bytes + 8, 8), DextgenReadBig(bytes, 8)};
    }
    void operator=(DextgenU128 value) {
        DextgenWriteBig(bytes, 8, value.high);
        DextgenWriteBig(bytes + 8, 8, value.low);
    }
#endif
} DextgenBigU128;

#endif
