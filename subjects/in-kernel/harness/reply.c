/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The unread replies. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "reply.h"
#include "replies.h"

static char *text;
static size_t length, room;

/* The writers of a reply cannot handle a failure, so this must not fail. */
static void *appended(size_t more)
{
	if (room - length < more) {
		size_t larger = 2 * (length + more) + PAGE_SIZE;
		char *grown = kvmalloc(larger, GFP_KERNEL | __GFP_NOFAIL);

		if (text)
			memcpy(grown, text, length);
		kvfree(text);
		text = grown;
		room = larger;
	}
	length += more;
	return text + length - more;
}

void reply_bytes(const void *bytes, size_t n) { memcpy(appended(n), bytes, n); }
void reply_u32(uint32_t value) { reply_bytes(&value, sizeof(value)); }
void reply_u64(uint64_t value) { reply_bytes(&value, sizeof(value)); }
void reply_fill(size_t offset, const void *bytes, size_t n) { memcpy(text + offset, bytes, n); }

size_t reply_room(size_t n)
{
	appended(n);
	return length - n;
}

const char *reply_text(void) { return text; }
size_t reply_length(void) { return length; }

void reply_clear(bool release)
{
	length = 0;
	if (!release)
		return;
	kvfree(text);
	text = NULL;
	room = 0;
}
