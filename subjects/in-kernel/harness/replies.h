/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once
#include <linux/types.h>

const char *reply_text(void);
size_t reply_length(void);
/* Discards the replies; `release` frees their memory, too. */
void reply_clear(bool release);
