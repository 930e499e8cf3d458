/* SPDX-License-Identifier: Apache-2.0 */
/* The exec protocol: one message on stdin; exit status 0 accepts, 1 rejects with the errno's name on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include "fmap.h"

static uint8_t msg[1 << 20];
static struct fmap_range ranges[sizeof msg / FMAP_RANGE_BYTES];

int main(void)
{
    static struct fmap map = { .ranges = ranges };
    size_t size = fread(msg, 1, sizeof msg, stdin);
    if (ferror(stdin) || getchar() != EOF) return 2; /* no verdict: unreadable, or larger than msg */
    int rc = fmap_parse(msg, size, &map);
    if (rc) puts(rc == -E2BIG ? "E2BIG" : "EINVAL");
    return rc ? 1 : 0;
}
