/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once
#include <stddef.h>
#include "protocol.h"

/* Appends one whole reply, without its length. */
void judge(const struct fmapspec_ask *ask, const struct fmapspec_question *questions, const void *bytes, size_t length);
