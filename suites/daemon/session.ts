import fc from "fast-check";
import { type Step, sessionArb } from "../../generators/index.ts";
import { MODE, type RuleId } from "../../spec/index.ts";
import { describeFetch, fetchFmap } from "./fetch.ts";
import { describe, type Entry, type Kernel } from "./kernel.ts";
import type { ServedFile } from "./map-checks.ts";

/** How a session broke a requirement. */
interface SessionFault {
  readonly rule: RuleId;
  readonly detail: string;
}

/** What a session knows of one file. */
interface Known {
  readonly file: ServedFile;
  readonly nodeid: bigint;
  count: bigint;
  readonly handles: bigint[];
}

/** A file that a step speaks of, one of those that fulfil what the step needs. */
const pick = <T>(items: readonly T[], which: number): T | undefined =>
  items[which % Math.max(1, items.length)];

/**
 * Plays one session against the model of the connection: which files are looked up, how often, which are open.
 * Returns the first fault; a step that makes no sense at its point does nothing. Ends with everything given back.
 */
async function playSession(
  kernel: Kernel,
  files: readonly ServedFile[],
  steps: readonly Step[],
): Promise<SessionFault | null> {
  const known = new Map<string, Known>();
  let fault: SessionFault | null = null;
  for (const step of steps) {
    fault = await play(kernel, files, known, step);
    if (fault !== null) break;
  }
  for (const k of known.values()) {
    for (const fh of k.handles) await kernel.release(k.nodeid, fh);
    kernel.forget(k.nodeid, k.count);
  }
  return fault;
}

async function play(
  kernel: Kernel,
  files: readonly ServedFile[],
  known: Map<string, Known>,
  step: Step,
): Promise<SessionFault | null> {
  const looked = [...known.values()];
  const file = pick(files, step.which);
  const one = pick(looked, step.which);
  switch (step.kind) {
    case "lookup":
    case "lookupAgain": {
      const target = step.kind === "lookup" ? file : one?.file;
      return target === undefined ? null : look(kernel, known, target);
    }
    case "forget":
    case "forgetAll": {
      if (one === undefined || one.handles.length > 0) return null;
      const n = step.kind === "forget" ? 1n : one.count;
      kernel.forget(one.nodeid, n);
      one.count -= n;
      if (one.count === 0n) known.delete(one.file.node.path);
      return null;
    }
    case "getattr": {
      if (one === undefined) return null;
      const attr = await kernel.getattr(one.nodeid);
      return "value" in attr
        ? sizeOf(one.file, attr.value.size, "GETATTR")
        : {
            rule: "daemon/tree/lookup-count",
            detail: `GETATTR of ${one.file.node.path}, looked up ${one.count} times: ${describe(attr)}`,
          };
    }
    case "open": {
      if (one === undefined) return null;
      const opened = await kernel.open(one.nodeid);
      // A daemon without OPEN says ENOSYS once, and the kernel does without from then on.
      if ("value" in opened) one.handles.push(opened.value.fh);
      else if (describe(opened) !== "ENOSYS")
        return { rule: "daemon/tree/open", detail: `OPEN of ${one.file.node.path}: ${describe(opened)}` };
      return null;
    }
    case "release": {
      const open = pick(
        looked.filter((k) => k.handles.length > 0),
        step.which,
      );
      if (open !== undefined) await kernel.release(open.nodeid, open.handles.pop() as bigint);
      return null;
    }
    case "getFmap":
      return one === undefined ? null : sameMap(kernel, one, "daemon/fmap/stable-again");
    case "together": {
      const faults = await Promise.all(
        Array.from({ length: step.n }, (_, i) => pick(looked, step.which + i))
          .filter((k) => k !== undefined)
          .map((k) => sameMap(kernel, k, "daemon/fmap/stable-concurrent")),
      );
      return faults.find((f) => f !== null) ?? null;
    }
  }
}

async function look(
  kernel: Kernel,
  known: Map<string, Known>,
  file: ServedFile,
): Promise<SessionFault | null> {
  const { path, parent, name } = file.node;
  const found = await kernel.lookup(parent, name);
  if (!("value" in found))
    return { rule: "daemon/tree/lookup-count", detail: `LOOKUP of ${path}: ${describe(found)}` };
  const { value: entry } = found;
  const before = known.get(path);
  if (before !== undefined && before.nodeid !== entry.nodeid)
    return {
      rule: "daemon/tree/lookup-count",
      detail: `${path} was nodeid ${before.nodeid}, and is ${entry.nodeid} while it is still looked up`,
    };
  const other = [...known.values()].find((k) => k.nodeid === entry.nodeid && k.file.node.path !== path);
  if (other !== undefined)
    return {
      rule: "daemon/tree/lookup-count",
      detail: `${path} and ${other.file.node.path} have the same nodeid`,
    };
  if (before === undefined) known.set(path, { file, nodeid: entry.nodeid, count: 1n, handles: [] });
  else before.count++;
  return isFile(entry)
    ? sizeOf(file, entry.size, "LOOKUP")
    : { rule: "daemon/tree/lookup-getattr", detail: `${path} is no regular file any more` };
}

const isFile = (entry: Entry) => (entry.mode & MODE.typeMask) === MODE.regular;

const sizeOf = (file: ServedFile, size: bigint, who: string): SessionFault | null =>
  size === file.node.lookupSize
    ? null
    : {
        rule: "daemon/tree/lookup-getattr",
        detail: `${who} of ${file.node.path} says ${size} bytes, it were ${file.node.lookupSize}`,
      };

async function sameMap(kernel: Kernel, k: Known, rule: RuleId): Promise<SessionFault | null> {
  const fetched = await fetchFmap(kernel, k.nodeid);
  if (fetched.message !== null && Buffer.compare(fetched.message, k.file.message) === 0) return null;
  const now = fetched.message === null ? describeFetch(fetched) : "another map";
  return { rule, detail: `GET_FMAP of ${k.file.node.path}: ${now}` };
}

/** A fault, and the shortest session that shows it. */
export interface ShrunkFault extends SessionFault {
  readonly steps: readonly Step[];
}

/** Plays `runs` random sessions and shrinks the first fault; the same seed gives the same sessions. */
export async function randomSessions(
  kernel: Kernel,
  files: readonly ServedFile[],
  runs: number,
  seed: number,
): Promise<ShrunkFault | null> {
  let fault: ShrunkFault | null = null;
  await fc.check(
    fc.asyncProperty(sessionArb, async (steps) => {
      const found = await playSession(kernel, files, steps);
      // While it shrinks, another fault than the first is not followed.
      if (found === null || (fault !== null && found.rule !== fault.rule)) return true;
      fault = { ...found, steps };
      return false;
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  return fault;
}
