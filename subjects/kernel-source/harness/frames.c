/* SPDX-License-Identifier: Apache-2.0 */
/* Reads requests and writes replies. Many requests may be in flight; replies are written when no complete request is left. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "answer.h"
#include "protocol.h"
#include "reply.h"

struct buffer {
	char *bytes;
	size_t length, room;
};
static struct buffer in, out;
static size_t whole; /* bytes of `out` that are complete replies */

static _Noreturn void stop(const char *why)
{
	fprintf(stderr, "fmapspec harness: %s\n", why);
	exit(2);
}

static void *append(struct buffer *buffer, size_t length)
{
	if (buffer->room - buffer->length < length) {
		buffer->room = (buffer->length + length) * 2;
		buffer->bytes = realloc(buffer->bytes, buffer->room);
		if (!buffer->bytes)
			stop("out of memory");
	}
	buffer->length += length;
	return buffer->bytes + buffer->length - length;
}

void reply_bytes(const void *bytes, size_t length) { memcpy(append(&out, length), bytes, length); }
void reply_u32(uint32_t value) { reply_bytes(&value, sizeof value); }
void reply_u64(uint64_t value) { reply_bytes(&value, sizeof value); }
void reply_fill(size_t offset, const void *bytes, size_t length) { memcpy(out.bytes + offset, bytes, length); }

size_t reply_room(size_t length)
{
	append(&out, length);
	return out.length - length;
}

void reply_flush(void)
{
	for (size_t done = 0; done < whole;) {
		ssize_t n = write(STDOUT_FILENO, out.bytes + done, whole - done);
		if (n < 0)
			_exit(2); /* the reader is gone */
		done += n;
	}
	out.length = whole = 0;
}

static void answer_or_stop(bool extended, const char *bytes, size_t length)
{
	size_t room = reply_room(sizeof(uint32_t));
	const char *wrong = answer(extended, bytes, length);
	if (wrong)
		stop(wrong);
	uint32_t size = out.length - room - sizeof size;
	reply_fill(room, &size, sizeof size);
	whole = out.length;
}

enum { HEAD = sizeof(uint32_t), AT_ONCE = 1 << 16 };

int main(void)
{
	size_t done = 0; /* bytes of answered requests */
	for (;;) {
		const char *request = in.bytes + done;
		size_t left = in.length - done, needed = HEAD;
		uint32_t word = 0;
		if (left >= HEAD) {
			memcpy(&word, request, HEAD);
			needed += word & ~FMAPSPEC_EXTENDED;
		}
		if (left >= needed) {
			answer_or_stop(word & FMAPSPEC_EXTENDED, request + HEAD, needed - HEAD);
			done += needed;
			continue;
		}
		reply_flush(); /* the suite may wait for these before the next request */
		memmove(in.bytes, request, left);
		in.length = left;
		done = 0;
		size_t wanted = needed - left > AT_ONCE ? needed - left : AT_ONCE;
		ssize_t n = read(STDIN_FILENO, append(&in, wanted), wanted);
		if (n <= 0)
			return n < 0 || left > 0 ? 2 : 0;
		in.length = left + n;
	}
}
