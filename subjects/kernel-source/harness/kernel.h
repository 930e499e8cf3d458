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

/* Messages are not printed, but their arguments are read, as the kernel would. pr_debug is off in a kernel as built. */
static inline void fmapspec_unprinted(const char *format, ...) { (void)format; }
#define pr_emerg fmapspec_unprinted
#define pr_alert fmapspec_unprinted
#define pr_crit fmapspec_unprinted
#define pr_err fmapspec_unprinted
#define pr_warn fmapspec_unprinted
#define pr_warn_once fmapspec_unprinted
#define pr_notice fmapspec_unprinted
#define pr_info fmapspec_unprinted
#define printk fmapspec_unprinted
#define pr_debug(...) ((void)0)
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

/* Memory; the allocators themselves are the ledger's. */
#define KMALLOC_MAX_SIZE FMAPSPEC_KMALLOC_MAX
typedef unsigned int gfp_t;
#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0
#define GFP_NOFS 0
#define kmalloc(size, gfp) ledger_allocate(1, size, 0, FMAPSPEC_KMALLOC_MAX)
#define kzalloc(size, gfp) ledger_allocate(1, size, 1, FMAPSPEC_KMALLOC_MAX)
#define kmalloc_array(n, size, gfp) ledger_allocate(n, size, 0, FMAPSPEC_KMALLOC_MAX)
#define kcalloc(n, size, gfp) ledger_allocate(n, size, 1, FMAPSPEC_KMALLOC_MAX)
#define kvmalloc(size, gfp) ledger_allocate(1, size, 0, INT_MAX)
#define kvzalloc(size, gfp) ledger_allocate(1, size, 1, INT_MAX)
#define kvmalloc_array(n, size, gfp) ledger_allocate(n, size, 0, INT_MAX)
#define kvcalloc(n, size, gfp) ledger_allocate(n, size, 1, INT_MAX)
#define kmalloc_obj(what, ...) ((typeof(what) *)kmalloc(sizeof(what), GFP_KERNEL))
#define kzalloc_obj(what, ...) ((typeof(what) *)kzalloc(sizeof(what), GFP_KERNEL))
#define kmalloc_objs(what, n, ...) ((typeof(what) *)kmalloc_array(n, sizeof(what), GFP_KERNEL))
#define kzalloc_objs(what, n, ...) ((typeof(what) *)kcalloc(n, sizeof(what), GFP_KERNEL))
#define kfree(object) ledger_free(object)
#define kvfree(object) ledger_free(object)

static inline void *kmemdup(const void *from, size_t size, gfp_t gfp)
{
	void *copy = kmalloc(size, gfp);
	return copy ? memcpy(copy, from, size) : NULL;
}

/* Scope-based cleanup */
#define __cleanup(function) __attribute__((cleanup(function)))
#define __free(name) __cleanup(__free_##name)
#define DEFINE_FREE(name, type, statement) \
	static inline void __free_##name(void *variable) { type _T = *(type *)variable; statement; }
#define no_free_ptr(pointer) ({ typeof(pointer) kept_ = (pointer); (pointer) = NULL; kept_; })
#define retain_and_null_ptr(pointer) ((void)no_free_ptr(pointer))
#define return_ptr(pointer) return no_free_ptr(pointer)
DEFINE_FREE(kfree, void *, kfree(_T))
DEFINE_FREE(kvfree, void *, kvfree(_T))

/* Errors as pointers */
#define ERR_PTR(error) ((void *)(long)(error))
#define PTR_ERR(pointer) ((long)(pointer))
#define IS_ERR(pointer) ((unsigned long)(pointer) >= (unsigned long)-4095)

/* Locks and barriers: one thread runs the parser, so only the inode's lock means something. */
struct mutex { int unused; };
struct rw_semaphore { int unused; };
#define mutex_lock(lock) ((void)(lock))
#define mutex_unlock(lock) ((void)(lock))
#define spin_lock(lock) ((void)(lock))
#define spin_unlock(lock) ((void)(lock))
#define down_read(lock) ((void)(lock))
#define up_read(lock) ((void)(lock))
#define down_write(lock) ((void)(lock))
#define up_write(lock) ((void)(lock))
#define lockdep_assert_held(lock) ((void)(lock))
#define guard(kind) (void)
#define scoped_guard(kind, lock) for (bool once_ = ((void)(lock), true); once_; once_ = false)
#define READ_ONCE(place) (*(volatile typeof(place) *)&(place))
#define WRITE_ONCE(place, value) (*(volatile typeof(place) *)&(place) = (value))
#define smp_load_acquire(place) READ_ONCE(*(place))
#define smp_store_release(place, value) WRITE_ONCE(*(place), value)
#define smp_rmb() ((void)0)
#define smp_wmb() ((void)0)
#define smp_mb() ((void)0)
#define wmb() ((void)0)

void fmapspec_before_swap(void *place); /* the moment in which somebody else may be faster */
#define cmpxchg(place, expected, value) ({ \
	typeof(place) place_ = (place); \
	fmapspec_before_swap(place_); \
	typeof(*place_) found_ = *place_; \
	if (found_ == (typeof(*place_))(expected)) *place_ = (value); \
	found_; })
#define xchg(place, value) ({ \
	typeof(place) place_ = (place); \
	fmapspec_before_swap(place_); \
	typeof(*place_) found_ = *place_; \
	*place_ = (value); \
	found_; })

/* Inodes */
#define S_DAX (1 << 13)
#define IS_DAX(inode) ((inode)->i_flags & S_DAX)
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

struct dax_device { int unused; };
struct address_space_operations { const void *writepages, *direct_IO, *dirty_folio; };
struct address_space { const struct address_space_operations *a_ops; };
struct super_block { void *s_fs_info; };
struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	u64 i_ino;
	loff_t i_size;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct address_space i_data;
	int lock_depth;
};
static const char noop_dirty_folio[1], noop_direct_IO[1];

void inode_lock(struct inode *inode);
void inode_unlock(struct inode *inode);
#define i_size_read(inode) ((inode)->i_size)
#define i_size_write(inode, size) ((void)((inode)->i_size = (size)))

/* FUSE */
struct fuse_inode {
	struct inode inode;
	u64 nodeid;
	spinlock_t lock;
	void *famfs_meta;
};
struct fuse_conn {
	unsigned int famfs_iomap : 1;
	struct rw_semaphore famfs_devlist_sem;
	struct famfs_dax_devlist *dax_devlist;
};
struct fuse_mount { struct fuse_conn *fc; };
#define get_fuse_inode(inode_) container_of(inode_, struct fuse_inode, inode)
#define get_fuse_mount(inode) ((struct fuse_mount *)(inode)->i_sb->s_fs_info)
#define get_fuse_conn(inode) (get_fuse_mount(inode)->fc)
/* Asks the server for daxdevs; here all of them are in the table from the start. */
#define famfs_update_daxdev_table(...) 0

/* What the resolver fills in */
enum { IOMAP_HOLE, IOMAP_DELALLOC, IOMAP_MAPPED };
#define IOMAP_NULL_ADDR UINT64_MAX
struct iomap {
	u64 addr;
	loff_t offset;
	u64 length;
	u16 type;
	u16 flags;
	struct dax_device *dax_dev;
};
