/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { MAX_INPUT = 1 << 20 };

/* Judge a message; write what came of it to `record`, which has room for MAX_RECORD bytes, and return its length. */
size_t original(const uint8_t *message, size_t size, uint8_t *record);
size_t mutant(const uint8_t *message, size_t size, uint8_t *record);

enum { MAX_RECORD = 2 * MAX_INPUT };
