import { UsageError } from "../../base/errors.ts";
import { DEFAULT_PROFILE, manifestToJson } from "../../spec/index.ts";
import { descriptorOf } from "../../subjects/reference/channel.ts";
import { ReferenceDaemon } from "../../subjects/reference/daemon.ts";
import { defaultManifestOf } from "../../subjects/reference/default-manifest.ts";
import type { Fault, Variant } from "../../subjects/reference/fault.ts";
import { FAULTS, faultNamed } from "../../subjects/reference/faults.ts";
import { serve } from "../../subjects/reference/serve.ts";
import { VARIANTS, variantNamed } from "../../subjects/reference/variants.ts";
import { REAL_WORLD } from "../../subjects/reference/world.ts";
import type { Command } from "../command.ts";
import { readManifest } from "../options/manifest-input.ts";
import { daemonProfileOf, flag, readOptions, text } from "../options/options.ts";

function changeOf(fault: string | undefined, variant: string | undefined): Variant | null {
  if (fault !== undefined && variant !== undefined)
    throw new UsageError("reference-daemon takes --fault or --variant, not both");
  const [kind, name, found] =
    variant === undefined
      ? (["fault", fault, fault === undefined ? undefined : faultNamed(fault)] as const)
      : (["variant", variant, variantNamed(variant)] as const);
  if (name === undefined) return null;
  if (found === undefined) throw new UsageError(`there is no ${kind} '${name}'; --list-${kind}s lists them`);
  return found;
}

const listOfVariants = (): string => {
  const width = Math.max(...VARIANTS.map((v) => v.name.length));
  return VARIANTS.map((v) => `${v.name.padEnd(width)}  ${v.sentence}\n`).join("");
};

const listOfFaults = (): string => {
  const width = (part: "name" | "rule") => Math.max(...FAULTS.map((f) => f[part].length));
  const line = (f: Fault) =>
    `${f.name.padEnd(width("name"))}  ${f.rule.padEnd(width("rule"))}  ${f.sentence}\n`;
  return FAULTS.map(line).join("");
};

export const referenceDaemon: Command = {
  help: `usage: fmapspec reference-daemon [--profile NAME] [--manifest FILE] [--fault NAME | --variant NAME] /dev/fd/N
       fmapspec reference-daemon [--profile NAME] [--manifest FILE] [--fault NAME | --variant NAME] --print-manifest
       fmapspec reference-daemon --list-faults
       fmapspec reference-daemon --list-variants

Serves the files of a manifest on an open FUSE channel: the daemon that the suite is tried on. The channel is one end of a SOCK_SEQPACKET or SOCK_STREAM pair, or /dev/fuse.

  --profile NAME     the kernel revision that it serves (default ${DEFAULT_PROFILE.name})
  --manifest FILE    the files and their extents (default: 20 files of all kinds, as far as the
                     revision takes them); - is stdin
  --follow           read the manifest again, and serve it, when its file has changed
  --fault NAME       do one thing wrong
  --list-faults      name each fault, the requirement that it breaks, and what it does
  --variant NAME     do one thing in another way that is as right
  --list-variants    name each variant, and what it does
  --print-manifest   print the manifest that is served, and serve nothing
`,
  async run(args, { print }) {
    const options = readOptions(args, {
      profile: { type: "string" },
      manifest: { type: "string" },
      follow: { type: "boolean" },
      fault: { type: "string" },
      "list-faults": { type: "boolean" },
      variant: { type: "string" },
      "list-variants": { type: "boolean" },
      "print-manifest": { type: "boolean" },
    });
    if (flag(options, "list-faults")) {
      print(listOfFaults());
      return 0;
    }
    if (flag(options, "list-variants")) {
      print(listOfVariants());
      return 0;
    }
    const path = text(options, "manifest");
    const profile = daemonProfileOf(text(options, "profile") ?? DEFAULT_PROFILE.name);
    const manifest = path === undefined ? defaultManifestOf(profile) : await readManifest(path);
    const change = changeOf(text(options, "fault"), text(options, "variant"));
    const daemon = new ReferenceDaemon(manifest, change, REAL_WORLD, profile);
    if (flag(options, "follow")) {
      if (path === undefined || path === "-") throw new UsageError("--follow needs --manifest FILE");
      const { following } = await import("../../subjects/reference/following.ts");
      daemon.changed = following(path);
    }
    if (flag(options, "print-manifest")) {
      print(`${JSON.stringify(manifestToJson(daemon.session.manifest), null, 2)}\n`);
      return 0;
    }
    const [mountpoint, ...extra] = options.positionals;
    if (mountpoint === undefined || extra.length > 0 || options.command !== null)
      throw new UsageError("reference-daemon takes one mountpoint, /dev/fd/N");
    const fd = descriptorOf(mountpoint);
    // A signal has to end the daemon while it waits in read(2), where no listener is ever called.
    for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
    await serve(fd, daemon);
    return 0;
  },
};
