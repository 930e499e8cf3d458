/** Every fault that the reference daemon can be started with. */
import type { Fault } from "./fault.ts";
import { daxdevFaults } from "./faults/daxdev.ts";
import { directoryFaults } from "./faults/directory.ts";
import { fieldFaults } from "./faults/fmap-field.ts";
import { mapFaults } from "./faults/fmap-map.ts";
import { messageFaults } from "./faults/fmap-message.ts";
import { initFaults } from "./faults/init.ts";
import { inodeFaults } from "./faults/inode.ts";
import { changeFaults, intentFaults } from "./faults/intent.ts";
import { lifeFaults } from "./faults/life.ts";
import { refusalFaults } from "./faults/refusal.ts";
import { replyFaults } from "./faults/reply.ts";
import { robustnessFaults } from "./faults/robustness.ts";
import { sizeReplyFaults } from "./faults/size-reply.ts";
import { stabilityFaults } from "./faults/stability.ts";
import { treeFaults } from "./faults/tree.ts";

export const FAULTS: readonly Fault[] = [
  ...initFaults,
  ...replyFaults,
  ...treeFaults,
  ...inodeFaults,
  ...directoryFaults,
  ...messageFaults,
  ...mapFaults,
  ...fieldFaults,
  ...sizeReplyFaults,
  ...stabilityFaults,
  ...refusalFaults,
  ...daxdevFaults,
  ...intentFaults,
  ...changeFaults,
  ...lifeFaults,
  ...robustnessFaults,
];

/** The fault of that name, or undefined. */
export const faultNamed = (name: string): Fault | undefined => FAULTS.find((f) => f.name === name);
