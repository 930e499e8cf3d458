import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { KINDS, type KindName } from "../../suites/export/index.ts";
import { UsageError } from "../../suites/index.ts";
import type { Command } from "../command.ts";
import { writeFile } from "../files.ts";
import { profileOf, readOptions, text } from "../options.ts";

const NAMES = Object.keys(KINDS) as KindName[];

export const exportCommand: Command = {
  summary: "write what other tools take: fuzzers' corpora, syzlang, kselftest",
  help: `usage: fmapspec export KIND --out DIR [--profile NAME]

Writes files for another tool, the same every time:

${NAMES.map((name) => `  ${name.padEnd(15)} ${KINDS[name].summary}`).join("\n")}

  --out DIR       where to; other files there stay
  --profile NAME  the kernel revision (default ${DEFAULT_PROFILE.name})
`,
  async run(args, { print }) {
    const options = readOptions(args, { out: { type: "string" }, profile: { type: "string" } });
    const [kind, stray] = options.positionals;
    if (kind === undefined || !Object.hasOwn(KINDS, kind))
      throw new UsageError(
        `export takes one of ${NAMES.join(", ")}${kind === undefined ? "" : `, not '${kind}'`}`,
      );
    if (stray !== undefined) throw new UsageError(`export takes one kind, not '${stray}' too`);
    const out = text(options, "out");
    if (out === undefined) throw new UsageError("export takes --out DIR");
    const profile = profileOf(text(options, "profile") ?? DEFAULT_PROFILE.name);
    const files = await KINDS[kind as KindName].files({ profile });
    for (const [path, content] of files) {
      writeFile(join(out, path), content);
      if (path.endsWith(".sh")) chmodSync(join(out, path), 0o755);
    }
    print(`${out}: ${kind} of ${profile.name}, ${files.size} file${files.size === 1 ? "" : "s"}\n`);
    return 0;
  },
};
