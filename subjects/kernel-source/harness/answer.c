/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Reads one request: subjects/kernel-source/observation.ts has the format. */
#include "answer.h"
#include <stdlib.h>
#include <string.h>
#include "judge.h"
#include "reply.h"
#include "watch.h"

static void reply_sites(void)
{
	size_t length;
	char *text = watch_sites(&length);
	reply_bytes(text, length);
	free(text);
}

static const char *answer_extended(const char *bytes, size_t length)
{
	struct fmapspec_ask ask;
	if (length < sizeof ask)
		return "an extended request is shorter than its head";
	memcpy(&ask, bytes, sizeof ask);
	if (ask.scene == FMAPSPEC_SITES) {
		reply_sites();
		return NULL;
	}
	size_t size = ask.nresolve * sizeof(struct fmapspec_question);
	if (length - sizeof ask < size)
		return "an extended request is shorter than its questions";
	struct fmapspec_question *questions = malloc(size);
	memcpy(questions, bytes + sizeof ask, size);
	judge(&ask, questions, bytes + sizeof ask + size, length - sizeof ask - size);
	free(questions);
	return NULL;
}

const char *answer(bool extended, const char *bytes, size_t length)
{
	static const struct fmapspec_ask plain;
	if (extended)
		return answer_extended(bytes, length);
	judge(&plain, NULL, bytes, length);
	return NULL;
}
