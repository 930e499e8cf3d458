/** The end of a log is kept, and no more of it than that. */
import { mkdtempSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { LogFile } from "./log-file.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a log of any length takes little room, and its last words are there", async () => {
  const path = join(folder, "log");
  const log = new LogFile(path);
  for (let mib = 0; mib < 16; mib++) {
    writeSync(log.fd, Buffer.alloc(1 << 20, "x"));
    if (mib % 4 === 3) await setTimeout(120);
  }
  expect(statSync(path).size).toBeLessThan(6 << 20);
  await setTimeout(120);
  expect(log.tail(3)).toBe("xxx");
  writeSync(log.fd, "about to die");
  expect(log.tail(14)).toBe("xxabout to die");
  expect(log.tail(1 << 20)).toHaveLength(4096);
  log.close();
});

it("a short one is there as it was written", () => {
  const log = new LogFile(join(folder, "short"));
  expect(log.tail(2000)).toBe("");
  writeSync(log.fd, "one\ntwo\n");
  expect(log.tail(2000)).toBe("one\ntwo\n");
  expect(log.tail(4)).toBe("two\n");
  log.close();
});
