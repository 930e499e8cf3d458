/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The unwritten replies. */
#pragma once
#include <stddef.h>
#include <stdint.h>

void reply_u32(uint32_t value);
void reply_u64(uint64_t value);
void reply_bytes(const void *bytes, size_t length);
/* Reserves room for bytes that are known later; returns the offset for reply_fill(). */
size_t reply_room(size_t length);
void reply_fill(size_t offset, const void *bytes, size_t length);
/* Writes the complete replies; also before the program ends, so that the suite knows which message ended it. */
void reply_flush(void);
