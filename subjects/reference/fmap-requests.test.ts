import { describe, expect, it } from "vitest";
import { daxdevOut, encodeFmap, manifestFromJson, ROOT_NODEID } from "../../spec/index.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import { refusal, WILD } from "./test/answers.ts";
import { Asking, agreed, GET_DAXDEV } from "./test/asking.ts";

const { files } = manifestFromJson(DEFAULT_MANIFEST);

describe("GET_FMAP", () => {
  it.each(files.map((f) => [f.path, f] as const))("of %s: the map, or its size first", (path, { map }) => {
    const asking = agreed();
    const nodeid = asking.find(path);
    const message = encodeFmap(map);
    if (message.length > 4096)
      expect(Buffer.from(asking.fmap(nodeid).body).readUInt32LE()).toBe(message.length);
    expect(asking.fmap(nodeid, message.length)).toEqual({ error: 0, body: message });
    expect(asking.fmap(nodeid, message.length - 1).body).toHaveLength(4);
    expect(asking.fmap(nodeid, 4).body).toHaveLength(4);
    expect(asking.fmap(nodeid, 3)).toEqual(refusal("EINVAL"));
    expect(asking.fmap(nodeid, 0xffff_ffff).body).toHaveLength(message.length);
  });

  it("is for regular files that the kernel knows", () => {
    const asking = agreed();
    expect(asking.fmap(ROOT_NODEID)).toEqual(refusal("EISDIR"));
    expect(asking.fmap(asking.find("/data"))).toEqual(refusal("EISDIR"));
    expect(asking.fmap(asking.find("/link"))).toEqual(refusal("EINVAL"));
    expect(asking.fmap(WILD)).toEqual(refusal("ENOENT"));
    const nodeid = asking.find("/data/whole");
    asking.forget(nodeid);
    expect(asking.fmap(nodeid)).toEqual(refusal("ESTALE"));
  });

  it("and GET_DAXDEV are unknown where INIT did not agree on them", () => {
    const asking = new Asking();
    asking.init({ flags2: 0 });
    expect(asking.fmap(asking.find("/data/whole"))).toEqual(refusal("ENOSYS"));
    expect(asking.ask(GET_DAXDEV, 0n)).toEqual(refusal("ENOSYS"));
  });
});

it("GET_DAXDEV names the daxdev of an index, and no other", () => {
  const asking = agreed(null, {
    ...DEFAULT_MANIFEST,
    daxdevs: [
      { index: 0, name: "/dev/dax0.0" },
      { index: 9, name: `/${"x".repeat(254)}` },
    ],
  });
  const { index, name, ...reserved } = daxdevOut.read(asking.ask(GET_DAXDEV, 9n).body);
  expect([index, Buffer.from(name).toString()]).toEqual([9, `/${"x".repeat(254)}\0`]);
  expect(reserved).toEqual({ reserved: 0, reserved2: 0, reserved3: 0n, reserved4: 0n });
  expect(Buffer.from(asking.ask(GET_DAXDEV, 0n).body.subarray(24, 36)).toString()).toBe("/dev/dax0.0\0");
  for (const unknown of [1n, 65_536n, 65_545n, WILD])
    expect(asking.ask(GET_DAXDEV, unknown)).toEqual(refusal("ENODEV"));
});
