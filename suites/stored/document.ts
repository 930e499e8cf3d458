import type { DaemonJournal } from "../daemon/journal.ts";
import type { DaemonReport } from "../daemon/outcome.ts";
import type { ParserJournal } from "../parser/journal.ts";
import type { ParserReport } from "../parser/outcome.ts";

export type Journal = ParserJournal | DaemonJournal;

/** What runs leave behind and commands read again. */
export type StoredDocument = ParserReport | DaemonReport | Journal;
