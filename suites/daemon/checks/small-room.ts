/** GET_FMAP with less room than the map needs, as no kernel asks at first: it offers 4096 bytes or more. */
import { describe, type Kernel } from "../kernel.ts";
import { sample } from "../session/sampling.ts";
import type { ServedFile } from "./map-checks.ts";

/** Files that are asked so. */
const FILES = 8;

/** Rooms of which one is less than anything that a kernel parses, and one is exactly a byte too small. */
const roomsFor = (message: Uint8Array): number[] =>
  [...new Set([0, 4, 32, 55, message.length - 1])].filter((room) => room < message.length);

/** Asks for maps with too little room: what comes has to fit, be it the size that is needed or an error. */
export async function smallRooms(kernel: Kernel, served: readonly ServedFile[]): Promise<void> {
  const { ledger } = kernel;
  if (kernel.profile.request.body === "none") {
    ledger.excuse("robustness/fmap-room", "a kernel of this revision does not say how much room it has");
    return;
  }
  for (const { node, message } of sample(served, FILES))
    for (const room of roomsFor(message)) {
      const answer = await kernel.getFmap(node.nodeid, room);
      const asked = `GET_FMAP with room for ${room} bytes is answered with`;
      const wrong =
        "unusable" in answer
          ? `${asked} ${describe(answer)}`
          : "value" in answer && answer.value.length > room && answer.value.length > SIZE_REPLY
            ? `${asked} ${answer.value.length}`
            : null;
      ledger.check("robustness/fmap-room", wrong, { path: node.path }, answer.evidence);
    }
}

/** Bytes of the reply that says how much room is needed. */
const SIZE_REPLY = 4;
