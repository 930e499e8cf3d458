/** Other answers that a kernel supports on purpose: to names, in listings, and handles that mean something. */

import { bytesOf, dirent, ERRNO, entryOut, flushIn, OPCODES, openOut } from "../../../spec/index.ts";
import type { Variant } from "../fault.ts";
import { edited, onBody, onReply, together } from "../faults/hooking.ts";
import { onListing } from "../faults/listing.ts";
import { granted, refused } from "../reply.ts";
import type { Request } from "../request.ts";

/** Seconds that the kernel may remember that a name is not there. */
const REMEMBERED = 60n;

const GENERATION = 77n;

const NO_ENTRY = entryOut.read(new Uint8Array(entryOut.size));

const OPENING: readonly number[] = [OPCODES.OPEN, OPCODES.OPENDIR];
const CLOSING: readonly number[] = [OPCODES.RELEASE, OPCODES.RELEASEDIR];
const USING: readonly number[] = [OPCODES.READ, OPCODES.FLUSH, OPCODES.READDIR, OPCODES.READDIRPLUS];

/** The handle of a body that begins with one; null: the body is too short. */
const handleOf = ({ body }: Request): bigint | null =>
  body.length < flushIn.size ? null : flushIn.read(body).fh;

export const answerVariants: readonly Variant[] = [
  {
    name: "negative-entries",
    sentence:
      "LOOKUP of a name that is not there gets an entry without a nodeid, which the kernel may remember.",
    plant: () =>
      onReply(OPCODES.LOOKUP, (reply) =>
        reply.error === -ERRNO.ENOENT ? granted(bytesOf(entryOut, { entry_valid: REMEMBERED })) : reply,
      ),
  },
  {
    name: "plus-of-names-alone",
    sentence:
      "READDIRPLUS gives names and types, and no nodeids: the kernel looks names up when it needs them.",
    plant: ({ lookups }) =>
      onListing(OPCODES.READDIRPLUS, entryOut, ({ nodeid }) => {
        if (nodeid !== 0n) lookups.forget(nodeid, 1n);
        return NO_ENTRY;
      }),
  },
  {
    name: "generation-77",
    sentence: "Every node has a generation that is not 0.",
    plant: () =>
      together(
        onBody(OPCODES.LOOKUP, (body) => edited(entryOut, body, () => ({ generation: GENERATION }))),
        onListing(OPCODES.READDIRPLUS, entryOut, ({ nodeid }) =>
          nodeid === 0n ? {} : { generation: GENERATION },
        ),
      ),
  },
  {
    name: "types-unknown",
    sentence: "READDIR and READDIRPLUS give no types of names.",
    plant: () =>
      together(
        onListing(OPCODES.READDIR, dirent, () => ({ type: 0 })),
        onListing(OPCODES.READDIRPLUS, dirent, () => ({ type: 0 })),
      ),
  },
  {
    name: "handles",
    sentence: "Each OPEN and OPENDIR gives another handle, and what names one that is not open gets EBADF.",
    plant() {
      const open = new Map<bigint, bigint>();
      let last = 0n;
      return {
        reply(request, own) {
          const { opcode, nodeid } = request;
          const fh = handleOf(request);
          if ((USING.includes(opcode) || CLOSING.includes(opcode)) && fh !== null) {
            if (open.get(fh) !== nodeid) return refused("EBADF");
            if (CLOSING.includes(opcode)) open.delete(fh);
          }
          const reply = own();
          if (!OPENING.includes(opcode) || reply?.error !== 0) return reply;
          last++;
          open.set(last, nodeid);
          return granted(edited(openOut, reply.body, () => ({ fh: last })));
        },
      };
    },
  },
];
