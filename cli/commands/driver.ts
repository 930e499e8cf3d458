import { UsageError } from "../../base/errors.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { PROTOCOLS } from "../../subjects/driver/subject.ts";
import { serveDriver } from "../../subjects/reference/driver-server.ts";
import type { Command } from "../command.ts";
import { VERSION } from "../context.ts";
import { choice, profileOf, readOptions, text } from "../options/options.ts";

export const driver: Command = {
  help: `usage: fmapspec driver [--profile NAME] [--protocol ndjson|frames|exec]

Reads messages from stdin and answers with the verdict of the profile's kernel: the reference to
compare a driver with. docs/driver-protocol.md describes the three ways to speak.

  --profile NAME   the kernel revision (default ${DEFAULT_PROFILE.name})
  --protocol WAY   ndjson (default), frames or exec
`,
  async run(args) {
    const options = readOptions(args, { profile: { type: "string" }, protocol: { type: "string" } });
    if (options.positionals.length > 0 || options.command !== null)
      throw new UsageError("driver takes no arguments: it reads messages from stdin");
    const profile = profileOf(text(options, "profile") ?? DEFAULT_PROFILE.name);
    // Nobody reads the answers any more.
    process.stdout.on("error", () => process.exit(0));
    return serveDriver(
      profile,
      choice(options, "protocol", PROTOCOLS),
      VERSION,
      process.stdin,
      process.stdout,
    );
  },
};
