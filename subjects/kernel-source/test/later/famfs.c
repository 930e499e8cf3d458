// SPDX-License-Identifier: Apache-2.0
/*
 * A parser of our own with what later revisions of the kernel's use: scope-based cleanup and guards, checked sums, a
 * daxdev table that is filled beforehand, extents of one size that are found by a shift.
 */
#include "famfs_kfmap.h"
#include "fuse_i.h"

static const struct address_space_operations famfs_dax_aops = {
	.dirty_folio = noop_dirty_folio,
};

void __famfs_meta_free(void *map)
{
	struct famfs_file_meta *meta = map;

	kfree(meta->se);
	kfree(meta);
}
DEFINE_FREE(__famfs_meta_free, void *, if (_T) __famfs_meta_free(_T))

static u32 common_shift(const struct famfs_file_meta *meta)
{
	u64 size = meta->se[0].ext_len;

	for (size_t i = 1; i < meta->fm_nextents; i++)
		if (meta->se[i].ext_len != size)
			return 0;
	return is_power_of_2(size) ? ilog2(size) : 0;
}

static int famfs_fuse_meta_alloc(void *buf, size_t size, struct famfs_file_meta **metap)
{
	const struct fuse_famfs_fmap_header *head = buf;
	const struct fuse_famfs_simple_ext *wire = (const void *)(head + 1);
	size_t total = 0;

	if (size < sizeof(*head) || head->file_size > MAX_LFS_FILESIZE)
		return -EINVAL;
	if (head->nextents < 1)
		return -ERANGE;

	struct famfs_file_meta *meta __free(__famfs_meta_free) = kzalloc(sizeof(*meta), GFP_KERNEL);

	if (!meta)
		return -ENOMEM;
	meta->file_size = head->file_size;
	meta->fm_nextents = head->nextents;
	if (size_add(sizeof(*head), array_size(head->nextents, sizeof(*wire))) > size)
		return -EINVAL;
	meta->se = kcalloc(meta->fm_nextents, sizeof(*meta->se), GFP_KERNEL);
	if (!meta->se)
		return -ENOMEM;
	for (size_t i = 0; i < meta->fm_nextents; i++) {
		struct famfs_meta_simple_ext *se = &meta->se[i];

		*se = (struct famfs_meta_simple_ext){ wire[i].se_devindex, wire[i].se_offset, wire[i].se_len };
		if (se->dev_index >= MAX_DAXDEVS || !IS_ALIGNED(se->ext_len, PAGE_SIZE) ||
		    check_add_overflow(total, se->ext_len, &total))
			return -EINVAL;
		meta->dev_bitmap |= BIT_ULL(se->dev_index);
	}
	if (total < meta->file_size)
		return -EINVAL;
	meta->ext_shift = common_shift(meta);
	if (cmpxchg(metap, NULL, meta) != NULL) {
		pr_debug("%s: lost\n", __func__);
		return 0;
	}
	retain_and_null_ptr(meta);
	return 0;
}

static int famfs_check_daxdev_table(struct fuse_mount *fm, const struct famfs_file_meta *meta)
{
	struct fuse_conn *fc = fm->fc;

	scoped_guard(rwsem_read, &fc->famfs_devlist_sem) {
		unsigned long i;

		for_each_set_bit(i, (unsigned long *)&meta->dev_bitmap, MAX_DAXDEVS)
			if (!fc->dax_devlist->devlist[i].valid)
				return -ENODEV;
	}
	return 0;
}

int famfs_file_init_dax(struct fuse_mount *fm, struct inode *inode, void *buf, size_t size)
{
	struct fuse_inode *fi = get_fuse_inode(inode);
	struct famfs_file_meta *meta = NULL;
	int rc;

	if (fi->famfs_meta)
		return 0;
	rc = famfs_fuse_meta_alloc(buf, size, &meta);
	if (rc)
		return rc;
	if (famfs_check_daxdev_table(fm, meta))
		meta->error = true;
	inode_lock(inode);
	if (famfs_meta_set(fi, meta) == NULL) {
		i_size_write(inode, meta->file_size);
		inode->i_flags |= S_DAX;
		inode->i_data.a_ops = &famfs_dax_aops;
	} else {
		__famfs_meta_free(meta);
	}
	inode_unlock(inode);
	return 0;
}

static int famfs_fileofs_to_daxofs(struct inode *inode, struct iomap *iomap, loff_t offset, off_t len,
				   unsigned int flags)
{
	struct famfs_file_meta *meta = get_fuse_inode(inode)->famfs_meta;
	struct famfs_dax_devlist *table = get_fuse_conn(inode)->dax_devlist;
	u64 i = meta && meta->ext_shift ? (u64)offset >> meta->ext_shift : 0;
	u64 local = meta && meta->ext_shift ? offset & (BIT_ULL(meta->ext_shift) - 1) : (u64)offset;

	if (!table || !meta || meta->error || i >= meta->fm_nextents || local >= meta->se[i].ext_len)
		return -EIO;
	*iomap = (struct iomap){
		.addr = meta->se[i].ext_offset + local,
		.offset = offset,
		.length = min_t(u64, len, meta->se[i].ext_len - local),
		.dax_dev = table->devlist[meta->se[i].dev_index].devp,
		.type = IOMAP_MAPPED,
		.flags = flags,
	};
	return 0;
}
