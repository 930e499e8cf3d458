/** A run that is stopped anywhere and goes on from its journal ends in the report that it would have made at once. */
import { describe, expect, it } from "vitest";
import type { ParserSubject } from "../../subjects/driver/subject.ts";
import { badDriver, TABLE, tableMessage } from "../../test/bad-driver.ts";
import { reportOn } from "../../test/runs.ts";
import type { ParserReport } from "./outcome.ts";
import type { RunOptions } from "./run.ts";
import type { ParserState } from "./stored.ts";

/** As it comes out of a file. */
const reread = (state: ParserState): ParserState => JSON.parse(JSON.stringify(state));
/** Without what is another in every run: how long it took, and the marker among a driver's arguments. */
const timeless = (report: ParserReport) =>
  JSON.parse(
    JSON.stringify({ ...report, seconds: 0 }).replaceAll(
      /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
      "marker",
    ),
  );

const SUBJECTS: readonly (readonly [string, number, () => ParserSubject])[] = [
  ["conforms", 2000, () => badDriver("frames", "none").subject],
  ["accepts everything", 1500, () => badDriver("frames", "accept").subject],
  ["resolves wrongly", 200, () => badDriver("ndjson", "wrong-resolution").subject],
  [
    "says another errno to one message",
    1500,
    () => badDriver("frames", "wrong-errno", tableMessage(null)).subject,
  ],
  ["crashes on one message", 300, () => badDriver("frames", "crash", TABLE[5]).subject],
];

describe("a run over a driver that", () => {
  it.each(SUBJECTS)("%s ends the same after a stop as without", async (_, runs, subject) => {
    const states: ParserState[] = [];
    const options: Partial<RunOptions> = { runs, checkpoint: (state) => void states.push(reread(state())) };
    const whole = await reportOn(subject(), options);
    // The first, one in the middle, and the one before the failures are shrunk.
    const stops = new Set([0, states.length >> 1, states.length - 1].map((i) => states[i] as ParserState));
    expect(stops.size).toBeGreaterThan(1);
    for (const from of stops) {
      const again = await reportOn(subject(), { runs, from });
      expect(timeless(again)).toEqual(timeless(whole));
    }
  });

  it("is interrupted leaves a state that has nothing twice", async () => {
    const abort = new AbortController();
    let last: ParserState | null = null;
    const interrupted = await reportOn(badDriver("frames", "accept").subject, {
      runs: 4000,
      signal: abort.signal,
      progress: ({ done }) => done > 1500 && abort.abort(),
      checkpoint: (state) => {
        last = reread(state());
      },
    });
    expect(interrupted.complete).toBe(false);
    const from = last as unknown as ParserState;
    expect(from.ended).toBe("interrupted");
    expect(from.position).toBe(from.ledger.messages);
    const whole = await reportOn(badDriver("frames", "accept").subject, { runs: 4000 });
    const again = await reportOn(badDriver("frames", "accept").subject, { runs: 4000, from });
    expect(timeless(again)).toEqual(timeless(whole));
  });
});
