import { UsageError } from "../../base/errors.ts";
import { oddities, parseFmap, resolve, type TraceStep } from "../../oracles/index.ts";
import { type Judgement, renderJudgement, renderSideBySide } from "../../reports/terminal/judge-text.ts";
import { DEFAULT_PROFILE, type Fmap, type Profile } from "../../spec/index.ts";
import { verdictToJson } from "../../suites/run/verdict-json.ts";
import type { Command } from "../command.ts";
import { readMessage } from "../options/message-input.ts";
import { flag, profiles, readOptions, texts } from "../options/options.ts";

/** Bytes that each shown file offset is resolved for. */
const WANT = 4096n;

/** File offsets that show how a map rotates: the start, behind the first chunk or extent, the end, behind it. */
function telling(map: Fmap): bigint[] {
  const first = map.extents[0];
  const step = first === undefined ? 0n : "chunkSize" in first ? first.chunkSize : first.length;
  const all = [0n, step, 2n * step, map.fileSize - 1n, map.fileSize];
  return [...new Set(all)].filter((o) => o >= 0n && o < 1n << 63n).sort((a, b) => (a < b ? -1 : 1));
}

export const judge: Command = {
  help: `usage: fmapspec judge [--profile NAME] [--json] [--offset N]... HEX|FILE|-

Judges one GET_FMAP reply as the kernel of the profile does, and says why. FILE (- is standard
input) holds hex digits, a message document in JSON (schema message), or the raw bytes.

  --profile NAME  the kernel revision (default ${DEFAULT_PROFILE.name}); repeatable, or all: side by side
  --offset N      also resolve ${WANT} bytes at this file offset; repeatable
  --json          print the verdict as JSON (schema verdict), a line for each profile

Exit status 0 when every profile accepts it, 1 when one does not.
`,
  async run(args, { paint, print }) {
    const options = readOptions(args, {
      profile: { type: "string", multiple: true },
      offset: { type: "string", multiple: true },
      json: { type: "boolean" },
    });
    const [argument, extra] = options.positionals;
    if (argument === undefined) throw new UsageError("judge takes a message: HEX, FILE or -");
    if (extra !== undefined) throw new UsageError(`judge takes one message; '${extra}' is one too many`);
    const offsets = texts(options, "offset").map((o) => {
      if (!/^\d{1,19}$/.test(o) || BigInt(o) >= 1n << 63n)
        throw new UsageError(`--offset takes a number from 0 to 2^63-1, not '${o}'`);
      return BigInt(o);
    });
    const message = await readMessage(argument);
    const judgements = profiles(options).map((profile) => judged(profile, message, offsets));
    if (flag(options, "json"))
      for (const { profile, verdict } of judgements) {
        const json = {
          profile: profile.name,
          message: message.toString("hex"),
          verdict: verdictToJson(verdict),
        };
        print(`${JSON.stringify(json)}\n`);
      }
    else {
      const [only, ...others] = judgements;
      print(
        others.length === 0 ? renderJudgement(only as Judgement, paint) : renderSideBySide(judgements, paint),
      );
    }
    return judgements.every((j) => j.verdict.verdict === "accept") ? 0 : 1;
  },
};

function judged(profile: Profile, message: Uint8Array, offsets: readonly bigint[]): Judgement {
  const steps: TraceStep[] = [];
  const verdict = parseFmap(profile, message, { trace: { check: (step) => steps.push(step) } });
  const map = verdict.verdict === "accept" ? verdict.map : null;
  const shown = map === null ? [] : [...telling(map), ...offsets];
  return {
    profile,
    message,
    steps,
    verdict,
    oddities: map === null ? [] : oddities(profile, message, map),
    resolutions: shown.map((offset) => ({
      offset,
      want: WANT,
      found: resolve(profile, map as Fmap, offset, WANT),
    })),
  };
}
