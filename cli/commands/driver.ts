import { PROTOCOLS } from "../../subjects/driver/subject.ts";
import { serveDriver } from "../../subjects/reference/driver-server.ts";
import { VERSION } from "../context.ts";
import { oneOf } from "../options/kinds.ts";
import { oneProfile } from "../options/profiles.ts";
import { command } from "../options/table.ts";

export const driver = command({
  about: `Reads messages from stdin and answers with the verdict of the profile's kernel: the reference to compare a
driver with. docs/driver-protocol.md describes the three ways to speak.`,
  options: { options: { profile: oneProfile(), protocol: oneOf("WAY", "how it speaks", PROTOCOLS) } },
  async run({ values: { profile, protocol } }) {
    // The reader of the answers has left.
    process.stdout.on("error", () => process.exit(0));
    return serveDriver(profile, protocol, VERSION, process.stdin, process.stdout);
  },
});
