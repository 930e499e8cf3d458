/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The kernel's allocators, with a book kept: what is alive, what was asked for, and which allocation has to fail. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What kmalloc(0) gives: not NULL, not to be touched, and nothing to free. */
#ifndef ZERO_SIZE_PTR
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(pointer) ((uintptr_t)(pointer) <= (uintptr_t)ZERO_SIZE_PTR)
#endif

struct ledger {
	uint32_t allocations; /* that succeeded, ZERO_SIZE_PTR not among them */
	uint32_t allocated_bytes;
	uint32_t alive;
};
extern struct ledger ledger;

/* Starts a new page; the `failing`-th allocation from now on fails, none if it is 0. */
void ledger_open(uint32_t failing);
/* Frees whatever is still alive. */
void ledger_close(void);

/* n * size bytes between red zones; NULL if that overflows, exceeds `limit`, or is the allocation that has to fail. */
void *ledger_allocate(size_t n, size_t size, bool zeroed, size_t limit);
/* kfree: anything but a live object, NULL or ZERO_SIZE_PTR is reported, at the line that called it. */
#if defined __has_attribute && __has_attribute(nomerge)
__attribute__((nomerge)) /* clang would make one call of several, and that has no line */
#endif
void ledger_free(const void *pointer);
/* An object of the harness's own, not counted. It is alive until it is freed, or until ledger_close(). */
void *ledger_own(size_t size);
/* Bytes of the live object that starts there, 0 if none does. */
size_t ledger_size(const void *pointer);
