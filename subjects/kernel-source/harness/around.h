/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What stands around a GET_FMAP parser in a process and in a kernel alike: allocators of the ledger, locks that do
 * nothing, and inodes, with which the scenes are played without fs/fuse. The kernel.h that includes it has the rest.
 */
#pragma once

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
#define pr_debug(...) ((void)0)
#define printk fmapspec_unprinted

/* Memory; the allocators themselves are the ledger's. */
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

static inline void *fmapspec_memdup(const void *from, size_t size)
{
	void *copy = kmalloc(size, GFP_KERNEL);

	return copy ? memcpy(copy, from, size) : NULL;
}
#define kmemdup(from, size, gfp) fmapspec_memdup(from, size)

/* Scope-based cleanup, which the oldest kernels do not have and which must use the ledger */
#define __free(name) __attribute__((cleanup(fmapspec_cleanup_##name)))
#define DEFINE_FREE(name, type, statement) \
	static inline void fmapspec_cleanup_##name(void *variable) { type _T = *(type *)variable; statement; }
#define no_free_ptr(pointer) ({ typeof(pointer) kept_ = (pointer); (pointer) = NULL; kept_; })
#define retain_and_null_ptr(pointer) ((void)no_free_ptr(pointer))
#define return_ptr(pointer) return no_free_ptr(pointer)
DEFINE_FREE(kfree, void *, kfree(_T))
DEFINE_FREE(kvfree, void *, kvfree(_T))

/* Locks: one thread at a time runs the parser, on objects that nobody else knows; only the inode's means something. */
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
