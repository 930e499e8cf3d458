import { renderFindings, renderFindingsPage } from "../../reports/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { findings as search } from "../../suites/findings/findings.ts";
import { UsageError } from "../../suites/index.ts";
import type { Command } from "../command.ts";
import { VERSION } from "../context.ts";
import { writeFile } from "../files.ts";
import { profiles, readOptions, texts, whole } from "../options.ts";

/** Messages for each profile: the fixed table, and twice as many random ones. */
const RUNS = 60_000;

export const findings: Command = {
  summary: "search for what kernels let through that is not safe, or refuse that is",
  help: `usage: fmapspec findings [--profile NAME]... [--seed N] [--runs N] [--report KIND=PATH]...

Generates messages, holds what the profile's kernel does with each against a careful parser, and
tells each kind of divergence once: the smallest message that shows it, what happens with it step by
step, what that means for a user, and which kernel revisions do so. The same seed finds the same.

  --profile NAME      the kernel revision (default ${DEFAULT_PROFILE.name}); repeatable, or all
  --seed N            of the random messages (default 1)
  --runs N            messages for each profile (default ${RUNS})
  --report KIND=PATH  json (schema findings) or markdown; - is stdout; repeatable
`,
  async run(args, { print, paint, signal }) {
    const options = readOptions(args, {
      profile: { type: "string", multiple: true },
      seed: { type: "string" },
      runs: { type: "string" },
      report: { type: "string", multiple: true },
    });
    const [stray] = options.positionals;
    if (stray !== undefined) throw new UsageError(`findings takes no argument '${stray}'`);
    const targets = texts(options, "report").map((spec) => {
      const [, kind, path] = /^(json|markdown)=(.+)$/.exec(spec) ?? [];
      if (kind === undefined)
        throw new UsageError(`--report takes json=PATH or markdown=PATH, not '${spec}'`);
      return { kind, path: path as string };
    });
    const report = await search(profiles(options), {
      seed: whole(options, "seed", -(2 ** 31), 2 ** 31 - 1) ?? 1,
      runs: whole(options, "runs", 1) ?? RUNS,
      signal,
      version: VERSION,
    });
    for (const { kind, path } of targets) {
      const text = kind === "json" ? `${JSON.stringify(report, null, 2)}\n` : renderFindingsPage(report);
      if (path === "-") print(text);
      else writeFile(path, text);
    }
    if (!targets.some((t) => t.path === "-")) print(renderFindings(report, paint));
    return 0;
  },
};
