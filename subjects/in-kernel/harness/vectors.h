/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once
#include <linux/types.h>

/* A message, and the result of the revision's parser. */
struct fmapspec_vector {
	const char *name;
	const char *rule;
	const char *message;
	u32 length;
	u32 fail_allocation; /* the n-th allocation fails; 0: none */
	s32 rc;
	const char *map; /* the map record of an accepted message */
	u32 map_length;
	u32 leaked; /* objects that the revision leaks */
};
