import { SubjectError } from "../../base/errors.ts";
import type { Profile } from "../../spec/index.ts";
import type { CutSource } from "../kernel-source/cut-parser.ts";

/** A device's description of its parser. */
export interface About {
  readonly profile: string;
  readonly origin: string;
  readonly hasResolver: boolean;
  readonly standIns: readonly string[];
}

/** about.h: the device's reply in scene `about`, one fact a line. */
export function aboutHeader({ profile, origin, cut }: CutSource & { readonly profile: Profile }): string {
  const lines = [
    `profile ${profile.name}`,
    `origin ${origin}`,
    `resolver ${cut.hasResolver ? 1 : 0}`,
    ...cut.standIns.map((name) => `stand-in ${name}`),
  ];
  const text = lines.map((line) => `\t${JSON.stringify(`${line}\n`)}`).join("\n");
  return `static const char fmapspec_about[] =\n${text};\n`;
}

/** Reads a device's description. Throws SubjectError if it is not from our device. */
export function readAbout(text: string): About {
  const facts = (name: string) =>
    text.split("\n").flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const [profile] = facts("profile");
  const [origin] = facts("origin");
  if (profile === undefined || origin === undefined)
    throw new SubjectError(
      "the device does not say which parser it has: is it the one of fmapspec export module?",
    );
  return { profile, origin, hasResolver: facts("resolver")[0] === "1", standIns: facts("stand-in") };
}
