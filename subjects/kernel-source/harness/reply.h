/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The replies that wait to be written. */
#pragma once
#include <stddef.h>
#include <stdint.h>

void reply_u32(uint32_t value);
void reply_u64(uint64_t value);
void reply_bytes(const void *bytes, size_t length);
/* Leaves room for bytes that are known later; the offset is reply_fill()'s. */
size_t reply_room(size_t length);
void reply_fill(size_t offset, const void *bytes, size_t length);
/* Writes those that are whole; before the program ends too, so that whoever asked knows which message ended it. */
void reply_flush(void);
