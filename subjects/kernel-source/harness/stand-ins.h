/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Definitions that a source may have; ours are used only if it does not. */

struct famfs_daxdev {
	bool valid;
	bool error;
	struct dax_device *devp;
	char *name;
};

struct famfs_dax_devlist {
	int nslots;
	int ndevs;
	struct famfs_daxdev *devlist;
};

static inline void *famfs_meta_set(struct fuse_inode *fi, void *meta)
{
	return cmpxchg(&fi->famfs_meta, NULL, meta);
}

static inline void famfs_meta_free(struct fuse_inode *fi)
{
	__famfs_meta_free(fi->famfs_meta);
	fi->famfs_meta = NULL;
}
