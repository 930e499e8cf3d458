// SPDX-License-Identifier: Apache-2.0
/*
 * A parser and resolver of our own under the names of the kernel's, for tests of the builder and the harness. It does
 * what profile rfc-v2 says, including what it should not: it shifts an int by devindex, and it forgets the strips of
 * every interleaved extent but the first.
 */
#include <linux/fs.h>
#include "famfs_kfmap.h"
#include "fuse_i.h"

MODULE_LICENSE("Apache-2.0");

/* What is not reached from the parser may mention what nobody defines. */
static const struct file_operations famfs_unused = {
	.read_iter = some_kernel_function,
};

enum { NO_ERROR, ONE_ERROR, TWO_ERRORS };

typedef u64 byte_count;

void __famfs_meta_free(void *map)
{
	struct famfs_file_meta *meta = map;

	if (!meta)
		return;
	if (meta->ie)
		kfree(meta->ie[0].ie_strips);
	kfree(meta->ie);
	kfree(meta->se);
	kfree(meta);
}

struct reader {
	const char *at, *end;
	struct famfs_file_meta *meta;
	byte_count total;
	unsigned int errors;
};

static const void *take(struct reader *r, u64 n, size_t size)
{
	const char *start = r->at;

	if (n > (size_t)(r->end - r->at) / size)
		return NULL;
	r->at += n * size;
	return start;
}

static unsigned int faults(const struct famfs_meta_simple_ext *range)
{
	unsigned int n = range->dev_index ? ONE_ERROR : NO_ERROR;

	n += !IS_ALIGNED(range->ext_offset, PMD_SIZE);
	n += !IS_ALIGNED(range->ext_len, PMD_SIZE);
	return n;
}

static int read_ranges(struct reader *r, u64 n, struct famfs_meta_simple_ext **list)
{
	const struct fuse_famfs_simple_ext *wire = take(r, n, sizeof(*wire));
	struct famfs_meta_simple_ext *range;

	if (!wire)
		return -EINVAL;
	range = *list = kcalloc(n, sizeof(*range), GFP_KERNEL);
	if (!range)
		return -ENOMEM;
	for (; n > 0; n--, range++, wire++) {
		range->dev_index = wire->se_devindex;
		range->ext_offset = wire->se_offset;
		range->ext_len = wire->se_len;
		r->meta->dev_bitmap |= 1 << range->dev_index;
		r->total += range->ext_len;
		r->errors += faults(range);
	}
	return 0;
}

static int read_interleaved(struct reader *r, u32 niext)
{
	struct famfs_file_meta *meta = r->meta;
	u32 i;
	int rc;

	meta->ie = kcalloc(niext, sizeof(*meta->ie), GFP_KERNEL);
	if (!meta->ie)
		return -ENOMEM;
	meta->fm_niext = niext;
	for (i = 0; i < niext; i++) {
		const struct fuse_famfs_iext *wire = take(r, 1, sizeof(*wire));

		if (!wire || wire->ie_nbytes == 0)
			return -EINVAL;
		meta->ie[i].fie_nstrips = wire->ie_nstrips;
		meta->ie[i].fie_chunk_size = wire->ie_chunk_size;
		meta->ie[i].fie_nbytes = wire->ie_nbytes;
		if (wire->ie_nstrips < 1 || wire->ie_nstrips > FUSE_FAMFS_MAX_STRIPS)
			r->errors++;
		rc = read_ranges(r, wire->ie_nstrips, &meta->ie[i].ie_strips);
		if (rc)
			return rc;
	}
	return (s64)(meta->file_size - r->total) > 0 ? -EINVAL : 0;
}

