/** Other answers to INIT: minors, and what is agreed on. */
import { attrOut, entryOut, INIT_BITS, OPCODES } from "../../../spec/index.ts";
import type { Hooks, Variant } from "../fault.ts";
import { onBody, onReply, together } from "../faults/hooking.ts";
import { onInit } from "../faults/init.ts";
import { refused } from "../reply.ts";

const bit = (n: number) => (1 << (n % 32)) >>> 0;

const answering = (minor: number, sentence: string): Variant => ({
  name: `minor-${minor}`,
  sentence,
  plant: () => onInit(() => ({ minor })),
});

/** Answers a request as a daemon does that does not know it. */
const lacking = (opcode: number): Hooks => onReply(opcode, () => refused("ENOSYS"));

/** Bytes by which struct fuse_attr, and what ends with it, is shorter before protocol 7.9. */
const SHORTER = 8;

const cut = (opcode: number, size: number): Hooks =>
  onBody(opcode, (body) => body.subarray(0, size - SHORTER));

export const protocolVariants: readonly Variant[] = [
  {
    name: "minor-8",
    sentence: "INIT is answered with minor 8, and so LOOKUP and GETATTR with 8 bytes less.",
    plant: () =>
      together(
        onInit(() => ({ minor: 8 })),
        cut(OPCODES.LOOKUP, entryOut.size),
        cut(OPCODES.GETATTR, attrOut.size),
      ),
  },
  answering(31, "INIT is answered with minor 31."),
  answering(40, "INIT is answered with minor 40, as libfuse 3.17 does whatever is offered."),
  answering(45, "INIT is answered with minor 45, as libfuse 3.18 does whatever is offered."),
  answering(99, "INIT is answered with minor 99."),
  {
    name: "idmap-with-acl",
    sentence: "FUSE_ALLOW_IDMAP is agreed on, and FUSE_POSIX_ACL, which brings default_permissions with it.",
    plant: () =>
      onInit(({ flags, flags2 }) => ({
        flags: (flags | bit(INIT_BITS.INIT_EXT) | bit(INIT_BITS.POSIX_ACL)) >>> 0,
        flags2: (flags2 | bit(INIT_BITS.ALLOW_IDMAP)) >>> 0,
      })),
  },
  {
    name: "readdirplus-always",
    sentence: "READDIRPLUS is agreed on without READDIRPLUS_AUTO, and READDIR gets ENOSYS.",
    plant: () =>
      together(
        onInit(({ flags }) => ({ flags: (flags & ~bit(INIT_BITS.READDIRPLUS_AUTO)) >>> 0 })),
        lacking(OPCODES.READDIR),
      ),
  },
  {
    name: "readdirplus-never",
    sentence: "READDIRPLUS is not agreed on, and gets ENOSYS.",
    plant: () =>
      together(
        onInit(({ flags }) => ({ flags: (flags & ~bit(INIT_BITS.DO_READDIRPLUS)) >>> 0 })),
        lacking(OPCODES.READDIRPLUS),
      ),
  },
];
