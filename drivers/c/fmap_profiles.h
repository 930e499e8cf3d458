/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of fmap.h for every kernel revision, and the resolver, by a table of what differs: bug for bug what each
 * does. Never looked at: version, file type, reserved fields, trailing bytes, overlap. */
#pragma once
#include "fmap.h"

enum fmap_chunks { FMAP_ANY_CHUNK, FMAP_ALIGNED_CHUNK /* multiples of 2 MiB, 0 too */, FMAP_4K_OR_2M_CHUNK };

enum fmap_nowhere { FMAP_UNKNOWN /* no source gives the resolver */, FMAP_EMPTY /* success, no byte */, FMAP_EIO };

struct fmap_profile {
    const char *name;
    uint32_t max_extents, max_strips; /* UINT32_MAX: there is no limit, or it is not known */
    int none, many;                   /* the errnos of a message without extents, and of one with too many */
    int interleaves;
    enum fmap_chunks chunks;
    uint32_t align, devices; /* of offsets and lengths; devindexes below this one are known */
    int walks_signed;                 /* offsets and lengths are compared as s64 */
    enum fmap_nowhere nowhere;        /* what resolving nothing gives */
    int checked; /* sums must not overflow, sizes must fit s64, and strips hold what falls on them */
};

static const struct fmap_profile fmap_profiles[] = {
    { "rfc-v1", 2, 16, EINVAL, E2BIG, 1, FMAP_ANY_CHUNK, FMAP_ALIGN, 1, 1, FMAP_UNKNOWN, 0 },
    { "rfc-v2", 32, 32, EINVAL, E2BIG, 1, FMAP_ANY_CHUNK, FMAP_ALIGN, 1, 1, FMAP_EMPTY, 0 },
    { "v3", 32, 32, EINVAL, E2BIG, 1, FMAP_ANY_CHUNK, FMAP_ALIGN, 1, 1, FMAP_EMPTY, 0 },
    { "v4", 32, 32, EINVAL, E2BIG, 1, FMAP_ANY_CHUNK, FMAP_ALIGN, 1, 1, FMAP_EIO, 0 },
    { "v7", 32, 32, EINVAL, E2BIG, 1, FMAP_ALIGNED_CHUNK, FMAP_ALIGN, 1, 1, FMAP_EIO, 0 },
    { "v10", 32, 32, ERANGE, ERANGE, 1, FMAP_ALIGNED_CHUNK, FMAP_ALIGN, 1, 1, FMAP_EIO, 0 },
    { "simple-only", UINT32_MAX, UINT32_MAX, ERANGE, 0, 0, FMAP_ANY_CHUNK, FMAP_ALIGN, 1, 0, FMAP_EIO, 0 },
    { "dual-ext", UINT32_MAX, UINT32_MAX, ERANGE, 0, 1, FMAP_4K_OR_2M_CHUNK, 4096, 64, 0, FMAP_UNKNOWN, 1 },
};

enum { FMAP_MAX_ALLOCATION = 4 << 20, FMAP_KERNEL_IEXT_BYTES = 32 }; /* of kmalloc; of an iext in the kernel's list */

/* What is left of a message. */
struct fmap_rest { const uint8_t *at; uint64_t size; };

/* Cuts n records off the front; NULL: there are too few bytes. A range and an iext's head are of one size. */
static inline const uint8_t *fmap_take(struct fmap_rest *rest, uint64_t n)
{
    const uint8_t *front = rest->at;
    if (n * FMAP_RANGE_BYTES > rest->size) return NULL;
    rest->at += n * FMAP_RANGE_BYTES;
    rest->size -= n * FMAP_RANGE_BYTES;
    return front;
}

static inline int fmap_take_ranges(const struct fmap_profile *p, struct fmap_rest *rest, uint32_t n, struct fmap *map)
{
    const uint8_t *wire = fmap_take(rest, n);
    if (!wire) return -EINVAL;
    if ((uint64_t)n * FMAP_RANGE_BYTES > FMAP_MAX_ALLOCATION) return -ENOMEM;
    for (; n > 0; n--, wire += FMAP_RANGE_BYTES) {
        struct fmap_range *r = &map->ranges[map->nranges++];
        r->dev = fmap_le32(wire);
        r->offset = fmap_le64(wire + 8);
        r->length = fmap_le64(wire + 16);
        map->errors += (r->dev >= p->devices) + (r->offset % p->align != 0) + (r->length % p->align != 0);
        map->dev_bitmap |= r->dev < 64 ? 1ull << r->dev : 0; /* a wider shift is undefined */
        map->total += r->length;                             /* wraps silently, where it is not checked */
        if (p->checked && (map->total < r->length || r->offset + r->length < r->length)) return -EINVAL;
    }
    return 0;
}

/* Whether each strip is long enough for the chunks that fall on it, of which the last may be short. */
static inline int fmap_strips_hold(const struct fmap_iext *x)
{
    uint64_t chunks = x->nbytes / x->chunk_size, left = chunks % x->nstrips;
    for (uint64_t i = 0; i < x->nstrips; i++) {
        uint64_t needed = (chunks / x->nstrips + (i < left)) * x->chunk_size;
        if (i == left) needed += x->nbytes % x->chunk_size;
        if (x->strips[i].length < needed) return 0;
    }
    return 1;
}

