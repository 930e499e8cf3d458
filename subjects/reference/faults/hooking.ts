/** The shapes that most faults have. */

import { UsageError } from "../../../base/errors.ts";
import { type FieldTypes, fmapHeader, type RecordOf, type Struct } from "../../../spec/index.ts";
import type { Hooks } from "../fault.ts";
import { granted, type Reply } from "../reply.ts";
import type { Request } from "../request.ts";
import type { Session } from "../session.ts";
import type { FileNode, SymlinkNode } from "../tree.ts";

/** The first that fits; throws UsageError that says what is missing. */
export function firstThat<T>(all: readonly T[], what: string, fits: (one: T) => boolean = () => true): T {
  const found = all.find(fits);
  if (found === undefined) throw new UsageError(`this fault needs ${what}, and the manifest has none`);
  return found;
}

export const anyFile = ({ tree }: Session): FileNode => firstThat(tree.files, "a file");
/** What most faults do with a name they do with that of a symlink: no map depends on it. */
export const aSymlink = ({ tree }: Session): SymlinkNode => firstThat(tree.symlinks, "a symlink");

/** Changes any answer; null: there is none. `own` makes the daemon's own answer to another request. */
export const afterReply = (
  change: (reply: Reply | null, request: Request, own: (changed?: Request) => Reply | null) => Reply | null,
): Hooks => ({ reply: (request, own) => change(own(), request, own) });

/** Changes the answers to one opcode, null: that no revision has; a change to null keeps the daemon silent. */
export const onReply = (
  opcode: number | null,
  change: (reply: Reply, request: Request) => Reply | null,
): Hooks =>
  afterReply((reply, request) =>
    request.opcode === opcode && reply !== null ? change(reply, request) : reply,
  );

/** Several changes of replies at once: the first is asked first, and gets what the others make of it. */
export const together = (...all: readonly Hooks[]): Hooks => ({
  reply: (request, own) =>
    all.reduceRight<(changed?: Request) => Reply | null>(
      (next, { reply }) =>
        (changed = request) =>
          reply === undefined ? next(changed) : reply(changed, (other = changed) => next(other)),
      own,
    )(),
});

/** Changes the bodies that one opcode is answered with; errors stay errors. */
export const onBody = (
  opcode: number | null,
  change: (body: Uint8Array, request: Request) => Uint8Array,
): Hooks =>
  onReply(opcode, (reply, request) => (reply.error === 0 ? granted(change(reply.body, request)) : reply));

/** Changes the answers to one opcode about one nodeid. */
export const onNode = (opcode: number, nodeid: bigint, change: (reply: Reply) => Reply): Hooks =>
  onReply(opcode, (reply, request) => (request.nodeid === nodeid ? change(reply) : reply));

/** Changes the GET_FMAP messages before their size is looked at. */
export function onMessage(
  session: Session,
  change: (message: Uint8Array, file: FileNode) => Uint8Array,
): Hooks {
  const own = session.message.bind(session);
  session.message = (file) => change(own(file), file);
  return {};
}

/** Changes one file's GET_FMAP message. */
export const onMessageOf = (
  session: Session,
  victim: FileNode,
  change: (message: Uint8Array) => Uint8Array,
): Hooks => onMessage(session, (message, file) => (file === victim ? change(message) : message));

/** Changes the header of one file's GET_FMAP message. */
export const onHeaderOf = (
  session: Session,
  victim: FileNode,
  change: (header: ReturnType<typeof fmapHeader.read>) => Partial<ReturnType<typeof fmapHeader.read>>,
): Hooks => onMessageOf(session, victim, (message) => edited(fmapHeader, message, change));

/** A copy of the bytes in which some fields of the struct at `at` are other ones. */
export function edited<F extends FieldTypes>(
  struct: Struct<F>,
  bytes: Uint8Array,
  change: (record: RecordOf<F>) => Partial<RecordOf<F>>,
  at = 0,
): Uint8Array {
  const copy = bytes.slice();
  const record = struct.read(copy, at);
  struct.write(copy, at, { ...record, ...change(record) });
  return copy;
}
