/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Blocks of just their length, so that KASAN sees a read past the end of a message; the ledger does not count them. */
#pragma once
#include <linux/slab.h>

static inline void *fmapspec_malloc(size_t size) { return kmalloc(size, GFP_KERNEL); }
static inline void fmapspec_free(const void *block) { kfree(block); }
#define malloc(size) fmapspec_malloc(size)
#define free(block) fmapspec_free(block)