static inline int fmap_take_iext(const struct fmap_profile *p, struct fmap_rest *rest, struct fmap_iext *x,
                                 struct fmap *map)
{
    const uint8_t *head = fmap_take(rest, 1);
    if (!head) return -EINVAL;
    x->nstrips = fmap_le32(head);
    x->chunk_size = fmap_le32(head + 4);
    x->nbytes = fmap_le64(head + 8);
    x->strips = map->ranges + map->nranges;
    if (p->chunks == FMAP_ALIGNED_CHUNK && x->chunk_size % FMAP_ALIGN != 0) return -EINVAL;
    if (p->chunks == FMAP_4K_OR_2M_CHUNK && x->chunk_size != 4096 && x->chunk_size != FMAP_ALIGN) return -EINVAL;
    if (x->nbytes == 0) return -EINVAL;
    if (p->checked && (x->nbytes > INT64_MAX || x->nstrips < 1)) return -EINVAL;
    map->errors += x->nstrips < 1 || x->nstrips > p->max_strips; /* and still they are read */
    int rc = fmap_take_ranges(p, rest, (uint32_t)x->nstrips, map);
    return rc == 0 && p->checked && !fmap_strips_hold(x) ? -EINVAL : rc;
}

/* Returns 0 and fills *map, or returns a negative errno and leaves *map half filled. Interleaved extents go to iext and
 * not to map->iext, which is too short where there is no limit; it and map->ranges have room for size / 24. */
static inline int fmap_parse_as(const struct fmap_profile *p, const uint8_t *msg, size_t size, struct fmap *map,
                                struct fmap_iext *iext)
{
    uint64_t served = 0; /* cannot overflow where it is checked: the strips could not hold it */
    int rc = 0;
    map->dev_bitmap = map->total = map->nranges = map->errors = 0;
    if (size < FMAP_HEADER_BYTES) return -EINVAL;
    struct fmap_rest rest = { msg + FMAP_HEADER_BYTES, size - FMAP_HEADER_BYTES };
    map->file_type = msg[0];
    map->ext_type = fmap_le32(msg + 4);
    map->count = fmap_le32(msg + 8);
    map->file_size = fmap_le64(msg + 16);
    if (map->count < 1) return -p->none;
    if (map->count > p->max_extents) return -p->many; /* even if ext_type is unknown */
    if (p->checked && map->file_size > INT64_MAX) return -EINVAL;
    if (map->ext_type == FMAP_SIMPLE) {
        rc = fmap_take_ranges(p, &rest, map->count, map);
    } else if (map->ext_type == FMAP_INTERLEAVED && p->interleaves) {
        /* Before the bytes are known to be there. */
        if ((uint64_t)map->count * FMAP_KERNEL_IEXT_BYTES > FMAP_MAX_ALLOCATION) return -ENOMEM;
        for (uint32_t i = 0; rc == 0 && i < map->count; i++) {
            if (rest.size < FMAP_IEXT_BYTES) return -EINVAL; /* and no room for it in the caller's list */
            rc = fmap_take_iext(p, &rest, &iext[i], map);
            served += iext[i].nbytes;
        }
        /* Signed: strips that exceed the file by more than 2^63 bytes look like too few. */
        if (rc == 0 && !p->checked && (int64_t)(map->file_size - map->total) > 0) return -EINVAL;
        if (rc == 0 && p->checked && served < map->file_size) return -EINVAL;
    } else return -EINVAL; /* no other type exists */
    if (rc) return rc;
    return map->errors > 0 || map->total < map->file_size ? -EINVAL : 0;
}

/* The kernel's min_t(loff_t, ...). */
static inline uint64_t fmap_smaller(uint64_t a, uint64_t b) { return (int64_t)a < (int64_t)b ? a : b; }

/* Where the file's byte `local` lies, and how many of the `want` bytes follow it there: 0 with *place, a place of length 0
 * where nothing is mapped, or a negative errno. `iext`: as for fmap_parse_as(). Of interleaved extents in v4, and where
 * the profile's `nowhere` is FMAP_UNKNOWN, it is not known. */
static inline int fmap_resolve(const struct fmap_profile *p, const struct fmap *map, const struct fmap_iext *iext,
                               uint64_t local, uint64_t want, struct fmap_range *place)
{
    uint64_t niext = map->ext_type == FMAP_INTERLEAVED ? map->count : 0;
    *place = (struct fmap_range){ 0, 0, 0 };
    for (uint64_t i = 0; niext == 0 && i < map->count; i++) {
        const struct fmap_range *r = &map->ranges[i];
        if (p->walks_signed ? (int64_t)local < (int64_t)r->length : local < r->length) {
            *place = (struct fmap_range){ r->dev, r->offset + local, fmap_smaller(want, r->length - local) };
            return 0;
        }
        local -= r->length;
    }
    for (const struct fmap_iext *x = iext; x < iext + niext; x++) {
        uint64_t served = x->nbytes < map->file_size ? x->nbytes : map->file_size;
        if (served == 0) break;
        if (local < served) {
            if (x->chunk_size == 0) return -EIO; /* the kernel divides by zero here */
            uint64_t chunk = local / x->chunk_size, rest = local % x->chunk_size;
            const struct fmap_range *strip = &x->strips[chunk % x->nstrips]; /* its length is never consulted */
            *place = (struct fmap_range){ strip->dev, strip->offset + chunk / x->nstrips * x->chunk_size + rest,
                                          fmap_smaller(want, x->chunk_size - rest) };
            return 0;
        }
        local -= served;
    }
    return p->nowhere == FMAP_EIO ? -EIO : 0;
}
