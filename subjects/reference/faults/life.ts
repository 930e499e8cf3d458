import { OPCODES } from "../../../spec/index.ts";
import type { Fault } from "../fault.ts";
import { refused } from "../reply.ts";
import { afterReply, onReply } from "./hooking.ts";

/** After so long without a request the daemon thinks that it is over. */
const IDLE_MS = 25;
/** A daemon that does not end outlives the run that waits for it, and not much more. */
const LINGER_MS = 60_000;

export const lifeFaults: readonly Fault[] = [
  {
    name: "interrupt-hits-next",
    rule: "daemon/life/interrupt",
    sentence: "INTERRUPT makes the next request fail with EINTR.",
    plant() {
      let interrupted = false;
      return afterReply((reply, { opcode }) => {
        const hit = interrupted;
        interrupted = opcode === OPCODES.INTERRUPT;
        return hit && reply !== null ? refused("EINTR") : reply;
      });
    },
  },
  {
    name: "crash-at-third-fmap",
    rule: "daemon/life/stays",
    sentence: "The third GET_FMAP is the last one: the daemon dies by SIGSEGV.",
    implies: ["daemon/reply/answered"],
    plant({ profile }, world) {
      let times = 0;
      return {
        reply(request, own) {
          if (request.opcode === profile.opcodes.getFmap && ++times === 3) world.crash();
          return own();
        },
      };
    },
  },
  {
    name: "exits-when-idle",
    rule: "daemon/life/stays",
    sentence: `Once it has given out a map, the daemon ends when nothing comes for ${IDLE_MS} milliseconds.`,
    plant({ profile }, world) {
      let busy = false;
      const noting = onReply(profile.opcodes.getFmap, (reply) => {
        busy ||= reply.error === 0;
        return reply;
      });
      const speak = () => {
        if (busy) world.leave();
        return [];
      };
      return { ...noting, quiet: { ms: IDLE_MS, speak } };
    },
  },
  {
    name: "crash-at-the-end",
    rule: "daemon/life/destroy",
    sentence: "After DESTROY, and when the channel closes, the daemon dies by SIGSEGV.",
    plant: (_, world) => ({ end: world.crash }),
  },
  {
    name: "never-ends",
    rule: "daemon/life/destroy",
    sentence: "After DESTROY the daemon stays.",
    plant: (session, world) => ({
      end() {
        if (session.ended) world.sleep(LINGER_MS);
      },
    }),
  },
];
