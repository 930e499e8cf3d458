/* SPDX-License-Identifier: Apache-2.0 */
/* A complete GET_FMAP parser: what the kernel of RFC v2 (profile rfc-v2) does with a message, bug for bug.
 * Never looked at: version, file type, reserved fields, trailing bytes, chunk size, overlap. */
#pragma once
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

enum { FMAP_MAX_EXTENTS = 32, FMAP_MAX_STRIPS = 32, FMAP_ALIGN = 2 << 20 }; /* a huge page on x86-64 */
enum { FMAP_SIMPLE = 0, FMAP_INTERLEAVED = 1 };
enum { FMAP_HEADER_BYTES = 32, FMAP_IEXT_BYTES = 24, FMAP_RANGE_BYTES = 24 };

struct fmap_range { uint64_t dev, offset, length; }; /* a simple extent, or a strip */
struct fmap_iext { uint64_t chunk_size, nbytes, nstrips; struct fmap_range *strips; };
struct fmap {
    uint32_t file_type, ext_type, count;
    uint64_t file_size, dev_bitmap;
    uint64_t total;            /* sum of all lengths; wraps silently, as in the kernel */
    unsigned errors;           /* faults that do not stop the parse, judged at its end */
    size_t nranges;            /* used entries of ranges */
    struct fmap_range *ranges; /* set by the caller; room for size / FMAP_RANGE_BYTES always suffices */
    struct fmap_iext iext[FMAP_MAX_EXTENTS]; /* their strips point into ranges */
};

/* Byte by byte: a message may start at any address, and the host may be big-endian. */
static inline uint32_t fmap_le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t fmap_le64(const uint8_t *p)
{
    return fmap_le32(p) | (uint64_t)fmap_le32(p + 4) << 32;
}

static inline void fmap_read_ranges(struct fmap *map, const uint8_t *wire, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++, wire += FMAP_RANGE_BYTES) {
        struct fmap_range *r = &map->ranges[map->nranges++];
        r->dev = fmap_le32(wire);
        r->offset = fmap_le64(wire + 8);
        r->length = fmap_le64(wire + 16);
        map->errors += r->dev != 0; /* this revision knows one device only */
        map->errors += r->offset % FMAP_ALIGN != 0;
        map->errors += r->length % FMAP_ALIGN != 0;
        map->dev_bitmap |= r->dev < 64 ? 1ull << r->dev : 0; /* a wider shift is undefined */
        map->total += r->length;
    }
}

/* Returns 0 and fills *map, or returns a negative errno and leaves *map half filled. */
static inline int fmap_parse(const uint8_t *msg, size_t size, struct fmap *map)
{
    uint64_t next = FMAP_HEADER_BYTES; /* where the next record starts; 24 * nstrips needs 64 bits */
    map->dev_bitmap = map->total = map->nranges = map->errors = 0;
    if (size < FMAP_HEADER_BYTES) return -EINVAL;
    map->file_type = msg[0];
    map->ext_type = fmap_le32(msg + 4);
    map->count = fmap_le32(msg + 8);
    map->file_size = fmap_le64(msg + 16);
    if (map->count < 1) return -EINVAL;
    if (map->count > FMAP_MAX_EXTENTS) return -E2BIG; /* even if ext_type is unknown */
    if (map->ext_type == FMAP_SIMPLE) {
        if (next + map->count * FMAP_RANGE_BYTES > size) return -EINVAL;
        fmap_read_ranges(map, msg + next, map->count);
    } else if (map->ext_type == FMAP_INTERLEAVED) {
        for (uint32_t i = 0; i < map->count; i++) {
            struct fmap_iext *x = &map->iext[i];
            if (next + FMAP_IEXT_BYTES > size) return -EINVAL;
            uint64_t nstrips = fmap_le32(msg + next);
            x->chunk_size = fmap_le32(msg + next + 4);
            x->nbytes = fmap_le64(msg + next + 8);
            if (x->nbytes == 0) return -EINVAL;
            next += FMAP_IEXT_BYTES;
            if (next + nstrips * FMAP_RANGE_BYTES > size) return -EINVAL;
            map->errors += nstrips < 1 || nstrips > FMAP_MAX_STRIPS; /* and still they are read */
            x->nstrips = nstrips;
            x->strips = map->ranges + map->nranges;
            fmap_read_ranges(map, msg + next, nstrips);
            next += nstrips * FMAP_RANGE_BYTES;
        }
        /* Signed: strips that exceed the file by more than 2^63 bytes look like too few. */
        if ((int64_t)(map->file_size - map->total) > 0) return -EINVAL;
    } else return -EINVAL; /* no other type exists */
    return map->errors > 0 || map->total < map->file_size ? -EINVAL : 0;
}
