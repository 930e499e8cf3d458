/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once
#include "../names.h"
#include <linux/stddef.h>
#include <linux/types.h>
