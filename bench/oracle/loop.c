/* SPDX-License-Identifier: Apache-2.0 */
/* The C parser in a loop, to be compared with: `loop FRAMES`, a file of messages as driver frames. For each line
 * `ROUNDS PASSES` on stdin it goes ROUNDS times PASSES times over the file and prints the nanoseconds of each round.
 * With -DALLOCATES the map is allocated and freed for each message; without, it lies where the one before lay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../drivers/c/fmap.h"

enum { MAX_FILE = 8 << 20 };
static uint8_t frames[MAX_FILE];

/* The result is used and the message may have changed: nothing can be left out or done once for all. */
static inline void opaque(const void *p) { __asm__ volatile("" : : "r"(p) : "memory"); }

static inline void judge(const uint8_t *message, size_t size)
{
#ifdef ALLOCATES
    struct fmap *map = malloc(sizeof *map);
    map->ranges = malloc(size);
#else
    static struct fmap_range ranges[(1 << 20) / FMAP_RANGE_BYTES];
    static struct fmap arena = { .ranges = ranges }, *map = &arena;
#endif
    int rc = fmap_parse(message, size, map);
    opaque(map), opaque(&rc);
#ifdef ALLOCATES
    free(map->ranges), free(map);
#endif
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv)
{
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    size_t end = file ? fread(frames, 1, sizeof frames, file) : 0;
    int rounds;
    long passes;
    if (end == 0) return perror("loop"), 2;
    while (scanf("%d %ld", &rounds, &passes) == 2) {
        for (; rounds > 0; rounds--) {
            double began = now();
            for (long pass = 0; pass < passes; pass++)
                for (size_t at = 0; at < end; at += 4 + fmap_le32(frames + at))
                    judge(frames + at + 4, fmap_le32(frames + at));
            printf("%.0f%c", now() - began, rounds > 1 ? ' ' : '\n');
        }
        fflush(stdout);
    }
    return 0;
}
