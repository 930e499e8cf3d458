/** The parser inside of a kernel: messages through the module, opens of the live mount, and what a second run takes. */
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { SEED } from "../../test/seed.ts";
import { UML_CACHE, UML_SOURCE } from "../../test/uml-source.ts";
import { ended } from "../ended.ts";
import type { Effort, Measured, Part } from "../part.ts";
import { reported } from "../whole-run.ts";

const RUNS = 1_000_000;
/** The first run builds the kernel. */
const BUILD_SECONDS = 3600;

async function run({ quick, folder, say }: Effort): Promise<Measured> {
  if (UML_SOURCE === undefined)
    return { figures: [], notes: ["not measured: there is no FMAPSPEC_UML, which names a kernel's source"] };
  if (SEED === undefined)
    return { figures: [], notes: ["not measured: there is no kernel patch (FMAPSPEC_SEED)"] };
  const out = join(folder, "out");
  const parser = join(SEED, "kernel/famfs.c");
  const where = ["--uml", UML_SOURCE, "--kernel-source", parser, "--cache", UML_CACHE, "--out", out];
  const inside = async (runs: number) => {
    const main = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "kernel"] as const;
    const how = ["--runs", `${runs}`, "--seed", "1", "--quiet"];
    const { status, output, seconds } = await ended([...main, ...where, ...how], BUILD_SECONDS);
    if (status !== 0) throw new Error(output);
    return seconds;
  };
  say("builds what is not there");
  await inside(1000);
  const runs = quick ? 1000 : RUNS;
  say(`${runs} messages`);
  const seconds = await inside(runs);
  const rate = (suite: string) => reported(join(out, suite)).rate;
  return {
    figures: [
      { id: "kernel/module, by one guest", unit: "messages/s", value: rate("stream") },
      { id: "kernel/live mount", unit: "opens/s", value: rate("live") },
      {
        id: "kernel/a second run, KUnit, a million messages and the live mount",
        unit: "s",
        value: seconds,
        goal: { atMost: 60 },
      },
    ],
  };
}

export const kernel: Part = { summary: "the parser inside of a kernel (FMAPSPEC_UML)", needs: ["make"], run };
