import { INIT_BITS, initIn, initOut, OPCODES } from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import { MAX_WRITE } from "../init.ts";
import { edited, onBody, onReply } from "./hooking.ts";

type Offer = ReturnType<typeof initIn.read>;
type Answer = ReturnType<typeof initOut.read>;

/** Changes INIT's answer, knowing what the kernel offered. */
export const onInit = (change: (answer: Answer, offer: Offer) => Partial<Answer>): Hooks =>
  onBody(OPCODES.INIT, (body, request) => {
    if (request.body.length < initIn.size) return body;
    const offer = initIn.read(request.body);
    return edited(initOut, body, (answer) => change(answer, offer));
  });

/** As unsigned 32 bits. */
const u32 = (n: number) => n >>> 0;
const bit = (n: number) => u32(1 << (n % 32));

/** Bytes of struct fuse_init_out before protocol 7.23. */
const OLD_ANSWER = 24;

/** The lowest bit of `flags` that the kernel does not know of, or 0. */
const unknownBit = (offered: number) => u32(~offered & (offered + 1) & 0x3fff_ffff);

export const initFaults: readonly Fault[] = [
  {
    name: "major-8",
    rule: "daemon/init/version",
    sentence: "INIT is answered with major 8.",
    plant: () => onInit(() => ({ major: 8 })),
  },
  {
    name: "flag-not-offered",
    rule: "daemon/init/only-offered",
    sentence: "INIT's answer sets the lowest flag that was not offered.",
    plant: () => onInit(({ flags }, offer) => ({ flags: u32(flags | unknownBit(offer.flags)) })),
  },
  {
    name: "idmap-without-permissions",
    rule: "daemon/init/idmap",
    sentence: "INIT's answer sets FUSE_ALLOW_IDMAP, and nothing says that the mount has default_permissions.",
    plant: () =>
      onInit(({ flags, flags2 }) => ({
        flags: u32(flags | bit(INIT_BITS.INIT_EXT)),
        flags2: u32(flags2 | bit(INIT_BITS.ALLOW_IDMAP)),
      })),
  },
  {
    name: "fmap-bit-without-init-ext",
    rule: "daemon/init/fmap-bit-travels",
    sentence: "The FUSE_DAX_FMAP bit is set in flags2, and FUSE_INIT_EXT is not set.",
    plant: () => onInit(({ flags }) => ({ flags: u32(flags & ~bit(INIT_BITS.INIT_EXT)) })),
  },
  {
    name: "init-reply-cut",
    rule: "daemon/init/fmap-bit-travels",
    sentence: "INIT's answer has the 24 bytes of an old protocol, so that flags2 never arrives.",
    plant: () => onBody(OPCODES.INIT, (body) => body.subarray(0, OLD_ANSWER)),
  },
  {
    name: "fmap-bit-in-flags",
    rule: "daemon/init/fmap-bit-travels",
    sentence: "The FUSE_DAX_FMAP bit is set in flags and not in flags2.",
    plant: ({ profile }) =>
      onInit(({ flags, flags2 }) => {
        const fmap = bit(profile.initBit);
        return flags2 & fmap ? { flags: u32(flags | fmap), flags2: u32(flags2 & ~fmap) } : {};
      }),
  },
  {
    name: "fmap-bit-not-offered",
    rule: "daemon/init/fmap-only-if-offered",
    sentence: "The FUSE_DAX_FMAP bit is set, offered or not.",
    implies: ["daemon/init/only-offered"],
    plant: ({ profile }) =>
      onInit(({ flags, flags2 }, offer) =>
        offer.flags & bit(INIT_BITS.INIT_EXT)
          ? { flags: u32(flags | bit(INIT_BITS.INIT_EXT)), flags2: u32(flags2 | bit(profile.initBit)) }
          : {},
      ),
  },
  {
    name: "fmap-without-agreement",
    rule: "daemon/init/fmap-only-if-offered",
    sentence: "GET_FMAP is answered though INIT did not agree on it.",
    plant: (session) =>
      onReply(OPCODES.INIT, (reply) => {
        session.fmapAgreed = session.started;
        return reply;
      }),
  },
  {
    name: "bit-42-of-newer-kernel",
    rule: "daemon/init/newer-kernel",
    sentence: "The bit of FUSE_DAX_FMAP is believed of a kernel too that means something else by it.",
    plant: (session) =>
      onInit(({ flags, flags2 }, offer) => {
        const fmap = bit(session.profile.initBit);
        if ((offer.flags & bit(INIT_BITS.INIT_EXT)) === 0 || (offer.flags2 & fmap) === 0) return {};
        session.fmapAgreed = session.started;
        return { flags: u32(flags | bit(INIT_BITS.INIT_EXT)), flags2: u32(flags2 | fmap) };
      }),
  },
  {
    name: "max-write-1024",
    rule: "daemon/init/max-write",
    sentence: "max_write is 1024.",
    plant: () => onInit(() => ({ max_write: 1024 })),
  },
  {
    name: "read-buffer-8191",
    rule: "daemon/init/read-buffer",
    sentence: "Requests are read with a buffer of 8191 bytes.",
    plant: () => ({ room: 8191 }),
  },
  {
    name: "read-buffer-of-max-write",
    rule: "daemon/init/read-buffer",
    sentence:
      "Requests are read with a buffer that has room for max_write and not for the headers of a WRITE.",
    plant: () => ({ room: MAX_WRITE }),
  },
  {
    name: "max-write-above-buffer",
    rule: "daemon/init/read-buffer",
    sentence: "INIT promises a max_write of 8 MiB, and requests are read with a buffer of 1 MiB.",
    plant: () => onInit(() => ({ max_write: 8 << 20 })),
  },
];
