import { describe, expect, it } from "vitest";
import { available } from "../../../test/tools.ts";
import { Daemon } from "../daemon.ts";
import { readRoom } from "./read-room.ts";
import { mayBeSpliced, sendsBatches } from "./spliced.ts";

const OLD = "6.1.0-44-amd64";
const NEW = "6.18.44";

describe("pieces of a reply", () => {
  it("are batches of sixteen buffers from Linux 6.5 on", () => {
    expect(["6.5", NEW, "7.0-rc1"].map(sendsBatches)).toEqual([true, true, true]);
    expect([OLD, "5.15.0", "6.4.9", "unknown"].map(sendsBatches)).toEqual([false, false, false, false]);
  });

  it("are never a header alone where batches are sent, and else may be", () => {
    expect(mayBeSpliced([16, 4096], null, NEW)).toBe(false);
    expect(mayBeSpliced([61456, 65536, 4096], null, NEW)).toBe(true);
    expect(mayBeSpliced([16, 4096], null, OLD)).toBe(true);
    expect(mayBeSpliced([], null, OLD)).toBe(true);
  });

  it.skipIf(!available("python3", "python3")).each([
    ["no pipe", "", false],
    ["a pipe", "pipe = os.pipe()", true],
  ])("may be spliced by a daemon with %s: %s", async (_, line, spliced) => {
    const script = `import os, sys\n${line}\nos.read(int(sys.argv[-1].rsplit("/", 1)[1]), 9000)`;
    const daemon = await Daemon.start(["python3", "-c", script, "{mountpoint}"]);
    try {
      await readRoom(daemon.socket, 20_000);
      expect(mayBeSpliced([100, 44], daemon.socket, OLD)).toBe(spliced);
    } finally {
      await daemon.dispose(Promise.resolve());
    }
  });
});
