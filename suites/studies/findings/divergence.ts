import {
  parseFmap,
  type readWireFmap,
  resolve,
  STRICT_CHECKS,
  type StrictName,
  strict,
  type Verdict,
} from "../../../oracles/index.ts";
import { type HazardId, type Profile, rule } from "../../../spec/index.ts";

/** One divergence between a kernel and a careful one on a message. */
interface MessageDivergence {
  /** The class: `accepts/reserved-zero`, `refuses/fmap/simple/devindex`, `hazard/strips-leak`. */
  readonly id: string;
  /** Byte of the message with the fault, and the fault in words. */
  readonly at: number;
  readonly detail: string;
}

/** All divergences on a message, and the checks of the strict oracle that it fails. */
export interface Examination {
  readonly verdict: Verdict;
  readonly breaches: readonly StrictName[];
  readonly divergences: readonly MessageDivergence[];
  /** Whether the sources settle if the message has a divergence of that class. */
  settles(id: string): boolean;
}

/** Hazards that a check of the strict oracle reports, too. */
const CHECKED: readonly HazardId[] = [
  "hazard/devindex-shift",
  "hazard/unpaid-allocation",
  "hazard/zero-chunk-division",
];

/**
 * Compares the profile's kernel with the strict oracle on a message. `checks`: the strict checks to make; `wire`: the result
 * of `readWireFmap`, if the caller has it already.
 */
export function examine(
  profile: Profile,
  message: Uint8Array,
  checks?: readonly StrictName[],
  wire?: ReturnType<typeof readWireFmap>,
): Examination {
  const verdict = parseFmap(profile, message);
  const breaches = strict(profile, message, checks, wire, verdict);
  const divergences: MessageDivergence[] = verdict.hazards
    .filter((h) => !CHECKED.includes(h.rule))
    .map((h) => ({ id: h.rule, at: h.offset, detail: `${h.count} times` }));
  // Arithmetic fails before any verdict; the other faults matter only if the kernel accepts the message.
  for (const { check, at, detail } of breaches)
    if (STRICT_CHECKS[check].clause === "arithmetic")
      divergences.push({ id: `computes/${check}`, at, detail });
    else if (verdict.verdict === "accept") divergences.push({ id: `accepts/${check}`, at, detail });
  if (verdict.verdict === "reject" && breaches.length === 0)
    divergences.push({ id: `refuses/${verdict.rule}`, at: verdict.offset, detail: verdict.errno });
  let resolves = true;
  if (verdict.verdict === "accept" && verdict.map.fileSize > 0n) {
    const first = resolve(profile, verdict.map, 0n, 1n);
    resolves = first.kind !== "unspecified";
    if (first.kind === "unspecified" && first.rule !== null && !CHECKED.includes(first.rule))
      divergences.push({ id: first.rule, at: 0, detail: "resolving its first byte is undefined" });
    if (first.kind === "empty" || first.kind === "failed")
      divergences.push({ id: "opens/unreadable", at: 0, detail: "no byte of the file resolves" });
  }
  const settles = (id: string) =>
    verdict.verdict !== "unspecified" && (resolves || id !== "opens/unreadable");
  return { verdict, breaches: breaches.map((b) => b.check), divergences, settles };
}

/** Divergences of open(2). */
const OPENS = {
  unreadable: {
    sentence: "It takes a message of which not even the first byte resolves.",
    consequence: "open(2) succeeds on a file that can never be read.",
  },
  "without-map": {
    sentence: "open(2) succeeds although the file got no map.",
    consequence: "Its data takes another path than the daemon's author meant, and nobody is told.",
  },
  "refused-though-mapped": {
    sentence: "open(2) fails although the file has a map: another open was faster.",
    consequence: "Two processes open a file at the same time, and one of them is told that it exists.",
  },
  "without-daxdev": {
    sentence: "open(2) succeeds on a map whose daxdev is not known.",
    consequence: "Every read, write and mmap of the file fails with EIO for as long as the inode lives.",
  },
} as const;

/** One sentence about the behaviour of a kernel with a divergence of the class, and one about the harm to its users. */
export function meaning(id: string): { readonly sentence: string; readonly consequence: string } {
  const [kind] = id.split("/", 1);
  const rest = id.slice((kind as string).length + 1);
  switch (kind) {
    case "accepts":
    case "computes": {
      const { unsafe, consequence } = STRICT_CHECKS[rest as StrictName];
      const verb = kind === "accepts" ? "It takes a message with" : "It works on a message with";
      return { sentence: `${verb} ${unsafe}.`, consequence };
    }
    case "refuses":
      return {
        sentence: `It refuses a message that could be served: ${rule(rest as HazardId).sentence}`,
        consequence: "A daemon whose map is sound is not served, and has to lay its files out otherwise.",
      };
    case "opens":
      return OPENS[rest as keyof typeof OPENS];
    default: {
      const { sentence, consequence } = rule(id as HazardId);
      return { sentence, consequence };
    }
  }
}
