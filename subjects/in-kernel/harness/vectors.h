/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once
#include <linux/types.h>

/* A message and what the revision's parser does with it. */
struct fmapspec_vector {
	const char *name;
	const char *rule;
	const char *message;
	u32 length;
	u32 fail_allocation; /* the n-th allocation fails; 0: none */
	s32 rc;
	const char *map; /* the map record, of accepted messages */
	u32 map_length;
	u32 leaked; /* objects that the revision leaves behind */
};
