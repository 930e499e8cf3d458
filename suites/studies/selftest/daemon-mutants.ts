import { join } from "node:path";
import { PACKAGE_ROOT } from "../../../base/package-root.ts";
import { inHeader, type Manifest, manifestFromJson, type Profile, type RuleId } from "../../../spec/index.ts";
import { ReferenceDaemon } from "../../../subjects/reference/daemon.ts";
import { DEFAULT_MANIFEST } from "../../../subjects/reference/default-manifest.ts";
import { FAULTS, faultNamed } from "../../../subjects/reference/faults.ts";
import { runDaemonSuite } from "../../daemon/certification.ts";
import type { DaemonReport } from "../../daemon/outcome.ts";
import { changingFiles } from "./changing-files.ts";
import type { Mutant, Trial } from "./outcome.ts";

const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");

/** Time limit for an answer in milliseconds: enough for several daemons at the same time. */
const TIMEOUT = 6000;

/** The reference daemon with each of its faults. */
export const daemonMutants = (): Mutant[] =>
  FAULTS.map(({ name, rule, sentence }) => ({
    kind: "daemon",
    name,
    subject: sentence,
    rule,
    equivalent: null,
  }));

/** Certifies the reference daemon with that fault, or without one, in its own process. */
export async function tryDaemon(
  profile: Profile,
  name: string | null,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ trial: Trial; report: DaemonReport }> {
  const began = performance.now();
  const changing = isAboutIntent(name) ? changingFiles(profile) : null;
  const command = [process.execPath, MAIN, "reference-daemon", "--profile", profile.name];
  if (changing !== null) command.push("--manifest", changing.path, "--follow");
  const report = await runDaemonSuite(
    {
      command: [...command, ...(name === null ? [] : ["--fault", name]), "{mountpoint}"],
      channel: "auto",
      via: "direct",
    },
    {
      profile,
      level: "quick",
      seed,
      timeout: TIMEOUT,
      expect: meantBy(name),
      ...(changing !== null && { mutation: changing.mutation }),
      signal,
      version: "selftest",
    },
  ).finally(() => changing?.remove());
  const [first] = report.failures;
  const steps = report.session?.transcript;
  const trial = {
    messages: steps?.length ?? placeOf(first?.request),
    seconds: (performance.now() - began) / 1000,
    rules: report.rules
      .filter((r) => r.outcome === "failed" || r.outcome === "warning")
      .map((r) => r.rule as RuleId),
    witness: first === undefined ? null : bytesOf(first.request) + bytesOf(first.reply) || null,
  };
  return { trial, report };
}

const bytesOf = (hex: string | undefined) => (hex?.length ?? 0) / 2;

/** Position of this request among all requests to the daemon: uniques increase by two. */
const placeOf = (request: string | undefined): number | null =>
  request === undefined ? null : Number(inHeader.read(Buffer.from(request, "hex")).unique / 2n);

/** Whether a daemon is compared with a manifest: the sound one, and those whose fault only this comparison finds. */
const isAboutIntent = (name: string | null): name is null =>
  name === null || /^daemon\/(intent|change)\//.test(faultNamed(name)?.rule ?? "");

/** The manifest that the daemon is compared with; null: none. */
function meantBy(name: string | null): Manifest | null {
  const manifest = manifestFromJson(DEFAULT_MANIFEST);
  if (isAboutIntent(name)) return manifest;
  const fault = faultNamed(name);
  // The extents of this daemon are right, but the device is too small for them.
  return fault?.rule === "daemon/fmap/inside-device"
    ? new ReferenceDaemon(manifest, fault).session.manifest
    : null;
}
