/* SPDX-License-Identifier: Apache-2.0 */
/* Ours, not the kernel's file: a header before a patch that changes two functions which stand close together. */
int unrelated(int n);

#if IS_ENABLED(CONFIG_FUSE_FAMFS_DAX)
static inline void *famfs_meta_set(struct fuse_inode *fi, void *map)
{
#if IS_ENABLED(CONFIG_FUSE_FAMFS_DAX)
	return xchg(&fi->famfs_meta, map);
#else
	return NULL;
#endif
}

static inline void famfs_meta_free(struct fuse_inode *fi)
{
	/* not yet */
}
#endif
