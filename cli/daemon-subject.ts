import { type Manifest, type ManifestJson, manifestFromJson, manifestProblems } from "../spec/index.ts";
import { MOUNTPOINT } from "../suites/fuse/daemon.ts";
import { type DaemonDescription, UsageError } from "../suites/index.ts";
import { misfit } from "../suites/schema-check.ts";
import { readInput } from "./files.ts";
import { choice, type Parsed, text } from "./options.ts";

/** The options that say how a daemon is started and talked to. */
export const DAEMON_OPTIONS = {
  channel: { type: "string" },
  via: { type: "string" },
  user: { type: "string" },
  timeout: { type: "string" },
  expect: { type: "string" },
} as const;

/** The daemon that the options and the command behind `--` describe. Throws UsageError. */
export function daemonOf(options: Parsed, command: readonly string[]): DaemonDescription {
  if (command.length === 0) throw new UsageError("there is no command behind --");
  const user = text(options, "user");
  return {
    command: command.some((word) => word.includes(MOUNTPOINT)) ? command : [...command, MOUNTPOINT],
    channel: choice(options, "channel", ["auto", "seqpacket", "stream"]),
    via: choice(options, "via", ["direct", "fusermount"]),
    ...(user === undefined ? {} : { user }),
  };
}

/** The manifest in a file. Throws UsageError naming the place that is wrong. */
export async function readManifest(path: string): Promise<Manifest> {
  let json: unknown;
  try {
    json = JSON.parse((await readInput(path)).toString("utf8"));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const wrong = misfit("manifest", json);
  if (wrong !== null) throw new UsageError(`${path} is no manifest: ${wrong}`);
  const problems = manifestProblems(json as ManifestJson);
  if (problems.length > 0) throw new UsageError(`${path}: ${problems.join("; ")}`);
  return manifestFromJson(json as ManifestJson);
}
