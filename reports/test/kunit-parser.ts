import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { available, notTested } from "../../test/tools.ts";

/** The kernel's own reader of KTAP, of a kernel's source: FMAPSPEC_KUNIT, or where Debian's linux-source was unpacked. */
const KUNIT = process.env.FMAPSPEC_KUNIT ?? "/usr/src/linux-source-6.1/tools/testing/kunit";

/** Whether it is there, and Python to run it. */
export const KUNIT_PARSER =
  (existsSync(`${KUNIT}/kunit_parser.py`) ||
    notTested(`there is no ${KUNIT}`, "unpack tools/testing/kunit of a kernel and set FMAPSPEC_KUNIT")) &&
  available("python3", "python3");

/** Bytes that the reader may answer. */
const ROOM = 1 << 26;

/** Reads streams from stdin as a JSON list; writes for each its status, errors, and [name, status] of each innermost test. */
const SCRIPT = `
import io, json, sys
sys.path.insert(0, sys.argv[1])
stdout, sys.stdout = sys.stdout, io.StringIO()
import kunit_parser
def leaves(t):
    return [x for s in t.subtests for x in leaves(s)] if t.subtests else [[t.name, t.status.name]]
out = []
for stream in json.load(sys.stdin):
    r = kunit_parser.parse_run_tests(stream.split("\\n"))
    out.append({"status": r.status.name, "errors": r.counts.errors, "leaves": leaves(r)})
stdout.write(json.dumps(out))
`;

export interface ReadByKunit {
  readonly status: string;
  /** Places where the stream is not what it should be. */
  readonly errors: number;
  readonly leaves: readonly (readonly [name: string, status: string])[];
}

/** What kunit_parser.py makes of each stream. */
export const asKunitReads = (streams: readonly string[]): ReadByKunit[] =>
  JSON.parse(
    execFileSync("python3", ["-B", "-c", SCRIPT, KUNIT], {
      input: JSON.stringify(streams),
      encoding: "utf8",
      maxBuffer: ROOM,
    }),
  );
