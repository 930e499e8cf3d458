/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the differential target inputs without looking at what they do.
 *   unguided seeds FILE...             each file once: does a corpus show the difference by itself?
 *   unguided random SECONDS SEED       random bytes of up to 1024, for so long */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "side.h"

int LLVMFuzzerTestOneInput(const uint8_t *message, size_t size);

static uint64_t state;

static uint64_t next(void) /* xorshift64* */
{
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return state * 0x2545f4914f6cdd1d;
}

static int seeds(int n, char **files)
{
    static uint8_t bytes[MAX_INPUT];
    for (; n > 0; n--, files++) {
        FILE *file = fopen(*files, "rb");
        if (!file) return perror(*files), 2;
        LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, file));
        fclose(file);
    }
    return 0;
}

static int noise(double seconds)
{
    unsigned long executions = 0;
    clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
    while (clock() < end)
        for (int i = 0; i < 1000; i++, executions++) {
            uint64_t words[128];
            size_t size = next() % (sizeof words + 1);
            for (size_t w = 0; w < (size + 7) / 8; w++) words[w] = next();
            LLVMFuzzerTestOneInput((const uint8_t *)words, size);
        }
    fprintf(stderr, "no difference in %lu executions\n", executions);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "seeds") == 0) return seeds(argc - 2, argv + 2);
    if (argc < 4 || strcmp(argv[1], "random") != 0) return fputs("see unguided.c\n", stderr), 2;
    state = strtoull(argv[3], NULL, 10) * 2 + 1;
    return noise(atof(argv[2]));
}
