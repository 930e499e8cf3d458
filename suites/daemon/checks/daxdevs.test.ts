import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, daxdevOut } from "../../../spec/index.ts";
import { daxdevName, notCharDevice, notZero, strangeAnswer, unusedIndexes } from "./daxdevs.ts";
import { daxdevProbes } from "./robustness.ts";

const nameOf = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc(256)]).subarray(0, 256);
const answer = (fields = {}) => ({
  index: 0,
  reserved: 0,
  reserved2: 0,
  reserved3: 0n,
  reserved4: 0n,
  name: new Uint8Array(nameOf("/dev/dax0.0")),
  ...fields,
});
const bytes = (fields = {}) => {
  const body = new Uint8Array(daxdevOut.size);
  daxdevOut.write(body, 0, answer(fields));
  return body;
};

describe("the name of a daxdev", () => {
  it("is an absolute path with a NUL behind it", () => {
    expect(daxdevName(nameOf("/dev/dax0.0"))).toEqual({ name: "/dev/dax0.0", wrong: null });
    expect(daxdevName(nameOf("dax0.0")).wrong).toBe("the name 'dax0.0' is no absolute path");
    expect(daxdevName(nameOf("")).wrong).toBe("the name '' is no absolute path");
    expect(daxdevName(nameOf("/".padEnd(300, "x"))).wrong).toBe("the name has no NUL in its 256 bytes");
  });
});

describe("what stands at the path of a daxdev", () => {
  const folder = mkdtempSync(join(tmpdir(), "daxdevs-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has to be a character device", async () => {
    expect(notCharDevice("/dev/null")).toBeNull();
    expect(notCharDevice("/")).toBe("a directory");
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(notCharDevice(file)).toBe("a regular file");
    const socket = join(folder, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    expect(notCharDevice(socket)).toBe("a socket");
    await new Promise((resolve) => server.close(resolve));
  });

  it("is not guessed where there is nothing", () => {
    expect(notCharDevice(join(folder, "nothing"))).toBeNull();
    expect(notCharDevice("/dev/null/behind")).toBeNull();
  });
});

describe("what is not defined in the answer", () => {
  it("is zero", () => {
    expect(notZero(answer())).toBeNull();
    expect(notZero(answer({ reserved2: 7 }))).toBe("reserved2 is 0x7");
    expect(notZero(answer({ reserved4: 0xbeefn }))).toBe("reserved4 is 0xbeef");
    expect(notZero(answer({ name: new Uint8Array(256).fill(0x78) }))).toBeNull();
    const name = new Uint8Array(nameOf("/d"));
    name[9] = 0x41;
    expect(notZero(answer({ name }))).toBe("byte 9 of the name, behind its NUL, is 0x41");
  });
});

describe("indexes that no map uses", () => {
  const names = new Map([[0n, "/dev/dax0.0"]]);

  it("are the ends of every width, and a used one behind them", () => {
    const indexes = unusedIndexes([0n, 1n]);
    expect(indexes).not.toContain(0n);
    expect(indexes).not.toContain(1n);
    for (const index of [
      23n,
      24n,
      255n,
      256n,
      65535n,
      65536n,
      65537n,
      2n ** 32n - 1n,
      2n ** 32n,
      2n ** 32n + 1n,
    ])
      expect(indexes).toContain(index);
    expect(new Set(indexes).size).toBe(indexes.length);
  });

  it("may have a device of their own", () => {
    const own = bytes({ index: 23, name: new Uint8Array(nameOf("/dev/dax1.0")) });
    expect(strangeAnswer(23n, own, names)).toBeNull();
    expect(strangeAnswer(24n, own, names)).toMatch(/index 24, .* with index 23 and '\/dev\/dax1.0'$/);
    expect(strangeAnswer(23n, bytes({ index: 23 }), names)).toMatch(/which is the device of index 0$/);
    expect(strangeAnswer(65536n + 23n, own, names)).toMatch(/index 65559/);
    expect(strangeAnswer(1n, own.subarray(1), names)).toMatch(/answered with 279 bytes$/);
  });

  it("are asked of a revision that has GET_DAXDEV, where a map uses one", () => {
    expect(daxdevProbes(DEFAULT_PROFILE, names).map((p) => p.name)).toContain(
      "GET_DAXDEV of index 4294967296",
    );
    expect(daxdevProbes(DEFAULT_PROFILE, new Map())).toEqual([]);
    const opcodes = { ...DEFAULT_PROFILE.opcodes, getDaxdev: null };
    expect(daxdevProbes({ ...DEFAULT_PROFILE, opcodes }, names)).toEqual([]);
  });
});
