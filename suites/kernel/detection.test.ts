import { describe, expect, it } from "vitest";
import { ERRNO, PROFILES, type Profile, profileNamed } from "../../spec/index.ts";
import { confirm, detect } from "./detection.ts";
import { PlayedKernel } from "./test/played-kernel.ts";

const named = (name: string) => profileNamed(name) as Profile;

describe("a kernel is taken for what it is", () => {
  it.each(PROFILES.map((p) => [p.name, p] as const))("%s", async (name, profile) => {
    const found = await detect(new PlayedKernel(profile));
    if ("without" in found) throw new Error(found.without);
    // What differs in them is how they fail to lock and to free.
    const twins = ["v3", "v4"];
    expect(found.profile.name).toBe(twins.includes(name) ? "v3" : name);
    expect(found.notes).toHaveLength(twins.includes(name) ? 2 : 1);
  });

  it("though some of its answers are wrong", async () => {
    const found = await detect(new PlayedKernel(named("v10"), { result: () => -ERRNO.EPERM }));
    if ("without" in found) throw new Error(found.without);
    expect(found.notes.at(-1)).toMatch(/^it answers \d+ of \d+ messages like no revision that is left$/);
  });

  it("but not when no revision asks so", async () => {
    const odd = new PlayedKernel(named("v3"), { body: () => new Uint8Array(8) });
    const found = await detect(odd);
    expect("profile" in found && found.profile.name).toBe("simple-only");
    const odder = new PlayedKernel(named("rfc-v2"), { body: () => new Uint8Array(0) });
    expect("profile" in (await detect(odder))).toBe(true);
  });
});

describe("a kernel without famfs", () => {
  it("offers no bit", async () => {
    const kernel = new PlayedKernel(named("v3"), { offer: 1n << 42n });
    const all = await detect(new PlayedKernel(named("v3"), { offer: 0x30000000n, minor: 38 }));
    expect(all).toEqual({
      without:
        "it does not offer FUSE_DAX_FMAP (bit 42 or 43 of INIT's flags, which are 0x30000000 at protocol 7.38)",
    });
    // INIT_EXT is not offered, so that flags2 is not there.
    expect(await confirm(kernel, named("v3"))).toMatchObject({ without: expect.stringContaining("bit 43") });
  });

  it("offers one and means something else by it", async () => {
    const kernel = () => new PlayedKernel(named("rfc-v2"), { asks: () => false });
    for (const found of [await detect(kernel()), await confirm(kernel(), named("rfc-v2"))])
      expect(found).toEqual({
        without:
          "no GET_FMAP comes when a file is opened, so that bit 42 of its INIT flags means something else to it (protocol 7.45)",
      });
  });
});

it("a kernel that breaks down over the first file cannot be told", async () => {
  const hang = { kind: "hang", detail: "open(2) did not return" } as const;
  await expect(detect(new PlayedKernel(named("v3"), { breaksDown: () => hang }))).rejects.toThrow(
    "the first open(2) of the mount failed: open(2) did not return",
  );
  let opens = 0;
  const later = new PlayedKernel(named("v3"), { breaksDown: () => (opens++ === 0 ? null : hang) });
  await expect(detect(later)).rejects.toThrow("a probe broke the kernel down");
});
