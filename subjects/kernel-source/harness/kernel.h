/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel as a GET_FMAP parser sees it: the names that famfs.c uses, with meanings that hold in a test process on
 * x86-64. What is defined here is never taken from the source under test.
 */
#pragma once
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include "ledger.h"
#include "watch.h"

typedef uint8_t u8, __u8;
typedef uint16_t u16, __u16;
typedef uint32_t u32, __u32;
typedef uint64_t u64, __u64;
typedef int8_t s8, __s8;
typedef int16_t s16, __s16;
typedef int32_t s32, __s32;
typedef int64_t s64, __s64;
typedef unsigned short umode_t;
typedef struct { int unused; } spinlock_t;

#define __KERNEL__ 1
#define CONFIG_FUSE_FAMFS_DAX 1
#define IS_ENABLED(option) 1

/* Annotations for the kernel's own checkers. */
#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define __maybe_unused __attribute__((unused))
#define __must_check
#define __user
#define __must_hold(lock)
#define fallthrough __attribute__((fallthrough))
#define likely(condition) (condition)
#define unlikely(condition) (condition)
#define might_sleep() ((void)0)

/* Warnings */
#define WARN_ON(condition) \
	({ bool warned = (condition); if (warned) watch_kernel("warning", __FILE__, __LINE__); warned; })
#define WARN_ON_ONCE(condition) WARN_ON(condition)
#define WARN_ONCE(condition, ...) WARN_ON(condition)
#define BUG() watch_bug(__FILE__, __LINE__)
#define BUG_ON(condition) do { if (condition) BUG(); } while (0)

/* Numbers */
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PMD_SHIFT 21
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))
#define SZ_4K 0x1000
#define SZ_2M 0x200000
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX
#define S64_MAX INT64_MAX
#define MAX_LFS_FILESIZE ((loff_t)INT64_MAX)
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define IS_ALIGNED(value, unit) ((value) % (typeof(value))(unit) == 0)
#define ALIGN_DOWN(value, unit) ((value) - (value) % (typeof(value))(unit))
#define ALIGN(value, unit) ALIGN_DOWN((value) + (typeof(value))(unit) - 1, unit)
#define min_t(type, a, b) ({ type left_ = (a); type right_ = (b); left_ < right_ ? left_ : right_; })
#define max_t(type, a, b) ({ type left_ = (a); type right_ = (b); left_ > right_ ? left_ : right_; })
#define min(a, b) min_t(typeof((a) + (b)), a, b)
#define max(a, b) max_t(typeof((a) + (b)), a, b)
#define check_add_overflow(a, b, sum) __builtin_add_overflow(a, b, sum)
#define check_sub_overflow(a, b, difference) __builtin_sub_overflow(a, b, difference)
#define check_mul_overflow(a, b, product) __builtin_mul_overflow(a, b, product)
#define DIV_ROUND_UP(n, divisor) (((n) + (divisor) - 1) / (divisor))
#define is_power_of_2(n) (__builtin_popcountll(n) == 1)
#define ilog2(n) (63 - __builtin_clzll(n))
#define div_u64(n, divisor) ((u64)(n) / (u32)(divisor))
#define div64_u64(n, divisor) ((u64)(n) / (u64)(divisor))
#define div64_u64_rem(n, divisor, rest) \
	({ u64 n_ = (n), d_ = (divisor); *(rest) = n_ % d_; n_ / d_; })
#define for_each_set_bit(bit, words, size) \
	for ((bit) = 0; (bit) < (size); (bit)++) \
		if ((words)[(bit) / 64] >> ((bit) % 64) & 1)

static inline size_t size_add(size_t a, size_t b)
{
	size_t sum;
	return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static inline size_t size_mul(size_t a, size_t b)
{
	size_t product;
	return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}
#define array_size(n, size) size_mul(n, size)
#define struct_size(p, member, n) size_add(sizeof(*(p)), size_mul(n, sizeof((p)->member[0])))

/* Memory */
#define KMALLOC_MAX_SIZE FMAPSPEC_KMALLOC_MAX
typedef unsigned int gfp_t;
#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0
#define GFP_NOFS 0
#define __cleanup(function) __attribute__((cleanup(function)))

/* Errors as pointers */
#define ERR_PTR(error) ((void *)(long)(error))
#define PTR_ERR(pointer) ((long)(pointer))
#define IS_ERR(pointer) ((unsigned long)(pointer) >= (unsigned long)-4095)

/* Locks and barriers */
struct mutex { int unused; };
struct rw_semaphore { int unused; };
#define READ_ONCE(place) (*(volatile typeof(place) *)&(place))
#define WRITE_ONCE(place, value) (*(volatile typeof(place) *)&(place) = (value))
#define smp_load_acquire(place) READ_ONCE(*(place))
#define smp_store_release(place, value) WRITE_ONCE(*(place), value)
#define smp_rmb() ((void)0)
#define smp_wmb() ((void)0)
#define smp_mb() ((void)0)
#define wmb() ((void)0)
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

#include "around.h"
