import { expect, it } from "vitest";
import { DEFAULT_PROFILE, encodeFmap, type RuleId, rule } from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/outcome.ts";
import type { RuleOutcome } from "../../suites/index.ts";
import { plain } from "../line.ts";
import { rulesOf } from "../result/result.ts";
import { daemonSample } from "../test/samples.ts";
import { failureBlocks } from "./failure-text.ts";

const MIB2 = 2n << 20n;
const message = Buffer.from(
  encodeFmap({
    fileType: 0,
    fileSize: MIB2,
    devBitmap: 1n,
    extType: "simple",
    extents: [{ devindex: 0n, offset: MIB2, length: MIB2 }],
  }),
).toString("hex");

const blocks = (rules: readonly RuleOutcome[], failures: readonly DaemonFailure[]) =>
  failureBlocks(rulesOf(daemonSample("x", { rules, failures })), plain);
const outcome = (id: RuleId, failed: number, of: RuleOutcome["outcome"] = "failed"): RuleOutcome => ({
  rule: id,
  outcome: of,
  messages: 30,
  failed,
});

it("a block has the sentence, how it failed, the other files, the map with the field at fault, and the consequence", () => {
  const failed = (path: string): DaemonFailure => ({
    rule: "daemon/fmap/file-size",
    path,
    detail: "file_size is 2097152, LOOKUP and GETATTR say 4096",
    reply: message,
  });
  const [block, ...others] = blocks(
    [outcome("daemon/fmap/file-size", 20)],
    [failed("/a"), failed("/b"), { ...failed("/c"), detail: "another one" }],
  );
  expect(others).toEqual([]);
  expect(block?.split("\n")).toEqual([
    `FAILED daemon/fmap/file-size: ${rule("daemon/fmap/file-size").sentence}`,
    "  /a: file_size is 2097152, LOOKUP and GETATTR say 4096",
    "  also /b",
    "  also /c: another one",
    "  and 17 more",
    "  answered with 56 bytes",
    "    offset  bytes                    field          value",
    "    header",
    "         0  00                       file_type      0 (regular)",
    "         1  00                       reserved       0",
    "         2  01 00                    fmap_version   1",
    "         4  00 00 00 00              ext_type       0 (simple)",
    "         8  01 00 00 00              nextents       1",
    "        12  00 00 00 00              reserved0      0",
    "        16  00 00 20 00 00 00 00 00  file_size      0x200000 (2097152)  <- at fault",
    "        24  00 00 00 00 00 00 00 00  reserved1      0",
    "    extent 0",
    "        32  00 00 00 00              se_devindex    0",
    "        36  00 00 00 00              reserved       0",
    "        40  00 00 20 00 00 00 00 00  se_offset      0x200000 (2097152)",
    "        48  00 00 20 00 00 00 00 00  se_len         0x200000 (2097152)",
    `  consequence: ${rule("daemon/fmap/file-size").consequence}`,
    `  source: ${rule("daemon/fmap/file-size").source[DEFAULT_PROFILE.name as "rfc-v2"]}`,
  ]);
});

it("a map that changed has the one before and the one after", () => {
  const again: DaemonFailure = {
    rule: "daemon/fmap/stable-again",
    detail: "another map",
    reply: message,
    before: message,
  };
  const [block] = blocks([outcome("daemon/fmap/stable-again", 1)], [again]);
  expect(block).toMatch(/\n {2}before\n[\s\S]*\n {2}after\n/);
});

it("what the same cause breaks stands below it", () => {
  const of = (id: RuleId): DaemonFailure => ({
    rule: id,
    path: "/a",
    detail: `wrong in ${id}`,
    reply: message,
  });
  const [block, ...others] = blocks(
    [outcome("daemon/fmap/file-size", 1), outcome("daemon/fmap/covers-file", 3)],
    [of("daemon/fmap/file-size"), of("daemon/fmap/covers-file")],
  );
  expect(others).toEqual([]);
  expect(block).toContain(
    "\n  the same cause breaks daemon/fmap/covers-file: wrong in daemon/fmap/covers-file, and 2 more\n",
  );
});

it("a warning is called so, and what was said to a daemon that died is there without its zeros", () => {
  const found = blocks(
    [outcome("daemon/fmap/version", 2, "warning"), outcome("daemon/life/stays", 1)],
    [
      {
        rule: "daemon/life/stays",
        detail: "it was killed by SIGSEGV",
        request: `28000000${"03000000"}${"0900000000000000"}${"0100000000000000"}${"00".repeat(16)}`,
        reply: `10000000fbffffff0900000000000000`,
      },
    ],
  );
  expect(found.map((block) => block.split(":")[0])).toEqual([
    "WARNING daemon/fmap/version",
    "FAILED daemon/life/stays",
  ]);
  expect(found[0]).toContain("\n  2 checks failed; the report keeps no example\n");
  expect(found[1]).toContain("\n  asked GETATTR of nodeid 1\n  answered with 16 bytes\n");
  expect(found[1]).toContain("error          -5 (-EIO)");
});
