/** Maps for what has none. */
import { getFmapIn } from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import { fmapReply } from "../fmap-requests.ts";
import type { Session } from "../session.ts";
import type { FileNode } from "../tree.ts";
import { anyFile, firstThat, onReply } from "./hooking.ts";

/** Gives out a file's map where `when` says so and the daemon would refuse. */
const mapped = (
  session: Session,
  file: (nodeid: bigint) => FileNode,
  when: (nodeid: bigint) => boolean,
): Hooks =>
  onReply(session.profile.opcodes.getFmap, (reply, request) => {
    const { honest, body, nodeid } = request;
    const asks = honest && session.fmapAgreed && body.length >= getFmapIn.size;
    return asks && reply.error !== 0 && when(nodeid) ? fmapReply(session, request, file(nodeid)) : reply;
  });

const mappedKind = (session: Session, kind: "directory" | "symlink"): Hooks => {
  const file = anyFile(session);
  return mapped(
    session,
    () => file,
    (nodeid) => session.lookups.knows(nodeid) && session.lookups.node(nodeid).kind === kind,
  );
};

export const refusalFaults: readonly Fault[] = [
  {
    name: "directory-mapped",
    rule: "daemon/fmap/directory",
    sentence: "GET_FMAP of a directory gets some file's map.",
    plant: (s) => mappedKind(s, "directory"),
  },
  {
    name: "symlink-mapped",
    rule: "daemon/fmap/symlink",
    sentence: "GET_FMAP of a symlink gets some file's map.",
    plant: (s) => mappedKind(s, "symlink"),
  },
  {
    name: "unknown-nodeid-mapped",
    rule: "daemon/fmap/unknown-nodeid",
    sentence: "GET_FMAP of a nodeid that was never given out gets some file's map.",
    implies: ["robustness/wild-nodeid", "robustness/answers-the-asker"],
    plant(s) {
      const file = anyFile(s);
      const unknown = (nodeid: bigint) => !s.lookups.knows(nodeid) && s.lookups.endings(nodeid) === 0;
      return mapped(s, () => file, unknown);
    },
  },
  {
    name: "forgotten-nodeid-mapped",
    rule: "daemon/fmap/forgotten-nodeid",
    sentence: "GET_FMAP of a forgotten nodeid gets another file's map.",
    plant(s) {
      const first = anyFile(s);
      const second = firstThat(s.tree.files, "two files", (f) => f !== first);
      const another = (nodeid: bigint) => (nodeid === first.ino ? second : first);
      const forgotten = (nodeid: bigint) => !s.lookups.knows(nodeid) && s.lookups.endings(nodeid) > 0;
      return mapped(s, another, forgotten);
    },
  },
  {
    name: "nodeid-reused",
    rule: "daemon/fmap/forgotten-nodeid",
    sentence: "A forgotten nodeid is given to the next file that is looked up, under the same generation.",
    plant({ lookups }) {
      const free: bigint[] = [];
      let last = 1n;
      const forget = lookups.forget.bind(lookups);
      lookups.allot = () => free.pop() ?? ++last;
      lookups.forget = (nodeid, count) => {
        const known = lookups.knows(nodeid);
        forget(nodeid, count);
        if (known && !lookups.knows(nodeid)) free.push(nodeid);
      };
      return {};
    },
  },
];
