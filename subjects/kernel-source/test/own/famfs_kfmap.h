/* SPDX-License-Identifier: Apache-2.0 */
/* The map in memory, with the field names that the harness reads it by. Ours, not the kernel's file. */
#ifndef FAMFS_KFMAP_H
#define FAMFS_KFMAP_H

struct famfs_meta_simple_ext {
	u64 dev_index, ext_offset, ext_len;
};

struct famfs_meta_interleaved_ext {
	u64 fie_nstrips, fie_chunk_size, fie_nbytes;
	struct famfs_meta_simple_ext *ie_strips;
};

struct famfs_file_meta {
	bool error;
	u32 file_type;
	u32 fm_extent_type; /* as on the wire */
	u64 file_size, dev_bitmap;
	size_t fm_nextents, fm_niext;
	struct famfs_meta_simple_ext *se;
	struct famfs_meta_interleaved_ext *ie;
};

#endif
