/** Maps that are right each time, and not the same each time. */
import { encodeFmap, entryOut, OPCODES, outHeader } from "../../../spec/index.ts";
import type { Fault } from "../fault.ts";
import type { FileNode } from "../tree.ts";
import { afterReply, edited, onMessage } from "./hooking.ts";
import { farPlaces, moved, nearPlaces } from "./moving.ts";

/** How long a request waits for another one to be mixed up with; longer than a kernel takes from one to the next. */
const COMPANY_MS = 10;

/** More often than a file is looked up while it is open by any one phase of the suite: only sessions find it. */
const LOOKUPS_WHILE_OPEN = 3;

export const stabilityFaults: readonly Fault[] = [
  {
    name: "map-changes",
    rule: "daemon/fmap/stable-again",
    sentence: "Each GET_FMAP of a file moves it to another place, until it is forgotten.",
    implies: ["daemon/fmap/stable-concurrent"],
    plant(session) {
      const place = farPlaces(session.manifest);
      const asked = new Map<FileNode, { endings: number; times: number }>();
      return onMessage(session, (message, file) => {
        // The two requests of one exchange have to agree, or it is the exchange that fails.
        if (message.length > session.profile.replySize.first) return message;
        const endings = session.lookups.endings(file.ino);
        const last = asked.get(file);
        const times = last?.endings === endings ? last.times + 1 : 0;
        asked.set(file, { endings, times });
        return encodeFmap(moved(file.map, place(times)));
      });
    },
  },
  {
    name: "map-of-another-while-open",
    rule: "daemon/fmap/stable-again",
    sentence: `A file that was looked up ${LOOKUPS_WHILE_OPEN} times while it is open gets the map of another one, until it is closed.`,
    plant(session) {
      const { files } = session.tree;
      const another = new Map(files.map((file, i) => [file, files[(i + 1) % files.length] as FileNode]));
      const open = new Map<bigint, { times: number; lookups: number }>();
      const own = session.message.bind(session);
      session.message = (file) =>
        own(
          (open.get(file.ino)?.lookups ?? 0) >= LOOKUPS_WHILE_OPEN ? (another.get(file) as FileNode) : file,
        );
      return afterReply((reply, { opcode, nodeid }) => {
        if (reply?.error !== 0) return reply;
        const file = open.get(opcode === OPCODES.LOOKUP ? entryOut.read(reply.body).nodeid : nodeid);
        if (opcode === OPCODES.OPEN) open.set(nodeid, { lookups: 0, ...file, times: (file?.times ?? 0) + 1 });
        else if (file === undefined) return reply;
        else if (opcode === OPCODES.LOOKUP) file.lookups++;
        else if (opcode === OPCODES.RELEASE && --file.times === 0) open.delete(nodeid);
        return reply;
      });
    },
  },
  {
    name: "map-moves-after-forget",
    rule: "daemon/fmap/stable-after-forget",
    sentence:
      "A file whose map was asked for, that was forgotten and is looked up again lies in another place.",
    plant(session) {
      const place = farPlaces(session.manifest);
      const asked = new Map<FileNode, { endings: number; moves: number }>();
      return onMessage(session, (_, file) => {
        const endings = session.lookups.endings(file.ino);
        const last = asked.get(file);
        const moves = last === undefined ? 0 : last.endings === endings ? last.moves : last.moves + 1;
        asked.set(file, { endings, moves });
        return encodeFmap(moved(file.map, place(moves)));
      });
    },
  },
  {
    name: "concurrent-mix-up",
    rule: "daemon/fmap/stable-concurrent",
    sentence: "Of two GET_FMAP in flight at once each gets the other's map.",
    plant(session) {
      let waiting: Uint8Array | null = null;
      const release = () => {
        const replies = waiting === null ? [] : [waiting];
        waiting = null;
        return replies;
      };
      return {
        wire(replies, { opcode }) {
          const [reply] = replies;
          const isMap =
            opcode === session.profile.opcodes.getFmap &&
            reply !== undefined &&
            outHeader.read(reply).error === 0;
          if (!isMap) return [...release(), ...replies];
          const [other] = release();
          if (other === undefined) {
            waiting = reply;
            return [];
          }
          const mine = outHeader.read(reply).unique;
          const others = outHeader.read(other).unique;
          return [
            edited(outHeader, reply, () => ({ unique: others })),
            edited(outHeader, other, () => ({ unique: mine })),
          ];
        },
        quiet: { ms: COMPANY_MS, speak: release },
      };
    },
  },
  {
    name: "map-of-this-start",
    rule: "daemon/fmap/stable-restarted",
    sentence: "Where the files lie depends on when the daemon was started.",
    implies: ["daemon/intent/extents"],
    plant(session, { start }) {
      const by = nearPlaces(session.manifest)(start);
      return onMessage(session, (_, file) => encodeFmap(moved(file.map, by)));
    },
  },
];
