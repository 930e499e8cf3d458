/* SPDX-License-Identifier: Apache-2.0 */
/* A map of simple extents only, as later revisions have it. Ours, not the kernel's file. */
#pragma once
#define MAX_DAXDEVS 24

struct famfs_meta_simple_ext {
	u64 dev_index, ext_offset, ext_len;
};

struct famfs_file_meta {
	bool error;
	u32 file_type, ext_shift;
	size_t file_size, fm_nextents;
	u64 dev_bitmap;
	struct famfs_meta_simple_ext *se;
};

struct famfs_daxdev {
	bool valid, error, dax_err;
	dev_t devno;
	struct dax_device *devp;
	char *name;
};

struct famfs_dax_devlist {
	int nslots;
	struct famfs_daxdev *devlist;
};
