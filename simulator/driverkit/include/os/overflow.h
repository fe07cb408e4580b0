// Arithmetic that tells when the result does not fit.
#ifndef OS_OVERFLOW_H
#define OS_OVERFLOW_H

#define os_add_overflow(a, b, res) (__builtin_add_overflow((a), (b), (res)))
#define os_sub_overflow(a, b, res) (__builtin_sub_overflow((a), (b), (res)))
#define os_mul_overflow(a, b, res) (__builtin_mul_overflow((a), (b), (res)))
#define os_add3_overflow(a, b, c, res)                                                             \
    ({                                                                                             \
        __typeof__(*(res)) __partial;                                                              \
        const bool __first = os_add_overflow(a, b, &__partial);                                    \
        os_add_overflow(__partial, c, res) || __first;                                             \
    })
#define os_mul_and_add_overflow(a, x, b, res)                                                      \
    ({                                                                                             \
        __typeof__(*(res)) __partial;                                                              \
        const bool __first = os_mul_overflow(a, x, &__partial);                                    \
        os_add_overflow(__partial, b, res) || __first;                                             \
    })
#define os_convert_overflow(a, res) os_add_overflow((a), 0, (res))

#endif
