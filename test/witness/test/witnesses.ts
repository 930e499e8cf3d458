/** For each requirement that every FUSE daemon has to meet: what its misbehaving daemons do to a mount of Linux. */
import type { RuleId } from "../../../spec/index.ts";
import { isInScope } from "../../../suites/daemon/scope.ts";
import { directoryWitnesses } from "./witnesses/directory.ts";
import { replyWitnesses } from "./witnesses/replies.ts";
import { treeWitnesses } from "./witnesses/tree.ts";
import type { Witnesses } from "./witnesses/witness.ts";

export const WITNESSES: Witnesses = { ...replyWitnesses, ...treeWitnesses, ...directoryWitnesses };

/** Requirements whose consequence another test shows, and which. */
export const SHOWN_ELSEWHERE: Readonly<Partial<Record<RuleId, string>>> = {
  "daemon/life/stays": "process.test.ts",
};

/** Requirements whose consequence no mount shows: what was read in fs/fuse of Linux 6.1, function and condition. */
export const READ_IN_SOURCE: Readonly<Partial<Record<RuleId, string>>> = {};

/** Whether a requirement is one of every FUSE daemon's: a kernel without famfs shows what comes of breaking it. */
export const isGeneric = (id: RuleId): boolean => id.startsWith("daemon/") && isInScope(id, "fuse");
