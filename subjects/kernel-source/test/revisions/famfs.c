// SPDX-License-Identifier: Apache-2.0
/*
 * Parser, installation and resolver of every revision, written from facts/revisions.md: a second opinion in C on what
 * the oracle says. FAMFS_REVISION is 1 (rfc-v1), 2 (rfc-v2), 3, 4, 7, 10, 11 (simple-only) or 12 (dual-ext).
 */
#include <linux/fs.h>
#include "famfs_kfmap.h"
#include "fuse_i.h"

#define SINCE(n) (FAMFS_REVISION >= (n))
#define INTERLEAVES (FAMFS_REVISION != 11)
#define MOST_EXTENTS (SINCE(11) ? U32_MAX : SINCE(2) ? 32 : 2)
#define MOST_STRIPS (SINCE(2) ? 32 : 16)
#define UNIT (SINCE(12) ? PAGE_SIZE : PMD_SIZE)
#define DEVICES (SINCE(12) ? 64 : 1)
#define NOTHING_FOUND (SINCE(4) ? -EIO : 0)

struct reader {
	const char *at, *end;
	struct famfs_file_meta *meta;
	size_t total;
	unsigned int errors;
};

void __famfs_meta_free(void *map)
{
	struct famfs_file_meta *meta = map;

	if (!meta)
		return;
	if (meta->fm_extent_type == FUSE_FAMFS_EXT_SIMPLE) {
		kfree(meta->se);
	} else if (INTERLEAVES && meta->fm_extent_type == FUSE_FAMFS_EXT_INTERLEAVE) {
		for (size_t i = 0; meta->ie && i < (SINCE(7) ? meta->fm_niext : 1); i++)
			kfree(meta->ie[i].ie_strips);
		kfree(meta->ie);
	}
	kfree(meta);
}

static const void *take(struct reader *r, u64 n, size_t size)
{
	const char *start = r->at;

	if (n > (size_t)(r->end - r->at) / size)
		return NULL;
	r->at += n * size;
	return start;
}

static int read_ranges(struct reader *r, u64 n, struct famfs_meta_simple_ext **list)
{
	const struct fuse_famfs_simple_ext *wire = take(r, n, sizeof(*wire));
	struct famfs_meta_simple_ext *range;
	u64 end;

	if (!wire)
		return -EINVAL;
	range = *list = kcalloc(n, sizeof(*range), GFP_KERNEL);
	if (!range)
		return -ENOMEM;
	for (; n > 0; n--, range++, wire++) {
		*range = (struct famfs_meta_simple_ext){ wire->se_devindex, wire->se_offset, wire->se_len };
#if FAMFS_REVISION >= 11
		r->meta->dev_bitmap |= BIT_ULL(range->dev_index);
#else
		r->meta->dev_bitmap |= (1 << range->dev_index);
#endif
		r->errors += range->dev_index >= DEVICES;
		r->errors += !IS_ALIGNED(range->ext_offset, UNIT);
		r->errors += !IS_ALIGNED(range->ext_len, UNIT);
		if (SINCE(12) && check_add_overflow(range->ext_offset, range->ext_len, &end))
			return -EINVAL;
		if (check_add_overflow(r->total, range->ext_len, &r->total) && SINCE(12))
			return -EINVAL;
	}
	return 0;
}

static bool strips_hold(const struct famfs_meta_interleaved_ext *ie)
{
	u64 whole = ie->fie_nbytes / ie->fie_chunk_size;
	u64 rest = ie->fie_nbytes % ie->fie_chunk_size;

	for (u64 j = 0; j < ie->fie_nstrips; j++) {
		u64 chunks = whole / ie->fie_nstrips + (j < whole % ie->fie_nstrips);
		u64 needed = chunks * ie->fie_chunk_size + (j == whole % ie->fie_nstrips ? rest : 0);

		if (ie->ie_strips[j].ext_len < needed)
			return false;
	}
	return true;
}

static int read_head(struct reader *r, struct famfs_meta_interleaved_ext *ie)
{
	const struct fuse_famfs_iext *wire = take(r, 1, sizeof(*wire));
	int rc;

	if (!wire)
		return -EINVAL;
	if (SINCE(12) && wire->ie_chunk_size != PAGE_SIZE && wire->ie_chunk_size != PMD_SIZE)
		return -EINVAL;
	if (SINCE(7) && !SINCE(12) && !IS_ALIGNED(wire->ie_chunk_size, PMD_SIZE))
		return -EINVAL;
	if (wire->ie_nbytes == 0 || (SINCE(12) && wire->ie_nbytes > MAX_LFS_FILESIZE))
		return -EINVAL;
	if (SINCE(12) && wire->ie_nstrips < 1)
		return -EINVAL;
	if (!SINCE(12) && (wire->ie_nstrips < 1 || wire->ie_nstrips > MOST_STRIPS))
		r->errors++;
	ie->fie_nstrips = wire->ie_nstrips;
	ie->fie_chunk_size = wire->ie_chunk_size;
	ie->fie_nbytes = wire->ie_nbytes;
	rc = read_ranges(r, wire->ie_nstrips, &ie->ie_strips);
	return rc == 0 && SINCE(12) && !strips_hold(ie) ? -EINVAL : rc;
}

static int read_interleaved(struct reader *r, int niext)
{
	struct famfs_file_meta *meta = r->meta;
	u64 served = 0;

	meta->fm_niext = niext;
	meta->ie = kcalloc(niext, sizeof(*meta->ie), GFP_KERNEL);
	if (!meta->ie)
		return -ENOMEM;
	for (int i = 0; i < niext; i++) {
		int rc = read_head(r, &meta->ie[i]);

		if (rc)
			return rc;
		if (check_add_overflow(served, meta->ie[i].fie_nbytes, &served) && SINCE(12))
			return -EINVAL;
	}
	if (SINCE(12))
		return served < meta->file_size ? -EINVAL : 0;
	return (s64)(meta->file_size - r->total) > 0 ? -EINVAL : 0;
}

