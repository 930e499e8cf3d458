/** A user's mistake gets one clear sentence, the right exit status, and no stack trace. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "./command-table.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const odd = file("odd.hex", "00ff0");
const notJson = file("not.json", '{"header": ');
const misfit = file("misfit.json", '{"header":{"file_size":"1"},"extents":[{"se_offset":"0","se_len":5}]}');
const notAPatch = file("prose.patch", "Dear all,\nthere is no parser in here.\n");
const badManifest = file(
  "manifest.json",
  '{"format":"fmapspec-manifest","version":1,"daxdevs":[],"files":[{"path":"/a"}]}',
);
const twice = file(
  "twice.json",
  '{"format":"fmapspec-manifest","version":1,"daxdevs":[{"index":0,"name":"/dev/dax0.0","size":"2097152"},' +
    '{"index":0,"name":"/dev/dax1.0","size":"2097152"}],"files":[]}',
);
const badKnown = file("known", "fmap/header/underflow  # expected  # no-link\n");
mkdirSync(join(folder, "empty"));

const CASES: [string, string[], number, RegExp][] = [
  ["no command", [], 2, /^$/],
  [
    "an unknown command",
    ["frobnicate"],
    2,
    /there is no command 'frobnicate'; there are daemon, verify, parser/,
  ],
  ["a mistyped command", ["parsr"], 2, /there is no command 'parsr' \(did you mean parser\?\); there are/],
  ["a mistyped option", ["parser", "--prfile", "v3"], 2, /'--prfile' \(did you mean --profile\?\)/],
  [
    "a mistyped format",
    ["parser", "--report", "jsn=x"],
    2,
    /no report 'jsn' \(did you mean json\?\); there are text, json/,
  ],
  [
    "a mistyped rule",
    ["parser", "--filter", "fmap/total/wrap"],
    2,
    /matches no rule \(did you mean fmap\/total\/wraps\?\)/,
  ],
  ["a mistyped value", ["daemon", "--via", "fusermont"], 2, /not 'fusermont' \(did you mean fusermount\?\)/],
  [
    "an unknown option",
    ["parser", "--frob"],
    2,
    /there is no option '--frob'; fmapspec parser --help lists the options/,
  ],
  ["a wrong level", ["parser", "--level", "slow"], 2, /--level takes quick, full or soak, not 'slow'/],
  [
    "a wrong number",
    ["parser", "--runs", "many"],
    2,
    /--runs takes a whole number of at least 1, not 'many'/,
  ],
  ["a number out of range", ["parser", "--timeout", "0"], 2, /--timeout takes a whole number from 1 to/],
  ["a wrong shard", ["parser", "--shard", "3/2"], 2, /--shard takes I\/N with I from 1 to N, not '3\/2'/],
  ["several parts of a run", ["parser", "--shard", "2-3/4"], 2, /--shard takes I\/N with I from 1 to N/],
  [
    "a guided part of a run",
    ["parser", "--guided", "--shard", "1/2"],
    2,
    /--guided cannot go with --shard: what it asks depends on everything that it has asked before/,
  ],
  [
    "coverage of part of a run",
    ["parser", "--coverage", "--kernel-source", "x", "--jobs", "2"],
    2,
    /--coverage cannot go with --jobs: it is reported of a whole run/,
  ],
  [
    "coverage of what has no source",
    ["parser", "--coverage"],
    2,
    /--coverage goes with --kernel-source: of another parser no C is known/,
  ],
  ["a guided run to go on with", ["parser", "--guided", "--resume"], 2, /--guided cannot go with --resume/],
  [
    "an unknown profile",
    ["parser", "--profile", "v99"],
    2,
    /there is no profile 'v99' \(did you mean v9\?\); there are rfc-v1, rfc-v2, v3/,
  ],
  ["a filter that matches nothing", ["parser", "--filter", "nothing/*"], 2, /'nothing\/\*' matches no rule/],
  ["an unknown report", ["parser", "--report", "pdf=x"], 2, /there is no report 'pdf'/],
  ["a report without a path", ["parser", "--report", "json"], 2, /--report takes KIND=PATH/],
  [
    "a stray word",
    ["parser", "driver"],
    2,
    /'driver' is not an option, and parser takes no arguments; a program to start goes behind --: -- CMD/,
  ],
  ["nothing behind --", ["parser", "--"], 2, /there is no command behind --/],
  [
    "both kinds of subject",
    ["parser", "--kernel-source", "x", "--", "y"],
    2,
    /give one of --kernel-source, --device and a command/,
  ],
  ["no kind of export", ["export"], 2, /export takes one kind: fmapspec export KIND/],
  [
    "an export of no kind",
    ["export", "modul"],
    2,
    /'modul' \(did you mean module\?\); there are kunit, module/,
  ],
  ["an export without a folder", ["export", "kunit"], 2, /export needs a folder to write: --out DIR/],
  [
    "an export without a source",
    ["export", "module", "--out", "x"],
    2,
    /name a tree, famfs\.c, patch or mail with --kernel-source/,
  ],
  [
    "a device that is not there",
    ["parser", "--device", "/dev/fmapspec-none"],
    3,
    /load the module that `fmapspec export module` writes/,
  ],
  ["a device that is a file", ["parser", "--device", odd], 3, /is no device/],
  ["a protocol without a command", ["parser", "--protocol", "frames"], 2, /give the command behind --/],
  [
    "an unknown protocol",
    ["parser", "--protocol", "xml", "--", "y"],
    2,
    /--protocol takes ndjson, frames or exec/,
  ],
  ["a compiler without a source", ["parser", "--cc", "gcc"], 2, /--cc goes with --kernel-source/],
  ["a source that is not there", ["parser", "--kernel-source", "/no/such"], 2, /\/no\/such/],
  ["a folder without a parser", ["parser", "--kernel-source", join(folder, "empty")], 2, /famfs\.c/],
  ["a patch without a parser", ["parser", "--kernel-source", notAPatch], 2, /prose\.patch/],
  [
    "a driver that is not there",
    ["parser", "--", "/no/such/driver"],
    3,
    /cannot start '\/no\/such\/driver': no such program/,
  ],
  ["a driver that is no program", ["parser", "--", notAPatch], 3, /not executable/],
  [
    "known failures without a link",
    ["parser", "--known-failing", badKnown],
    2,
    /known:1: 'no-link' is no link to a bug/,
  ],
  [
    "an update without a file",
    ["parser", "--update-known"],
    2,
    /--update-known rewrites the file of --known-failing/,
  ],
  ["no message", ["judge"], 2, /judge takes one message: fmapspec judge HEX\|FILE\|-/],
  ["two messages", ["judge", "00", "01"], 2, /judge takes one message; '01' is one too many/],
  ["an odd number of digits", ["judge", "00f"], 2, /3 hex digits are an odd number/],
  ["an odd number of digits in a file", ["judge", odd], 2, /odd\.hex: 5 hex digits are an odd number/],
  ["no hex digits", ["judge", "hello"], 2, /'hello' is no file, and no message in hex: 'h' is no hex digit/],
  ["a digit that is none", ["judge", "00zz"], 2, /'z' is no hex digit \(digit 3\)/],
  ["a folder for a message", ["judge", folder], 2, /it is a folder/],
  ["broken JSON", ["judge", notJson], 2, /not\.json is not JSON/],
  [
    "JSON that does not fit",
    ["judge", misfit],
    2,
    /misfit\.json is no message document: \/extents\/0\/se_len: must be string/,
  ],
  ["a wrong offset", ["judge", "--offset", "-1", "00"], 2, /--offset/],
  ["an unknown rule", ["explain", "fmap/header/nextents-zer"], 2, /did you mean fmap\/header\/nextents-zero/],
  ["no rule", ["explain"], 2, /explain takes one rule/],
  ["a list of nothing", ["list", "no/*"], 2, /matches no rule/],
  ["an unknown schema", ["list", "--schema", "novel"], 2, /there is no schema 'novel'; there are message/],
  ["no counterexample", ["replay"], 2, /replay takes one failure file/],
  [
    "a counterexample that is none",
    ["replay", misfit],
    2,
    /misfit\.json is no failure file: its format is none of /,
  ],
  ["a counterexample that is not JSON", ["replay", notJson], 2, /not\.json is not JSON/],
  ["a counterexample that is not there", ["replay", "/no/such"], 2, /cannot read \/no\/such/],
  ["arguments for a driver", ["driver", "x"], 2, /driver takes no arguments/],
  ["a command for a driver", ["driver", "--", "x"], 2, /driver starts no program: nothing goes behind --/],
  ["a driver of no profile", ["driver", "--profile", "v99"], 2, /there is no profile 'v99'/],
  ["an empty message", ["judge", ""], 2, /'' is neither a file nor hex digits/],
  ["an offset that is too large", ["judge", "--offset", "9223372036854775808", "00"], 2, /2\^63-1/],
  ["a shard that is none", ["parser", "--shard", "half"], 2, /--shard takes I\/N/],
  [
    "a protocol for a source",
    ["parser", "--protocol", "exec", "--kernel-source", "x"],
    2,
    /--protocol goes with a command behind --, not with --kernel-source/,
  ],
  ["a mutant that is not there", ["selftest", "x"], 2, /no mutant matches x/],
  ["a daemon without a command", ["daemon", "--"], 2, /there is no command behind --/],
  [
    "a daemon's command in front of --",
    ["daemon", "mydaemon"],
    2,
    /a program to start goes behind --: -- CMD ARG/,
  ],
  ["a daemon that is not there", ["daemon", "--", "/no/such/daemon"], 3, /cannot start '\/no\/such\/daemon'/],
  [
    "a manifest that does not fit",
    ["daemon", "--expect", badManifest],
    2,
    /is no manifest: \/files\/0: must have required/,
  ],
  ["a manifest that is not JSON", ["daemon", "--expect", notJson, "--", "x"], 2, /not\.json is not JSON/],
  [
    "a manifest that is not there",
    ["daemon", "--expect", "/no/such", "--", "x"],
    2,
    /cannot read \/no\/such/,
  ],
  [
    "a manifest with a devindex twice",
    ["daemon", "--expect", twice, "--", "x"],
    2,
    /twice\.json: \/daxdevs\/1/,
  ],
  ["an unknown channel", ["daemon", "--channel", "pigeon"], 2, /--channel takes auto, seqpacket or stream/],
  ["no certificate", ["verify"], 2, /verify takes one certificate file/],
  ["a certificate that is none", ["verify", badManifest], 2, /is no certificate: \//],
  ["a certificate that is not JSON", ["verify", notJson], 2, /not\.json is not JSON/],
  ["a certificate that is not there", ["verify", "/no/such"], 2, /cannot read \/no\/such/],
];

describe("a user's mistake", () => {
  it.each(CASES)("%s", async (_name, args, status, message) => {
    const out = ["parser", "daemon"].includes(args[0] ?? "") ? ["--out", join(folder, "out")] : [];
    const ran = await fmapspec(...args.slice(0, 1), ...out, ...args.slice(1));
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({
      status,
      stderr: expect.stringMatching(message),
    });
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    if (args.length > 0) expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("leaves no half-written file behind", () => {
    const left = readdirSync(folder, { recursive: true }).map(String);
    expect(left.filter((f) => f.endsWith(".tmp"))).toEqual([]);
  });
});

describe("help", () => {
  it.each(Object.keys(COMMANDS))("%s --help says how it is used", async (command) => {
    const { status, stdout } = await fmapspec(command, "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^usage: fmapspec ${command}`));
  });

  it("lists the commands", async () => {
    const { status, stdout } = await fmapspec("--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/parser +test a GET_FMAP parser/);
    expect((await fmapspec("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
