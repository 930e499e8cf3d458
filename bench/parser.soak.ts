/** A million messages: memory stays flat and the report small, whatever the parser answers. Needs gcc. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import type { Batch } from "../generators/index.ts";
import { DEFAULT_PROFILE, ERRNO } from "../spec/index.ts";
import type { Answers } from "../subjects/driver/answers.ts";
import { FramesSubject } from "../subjects/driver/frames.ts";
import { NO_EXEMPTION, type ParserSubject } from "../subjects/driver/subject.ts";
import { Reporter } from "../suites/parser/report.ts";
import { ParserRun } from "../suites/parser/run.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-soak-"));
afterAll(() => rmSync(folder, { recursive: true }));

const RUNS = 1_000_000;
const EARLY = 200_000;

/** What a garbage collector leaves lying about, in MiB. */
const SLACK = 48;

/** Bytes of a report at most: the kept classes, each with a message of up to 32 KiB in hex, their counts, the rules. */
const REPORT = 16 << 20;

function conforming(): ParserSubject {
  const program = join(folder, "frames");
  execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, "drivers/c/frames.c")]);
  return new FramesSubject({ kind: "driver", protocol: "frames", command: [program] }, [program], 20_000);
}

/** Answers with any errno, or accepts: as many kinds of failure as there can be. */
function atRandom(): ParserSubject {
  const random = xoroshiro128plus(1);
  const errnos = Object.values(ERRNO);
  const rc = () => -(errnos[(random.next() >>> 0) % (errnos.length + 1)] ?? 0);
  return {
    description: { kind: "embedded" },
    abilities: new Set(["message"]),
    exempt: NO_EXEMPTION,
    pace: "bulk",
    notes: [],
    start: async () => "at random",
    async ask(batch: Batch, answers: Answers) {
      answers.clear();
      for (let i = 0; i < batch.count; i++) answers.add(rc());
    },
    question: async () => ({ rc: rc(), map: null, resolved: null, observation: null }),
    restart: async () => {},
    stop: async () => {},
  };
}

it.each([
  ["conforms", conforming],
  ["answers at random", atRandom],
])("a parser that %s", async (name, subjectOf) => {
  const subject = subjectOf();
  const implementation = await subject.start();
  let early = 0;
  let journal = 0;
  const options = {
    profile: DEFAULT_PROFILE,
    level: "full",
    seed: 1,
    runs: RUNS,
    failFast: false,
    strict: false,
    filters: [],
    timeout: 20_000,
    version: "soak",
    signal: new AbortController().signal,
    progress: ({ done }: { done: number }) => {
      if (done >= EARLY && early === 0) early = process.memoryUsage.rss();
    },
    checkpoint: (state: () => object, urgent: boolean) => {
      if (urgent) journal = JSON.stringify(state()).length;
    },
  } as const;
  const run = new ParserRun(subject, options);
  await run.go();
  const late = process.memoryUsage.rss();
  const report = JSON.stringify(await new Reporter(run, subject, options).report(implementation, 1)).length;
  await subject.stop();
  const { failures, others } = run.ledger;
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  console.log(
    `${name}: ${mib(early)} MiB after ${EARLY}, ${mib(late)} after ${RUNS}; ${failures.size} kinds of failure kept, ` +
      `${others.size} counted; report ${report} bytes, journal ${journal}`,
  );
  expect((late - early) / 2 ** 20).toBeLessThan(SLACK);
  expect(report).toBeLessThan(REPORT);
  expect(journal).toBeLessThan(REPORT);
});
