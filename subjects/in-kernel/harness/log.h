/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#pragma once

/* What the log holds until now is nobody's doing. */
void fmapspec_log_begin(void);
/* Forgets all sites. */
void fmapspec_log_end(void);
