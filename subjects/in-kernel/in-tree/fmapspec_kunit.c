/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Vectors for a parser; include this at the end of the parser's own file. It calls the static function unchanged, with the
 * kernel's own allocators. A report of UBSAN fails its case; the reports of KASAN and kmemleak are in the log.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "profile.h"
#include "vectors.h"

static void fmapspec_check(struct kunit *test);
#define fmapspec_hazard fmapspec_check

static void name_of(const struct fmapspec_vector *v, char *name)
{
	strscpy(name, v->name, KUNIT_PARAM_DESC_SIZE);
}

#include "cases.h"

/* The record of the parser's map, as far as there is room. */
static char fmapspec_record[FMAPSPEC_LONGEST_MAP];
static size_t fmapspec_length;

static void fmapspec_append(const void *bytes, size_t length)
{
	if (fmapspec_length + length <= sizeof(fmapspec_record))
		memcpy(fmapspec_record + fmapspec_length, bytes, length);
	fmapspec_length += length;
}

static void fmapspec_u32(u32 value) { fmapspec_append(&value, sizeof(value)); }
static void fmapspec_u64(u64 value) { fmapspec_append(&value, sizeof(value)); }

#define reply_u32 fmapspec_u32
#define reply_u64 fmapspec_u64
/* Allocations are not counted here; KASAN detects a list that is too short. */
#define ledger_size(object) SIZE_MAX
#include "map.c"

static void fmapspec_check(struct kunit *test)
{
	const struct fmapspec_vector *v = test->param_value;
	struct famfs_file_meta *map = NULL;
	void *message;
	int rc;

	if (PMD_SIZE != 2ul << 20)
		kunit_skip(test, "this kernel maps by %lu bytes, the messages are made for 2 MiB", PMD_SIZE);
	/* A separate block, so that a read past its end is detected. */
	message = kmemdup(v->message, v->length, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, message);
	rc = FMAPSPEC_PARSER(message, v->length, &map);
	kfree(message);
	KUNIT_EXPECT_EQ_MSG(test, rc, v->rc, "%s: the errno differs", v->rule);
	if (rc)
		return;
	fmapspec_length = 0;
	reply_map(map);
	__famfs_meta_free(map);
	if (v->rc)
		return;
	KUNIT_EXPECT_EQ_MSG(test, fmapspec_length, (size_t)v->map_length, "%s: the map has another length", v->rule);
	if (fmapspec_length == v->map_length)
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(fmapspec_record, v->map, v->map_length), "%s: the map differs",
				      v->rule);
}
