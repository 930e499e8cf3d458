import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Profile } from "../../spec/index.ts";
import { DeviceSubject } from "../in-kernel/device.ts";
import { KernelSourceSubject } from "../kernel-source/subject.ts";
import { ExecSubject } from "./exec.ts";
import { FramesSubject } from "./frames.ts";
import { NdjsonSubject } from "./ndjson.ts";
import type { ParserSubject, SubjectDescription } from "./subject.ts";

/** Default time limit for an answer in milliseconds. */
export const DEFAULT_TIMEOUT = 5000;

/**
 * The subject of a description. `covered`: kernel source reports the coverage of its code.
 * Throws UsageError for a function, which only its own program can call.
 */
export async function subjectFor(
  description: SubjectDescription,
  profile: Profile,
  timeout: number,
  covered = false,
): Promise<ParserSubject> {
  if (description.kind === "function")
    throw new UsageError(
      `the subject was the function ${description.name} of a program: call replay() there, or give a command behind --`,
    );
  if (description.kind === "kernel-source")
    return KernelSourceSubject.build(description.path, profile, description.cc, timeout, covered);
  if (description.kind === "device") return new DeviceSubject(description.path, profile, timeout);
  if (description.kind === "embedded") {
    const main = join(PACKAGE_ROOT, "dist/cli/main.js");
    const command = [process.execPath, main, "driver", "--protocol", "frames", "--profile", profile.name];
    return new FramesSubject(description, command, timeout);
  }
  const { protocol, command } = description;
  if (protocol === "frames") return new FramesSubject(description, command, timeout);
  if (protocol === "exec") return new ExecSubject(description, command, timeout);
  return new NdjsonSubject(description, command, profile.name, timeout);
}
