import type { Batch } from "../../generators/index.ts";
import type { Needs, RuleId } from "../../spec/index.ts";
import type { SourceCoverage } from "../kernel-source/coverage/reached.ts";
import type { observation, Scene } from "../kernel-source/observation.ts";
import type { Answers } from "./answers.ts";
import type { Breakdown } from "./breakdown.ts";

/** How a subject can be started again; the `subject` of reports and counterexamples. */
export type SubjectDescription =
  | { readonly kind: "embedded" }
  | { readonly kind: "driver"; readonly protocol: Protocol; readonly command: readonly string[] }
  | { readonly kind: "device"; readonly path: string }
  | { readonly kind: "kernel-source"; readonly path: string; readonly cc?: string }
  /** A function of the program that ran the suite: nobody else can start it. */
  | { readonly kind: "function"; readonly name: string };

export const PROTOCOLS = ["ndjson", "frames", "exec"] as const;
/** How a driver speaks: docs/driver-protocol.md. */
export type Protocol = (typeof PROTOCOLS)[number];

/** One message with the circumstances that only some subjects can arrange. */
export interface Question {
  readonly message: Uint8Array;
  /** The n-th allocation fails, counted from 1. */
  readonly failAllocation?: number;
  /** What happens around the message while it is installed on an inode. */
  readonly scene?: Exclude<Scene, "sites" | "about" | "coverage">;
  /** File offset and length (s64, not negative) to resolve with the map. */
  readonly resolve?: readonly (readonly [bigint, bigint])[];
}

/** Where a file range is, or that it is nowhere (`length` 0), or the errno (positive) of the attempt, or its crash. */
export type ResolvedAnswer =
  | { readonly devindex: bigint; readonly offset: bigint; readonly length: bigint }
  | { readonly length: 0n }
  | { readonly errno: number }
  | { readonly crashed: true };

/** What was seen of the subject's inside while it judged one message. */
export type Observation = Omit<ReturnType<typeof observation.read>, "reserved">;

export interface DetailedAnswer {
  /** 0, a negative errno, SKIPPED, REFUSED or OOPS. */
  readonly rc: number;
  /** The map record, where the subject tells its map. */
  readonly map: Uint8Array | null;
  readonly resolved: readonly ResolvedAnswer[] | null;
  readonly observation: Observation | null;
}

/** A subject that can be held to every rule that it has the ability for. */
export const NO_EXEMPTION: ReadonlyMap<RuleId, string> = new Map();

/** The exemption of a parser that nothing is installed with. */
export const NO_INODE: ReadonlyMap<RuleId, string> = new Map([
  ["resolve/bad-file", "a driver has no inode that could be in a bad state"],
]);

/** A parser under test. It starts, answers, is restarted after a breakdown, and stops. */
export interface ParserSubject {
  readonly description: SubjectDescription;
  /** What can be checked on it beside `message`. */
  readonly abilities: ReadonlySet<Needs>;
  /** Rules that it cannot be held to although it has the ability, each with the reason. */
  readonly exempt: ReadonlyMap<RuleId, string>;
  /** How many messages a run can afford: millions, thousands, or a process for each. */
  readonly pace: "bulk" | "line" | "process";
  /** Facts about how it was built or what it lacks, for the report. */
  readonly notes: readonly string[];
  /** Starts it and returns what it says it is. Throws SubjectError when it cannot be started. */
  start(): Promise<string>;
  /** Has the batch judged: `answers` holds what was answered in order, and how the subject broke down if it did. */
  ask(batch: Batch, answers: Answers): Promise<void>;
  /** How much the i-th message of the last batch reached in its code that none before had. */
  readonly reached?: (i: number) => number;
  /** What has been reached so far of its source; nothing that is asked afterwards counts. Throws SubjectError. */
  readonly coverage?: () => Promise<SourceCoverage>;
  /** Has one question answered, with a deadline of its own. */
  question(q: Question): Promise<DetailedAnswer | Breakdown>;
  /** Text of a site number of an observation, `famfs.c:157: ...`. */
  site?(number: number): Promise<string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}
