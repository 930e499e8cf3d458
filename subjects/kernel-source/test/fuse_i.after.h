/* SPDX-License-Identifier: Apache-2.0 */
/* Ours, not the kernel's file: a header after a patch that changes two functions which stand close together. */
int unrelated(int n);

#if IS_ENABLED(CONFIG_FUSE_FAMFS_DAX)
void __famfs_meta_free(void *map);

static inline void *famfs_meta_set(struct fuse_inode *fi, void *map)
{
#if IS_ENABLED(CONFIG_FUSE_FAMFS_DAX)
	return cmpxchg(&fi->famfs_meta, NULL, map);
#else
	return NULL;
#endif
}

static inline void famfs_meta_free(struct fuse_inode *fi)
{
	__famfs_meta_free(fi->famfs_meta);
	famfs_meta_set(fi, NULL);
}
#endif
