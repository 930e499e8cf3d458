/** Faults of the reference daemon's catalogue at a request that somebody waits for, or that a kernel without famfs makes. */
import { ERRNO, ERROR_BOUND, entryOut, MODE, OPCODES, outHeader } from "../../../spec/index.ts";
import type { Fault, Hooks, Variant } from "../../../subjects/reference/fault.ts";
import { edited, onBody, onReply } from "../../../subjects/reference/faults/hooking.ts";
import { onInit } from "../../../subjects/reference/faults/init.ts";

/** Changes what is written in answer to OPEN. */
const onOpen = (change: (reply: Uint8Array) => Uint8Array[]): Hooks => ({
  wire: (replies, { opcode }) => (opcode === OPCODES.OPEN ? replies.flatMap(change) : replies),
});

const onOpenError = (error: number, body = new Uint8Array(0)): Hooks =>
  onReply(OPCODES.OPEN, () => ({ error, body }));

const own = (name: string, rule: Fault["rule"], sentence: string, plant: () => Hooks): Fault => ({
  name,
  rule,
  sentence,
  plant,
});

export const OPEN_LENGTH = own(
  "open-length",
  "daemon/reply/length",
  "The length in the header of the reply to OPEN is 8 bytes more than are written.",
  () => onOpen((reply) => [edited(outHeader, reply, ({ len }) => ({ len: len + 8 }))]),
);

export const OPEN_UNDER_INTERRUPT = own(
  "open-under-interrupt",
  "daemon/reply/interrupt-bit",
  "OPEN is answered under its unique plus one, which stands for an INTERRUPT.",
  () => onOpen((reply) => [edited(outHeader, reply, ({ unique }) => ({ unique: unique + 1n }))]),
);

export const OPEN_ERROR_POSITIVE = own(
  "open-error-positive",
  "daemon/reply/error-range",
  "OPEN is answered with EIO as a positive number.",
  () => onOpenError(ERRNO.EIO),
);

export const OPEN_ERROR_BELOW_RANGE = own(
  "open-error-below-range",
  "daemon/reply/error-range",
  `OPEN is answered with the error -${ERROR_BOUND}.`,
  () => onOpenError(-ERROR_BOUND),
);

export const OPEN_ERROR_WITH_BODY = own(
  "open-error-with-body",
  "daemon/reply/no-body-with-error",
  "OPEN is answered with EACCES and eight bytes.",
  () => onOpenError(-ERRNO.EACCES, new Uint8Array(8)),
);

export const OPEN_UNANSWERED = own("open-unanswered", "daemon/reply/answered", "OPEN gets no reply.", () =>
  onReply(OPCODES.OPEN, () => null),
);

export const TYPE_CHANGES = own(
  "type-changes",
  "daemon/tree/identity",
  "From the second LOOKUP on a regular file is a symlink.",
  () => {
    const seen = new Set<bigint>();
    return onBody(OPCODES.LOOKUP, (body) =>
      edited(entryOut, body, ({ nodeid, mode }) => {
        const again = seen.has(nodeid) && (mode & MODE.typeMask) === MODE.regular;
        seen.add(nodeid);
        return again ? { mode: MODE.symlink | 0o777 } : {};
      }),
    );
  },
);

export const NAME_CUT_BY_NUL = own(
  "name-cut-by-nul",
  "daemon/directory/names",
  "The name `link` is listed with a NUL for its second letter.",
  () => ({
    reply(request, daemons) {
      const reply = daemons();
      const listing = request.opcode === OPCODES.READDIR || request.opcode === OPCODES.READDIRPLUS;
      const at = listing && reply !== null ? Buffer.from(reply.body).indexOf("link") : -1;
      if (reply === null || at < 0) return reply;
      const body = reply.body.slice();
      body[at + 1] = 0;
      return { ...reply, body };
    },
  }),
);

/** A daemon whose replies are changed in a sound way before they are written. */
const changed = (variant: Variant | null, change: Hooks): Variant => ({
  name: "none",
  sentence: "The daemon is as it is.",
  ...variant,
  plant(session, world) {
    const { reply, ...hooks } = variant?.plant?.(session, world) ?? {};
    return {
      ...hooks,
      reply: (request, own) =>
        change.reply?.(request, () => (reply === undefined ? own() : reply(request, own))) ?? null,
    };
  },
});

/** Lets the kernel remember no name and no attribute: it asks again for each use. */
export const forgetful = (variant: Variant | null): Variant =>
  changed(
    variant,
    onBody(OPCODES.LOOKUP, (body) => edited(entryOut, body, () => ({ entry_valid: 0n, attr_valid: 0n }))),
  );

/** Wants requests of at most a page. */
export const inSinglePages = (variant: Variant | null): Variant =>
  changed(
    variant,
    onInit(() => ({ max_pages: 1 })),
  );
