import type { Profile } from "./profile.ts";

export const rfcV2: Profile = {
  name: "rfc-v2",
  title: "famfs-fuse RFC V2, 3 July 2025",
  source: "linux-fsdevel 20250703185032.46568-13-john@groves.net (12/18) to -16 (15/18)",
  opcodes: { getFmap: 53, getDaxdev: 54 },
  initBit: 42,
  limits: { maxExtents: 32, maxStrips: 32, maxAllocation: 4 << 20, alignment: 2 << 20 },
  errnos: { nextentsZero: "EINVAL", nextentsLimit: "E2BIG" },
  replySize: { kind: "retry-once", first: 4096, min: 56, max: 32768 },
  openIgnoresFmap: true,
  resolveFailure: "empty",
  daxdevSlots: 24,
};
