import type { DaemonReport } from "../daemon/outcome.ts";
import type { DaemonJournal } from "../daemon/states.ts";
import type { ParserReport } from "../parser/outcome.ts";
import type { ParserJournal } from "../parser/states.ts";

export type Journal = ParserJournal | DaemonJournal;

/** What runs leave behind and commands read again. */
export type StoredDocument = ParserReport | DaemonReport | Journal;
