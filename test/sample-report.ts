import { versionsWith } from "../base/versions.ts";
import { parseFmap } from "../oracles/index.ts";
import { DEFAULT_PROFILE, decodeMessage } from "../spec/index.ts";
import type { ParserReport } from "../suites/parser/outcome.ts";
import { withParserVerdict } from "../suites/parser/verdict.ts";
import type { Counterexample } from "../suites/run/outcome.ts";
import { verdictToJson } from "../suites/run/verdict-json.ts";

/** What the oracle says of a message in hex, as a counterexample has it. */
export const expectedOf = (hex: string): Counterexample["expected"] =>
  verdictToJson(parseFmap(DEFAULT_PROFILE, Buffer.from(hex, "hex")));

/** A header that announces 33 extents: E2BIG. */
const TOO_MANY = "0000010000000000210000000000000000002000000000000000000000000000";

/** A driver that accepts TOO_MANY, or what the overrides say. */
export const sampleCounterexample = (overrides: Partial<Counterexample> = {}): Counterexample => ({
  format: "fmapspec-counterexample",
  version: 1,
  profile: DEFAULT_PROFILE.name,
  rule: "fmap/header/nextents-limit",
  kind: "verdict",
  message: TOO_MANY,
  decoded: decodeMessage(Buffer.from(overrides.message ?? TOO_MANY, "hex")),
  expected: expectedOf(overrides.message ?? TOO_MANY),
  actual: "accepted",
  subject: { kind: "driver", protocol: "frames", command: ["mine"] },
  seed: 7,
  versions: versionsWith("0"),
  ...overrides,
});

/** A run over ten messages that passed, or what the overrides say. */
export const sampleReport = (overrides: Partial<ParserReport> = {}): ParserReport =>
  withParserVerdict({
    format: "fmapspec-report",
    version: 1,
    fmapspec: "0",
    suite: "parser",
    profile: DEFAULT_PROFILE.name,
    level: "quick",
    seed: 7,
    run: { runs: null, filter: [], strict: false, failFast: false, timeout: 5000, shard: null },
    subject: { kind: "driver", protocol: "frames", command: ["mine"] },
    implementation: "mine 0.1",
    complete: true,
    unchecked: [],
    seconds: 2,
    messages: 10,
    rules: [{ rule: "fmap/header/nextents-limit", outcome: "passed", messages: 10, failed: 0 }],
    counterexamples: [],
    findings: [],
    boundaries: { classes: 3, hit: 2, pairs: 9, pairsHit: 4, missed: ["devindex"] },
    notes: [],
    ...overrides,
  });