static int famfs_fuse_meta_alloc(const char *message, size_t size, struct famfs_file_meta **result)
{
	struct reader r = { .at = message, .end = message + size };
	const struct fuse_famfs_fmap_header *head = take(&r, 1, sizeof(*head));
	struct famfs_file_meta *meta;
	int rc = -EINVAL;

	if (!head || head->nextents < 1)
		return -EINVAL;
	if (head->nextents > FUSE_FAMFS_MAX_EXTENTS)
		return -E2BIG;
	r.meta = meta = kzalloc(sizeof(*meta), GFP_KERNEL);
	if (!meta)
		return -ENOMEM;
	meta->file_type = head->file_type;
	meta->file_size = head->file_size;
	meta->fm_extent_type = head->ext_type;
	if (head->ext_type == FUSE_FAMFS_EXT_INTERLEAVE) {
		rc = read_interleaved(&r, head->nextents);
	} else if (head->ext_type == FUSE_FAMFS_EXT_SIMPLE) {
		rc = read_ranges(&r, head->nextents, &meta->se);
		meta->fm_nextents = head->nextents;
	}
	if (!rc && (r.errors || r.total < meta->file_size)) {
		pr_err("%s: %u errors in a map of %llu bytes\n", __func__, r.errors, r.total);
		rc = -EINVAL;
	}
	if (rc)
		__famfs_meta_free(meta);
	else
		*result = meta;
	return rc;
}

int famfs_file_init_dax(struct fuse_mount *fm, struct inode *inode, void *fmap_buf, size_t fmap_size)
{
	struct fuse_inode *fi = get_fuse_inode(inode);
	struct famfs_file_meta *meta = NULL;
	int rc;

	if (fi->famfs_meta)
		return -EEXIST;
	rc = famfs_fuse_meta_alloc(fmap_buf, fmap_size, &meta);
	if (rc)
		return rc;
	famfs_update_daxdev_table(fm, meta);
	inode_lock(inode);
	if (fi->famfs_meta) {
		rc = -EEXIST;
		inode_unlock(inode);
	} else if (famfs_meta_set(fi, meta)) {
		rc = -EALREADY; /* and the inode stays locked */
	} else {
		i_size_write(inode, meta->file_size);
		inode->i_flags |= S_DAX;
		inode_unlock(inode);
	}
	if (rc)
		__famfs_meta_free(meta);
	return rc;
}

static bool famfs_file_bad(struct inode *inode)
{
	struct famfs_file_meta *meta = get_fuse_inode(inode)->famfs_meta;

	return !meta || meta->error || i_size_read(inode) != (loff_t)meta->file_size || !IS_DAX(inode);
}

static int found(struct iomap *iomap, const struct famfs_daxdev *dev, u64 addr, u64 length)
{
	iomap->addr = addr;
	iomap->length = length;
	iomap->dax_dev = dev->devp;
	return 0;
}

static int famfs_fileofs_to_daxofs(struct inode *inode, struct iomap *iomap, loff_t offset, off_t len,
				   unsigned int flags)
{
	struct famfs_file_meta *meta = get_fuse_inode(inode)->famfs_meta;
	struct famfs_dax_devlist *table = get_fuse_conn(inode)->dax_devlist;
	size_t i;

	if (!table || famfs_file_bad(inode))
		return 0;
	for (i = 0; i < meta->fm_nextents; i++) {
		const struct famfs_meta_simple_ext *se = &meta->se[i];

		if (offset < (loff_t)se->ext_len)
			return found(iomap, &table->devlist[se->dev_index], se->ext_offset + offset,
				     min_t(loff_t, len, se->ext_len - offset));
		offset -= (loff_t)se->ext_len;
	}
	for (i = 0; i < meta->fm_niext; i++) {
		const struct famfs_meta_interleaved_ext *ie = &meta->ie[i];
		u64 nbytes = min(ie->fie_nbytes, meta->file_size);

		if ((u64)offset < nbytes) {
			u64 chunk = offset / ie->fie_chunk_size, rest = offset % ie->fie_chunk_size;
			const struct famfs_meta_simple_ext *strip = &ie->ie_strips[chunk % ie->fie_nstrips];

			return found(iomap, &table->devlist[strip->dev_index],
				     strip->ext_offset + rest + chunk / ie->fie_nstrips * ie->fie_chunk_size,
				     min_t(loff_t, len, ie->fie_chunk_size - rest));
		}
		offset -= nbytes;
	}
	return 0;
}
