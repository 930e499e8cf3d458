/** fuse_get_fmap of each revision, as facts/revisions.md has it in sections 3 and 4. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ERRNO,
  type ErrnoName,
  errnoIn,
  fmapHeader,
  holdsIn,
  PROFILES,
  type Profile,
  profileNamed,
  rule,
} from "../spec/index.ts";
import {
  type Answer,
  beginExchange,
  continueExchange,
  type Exchange,
  type FailingBuffer,
  fetchResult,
  openResult,
} from "./exchange.ts";

const named = (name: string) => profileNamed(name) as Profile;
const PAGE = 4096;

/** A reply of `length` bytes whose header says that the message has `fmapSize`. */
function sized(length: number, fmapSize: number): Answer {
  const payload = new Uint8Array(length);
  if (length >= fmapHeader.size) new DataView(payload.buffer).setUint32(12, fmapSize, true);
  return { payload };
}
const size4 = (n: number): Answer => ({ payload: new Uint8Array(Uint32Array.of(n).buffer) });

/** Plays the answers in turn; `asked 4096, asked 5000, EFBIG exchange/size-limit`. */
function played(profile: Profile, answers: readonly Answer[], failing: FailingBuffer = null): string {
  const told: string[] = [];
  let exchange: Exchange = beginExchange(profile, false, failing);
  for (const answer of answers) {
    if (exchange.state !== "asking") break;
    told.push(`asked ${exchange.size}`);
    exchange = continueExchange(profile, exchange, answer, failing);
  }
  if (exchange.state === "asking") told.push(`asked ${exchange.size}`);
  else if (exchange.state === "crashed") told.push(`crashed by ${exchange.hazard}`);
  else if (exchange.message !== null) told.push(`${exchange.message.length} bytes`);
  else {
    const errno = Object.entries(ERRNO).find(([, n]) => n === -(exchange as { rc: number }).rc)?.[0] ?? "0";
    told.push(`${errno} ${exchange.rule}`);
  }
  if (exchange.state === "done" && exchange.leaked > 0) told.push(`leaks ${exchange.leaked}`);
  return told.join(", ");
}

const ANSWERS = {
  nothing: [{ payload: new Uint8Array(0) }],
  "4 bytes that say 5000, then as many": [size4(5000), { payload: new Uint8Array(5000) }],
  "31 bytes": [{ payload: new Uint8Array(31) }],
  "56 bytes": [sized(56, 0)],
  "4096 bytes": [sized(PAGE, PAGE)],
  "4097 bytes": [sized(PAGE + 1, PAGE)],
  "an errno": [{ errno: "ENOENT" }],
} as const satisfies Record<string, readonly Answer[]>;

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "rfc-v1": [
    "EIO exchange/exact-size, leaks 4096",
    "EIO exchange/exact-size, leaks 4096",
    "EIO exchange/exact-size, leaks 4096",
    "EIO exchange/exact-size, leaks 4096",
    "4096 bytes, leaks 4096",
    "EIO exchange/oversized-reply, leaks 4096",
    "ENOENT exchange/server-error, leaks 4096",
  ],
  "rfc-v2": [
    "0 bytes",
    "asked 5000, 5000 bytes",
    "31 bytes",
    "56 bytes",
    "4096 bytes",
    "EIO exchange/oversized-reply, leaks 4096",
    "ENOENT exchange/server-error, leaks 4096",
  ],
  v3: [
    "0 bytes",
    "4 bytes",
    "31 bytes",
    "56 bytes",
    "4096 bytes",
    "EIO exchange/oversized-reply, leaks 4096",
    "ENOENT exchange/server-error, leaks 4096",
  ],
  v4: [
    "0 bytes",
    "4 bytes",
    "31 bytes",
    "56 bytes",
    "4096 bytes",
    "EIO exchange/oversized-reply",
    "ENOENT exchange/server-error",
  ],
  "simple-only": [
    "EIO exchange/short-reply",
    "EIO exchange/short-reply",
    "EIO exchange/short-reply",
    "56 bytes",
    "4096 bytes",
    "EIO exchange/oversized-reply",
    "ENOENT exchange/server-error",
  ],
};
const LIKE: Readonly<Record<string, string>> = { v7: "v4", v10: "v4", "dual-ext": "simple-only" };

