/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The kernel's allocators, which count live objects and allocations, and let one allocation fail. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The result of kmalloc(0): not NULL, no memory behind it, and nothing to free. */
#ifndef ZERO_SIZE_PTR
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(pointer) ((uintptr_t)(pointer) <= (uintptr_t)ZERO_SIZE_PTR)
#endif

struct ledger {
	uint32_t allocations; /* successful ones, without ZERO_SIZE_PTR */
	uint32_t allocated_bytes;
	uint32_t alive;
};
extern struct ledger ledger;

/* Starts counting; the `failing`-th allocation from now on fails, none if it is 0. */
void ledger_open(uint32_t failing);
/* Frees all live objects. */
void ledger_close(void);

/* n * size bytes between red zones; NULL if that overflows, exceeds `limit`, or is the allocation that must fail. */
void *ledger_allocate(size_t n, size_t size, bool zeroed, size_t limit);
/* kfree: reports anything but a live object, NULL or ZERO_SIZE_PTR, at the line of the call. */
#if defined __has_attribute && __has_attribute(nomerge)
__attribute__((nomerge)) /* clang would merge several calls into one, which has no line */
#endif
void ledger_free(const void *pointer);
/* An object of the harness, not counted. It lives until it is freed, or until ledger_close(). */
void *ledger_own(size_t size);
/* Size of the live object that starts there, 0 if there is none. */
size_t ledger_size(const void *pointer);