static int read_map(struct reader *r, const struct fuse_famfs_fmap_header *head)
{
	if (head->ext_type == FUSE_FAMFS_EXT_SIMPLE) {
		r->meta->fm_nextents = head->nextents;
		return read_ranges(r, head->nextents, &r->meta->se);
	}
	if (INTERLEAVES && head->ext_type == FUSE_FAMFS_EXT_INTERLEAVE)
		return read_interleaved(r, head->nextents);
	return -EINVAL;
}

static int famfs_fuse_meta_alloc(const char *message, size_t size, struct famfs_file_meta **result)
{
	struct reader r = { .at = message, .end = message + size };
	const struct fuse_famfs_fmap_header *head = take(&r, 1, sizeof(*head));
	struct famfs_file_meta *meta;
	int rc;

	if (!head)
		return -EINVAL;
	if (head->nextents < 1)
		return SINCE(10) ? -ERANGE : -EINVAL;
	if (head->nextents > MOST_EXTENTS)
		return SINCE(10) ? -ERANGE : -E2BIG;
	if (SINCE(12) && head->file_size > MAX_LFS_FILESIZE)
		return -EINVAL;
	r.meta = meta = kzalloc(sizeof(*meta), GFP_KERNEL);
	if (!meta)
		return -ENOMEM;
	meta->file_type = head->file_type;
	meta->file_size = head->file_size;
	meta->fm_extent_type = head->ext_type;
	rc = read_map(&r, head);
	if (!rc && (r.errors || r.total < meta->file_size))
		rc = -EINVAL;
	if (rc)
		__famfs_meta_free(meta);
	else
		*result = meta;
	return rc;
}

/* Publishes the map under the inode's lock; up to rfc-v2 with a look before, whose failure leaves the lock behind. */
static int publish(struct fuse_inode *fi, struct inode *inode, struct famfs_file_meta *meta)
{
	inode_lock(inode);
	if (!SINCE(3) && fi->famfs_meta) {
		inode_unlock(inode);
		return -EEXIST;
	}
	if (famfs_meta_set(fi, meta) != NULL) {
		if (!SINCE(3))
			return -EALREADY;
		inode_unlock(inode);
		return -EEXIST;
	}
	i_size_write(inode, meta->file_size);
	inode->i_flags |= S_DAX;
	inode_unlock(inode);
	return 0;
}

int famfs_file_init_dax(struct fuse_mount *fm, struct inode *inode, void *fmap_buf, size_t fmap_size)
{
	struct fuse_inode *fi = get_fuse_inode(inode);
	struct famfs_file_meta *meta = NULL;
	int rc;

	if (fi->famfs_meta)
		return SINCE(3) ? 0 : -EEXIST;
	rc = famfs_fuse_meta_alloc(fmap_buf, fmap_size, &meta);
	if (rc) {
		if (FAMFS_REVISION == 4)
			inode_unlock(inode);
		return rc;
	}
	rc = publish(fi, inode, meta);
	if (rc && FAMFS_REVISION != 4)
		__famfs_meta_free(meta);
	return SINCE(4) ? 0 : rc;
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

static int in_simple(struct famfs_file_meta *meta, const struct famfs_dax_devlist *table, struct iomap *iomap,
		     loff_t offset, off_t len)
{
	for (size_t i = 0; i < meta->fm_nextents; i++) {
		const struct famfs_meta_simple_ext *se = &meta->se[i];
		loff_t start = se->ext_offset, length = se->ext_len;

		if (SINCE(11) ? (u64)offset < se->ext_len : offset < length) {
			loff_t rest = length - offset;

			return found(iomap, &table->devlist[se->dev_index], start + offset, min_t(loff_t, len, rest));
		}
		if (SINCE(11))
			offset = (u64)offset - se->ext_len;
		else
			offset -= length;
	}
	return NOTHING_FOUND;
}

static int in_interleaved(struct famfs_file_meta *meta, const struct famfs_dax_devlist *table,
			  struct iomap *iomap, u64 offset, off_t len)
{
	for (size_t i = 0; i < meta->fm_niext; i++) {
		const struct famfs_meta_interleaved_ext *ie = &meta->ie[i];
		u64 nbytes = min(ie->fie_nbytes, meta->file_size);

		if (nbytes == 0)
			break;
		if (offset < nbytes) {
			u64 chunk = offset / ie->fie_chunk_size, rest = offset % ie->fie_chunk_size;
			const struct famfs_meta_simple_ext *strip = &ie->ie_strips[chunk % ie->fie_nstrips];

			return found(iomap, &table->devlist[strip->dev_index],
				     strip->ext_offset + rest + chunk / ie->fie_nstrips * ie->fie_chunk_size,
				     min_t(loff_t, len, ie->fie_chunk_size - rest));
		}
		offset -= nbytes;
	}
	return NOTHING_FOUND;
}

static int famfs_fileofs_to_daxofs(struct inode *inode, struct iomap *iomap, loff_t offset, off_t len,
				   unsigned int flags)
{
	struct famfs_file_meta *meta = get_fuse_inode(inode)->famfs_meta;
	struct famfs_dax_devlist *table = get_fuse_conn(inode)->dax_devlist;

	if (!table || famfs_file_bad(inode))
		return NOTHING_FOUND;
	if (meta->fm_extent_type == FUSE_FAMFS_EXT_SIMPLE)
		return in_simple(meta, table, iomap, offset, len);
	return in_interleaved(meta, table, iomap, offset, len);
}
