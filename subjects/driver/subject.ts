import type { Batch } from "../../generators/index.ts";
import type { Needs, RuleId } from "../../spec/index.ts";
import type { SourceCoverage } from "../kernel-source/coverage/reached.ts";
import type { observation, Scene } from "../kernel-source/observation.ts";
import type { Answers } from "./answers.ts";
import type { Breakdown } from "./breakdown.ts";

/** How to start a subject again; the `subject` of reports and counterexamples. */
export type SubjectDescription =
  | { readonly kind: "embedded" }
  | { readonly kind: "driver"; readonly protocol: Protocol; readonly command: readonly string[] }
  | { readonly kind: "device"; readonly path: string }
  | { readonly kind: "kernel-source"; readonly path: string; readonly cc?: string }
  /** A function of the program that ran the suite; only that program can call it. */
  | { readonly kind: "function"; readonly name: string };

export const PROTOCOLS = ["ndjson", "frames", "exec"] as const;
/** The protocols of drivers: docs/driver-protocol.md. */
export type Protocol = (typeof PROTOCOLS)[number];

/** One message with the circumstances that only some subjects can arrange. */
export interface Question {
  readonly message: Uint8Array;
  /** The n-th allocation fails, counted from 1. */
  readonly failAllocation?: number;
  /** What happens around the installation of the map on an inode. */
  readonly scene?: Exclude<Scene, "sites" | "about" | "coverage">;
  /** File offsets and lengths (s64, not negative) to resolve with the map. */
  readonly resolve?: readonly (readonly [bigint, bigint])[];
}

/** The memory of a file range, or none (`length` 0), or the errno (positive) of the attempt, or its crash. */
export type ResolvedAnswer =
  | { readonly devindex: bigint; readonly offset: bigint; readonly length: bigint }
  | { readonly length: 0n }
  | { readonly errno: number }
  | { readonly crashed: true };

/** What the harness observed inside the subject while it judged one message. */
export type Observation = Omit<ReturnType<typeof observation.read>, "reserved">;

export interface DetailedAnswer {
  /** 0, a negative errno, SKIPPED, REFUSED or OOPS. */
  readonly rc: number;
  /** The map record; null: the subject does not report its map. */
  readonly map: Uint8Array | null;
  readonly resolved: readonly ResolvedAnswer[] | null;
  readonly observation: Observation | null;
}

/** No exemption: the subject is tested on every rule that it has the ability for. */
export const NO_EXEMPTION: ReadonlyMap<RuleId, string> = new Map();

/** The exemption of a parser without an inode. */
export const NO_INODE: ReadonlyMap<RuleId, string> = new Map([
  ["resolve/bad-file", "a driver has no inode that could be in a bad state"],
]);

/** A parser under test. The suite starts it, asks it, restarts it after a breakdown, and stops it. */
export interface ParserSubject {
  readonly description: SubjectDescription;
  /** Its abilities besides `message`. */
  readonly abilities: ReadonlySet<Needs>;
  /** Rules that are not tested although the subject has the ability, each with the reason. */
  readonly exempt: ReadonlyMap<RuleId, string>;
  /** Its speed: millions of messages, thousands, or one process for each. */
  readonly pace: "bulk" | "line" | "process";
  /** Notes for the report: how it was built, and what it lacks. */
  readonly notes: readonly string[];
  /** Starts it and returns its own description. Throws SubjectError if it cannot be started. */
  start(): Promise<string>;
  /** Lets it judge the batch; `answers` gets the answers in order, and the breakdown if there was one. */
  ask(batch: Batch, answers: Answers): Promise<void>;
  /** How much new code the i-th message of the last batch reached. */
  readonly reached?: (i: number) => number;
  /** The coverage of its source so far; later messages do not count. Throws SubjectError. */
  readonly coverage?: () => Promise<SourceCoverage>;
  /** Lets it answer one question, with its own deadline. */
  question(q: Question): Promise<DetailedAnswer | Breakdown>;
  /** The text for a site number of an observation: `famfs.c:157: ...`. */
  site?(number: number): Promise<string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}
