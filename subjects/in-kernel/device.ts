import { UsageError } from "../../base/errors.ts";
import type { Needs, Profile, RuleId } from "../../spec/index.ts";
import { NO_EXEMPTION } from "../driver/subject.ts";
import { notesOn } from "../kernel-source/cut-parser.ts";
import { abilitiesOf, exemptions, HarnessSubject } from "../kernel-source/harness-program.ts";
import { SCENES } from "../kernel-source/observation.ts";
import { readAbout } from "./about.ts";
import { DeviceChannel } from "./device-channel.ts";

/** A parser inside a running kernel, behind the device of `fmapspec export module`. */
export class DeviceSubject extends HarnessSubject {
  private readonly profile: Profile;
  override abilities: ReadonlySet<Needs> = new Set<Needs>();
  override exempt: ReadonlyMap<RuleId, string> = NO_EXEMPTION;
  override notes: readonly string[] = [];

  constructor(path: string, profile: Profile, timeout: number) {
    super({ kind: "device", path }, new DeviceChannel(path, timeout), timeout);
    this.profile = profile;
  }

  /** Throws SubjectError if there is no such device, UsageError if it is for another profile. */
  override async start(): Promise<string> {
    await this.conversation.start();
    const about = readAbout(await this.text(SCENES.about));
    const { profile, origin } = about;
    if (profile !== this.profile.name)
      throw new UsageError(`the device was written for profile ${profile}: run with --profile ${profile}`);
    this.abilities = abilitiesOf(about);
    this.exempt = exemptions(about);
    this.notes = notesOn(about, this.profile);
    return `${origin}, inside of this kernel`;
  }
}
