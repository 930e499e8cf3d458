import { UsageError } from "../../base/errors.ts";
import { noSuch } from "../../base/similar.ts";
import { manifestToJson } from "../../spec/index.ts";
import { descriptorOf } from "../../subjects/reference/channel.ts";
import { ReferenceDaemon } from "../../subjects/reference/daemon.ts";
import { defaultManifestOf } from "../../subjects/reference/default-manifest.ts";
import type { Fault, Variant } from "../../subjects/reference/fault.ts";
import { FAULTS, faultNamed } from "../../subjects/reference/faults.ts";
import { serve } from "../../subjects/reference/serve.ts";
import { VARIANTS, variantNamed } from "../../subjects/reference/variants.ts";
import { REAL_WORLD } from "../../subjects/reference/world.ts";
import { file, flag, word } from "../options/kinds.ts";
import { readManifest } from "../options/manifest-input.ts";
import { forDaemon, oneProfile } from "../options/profiles.ts";
import { command } from "../options/table.ts";

const namesOf = (changes: readonly Variant[]): string[] => changes.map(({ name }) => name);

function changeOf(fault: string | undefined, variant: string | undefined): Variant | null {
  if (fault !== undefined && variant !== undefined)
    throw new UsageError("reference-daemon takes --fault or --variant, not both");
  const [kind, name, found] =
    variant === undefined
      ? (["fault", fault, fault === undefined ? undefined : faultNamed(fault)] as const)
      : (["variant", variant, variantNamed(variant)] as const);
  if (name === undefined) return null;
  if (found === undefined)
    throw noSuch(kind, name, namesOf(kind === "fault" ? FAULTS : VARIANTS), `--list-${kind}s lists them`);
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

export const referenceDaemon = command({
  about: `Serves the files of a manifest on an open FUSE channel: the daemon that the suite is tried on. The channel,
/dev/fd/N, is one end of a SOCK_SEQPACKET or SOCK_STREAM pair, or /dev/fuse.`,
  options: {
    options: {
      profile: oneProfile("the kernel revision that it serves"),
      manifest: file(
        "the files and their extents (default: 20 files of all kinds, as far as the revision accepts them); - is stdin",
      ),
      follow: flag("read the manifest again, and serve it, when its file has changed"),
      fault: word("NAME", "do one thing wrong", namesOf(FAULTS)),
      "list-faults": flag("name each fault, the requirement that it breaks, and what it does"),
      variant: word("NAME", "do one thing in another way that is as right", namesOf(VARIANTS)),
      "list-variants": flag("name each variant, and what it does"),
      "print-manifest": flag("print the manifest that it would serve, and serve nothing"),
    },
  },
  operand: { takes: "/dev/fd/N", noun: "mountpoint", count: "at most one", offers: "paths" },
  async run({ values, operands }, { print }) {
    if (values["list-faults"]) {
      print(listOfFaults());
      return 0;
    }
    if (values["list-variants"]) {
      print(listOfVariants());
      return 0;
    }
    const { manifest: path } = values;
    const profile = forDaemon(values.profile);
    const manifest = path === undefined ? defaultManifestOf(profile) : await readManifest(path);
    const change = changeOf(values.fault, values.variant);
    const daemon = new ReferenceDaemon(manifest, change, REAL_WORLD, profile);
    if (values.follow) {
      if (path === undefined || path === "-") throw new UsageError("--follow needs --manifest FILE");
      const { following } = await import("../../subjects/reference/following.ts");
      daemon.changed = following(path);
    }
    if (values["print-manifest"]) {
      print(`${JSON.stringify(manifestToJson(daemon.session.manifest), null, 2)}\n`);
      return 0;
    }
    const [mountpoint] = operands;
    if (mountpoint === undefined) throw new UsageError("reference-daemon takes one mountpoint, /dev/fd/N");
    const fd = descriptorOf(mountpoint);
    // A signal has to end the daemon while it waits in read(2), where no listener is ever called.
    for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
    await serve(fd, daemon);
    return 0;
  },
});
