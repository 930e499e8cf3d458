import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, INIT_BITS, initOut, profileNamed } from "../../spec/index.ts";
import { agreementOn } from "./agreement.ts";

const bit = (n: number) => 1n << BigInt(n);
const { INIT_EXT, DO_READDIRPLUS, READDIRPLUS_AUTO, MAX_PAGES, MAP_ALIGNMENT } = INIT_BITS;

type Answer = ReturnType<typeof initOut.read>;

const answer = (more: Partial<Answer> = {}): Answer => ({
  ...initOut.read(new Uint8Array(initOut.size)),
  major: 7,
  minor: 45,
  max_write: 1 << 20,
  max_readahead: 1 << 17,
  ...more,
});

const OFFER = { minor: 42, flags: bit(INIT_EXT) | bit(42), maxReadahead: 1 << 17 };

const flags = (...bits: number[]) => bits.reduce((all, n) => (all | (1 << n)) >>> 0, 0);

const agreed = (more?: Partial<Answer>) => agreementOn(OFFER, answer(more), DEFAULT_PROFILE);

describe("what is agreed on", () => {
  it.each([
    [4, 4],
    [31, 31],
    [45, 42],
    [99, 42],
  ])("minor %i comes to %i", (minor, expected) => expect(agreed({ minor }).minor).toBe(expected));

  it("FUSE_DAX_FMAP, where it stands in flags2 and FUSE_INIT_EXT in flags", () => {
    const flags2 = 1 << 10;
    expect(agreed({ flags: flags(INIT_EXT), flags2 }).fmap).toBe(true);
    expect(agreed({ flags2 }).fmap).toBe(false);
    expect(agreed({ flags: flags(INIT_EXT, 10) }).fmap).toBe(false);
    expect(agreed({ minor: 5, flags: flags(INIT_EXT), flags2 }).fmap).toBe(false);
  });

  it("FUSE_DAX_FMAP that was not offered, in the revisions that do not look at their offer", () => {
    const set = (name: string, n: number) => {
      const profile = profileNamed(name) as typeof DEFAULT_PROFILE;
      const all = answer({ flags: flags(INIT_EXT), flags2: 1 << (n - 32) });
      return agreementOn({ ...OFFER, flags: bit(INIT_EXT) }, all, profile).fmap;
    };
    expect([set("rfc-v2", 42), set("v10", 43)]).toEqual([true, false]);
  });

  it("flags that the kernel knows, offered or not, and no others", () => {
    const { flags: known } = agreed({ flags: flags(INIT_EXT, MAP_ALIGNMENT, 31), flags2: 1 << 31 });
    expect(known).toBe(bit(INIT_EXT) | bit(MAP_ALIGNMENT));
  });

  it("READDIRPLUS, always or as the kernel likes", () => {
    expect(agreed({ flags: flags(DO_READDIRPLUS) })).toMatchObject({ plus: true, plusAuto: false });
    const both = flags(DO_READDIRPLUS, READDIRPLUS_AUTO);
    expect(agreed({ flags: both })).toMatchObject({ plus: true, plusAuto: true });
    expect(agreed({ flags: both, minor: 5 })).toMatchObject({ plus: false, plusAuto: false });
  });

  it.each([
    [{ max_write: 100 }, 4096],
    [{ max_write: 1 << 20 }, 1 << 20],
    [{ max_write: 1 << 20, minor: 4 }, 4096],
  ])("%j: max_write %i", (more, maxWrite) => expect(agreed(more).maxWrite).toBe(maxWrite));

  it.each([
    [{ max_pages: 8 }, 32],
    [{ max_pages: 8, flags: flags(MAX_PAGES) }, 8],
    [{ max_pages: 0, flags: flags(MAX_PAGES) }, 1],
    [{ max_pages: 60_000, flags: flags(MAX_PAGES) }, 256],
  ])("%j: max_pages %i", (more, maxPages) => expect(agreed(more).maxPages).toBe(maxPages));

  it.each([
    [{ max_readahead: 4096 }, 4096],
    [{ max_readahead: 1 << 30 }, 1 << 17],
    [{ max_readahead: 4096, minor: 5 }, 1 << 17],
  ])("%j: max_readahead %i", (more, maxReadahead) => expect(agreed(more).maxReadahead).toBe(maxReadahead));
});
