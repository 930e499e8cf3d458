/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Appends the reply to one request, both without their length; returns the fault of the request, or NULL. */
const char *answer(bool extended, const char *bytes, size_t length);
