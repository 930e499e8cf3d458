/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include "watch.h"

/* Precedes each object in the same block of malloc, poisoned: for the parser it is red zone. */
struct entry {
	struct entry *previous, *next;
	size_t size;
	uint32_t counted;
	uint32_t mark;
};
_Static_assert(sizeof(struct entry) % 16 == 0, "an object is as aligned as malloc's block");

enum { MARK = 0x1ed9e4 };

struct ledger ledger;
static uint32_t fails_at;
static struct entry list = { &list, &list, 0, 0, 0 };

/* True for the start of a block that is allocated; gcc does not install the header with this declaration. */
int __sanitizer_get_ownership(const volatile void *block);

static struct entry *entry_of(const void *object)
{
	struct entry *entry = (struct entry *)object - 1;
	if (ZERO_OR_NULL_PTR(object) || !__sanitizer_get_ownership(entry) || entry->mark != MARK)
		return NULL;
	return entry;
}

static void *enter(size_t size, bool zeroed, bool counted)
{
	size_t bytes = sizeof(struct entry) + size;
	struct entry *entry = zeroed ? calloc(1, bytes) : malloc(bytes);
	if (!entry)
		return NULL;
	*entry = (struct entry){ list.previous, &list, size, counted, MARK };
	entry->previous->next = list.previous = entry;
	ledger.alive += counted;
	__asan_poison_memory_region(entry, sizeof *entry);
	return entry + 1;
}

static void strike(struct entry *entry)
{
	entry->previous->next = entry->next;
	entry->next->previous = entry->previous;
	ledger.alive -= entry->counted;
	entry->mark = 0;
	free(entry);
}

void ledger_open(uint32_t failing)
{
	ledger = (struct ledger){ 0 };
	fails_at = failing;
}

void ledger_close(void)
{
	while (list.next != &list)
		strike(list.next);
}

void *ledger_allocate(size_t n, size_t size, bool zeroed, size_t limit)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes) || bytes > limit)
		return NULL;
	if (bytes == 0)
		return ZERO_SIZE_PTR;
	if (fails_at > 0 && --fails_at == 0)
		return NULL;
	void *object = enter(bytes, zeroed, true);
	if (object) {
		ledger.allocations++;
		if (__builtin_add_overflow(ledger.allocated_bytes, bytes, &ledger.allocated_bytes))
			ledger.allocated_bytes = UINT32_MAX;
	}
	return object;
}

void *ledger_own(size_t size)
{
	return enter(size, true, false);
}

void ledger_free(const void *pointer)
{
	struct entry *entry = entry_of(pointer);
	if (entry)
		strike(entry);
	else if (!ZERO_OR_NULL_PTR(pointer))
		watch_free(pointer, __builtin_return_address(0));
}

size_t ledger_size(const void *pointer)
{
	struct entry *entry = entry_of(pointer);
	return entry ? entry->size : 0;
}
