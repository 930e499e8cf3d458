/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Features of the source's execution for each message: how often it followed an edge of the control flow, and how close the
 * two sides of a comparison were. Behind each reply follows the number of features that are new (u32). Linked with
 * --wrap=judge,--wrap=watch_survives to a program with the compiler's callbacks, which gcc and clang share.
 */
#include <stdbool.h>
#include <string.h>
#include "judge.h"
#include "reply.h"

enum { EDGE_BITS = 16, FEATURE_BITS = 20 };

static uint8_t met[1 << FEATURE_BITS];
static uint8_t hits[1 << EDGE_BITS];
static uint32_t edges[1 << EDGE_BITS], nedges; /* those with hits */
static uint32_t fresh;
static uintptr_t previous;
static bool inside;

#define CALLER ((uintptr_t)__builtin_return_address(0))

/* Fibonacci hashing: the upper bits of the product. */
static uint32_t hash(uint64_t x, int bits)
{
	return (uint32_t)(x * 0x9e3779b97f4a7c15u >> (64 - bits));
}

static void meet(uint64_t what, uint32_t how)
{
	uint8_t *place = &met[hash(what << 6 | how, FEATURE_BITS)];
	fresh += !*place;
	*place = 1;
}

static uint32_t magnitude(uint64_t n) { return n ? 64 - __builtin_clzll(n) : 0; }

void __sanitizer_cov_trace_pc(void)
{
	if (!inside)
		return;
	uint32_t edge = hash(CALLER ^ previous << 20, EDGE_BITS);
	previous = CALLER;
	if (!hits[edge])
		edges[nedges++] = edge;
	if (hits[edge] < UINT8_MAX)
		hits[edge]++;
}

/* Equal, one apart, or the power of two of the distance: each step nearer is a new feature, until the condition changes. */
static void compare(uintptr_t place, uint64_t a, uint64_t b)
{
	if (inside)
		meet(place, a > b ? magnitude(a - b) >> (a - b > 2) : 32 + (magnitude(b - a) >> (b - a > 2)));
}

#define COMPARE(name, type) \
	void __sanitizer_cov_trace_##name(type a, type b) { compare(CALLER, a, b); }
COMPARE(cmp1, uint8_t) COMPARE(const_cmp1, uint8_t)
COMPARE(cmp2, uint16_t) COMPARE(const_cmp2, uint16_t)
COMPARE(cmp4, uint32_t) COMPARE(const_cmp4, uint32_t)
COMPARE(cmp8, uint64_t) COMPARE(const_cmp8, uint64_t)

/* cases: their number, their width, and the values. */
void __sanitizer_cov_trace_switch(uint64_t value, const uint64_t *cases)
{
	for (uint64_t i = 0; i < cases[0]; i++)
		compare(CALLER + i, value, cases[2 + i]);
}

bool __real_watch_survives(void (*step)(void));

bool __wrap_watch_survives(void (*step)(void))
{
	previous = 0;
	inside = true;
	bool survived = __real_watch_survives(step);
	inside = false;
	return survived;
}

void __gcov_dump(void);
void __real_judge(const struct fmapspec_ask *, const struct fmapspec_question *, const void *, size_t);

void __wrap_judge(const struct fmapspec_ask *ask, const struct fmapspec_question *questions, const void *bytes,
		  size_t length)
{
	if (ask->scene == FMAPSPEC_COVERAGE) {
		static const char done[] = "written";
		__gcov_dump();
		reply_bytes(done, strlen(done));
		return;
	}
	fresh = 0;
	__real_judge(ask, questions, bytes, length);
	for (; nedges > 0; nedges--) {
		uint32_t edge = edges[nedges - 1];
		meet(~(uint64_t)edge, magnitude(hits[edge]));
		hits[edge] = 0;
	}
	reply_u32(fresh);
}