describe.each(PROFILES)("$name", (profile) => {
  it("plays each answer as the table has it", () => {
    const expected = EXPECTED[LIKE[profile.name] ?? profile.name] as readonly string[];
    const actual = Object.values(ANSWERS).map((answers) => played(profile, answers));
    expect(actual).toEqual(expected.map((e) => `asked 4096, ${e}`));
  });

  it("does not ask for a map that is there, but for rfc-v1", () => {
    const { state } = beginExchange(profile, true);
    expect(state).toBe(profile.name === "rfc-v1" ? "asking" : "done");
  });

  it("ends in every exchange, by a rule of its own and with its errno, within two requests", () => {
    const answerArb = fc.oneof(
      fc.constantFrom<Answer>({ errno: "EIO" }, size4(56), size4(0), size4(40_000)),
      fc
        .tuple(
          fc.constantFrom(0, 4, 31, 32, 56, PAGE, PAGE + 1),
          fc.constantFrom(0, PAGE, PAGE + 1, 1 << 24, (1 << 24) + 1),
        )
        .map(([length, fmapSize]) => sized(length, fmapSize)),
    );
    const law = fc.property(
      fc.array(answerArb, { minLength: 2, maxLength: 2 }),
      fc.constantFrom<FailingBuffer>(null, "retry"),
      (answers, failing) => {
        let exchange = beginExchange(profile, false);
        for (const answer of answers)
          if (exchange.state === "asking") exchange = continueExchange(profile, exchange, answer, failing);
        if (exchange.state !== "done") return expect.unreachable(exchange.state);
        if (exchange.rule === null) return;
        expect(holdsIn(rule(exchange.rule), profile)).toBe(true);
        const errno = errnoIn(rule(exchange.rule), profile);
        if (errno !== null) expect(exchange.rc).toBe(-ERRNO[errno]);
      },
    );
    fc.assert(law, { numRuns: 500 });
  });
});

it.each([
  ["rfc-v1", "crashed by hazard/unchecked-buffer"],
  ["rfc-v2", "EIO exchange/buffer-alloc"],
  ["v3", "EIO exchange/buffer-alloc"],
  ["v7", "EIO exchange/buffer-alloc"],
  ["v10", "ENOMEM exchange/buffer-alloc"],
  ["simple-only", "ENOMEM exchange/buffer-alloc"],
  ["dual-ext", "ENOMEM exchange/buffer-alloc"],
])("%s without memory for the first buffer: %s", (name, expected) => {
  expect(played(named(name), [], "first")).toBe(expected);
});

describe.each(["simple-only", "dual-ext"])("fmap_size in %s", (name) => {
  const MAX = 1 << 24;
  const profile = named(name);
  it.each([
    ["is asked for", [sized(32, 4097)], "asked 4096, asked 4097"],
    ["may be 16 MiB", [sized(32, MAX)], `asked 4096, asked ${MAX}`],
    ["may not be more", [sized(32, MAX + 1)], "asked 4096, EFBIG exchange/size-limit"],
    [
      "may not grow",
      [sized(32, 5000), sized(5000, 5001)],
      "asked 4096, asked 5000, EINVAL exchange/size-grew",
    ],
    [
      "is too large before it grew",
      [sized(32, 5000), sized(32, MAX + 1)],
      "asked 4096, asked 5000, EFBIG exchange/size-limit",
    ],
    ["may shrink", [sized(32, 5000), sized(4000, 10)], "asked 4096, asked 5000, 4000 bytes"],
    ["0 is taken", [sized(56, 0)], "asked 4096, 56 bytes"],
    ["beyond the reply and within the buffer is taken", [sized(56, 4096)], "asked 4096, 56 bytes"],
    ["short of the reply is taken", [sized(56, 32)], "asked 4096, 56 bytes"],
  ])("%s", (_, answers, expected) => {
    expect(played(profile, answers)).toBe(expected);
  });

  it("without memory for the second buffer", () => {
    expect(played(profile, [sized(32, 5000)], "retry")).toBe("asked 4096, ENOMEM exchange/retry-alloc");
  });
});

/** What a message that is refused with that errno does to open(2), or to the lookup that asked for it. */
it.each([
  ["rfc-v1", 0],
  ["rfc-v2", 0],
  ["v3", -22],
  ["v4", -22],
  ["v7", -22],
  ["v10", -22],
  ["simple-only", -22],
  ["dual-ext", -22],
])("open(2) of %s on a refused message: %i", (name, rc) => {
  const profile = named(name);
  const after = (errno: ErrnoName | null) => openResult(profile, fetchResult(profile, errno));
  expect(after("EINVAL")).toBe(rc);
  expect(after(null)).toBe(0);
  expect(fetchResult(profile, "EINVAL")).toBe(rc);
});
