/* SPDX-License-Identifier: Apache-2.0 */
/* One of the two parsers of differential.c: compiled once around the original (HEADER, SIDE=original), once around a mutant. */
#include <string.h>
#include HEADER
#include "side.h"

static struct fmap_range ranges[MAX_INPUT / FMAP_RANGE_BYTES];
static struct fmap map = { .ranges = ranges };

static uint8_t *words(uint8_t *to, const uint64_t *from, size_t n)
{
    memcpy(to, from, n * sizeof *from);
    return to + n * sizeof *from;
}

/* rc, and for an accepted message the map as the drivers tell it (docs/driver-protocol.md), in one record. */
size_t SIDE(const uint8_t *message, size_t size, uint8_t *record)
{
    int rc = fmap_parse(message, size, &map);
    uint8_t *end = words(record, (uint64_t[]){ (uint64_t)rc }, 1);
    if (rc) return end - record;
    end = words(end, (uint64_t[]){ map.file_type, map.ext_type, map.file_size, map.dev_bitmap, map.count }, 5);
    if (map.ext_type != FMAP_INTERLEAVED)
        return words(end, &map.ranges->dev, 3 * map.nranges) - record;
    for (uint32_t i = 0; i < map.count; i++) {
        const struct fmap_iext *x = &map.iext[i];
        end = words(end, (uint64_t[]){ x->chunk_size, x->nbytes, x->nstrips }, 3);
        end = words(end, &x->strips->dev, 3 * x->nstrips);
    }
    return end - record;
}
