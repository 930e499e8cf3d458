/** Requests that no kernel sends. Failures are reported, and do not change the verdict. */
import { at, type RuleEntry } from "./rule.ts";

export const robustnessRules = {
  "robustness/opcode": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "An opcode that does not exist gets an error.",
    source: at("no kernel sends it"),
    consequence: "The daemon is confused by a newer kernel.",
  },
  "robustness/truncated-body": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A request whose body is too short gets an error.",
    source: at("no kernel sends it"),
    consequence: "A fault elsewhere becomes a crash of the daemon.",
  },
  "robustness/wild-nodeid": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A nodeid that was never given out gets an error, whatever the opcode.",
    source: at("no kernel sends it"),
    consequence: "Memory of the daemon is read through a number from outside.",
  },
  "robustness/count": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A count or size beyond all reason gets an error or a short answer.",
    source: at("no kernel sends it"),
    consequence: "The daemon allocates or copies what it does not have.",
  },
  "robustness/fmap-room": {
    level: "SHOULD",
    needs: "daemon",
    sentence:
      "GET_FMAP with less room than the map needs gets the size that is needed, or an error, and no more bytes than fit.",
    source: at("no kernel sends it: its first buffer has 4096 bytes"),
    consequence: "A kernel with a smaller buffer refuses the reply, and the file has no map.",
  },
  "robustness/name": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A name with a slash, `..`, no NUL or 300 bytes gets an error.",
    source: at("no kernel sends it"),
    consequence: "Files outside the mount are served.",
  },
  "robustness/length": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A header whose length is not that of the message gets an error.",
    source: at("no kernel sends it"),
    consequence: "Bytes of another request are taken for this one's.",
  },
  "robustness/survives": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "The daemon answers the next ordinary request, or has ended in an orderly way.",
    source: at("no kernel sends it"),
    consequence: "One bad request takes the mount down with a crash or a hang.",
  },
  "robustness/answers-the-asker": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A hostile request is answered once at most, and under its own unique.",
    source: at("no kernel sends it"),
    consequence: "Data goes to somebody who did not ask for it.",
  },
} as const satisfies Record<string, RuleEntry & { level: "SHOULD" }>;

/** Whether only requests that no kernel sends check the rule: it warns, and no verdict needs it. */
export const isRobustness = (id: string): boolean => Object.hasOwn(robustnessRules, id);
