/** The shapes that most faults have. */

import { UsageError } from "../../../base/errors.ts";
import type { FieldTypes, Fmap, RecordOf, Struct } from "../../../spec/index.ts";
import type { Hooks } from "../fault.ts";
import { granted, type Reply } from "../reply.ts";
import type { Request } from "../request.ts";
import type { Session } from "../session.ts";
import type { FileNode } from "../tree.ts";

/** The first of the files that fits; throws UsageError that says what is missing. */
export function firstThat<F extends { readonly map: Fmap }>(
  files: readonly F[],
  what: string,
  fits: (file: F) => boolean = () => true,
): F {
  const found = files.find(fits);
  if (found === undefined) throw new UsageError(`this fault needs ${what}, and the manifest has none`);
  return found;
}

export const anyFile = ({ tree }: Session): FileNode => firstThat(tree.files, "a file");

/** Changes the answers to one opcode, null: that no revision has; a change to null keeps the daemon silent. */
export const onReply = (
  opcode: number | null,
  change: (reply: Reply, request: Request) => Reply | null,
): Hooks => ({
  reply(request, own) {
    const reply = own();
    return request.opcode === opcode && reply !== null ? change(reply, request) : reply;
  },
});

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
