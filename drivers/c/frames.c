/* SPDX-License-Identifier: Apache-2.0 */
/* The frames protocol on stdin and stdout. To test another parser, change parse_and_reply() only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fmap.h"

enum { MAX_MESSAGE = 1 << 20 };
static uint8_t in[4 + MAX_MESSAGE];
static struct fmap_range ranges[MAX_MESSAGE / FMAP_RANGE_BYTES];

static void put(uint64_t value, int bytes)
{
    for (; bytes > 0; bytes--, value >>= 8) putchar_unlocked((int)(value & 0xff));
}

static void put_ranges(const struct fmap_range *r, uint64_t n)
{
    for (; n > 0; n--, r++) put(r->dev, 8), put(r->offset, 8), put(r->length, 8);
}

static void parse_and_reply(const uint8_t *msg, uint32_t size)
{
    static struct fmap map = { .ranges = ranges };
    int rc = fmap_parse(msg, size, &map);
    uint64_t niext = rc == 0 && map.ext_type == FMAP_INTERLEAVED ? map.count : 0;
    uint64_t items = niext ? niext : map.nranges; /* of 24 bytes each */
    for (uint64_t i = 0; i < niext; i++) items += map.iext[i].nstrips;
    put(rc ? 4 : 4 + 32 + 24 * items, 4);
    put((uint32_t)rc, 4);
    if (rc) return;
    put(map.file_type, 4), put(map.ext_type, 4), put(map.file_size, 8), put(map.dev_bitmap, 8);
    put(map.count, 4), put(0, 4);
    if (niext == 0) put_ranges(map.ranges, map.nranges);
    for (uint64_t i = 0; i < niext; i++) {
        put(map.iext[i].chunk_size, 8), put(map.iext[i].nbytes, 8), put(map.iext[i].nstrips, 8);
        put_ranges(map.iext[i].strips, map.iext[i].nstrips);
    }
}

int main(void)
{
    size_t head = 0, tail = 0; /* in[head..tail) was read and not yet parsed */
    for (;;) {
        while (tail - head < 4 || tail - head - 4 < fmap_le32(in + head)) {
            if (fflush(stdout)) return 2; /* the suite may wait for these before the next request */
            memmove(in, in + head, tail - head);
            tail -= head, head = 0;
            if (tail >= 4 && fmap_le32(in) > MAX_MESSAGE) return 2;
            ssize_t n = read(0, in + tail, sizeof in - tail);
            if (n <= 0) return n < 0 || tail > 0 ? 2 : 0;
            tail += (size_t)n;
        }
        uint32_t size = fmap_le32(in + head);
        uint8_t *msg = malloc(size); /* a block of its own: AddressSanitizer then sees a read past its end */
        if (msg) memcpy(msg, in + head + 4, size);
        else if (size > 0) return 2;
        parse_and_reply(msg, size);
        free(msg);
        head += 4 + (size_t)size;
    }
}
