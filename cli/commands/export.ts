import { chmodSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import { noSuch } from "../../base/similar.ts";
import { EXPORTS } from "../../exports/index.ts";
import { file } from "../options/kinds.ts";
import { oneProfile } from "../options/profiles.ts";
import { KERNEL_SOURCE } from "../options/subject.ts";
import { command } from "../options/table.ts";
import { makeFolder, writeFile } from "../store/files.ts";

const KINDS = Object.keys(EXPORTS);
const kinds = Object.entries(EXPORTS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);

export const exportCommand = command({
  about: `Writes a folder for another machine or tool. The same input always gives the same bytes.

${kinds.join("\n")}`,
  options: {
    options: {
      out: file("the folder; files in it that have the names of ours are replaced", "DIR"),
      profile: oneProfile(),
      "kernel-source": KERNEL_SOURCE,
    },
  },
  operand: { takes: "KIND", noun: "kind", count: "one", offers: KINDS },
  async run(
    { values: { out, profile, "kernel-source": kernelSource = null }, operands: [name = ""] },
    { say },
  ) {
    const kind = Object.hasOwn(EXPORTS, name) ? EXPORTS[name] : undefined;
    if (kind === undefined) throw noSuch("export", name, KINDS);
    if (out === undefined) throw new UsageError("export needs a folder to write: --out DIR");
    const files = await kind.files({ profile, kernelSource });
    makeFolder(out);
    for (const [path, content] of files) {
      writeFile(join(out, path), content);
      if (path.endsWith(".sh")) chmodSync(join(out, path), 0o755);
    }
    const guide = [...files.keys()].find((path) => path.startsWith("README"));
    const how = guide === undefined ? "" : `; ${guide} there says how to use them`;
    say(`fmapspec: ${counted(files.size, "file")} in ${out}${how}\n`);
    return 0;
  },
});
