/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Included first: renames the harness's global names so that they do not collide with the kernel's. */
#pragma once
#define answer fmapspec_answer
#define judge fmapspec_judge
#define ledger fmapspec_ledger
#define ledger_allocate fmapspec_ledger_allocate
#define ledger_close fmapspec_ledger_close
#define ledger_free fmapspec_ledger_free
#define ledger_open fmapspec_ledger_open
#define ledger_own fmapspec_ledger_own
#define ledger_size fmapspec_ledger_size
#define reply_bytes fmapspec_reply_bytes
#define reply_clear fmapspec_reply_clear
#define reply_fill fmapspec_reply_fill
#define reply_length fmapspec_reply_length
#define reply_room fmapspec_reply_room
#define reply_text fmapspec_reply_text
#define reply_u32 fmapspec_reply_u32
#define reply_u64 fmapspec_reply_u64
#define watch fmapspec_watch
#define watch_open fmapspec_watch_open
#define watch_sites fmapspec_watch_sites
#define watch_survives fmapspec_watch_survives
