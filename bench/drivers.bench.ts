/** Messages through drivers: 512 messages an iteration, as the runner sends them. Needs gcc; the C driver is built here. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { Batch, RecipeStream } from "../generators/index.ts";
import { DEFAULT_PROFILE } from "../spec/index.ts";
import { PACKAGE_ROOT } from "../suites/package-root.ts";
import { Answers } from "../suites/subjects/answers.ts";
import { FramesSubject } from "../suites/subjects/frames.ts";
import { NdjsonSubject } from "../suites/subjects/ndjson.ts";
import type { ParserSubject } from "../suites/subjects/subject.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-bench-"));
const frames = join(folder, "frames");
execFileSync("gcc", ["-O2", "-o", frames, join(PACKAGE_ROOT, "drivers/c/frames.c")]);
const python = ["python3", join(PACKAGE_ROOT, "drivers/python/fmap_driver.py")];
const driver = (protocol: "frames" | "ndjson", command: string[]) =>
  ({ kind: "driver", protocol, command }) as const;

const SUBJECTS: Record<string, [ParserSubject, number]> = {
  "C, frames, 512 in flight": [new FramesSubject(driver("frames", [frames]), [frames], 5000), 512],
  "C, frames, 64 in flight": [new FramesSubject(driver("frames", [frames]), [frames], 5000), 64],
  "C, frames, one at a time": [new FramesSubject(driver("frames", [frames]), [frames], 5000), 1],
  "Python, NDJSON, 64 in flight": [
    new NdjsonSubject(driver("ndjson", python), python, DEFAULT_PROFILE.name, 5000),
    64,
  ],
};
for (const [subject] of Object.values(SUBJECTS)) await subject.start();
afterAll(async () => {
  for (const [subject] of Object.values(SUBJECTS)) await subject.stop();
  rmSync(folder, { recursive: true });
});

describe("512 messages through a driver", () => {
  for (const [name, [subject, size]] of Object.entries(SUBJECTS)) {
    const stream = new RecipeStream(1);
    const batch = new Batch(size);
    while (!batch.full) batch.add(stream.next());
    const answers = new Answers(size);
    bench(name, async () => {
      for (let done = 0; done < 512; done += batch.count) await subject.ask(batch, answers);
    });
  }
});
