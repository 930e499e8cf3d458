/* SPDX-License-Identifier: Apache-2.0 */
/* The replies that wait to be written, little-endian as everything on the wire. */
#pragma once
#include <stddef.h>
#include <stdint.h>

void reply_u32(uint32_t value);
void reply_u64(uint64_t value);
void reply_bytes(const void *bytes, size_t length);
/* Leaves room for bytes that are known later; the offset is reply_fill()'s. */
size_t reply_room(size_t length);
void reply_fill(size_t offset, const void *bytes, size_t length);
