/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once

/* Skips all lines that are in the log now. */
void fmapspec_log_begin(void);
/* Forgets all sites. */
void fmapspec_log_end(void);
