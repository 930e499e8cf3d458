/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The reports of the sanitizers. UndefinedBehaviorSanitizer and AddressSanitizer call our handlers, as they call a kernel's:
 * a report is counted, its place is recorded once, and the parser continues, unless a kernel could not.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reports since watch_open(); each place is a 1-based line of watch_sites(), that of the first report of its kind. */
struct watch {
	uint32_t shifts, shift_site;
	uint32_t other_ub, other_ub_site;
	uint32_t asan, asan_site;
};
extern struct watch watch;

void watch_open(void);
/* Runs a step of the source; false if it ended like an oops: a fault, a write out of
 * bounds, a division by zero, BUG(). */
bool watch_survives(void (*step)(void));
/* One line for each place: its kind, then file, line and column. The caller frees the text. */
char *watch_sites(size_t *length);

/* The kernel's own warnings. */
void watch_kernel(const char *kind, const char *file, uint32_t line);
_Noreturn void watch_bug(const char *file, uint32_t line);
/* kfree() of something that is not a live object, called from `caller`. */
void watch_free(const void *pointer, const void *caller);
