/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The kernel around a GET_FMAP parser that was cut out of its source: the real headers, but the harness's allocators, so
 * that the ledger knows every object, and the harness's inodes, so that nothing of fs/fuse is needed and the scenes can
 * be played. The counterpart of the header of the same name that is used outside of a kernel.
 */
#pragma once
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/version.h>
#include <stdlib.h> /* before kmalloc means something else */
#include "ledger.h"
#include "watch.h"

#ifndef CONFIG_FUSE_FAMFS_DAX
#define CONFIG_FUSE_FAMFS_DAX 1
#endif

/* Millions of refused messages would drive the reports out of the log. Arguments are read all the same. */
static inline void fmapspec_unprinted(const char *format, ...) { (void)format; }
#undef pr_emerg
#undef pr_alert
#undef pr_crit
#undef pr_err
#undef pr_warn
#undef pr_warn_once
#undef pr_notice
#undef pr_info
#undef pr_debug
#undef printk
#define pr_emerg fmapspec_unprinted
#define pr_alert fmapspec_unprinted
#define pr_crit fmapspec_unprinted
#define pr_err fmapspec_unprinted
#define pr_warn fmapspec_unprinted
#define pr_warn_once fmapspec_unprinted
#define pr_notice fmapspec_unprinted
#define pr_info fmapspec_unprinted
#define pr_debug(...) ((void)0)
#define printk fmapspec_unprinted

/* Memory */
#undef kmalloc
#undef kzalloc
#undef kmalloc_array
#undef kcalloc
#undef kvmalloc
#undef kvzalloc
#undef kvmalloc_array
#undef kvcalloc
#undef kmemdup
#undef kfree
#undef kvfree
#define kmalloc(size, gfp) ledger_allocate(1, size, 0, FMAPSPEC_KMALLOC_MAX)
#define kzalloc(size, gfp) ledger_allocate(1, size, 1, FMAPSPEC_KMALLOC_MAX)
#define kmalloc_array(n, size, gfp) ledger_allocate(n, size, 0, FMAPSPEC_KMALLOC_MAX)
#define kcalloc(n, size, gfp) ledger_allocate(n, size, 1, FMAPSPEC_KMALLOC_MAX)
#define kvmalloc(size, gfp) ledger_allocate(1, size, 0, INT_MAX)
#define kvzalloc(size, gfp) ledger_allocate(1, size, 1, INT_MAX)
#define kvmalloc_array(n, size, gfp) ledger_allocate(n, size, 0, INT_MAX)
#define kvcalloc(n, size, gfp) ledger_allocate(n, size, 1, INT_MAX)
#undef kmalloc_obj
#undef kzalloc_obj
#undef kmalloc_objs
#undef kzalloc_objs
#define kmalloc_obj(what, ...) ((typeof(what) *)kmalloc(sizeof(what), GFP_KERNEL))
#define kzalloc_obj(what, ...) ((typeof(what) *)kzalloc(sizeof(what), GFP_KERNEL))
#define kmalloc_objs(what, n, ...) ((typeof(what) *)kmalloc_array(n, sizeof(what), GFP_KERNEL))
#define kzalloc_objs(what, n, ...) ((typeof(what) *)kcalloc(n, sizeof(what), GFP_KERNEL))
#define kfree(object) ledger_free(object)
#define kvfree(object) ledger_free(object)

static inline void *fmapspec_memdup(const void *from, size_t size)
{
	void *copy = kmalloc(size, GFP_KERNEL);

	return copy ? memcpy(copy, from, size) : NULL;
}
#define kmemdup(from, size, gfp) fmapspec_memdup(from, size)

/* Scope-based cleanup, which the oldest kernels do not have and which must use the ledger */
#undef __free
#undef DEFINE_FREE
#undef no_free_ptr
#undef retain_and_null_ptr
#undef return_ptr
#define __free(name) __attribute__((cleanup(fmapspec_cleanup_##name)))
#define DEFINE_FREE(name, type, statement) \
	static inline void fmapspec_cleanup_##name(void *variable) { type _T = *(type *)variable; statement; }
#define no_free_ptr(pointer) ({ typeof(pointer) kept_ = (pointer); (pointer) = NULL; kept_; })
#define retain_and_null_ptr(pointer) ((void)no_free_ptr(pointer))
#define return_ptr(pointer) return no_free_ptr(pointer)
DEFINE_FREE(kfree, void *, kfree(_T))
DEFINE_FREE(kvfree, void *, kvfree(_T))

/* Locks: one thread at a time runs the parser, on objects that nobody else knows. */
#undef mutex_lock
#undef mutex_unlock
#undef spin_lock
#undef spin_unlock
#undef down_read
#undef up_read
#undef down_write
#undef up_write
#undef lockdep_assert_held
#undef guard
#undef scoped_guard
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

void fmapspec_before_swap(void *place); /* the moment in which somebody else may be faster */
#undef cmpxchg
#undef xchg
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
#define address_space fmapspec_address_space
#define address_space_operations fmapspec_address_space_operations
#define dax_device fmapspec_dax_device
#define inode fmapspec_inode
#define inode_lock fmapspec_inode_lock
#define inode_unlock fmapspec_inode_unlock
#define iomap fmapspec_iomap
#define noop_direct_IO fmapspec_noop_direct_IO
#define noop_dirty_folio fmapspec_noop_dirty_folio
#define super_block fmapspec_super_block
#undef S_DAX
#undef IS_DAX
#undef i_size_read
#undef i_size_write
#define S_DAX (1 << 13)
#define IS_DAX(inode_) ((inode_)->i_flags & S_DAX)

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
static const char noop_dirty_folio[1] __maybe_unused, noop_direct_IO[1] __maybe_unused;

void inode_lock(struct inode *inode);
void inode_unlock(struct inode *inode);
#define i_size_read(inode_) ((inode_)->i_size)
#define i_size_write(inode_, size) ((void)((inode_)->i_size = (size)))

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
#define get_fuse_mount(inode_) ((struct fuse_mount *)(inode_)->i_sb->s_fs_info)
#define get_fuse_conn(inode_) (get_fuse_mount(inode_)->fc)
/* Asks the server for daxdevs; here all of them are in the table from the start. */
#define famfs_update_daxdev_table(...) 0

/* What the resolver fills in */
enum { IOMAP_HOLE, IOMAP_DELALLOC, IOMAP_MAPPED };
#define IOMAP_NULL_ADDR U64_MAX
struct iomap {
	u64 addr;
	loff_t offset;
	u64 length;
	u16 type;
	u16 flags;
	struct dax_device *dax_dev;
};
