// SPDX-License-Identifier: Apache-2.0
/* A parser that commits one crime for each message, the one that file_type names: what does the harness see of it? */
#include "fuse_i.h"

struct famfs_meta_simple_ext {
	u64 dev_index, ext_offset, ext_len;
};

struct famfs_file_meta {
	u32 file_type;
	size_t file_size, fm_nextents;
	u64 dev_bitmap;
	struct famfs_meta_simple_ext *se;
};

void __famfs_meta_free(void *meta)
{
	kfree(meta);
}

static int famfs_fuse_meta_alloc(const struct fuse_famfs_fmap_header *head, size_t size, struct famfs_file_meta **result)
{
	struct famfs_file_meta *meta __free(kfree) = kzalloc_obj(*meta);
	const unsigned char *bytes = (const void *)head;
	volatile int one = 1;
	size_t i;
	u64 sum = 0;

	switch (head->file_type) {
	case 1: /* reads one byte too far */
		sum += bytes[size];
		break;
	case 2: /* the same in a call of the C library's */
		memcpy(meta, bytes, size + one);
		break;
	case 3: /* frees twice, and hands it out */
		kfree(meta);
		kfree(meta);
		*result = no_free_ptr(meta);
		return 0;
	case 4: /* frees what is not its own */
		kfree(bytes);
		break;
	case 5: /* does not look at what kmalloc gave */
		kfree(meta);
		meta = kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL);
		meta->file_size = 1;
		break;
	case 6: /* points to nowhere */
		sum += *(volatile u64 *)(0x700000000000 + head->file_size);
		break;
	case 7:
		BUG_ON(one);
		break;
	case 8:
		if (WARN_ON_ONCE(one))
			return -EIO;
		break;
	case 9: /* uses after it freed */
		kfree(meta);
		sum += meta->file_size;
		retain_and_null_ptr(meta);
		return sum ? -EIO : -EINVAL;
	case 10:
		sum = INT_MAX + one;
		break;
	case 11: /* runs off */
		for (i = 0; i < (64 << 20); i++)
			sum += bytes[i];
		break;
	case 12:
		sum = 1 / (one - 1);
		break;
	case 13: /* touches what kmalloc(0) gave */
		meta->se = kmalloc(0, GFP_KERNEL);
		kfree(meta->se);
		sum += ((volatile u8 *)meta->se)[0];
		break;
	case 14: /* more than a u32 of bytes, over the limits of each allocator */
		if (kcalloc(SIZE_MAX, 2, GFP_KERNEL) || kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL))
			return -EIO;
		break;
	case 15: /* points into the message, which is gone afterwards */
		meta->fm_nextents = 1000;
		meta->se = (void *)bytes;
		break;
	case 16: /* writes one item too many */
		meta->se = kcalloc(2, sizeof(*meta->se), GFP_KERNEL);
		for (i = 0; i <= 2; i++)
			meta->se[i].ext_len = 1;
		break;
	case 17: /* writes in front of its object, where malloc() keeps its books */
		memset((char *)meta - 64, 0, 64);
		break;
	}
	meta->file_type = sum;
	*result = no_free_ptr(meta);
	return 0;
}

int famfs_file_init_dax(struct fuse_mount *fm, struct inode *inode, void *fmap_buf, size_t fmap_size)
{
	struct famfs_file_meta *meta = NULL;
	int rc = famfs_fuse_meta_alloc(fmap_buf, fmap_size, &meta);

	if (rc) {
		inode_unlock(inode);
		return rc;
	}
	get_fuse_inode(inode)->famfs_meta = meta;
	return 0;
}
