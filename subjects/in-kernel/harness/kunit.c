/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Calls the parser with each vector: verdict and errno, map, leaked objects, and reports of the kernel's checkers. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include "judge.h"
#include "log.h"
#include "replies.h"
#include "vectors.h"
#include "watch.h"

static void fmapspec_check(struct kunit *test);
static void fmapspec_hazard(struct kunit *test);

static void name_of(const struct fmapspec_vector *v, char *name)
{
	strscpy(name, v->name, KUNIT_PARAM_DESC_SIZE);
}

#include "cases.h"

/* The observations of the last vector. */
static struct fmapspec_observation observed;
static s32 rc;
static const char *map;
static size_t map_length;

static void put(struct kunit *test, const struct fmapspec_vector *v)
{
	const struct fmapspec_ask ask = { .failAllocation = v->fail_allocation };
	const char *reply;
	size_t length;

	if (PMD_SIZE != 2ul << 20)
		kunit_skip(test, "this kernel maps by %lu bytes, the messages are made for 2 MiB", PMD_SIZE);
	fmapspec_log_begin();
	reply_clear(false);
	judge(&ask, NULL, v->message, v->length);
	reply = reply_text();
	length = reply_length();
	memcpy(&rc, reply, sizeof(rc));
	map = reply + sizeof(rc);
	map_length = length - sizeof(rc) - sizeof(observed);
	memcpy(&observed, reply + length - sizeof(observed), sizeof(observed));
}

/* A requirement: the revision's verdict and map, and no leak beyond the revision's known ones. */
static void fmapspec_check(struct kunit *test)
{
	const struct fmapspec_vector *v = test->param_value;

	put(test, v);
	KUNIT_EXPECT_EQ_MSG(test, rc, v->rc, "%s: the errno differs", v->rule);
	if (rc == 0 && v->rc == 0) {
		KUNIT_EXPECT_EQ_MSG(test, map_length, (size_t)v->map_length, "%s: the map has another length", v->rule);
		if (map_length == v->map_length)
			KUNIT_EXPECT_TRUE_MSG(test, !memcmp(map, v->map, map_length), "%s: the map differs", v->rule);
	}
	KUNIT_EXPECT_LE_MSG(test, observed.leaked, v->leaked, "%s: objects are left behind", v->rule);
	KUNIT_EXPECT_EQ_MSG(test, observed.shifts + observed.otherUb, 0u, "%s: undefined behaviour", v->rule);
	KUNIT_EXPECT_EQ_MSG(test, observed.asan, 0u, "%s: memory that is not the parser's is touched", v->rule);
}

/* A known hazard of the revision: the case fails until the parser is fixed. */
static void fmapspec_hazard(struct kunit *test)
{
	const struct fmapspec_vector *v = test->param_value;

	put(test, v);
	KUNIT_EXPECT_EQ_MSG(test, observed.leaked, 0u, "%s: objects are left behind", v->rule);
	KUNIT_EXPECT_EQ_MSG(test, observed.shifts, 0u, "%s: an undefined shift", v->rule);
	KUNIT_EXPECT_LE_MSG(test, (size_t)observed.allocatedBytes, (size_t)FMAPSPEC_PAID * v->length,
			    "%s: the message does not pay for what is allocated", v->rule);
	KUNIT_EXPECT_EQ_MSG(test, observed.otherUb + observed.asan, 0u, "%s: reported by the kernel's checkers", v->rule);
}

MODULE_DESCRIPTION("Vectors for the GET_FMAP parser of famfs");
MODULE_LICENSE("GPL");
