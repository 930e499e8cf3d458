/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Writes the map record of the frames protocol from a map in the source's own structs. Included behind the source's text,
 * and behind reply_u32(), reply_u64() and ledger_size().
 */

/* The map's number of items, limited to one item more than its list has room for: enough to show the error. */
static size_t bounded_count(size_t n, const void *list, size_t item)
{
	size_t room = ledger_size(list) / item;
	return n > room ? room + 1 : n;
}

static void reply_ranges(const struct famfs_meta_simple_ext *list, size_t n)
{
	static const struct famfs_meta_simple_ext none;
	size_t room = ledger_size(list) / sizeof none;
	for (size_t i = 0; i < n; i++) {
		const struct famfs_meta_simple_ext *range = i < room ? &list[i] : &none;
		reply_u64(range->dev_index);
		reply_u64(range->ext_offset);
		reply_u64(range->ext_len);
	}
}

#ifdef FMAPSPEC_INTERLEAVED
static void reply_interleaved(const struct famfs_meta_interleaved_ext *list, size_t n)
{
	static const struct famfs_meta_interleaved_ext none;
	size_t room = ledger_size(list) / sizeof none;
	for (size_t i = 0; i < n; i++) {
		const struct famfs_meta_interleaved_ext *ie = i < room ? &list[i] : &none;
		size_t nstrips = bounded_count(ie->fie_nstrips, ie->ie_strips, sizeof *ie->ie_strips);
		reply_u64(ie->fie_chunk_size);
		reply_u64(ie->fie_nbytes);
		reply_u64(nstrips);
		reply_ranges(ie->ie_strips, nstrips);
	}
}
#endif

static void reply_map(const struct famfs_file_meta *map)
{
	static const struct famfs_file_meta none;
	if (ledger_size(map) < sizeof *map)
		map = &none;
	uint32_t type = 0;
	size_t n = bounded_count(map->fm_nextents, map->se, sizeof *map->se);
#ifdef FMAPSPEC_INTERLEAVED
	type = map->fm_extent_type;
	if (type == FMAPSPEC_EXT_INTERLEAVE)
		n = bounded_count(map->fm_niext, map->ie, sizeof *map->ie);
#endif
	reply_u32(map->file_type);
	reply_u32(type);
	reply_u64(map->file_size);
	reply_u64(map->dev_bitmap);
	reply_u32(n);
	reply_u32(0);
#ifdef FMAPSPEC_INTERLEAVED
	if (type == FMAPSPEC_EXT_INTERLEAVE) {
		reply_interleaved(map->ie, n);
		return;
	}
#endif
	reply_ranges(map->se, n);
}
