/* SPDX-License-Identifier: Apache-2.0 */
/* The map in memory, as large as the kernel's: 48, 24 and 32 bytes. Ours, not the kernel's file. */
#pragma once

struct famfs_meta_simple_ext {
	u64 dev_index, ext_offset, ext_len;
};

struct famfs_meta_interleaved_ext {
	u64 fie_nstrips, fie_chunk_size, fie_nbytes;
	struct famfs_meta_simple_ext *ie_strips;
};

struct famfs_file_meta {
	bool error;
	u32 file_type, fm_extent_type, ext_shift;
	u64 file_size, dev_bitmap;
	union {
		struct {
			size_t fm_nextents;
			struct famfs_meta_simple_ext *se;
		};
		struct {
			size_t fm_niext;
			struct famfs_meta_interleaved_ext *ie;
		};
	};
};
