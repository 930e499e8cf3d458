/* SPDX-License-Identifier: Apache-2.0 */
/* The target of libFuzzer and AFL++: both parsers judge the input, and a difference aborts, as a fuzzer expects it of a bug. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "side.h"

int LLVMFuzzerTestOneInput(const uint8_t *message, size_t size)
{
    static uint8_t records[2][MAX_RECORD];
    static unsigned long executions;
    executions++;
    if (size > MAX_INPUT) return 0;
    size_t expected = original(message, size, records[0]);
    size_t actual = mutant(message, size, records[1]);
    if (expected == actual && memcmp(records[0], records[1], actual) == 0) return 0;
    fprintf(stderr, "difference after %lu executions\n", executions);
    abort();
}
