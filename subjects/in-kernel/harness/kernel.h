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

/*
 * The ledger must know every object, and millions of refused messages would drive the reports out of the log: what the
 * kernel has of this gives way to ours.
 */
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
#undef kmalloc_obj
#undef kzalloc_obj
#undef kmalloc_objs
#undef kzalloc_objs
#undef __free
#undef DEFINE_FREE
#undef no_free_ptr
#undef retain_and_null_ptr
#undef return_ptr
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
#undef cmpxchg
#undef xchg
#undef S_DAX
#undef IS_DAX
#undef i_size_read
#undef i_size_write
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
#include "around.h"
