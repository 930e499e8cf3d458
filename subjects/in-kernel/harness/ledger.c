/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The kernel's allocators with counters: the objects are kmalloc's own, so that KASAN knows their ends. */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "ledger.h"
#include "protocol.h"

struct ledger ledger;

static struct entry {
	const void *object;
	size_t size;
	bool counted;
} *entries;
static size_t nentries, room;
static u32 fails_at;

static struct entry *entry_of(const void *object)
{
	for (size_t i = 0; i < nentries; i++)
		if (entries[i].object == object)
			return &entries[i];
	return NULL;
}

static void *entered(void *object, size_t size, bool counted)
{
	if (!object)
		return NULL;
	if (nentries == room) {
		size_t more = room ? 2 * room : 64;
		struct entry *grown = kvmalloc(more * sizeof(*grown), GFP_KERNEL);

		if (!grown) {
			kvfree(object);
			return NULL;
		}
		if (entries)
			memcpy(grown, entries, nentries * sizeof(*grown));
		kvfree(entries);
		entries = grown;
		room = more;
	}
	entries[nentries++] = (struct entry){ object, size, counted };
	ledger.alive += counted;
	return object;
}

void ledger_open(u32 failing)
{
	ledger = (struct ledger){ 0 };
	fails_at = failing;
}

void ledger_close(void)
{
	while (nentries)
		kvfree(entries[--nentries].object);
	if (room > 4096) {
		kvfree(entries);
		entries = NULL;
		room = 0;
	}
}

void *ledger_allocate(size_t n, size_t size, bool zeroed, size_t limit)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN | (zeroed ? __GFP_ZERO : 0);
	size_t bytes;
	void *object;

	/* The kernel would warn and fail if it is too long; here it only fails. */
	if (check_mul_overflow(n, size, &bytes) || bytes > limit)
		return NULL;
	if (!bytes)
		return ZERO_SIZE_PTR;
	if (fails_at && !--fails_at)
		return NULL;
	object = limit > FMAPSPEC_KMALLOC_MAX ? kvmalloc(bytes, gfp) : kmalloc(bytes, gfp);
	if (entered(object, bytes, true)) {
		ledger.allocations++;
		if (check_add_overflow(ledger.allocated_bytes, (u32)bytes, &ledger.allocated_bytes))
			ledger.allocated_bytes = U32_MAX;
		return object;
	}
	return NULL;
}

void *ledger_own(size_t size)
{
	return entered(kzalloc(size, GFP_KERNEL | __GFP_NOFAIL), size, false);
}

void ledger_free(const void *pointer)
{
	struct entry *entry = entry_of(pointer);

	if (entry) {
		ledger.alive -= entry->counted;
		*entry = entries[--nentries];
	}
	/* KASAN reports an object that the ledger does not know. */
	if (!ZERO_OR_NULL_PTR(pointer))
		kvfree(pointer);
}

size_t ledger_size(const void *pointer)
{
	struct entry *entry = ZERO_OR_NULL_PTR(pointer) ? NULL : entry_of(pointer);

	return entry ? entry->size : 0;
}
