import { chmodSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { EXPORTS } from "../../exports/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import type { Command } from "../command.ts";
import { profileOf, readOptions, text } from "../options/options.ts";
import { makeFolder, writeFile } from "../store/files.ts";

const kinds = Object.entries(EXPORTS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n");

export const exportCommand: Command = {
  help: `usage: fmapspec export KIND --out DIR [--profile NAME] [--kernel-source PATH]

Writes a folder for another machine or tool. The same input always gives the same bytes.

${kinds}

  --out DIR             the folder; files in it that have the names of ours are replaced
  --profile NAME        the kernel revision (default ${DEFAULT_PROFILE.name})
  --kernel-source PATH  a kernel's own parser: a kernel tree, a famfs.c, a patch, or a mail with one
`,
  async run(args, { say }) {
    const options = readOptions(args, {
      out: { type: "string" },
      profile: { type: "string" },
      "kernel-source": { type: "string" },
    });
    const [name, extra] = options.positionals;
    const kind = name !== undefined && Object.hasOwn(EXPORTS, name) ? EXPORTS[name] : undefined;
    if (kind === undefined || extra !== undefined || options.command !== null)
      throw new UsageError(`export takes one kind: ${Object.keys(EXPORTS).join(", ")}`);
    const out = text(options, "out");
    if (out === undefined) throw new UsageError("--out says where the folder is to be");
    const files = await kind.files({
      profile: profileOf(text(options, "profile") ?? DEFAULT_PROFILE.name),
      kernelSource: text(options, "kernel-source") ?? null,
    });
    makeFolder(out);
    for (const [path, content] of files) {
      writeFile(join(out, path), content);
      if (path.endsWith(".sh")) chmodSync(join(out, path), 0o755);
    }
    const guide = [...files.keys()].find((path) => path.startsWith("README"));
    const how = guide === undefined ? "" : `; ${guide} there says how to use them`;
    say(`fmapspec: ${files.size} file${files.size === 1 ? "" : "s"} in ${out}${how}\n`);
    return 0;
  },
};
