/** Daemons without what a kernel can do without, and one that answers GET_FMAP only where a kernel asks. */
import { dirent, OPCODES } from "../../../spec/index.ts";
import type { Hooks, Variant } from "../fault.ts";
import { together } from "../faults/hooking.ts";
import { onListing } from "../faults/listing.ts";
import { refused } from "../reply.ts";

/** FUSE_UNKNOWN_INO. */
const UNKNOWN_INO = 0xffff_ffffn;

/** Answers a request with ENOSYS, once: a kernel does not send it again, and so a second one gets no answer. */
function absent(opcode: number): Hooks {
  let refusals = 0;
  return {
    reply: (request, own) =>
      request.opcode !== opcode || !request.honest ? own() : refusals++ === 0 ? refused("ENOSYS") : null,
  };
}

export const withoutVariants: readonly Variant[] = [
  {
    name: "without-open",
    sentence:
      "OPEN and OPENDIR get ENOSYS, which means that the daemon keeps no handles: nobody opens or releases.",
    plant: () => together(absent(OPCODES.OPEN), absent(OPCODES.OPENDIR)),
  },
  {
    name: "without-flush",
    sentence: "FLUSH gets ENOSYS, which means that close(2) has nothing to report.",
    plant: () => absent(OPCODES.FLUSH),
  },
  {
    name: "ino-unknown",
    sentence:
      "READDIR and READDIRPLUS give no inode numbers of names, as libraries do that do not know them.",
    plant: () =>
      together(
        onListing(OPCODES.READDIR, dirent, () => ({ ino: UNKNOWN_INO })),
        onListing(OPCODES.READDIRPLUS, dirent, () => ({ ino: UNKNOWN_INO })),
      ),
  },
  {
    name: "maps-of-open-files",
    sentence: "GET_FMAP of a file that is not open gets EBADF.",
    plant({ profile }) {
      const open = new Map<bigint, number>();
      const add = (nodeid: bigint, n: number) => open.set(nodeid, (open.get(nodeid) ?? 0) + n);
      return {
        reply(request, own) {
          const { opcode, nodeid } = request;
          if (opcode === profile.opcodes.getFmap && (open.get(nodeid) ?? 0) === 0) return refused("EBADF");
          const reply = own();
          if (reply?.error === 0 && opcode === OPCODES.OPEN) add(nodeid, 1);
          if (reply?.error === 0 && opcode === OPCODES.RELEASE) add(nodeid, -1);
          return reply;
        },
      };
    },
  },
];
