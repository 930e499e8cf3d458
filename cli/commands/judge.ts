import { UsageError } from "../../base/errors.ts";
import { oddities, parseFmap, resolve, type TraceStep } from "../../oracles/index.ts";
import { type Judgement, renderJudgement, renderSideBySide } from "../../reports/terminal/judge-text.ts";
import { type Fmap, PAGE64, type Profile, TWO_TO_63 } from "../../spec/index.ts";
import { verdictToJson } from "../../suites/run/verdict-json.ts";
import { flag } from "../options/kinds.ts";
import { readMessage } from "../options/message-input.ts";
import { severalProfiles } from "../options/profiles.ts";
import { command, type Option } from "../options/table.ts";

/** Bytes to resolve at each file offset. */
const WANT = PAGE64;

/** File offsets that show how a map rotates: the start, behind the first chunk or extent, the end, behind it. */
function telling(map: Fmap): bigint[] {
  const first = map.extents[0];
  const step = first === undefined ? 0n : "chunkSize" in first ? first.chunkSize : first.length;
  const all = [0n, step, 2n * step, map.fileSize - 1n, map.fileSize];
  return [...new Set(all)].filter((o) => o >= 0n && o < TWO_TO_63).sort((a, b) => (a < b ? -1 : 1));
}

/** File offsets to resolve. */
const OFFSETS: Option<readonly bigint[]> = {
  takes: "N",
  about: `also resolve ${WANT} bytes at this file offset; repeatable`,
  read: (given, name) =>
    given.map((offset) => {
      if (!/^\d{1,19}$/.test(offset) || BigInt(offset) >= TWO_TO_63)
        throw new UsageError(`${name} takes a number from 0 to 2^63-1, not '${offset}'`);
      return BigInt(offset);
    }),
};

export const judge = command({
  about: `Judges one GET_FMAP reply as the kernel of the profile does, and says why. FILE (- is standard input) holds
hex digits, a message document in JSON (schema message), or the raw bytes. Several profiles are displayed
side by side.`,
  options: {
    options: {
      profile: severalProfiles,
      offset: OFFSETS,
      json: flag("print the verdict as JSON (schema verdict), a line for each profile"),
    },
  },
  operand: { takes: "HEX|FILE|-", noun: "message", count: "one", offers: "paths" },
  closing: "Exit status 0 when every profile accepts it, 1 when one does not.",
  async run(
    { values: { profile: profiles, offset: offsets, json }, operands: [argument = ""] },
    { paint, print },
  ) {
    const message = await readMessage(argument);
    const judgements = profiles.map((profile) => judged(profile, message, offsets));
    if (json)
      for (const { profile, verdict } of judgements) {
        const hex = message.toString("hex");
        const line = { profile: profile.name, message: hex, verdict: verdictToJson(verdict) };
        print(`${JSON.stringify(line)}\n`);
      }
    else {
      const [only, ...others] = judgements;
      print(
        others.length === 0 ? renderJudgement(only as Judgement, paint) : renderSideBySide(judgements, paint),
      );
    }
    return judgements.every((j) => j.verdict.verdict === "accept") ? 0 : 1;
  },
});

function judged(profile: Profile, message: Uint8Array, offsets: readonly bigint[]): Judgement {
  const steps: TraceStep[] = [];
  const verdict = parseFmap(profile, message, { trace: { check: (step) => steps.push(step) } });
  const map = verdict.verdict === "accept" ? verdict.map : null;
  const resolved = map === null ? [] : [...telling(map), ...offsets];
  return {
    profile,
    message,
    steps,
    verdict,
    oddities: map === null ? [] : oddities(profile, message, map),
    resolutions: resolved.map((offset) => ({
      offset,
      want: WANT,
      found: resolve(profile, map as Fmap, offset, WANT),
    })),
  };
}
