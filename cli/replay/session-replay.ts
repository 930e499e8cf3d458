import { counted } from "../../base/counted.ts";
import { versionsWith } from "../../base/versions.ts";
import { attachmentOf } from "../../suites/daemon/certification.ts";
import { replaySession, shortenSession } from "../../suites/daemon/session/stored-session.ts";
import type { StoredSession } from "../../suites/index.ts";
import { type Context, VERSION } from "../context.ts";
import { storedDaemon } from "../options/daemon-subject.ts";
import { profileOf } from "../options/profiles.ts";
import { storeBeside } from "../store/output.ts";
import type { ReplayOptions } from "./options.ts";

/** Plays a stored session once more and says what came of it; returns the exit status. */
export async function replayStored(
  path: string,
  stored: StoredSession,
  options: ReplayOptions,
  { print, paint }: Context,
): Promise<number> {
  const profile = profileOf(stored.profile);
  const asked = storedDaemon(stored.subject, options);
  const attachment = attachmentOf(asked, options.values.timeout);
  const connect = () => attachment.connect();
  const fault = await replaySession(stored, profile, connect);
  if (fault === null) {
    print(`${paint("green", "FIXED")} ${stored.rule}\n`);
    return 0;
  }
  const same = fault.rule === stored.rule;
  const now = same ? fault.detail : `now it breaks ${fault.rule}: ${fault.detail}`;
  print(`${paint("red", same ? "FAILED" : "DIFFERENT")} ${stored.rule}: ${now}\n`);
  if (!same) print(`  when it was stored: ${stored.detail}\n`);
  else if (options.values.shrink) {
    const subject = { ...asked, via: attachment.via };
    const shorter = await shortenSession(stored, profile, connect);
    print(
      shorter === null
        ? "  nothing shorter fails\n"
        : `  ${counted(shorter.steps.length, "step")}: ${storeBeside(path, { ...shorter, subject, versions: versionsWith(VERSION) })}\n`,
    );
  }
  return 1;
}
