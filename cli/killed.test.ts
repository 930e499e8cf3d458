/** Signals at random moments of runs, a hundred in all: nobody is left behind, and what is on the disk is whole. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { DEFAULT_MANIFEST } from "../subjects/reference/default-manifest.ts";
import { badDriver } from "../test/bad-driver.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { fmapspecProcess, MAIN, running, until } from "./test/process.ts";

const folder = scratch();
const SEED = Number(process.env.FMAPSPEC_KILL_SEED ?? 1);
const CASES = 100;
const AT_ONCE = 4;

const moments = fc.record({
  signal: fc.constantFrom("SIGINT", "SIGTERM", "SIGKILL"),
  subject: fc.constantFrom("driver", "hanging driver", "daemon"),
  /** Milliseconds from the start of the process on: loading takes some 200 of them. */
  delay: fc.integer({ min: 0, max: 1500 }),
});
type Moment = typeof moments extends fc.Arbitrary<infer M> ? M : never;

const EXIT = { SIGINT: 130, SIGTERM: 143 } as const;
/** The verdict on a run that was cut: what hung before has failed, and all others are inconclusive. */
const CUT = /^(INCONCLUSIVE|NOT CONFORMING as far as the run went): /m;
const SCHEMA = {
  "report.json": "report",
  "daemon-report.json": "daemon-report",
  "journal.json": "journal",
} as const;

/** A run that would go on for minutes, and what marks every process of its subject. */
function longRun(subject: Moment["subject"], name: string) {
  const out = join(folder, name);
  if (subject === "daemon") {
    const manifest = join(folder, `${name}.json`);
    writeFileSync(manifest, JSON.stringify(DEFAULT_MANIFEST));
    const daemon = [process.execPath, MAIN, "reference-daemon", "--manifest", manifest, "{mountpoint}"];
    return { out, mark: manifest, args: ["daemon", "--level", "soak", "--out", out, "--", ...daemon] };
  }
  const { command } = badDriver("frames", subject === "driver" ? "none" : "hang");
  const mark = command.at(-1) as string;
  const how = ["--level", "soak", "--timeout", "300", "--out", out, "--protocol", "frames", "--"];
  return { out, mark, args: ["parser", ...how, ...command] };
}

async function strike({ signal, subject, delay }: Moment, name: string): Promise<void> {
  const { out, mark, args } = longRun(subject, name);
  const ran = await fmapspecProcess(args, {
    async meanwhile(child) {
      await setTimeout(delay);
      child.kill(signal);
    },
  });
  await until(() => running(mark).length === 0);
  const files = existsSync(out) ? readdirSync(out).filter((file) => /\.json$/.test(file)) : [];
  for (const file of files) {
    const document = JSON.parse(readFileSync(join(out, file), "utf8"));
    expect(misfit(SCHEMA[file as keyof typeof SCHEMA], document)).toBeNull();
  }
  if (signal !== "SIGKILL") {
    expect(ran.stderr.replace(/no certificate: .*\n/, "")).toBe("");
    // Until it has installed its signal handlers, a signal ends it as it ends any program.
    if (typeof ran.status === "string") {
      expect([ran.status, files]).toEqual([signal, []]);
      return;
    }
    expect(ran.status).toBe(EXIT[signal]);
    expect(ran.stdout).toMatch(CUT);
    const report = join(out, subject === "daemon" ? "daemon-report.json" : "report.json");
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ complete: false });
    expect(readdirSync(out).filter((file) => /\.tmp$|^\.lock$/.test(file))).toEqual([]);
    return;
  }
  expect(ran.status).toBe("SIGKILL");
  if (files.length === 0) return;
  expect(files).toEqual(["journal.json"]);
  const told = await fmapspec("report", out);
  expect(told.stdout).toMatch(CUT);
  expect(told.status).toBe(/^INCONCLUSIVE: /m.test(told.stdout) ? 4 : 1);
}

/** Who is left behind is found with these. */
const reaping = [available("grep", "grep"), available("sleep", "coreutils")].every(Boolean);

it.skipIf(!reaping)(
  `a run is struck by ${CASES} signals (FMAPSPEC_KILL_SEED=${SEED})`,
  async () => {
    const waiting = [...fc.sample(moments, { numRuns: CASES, seed: SEED }).entries()];
    const strikeOn = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [i, moment] = next;
        try {
          await strike(moment, `run-${i}`);
        } catch (error) {
          throw new Error(`number ${i}, ${JSON.stringify(moment)}`, { cause: error });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, strikeOn));
  },
  600_000,
);
