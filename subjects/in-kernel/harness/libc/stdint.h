/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the harness asks of libc, from the kernel. */
#pragma once
#include "../names.h"
#include <linux/limits.h>
#include <linux/types.h>
#ifndef INT32_MIN
#define INT32_MIN S32_MIN
#endif
#ifndef UINT32_MAX
#define UINT32_MAX U32_MAX
#endif
