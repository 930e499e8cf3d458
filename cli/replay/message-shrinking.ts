import { counted } from "../../base/counted.ts";
import { versionsWith } from "../../base/versions.ts";
import { build } from "../../generators/index.ts";
import { parseFmap } from "../../oracles/index.ts";
import { decidingByte, renderDump } from "../../reports/terminal/dump.ts";
import { decodeMessage, type Profile } from "../../spec/index.ts";
import { type Counterexample, verdictToJson } from "../../suites/index.ts";
import { Likeness, withMessage } from "../../suites/parser/failures/likeness.ts";
import { shrink } from "../../suites/parser/failures/shrink.ts";
import { shrinkBytes } from "../../suites/parser/failures/shrink-bytes.ts";
import type { FailsAlike } from "../../suites/parser/replay.ts";
import { questionFromJson } from "../../suites/parser/stored.ts";
import { type Context, VERSION } from "../context.ts";

/**
 * The failure with a simpler message, from its recipe or, without one, from its bytes; null: none fails in that way.
 * `alike` asks a question and tells how it fails, if it does in the same way.
 */
export async function shrunk(
  profile: Profile,
  c: Counterexample,
  alike: FailsAlike,
): Promise<Counterexample | null> {
  const question = questionFromJson(c);
  const likeness = new Likeness(profile, question);
  let { actual } = c;
  const shows = async (message: Uint8Array) => {
    const q = withMessage(profile, question, message);
    if (c.kind !== "finding" && !likeness.fits(q)) return false;
    const same = await alike(q);
    if (same === undefined) return false;
    likeness.settle(q);
    actual = same;
    return true;
  };
  const { recipe, repeats: _, ...rest } = c;
  const simplest = recipe === undefined ? null : await shrink(profile, recipe, shows);
  const message =
    simplest === null ? await shrinkBytes(question.message, shows) : build(simplest, profile).bytes;
  if (Buffer.compare(message, question.message) === 0) return null;
  const { resolve } = withMessage(profile, question, message);
  return {
    ...rest,
    message: Buffer.from(message).toString("hex"),
    decoded: decodeMessage(message, profile.fmapSizeField),
    ...(resolve === undefined ? {} : { resolve: resolve.map(([o, w]) => [`${o}`, `${w}`] as const) }),
    expected: verdictToJson(
      parseFmap(profile, message, c.failAllocation === undefined ? {} : { failAllocation: c.failAllocation }),
    ),
    actual,
    ...(simplest === null ? {} : { recipe: simplest }),
    versions: versionsWith(VERSION),
  };
}

/** The smaller message field by field, and where it is stored. */
export const told = (c: Counterexample, path: string, paint: Context["paint"]): string => {
  const marks = decidingByte(c.expected);
  const message = Buffer.from(c.message, "hex");
  return `${renderDump(message, marks, paint, c.profile)}\n  ${counted(message.length, "byte")}: ${path}\n`;
};
