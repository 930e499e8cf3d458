import { EXT_INTERLEAVE, EXT_SIMPLE, FMAP_VERSION, type Profile, S64_MAX, TWO_TO_63 } from "../spec/index.ts";
import type { ExportFiles } from "./files.ts";
import { vectorFile } from "./vectors/file.ts";
import { corpusOf } from "./vectors/set.ts";

/** The messages of a profile's vectors, each once, by their paths. */
export const messagesOf = (profile: Profile): Map<string, Uint8Array> => corpusOf([vectorFile(profile)]);

/** The messages and a dictionary of the values that the format and the profile's limits make special. */
export const fuzzingCorpus = (profile: Profile): ExportFiles =>
  new Map<string, string | Uint8Array>([
    ...messagesOf(profile),
    [`${profile.name}.dict`, dictionary(profile)],
  ]);

const u32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n >>> 0);
  return bytes;
};

const u64 = (n: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, n));
  return bytes;
};

/** The first bytes of a message: file type, version and extent type. */
function beginning(extType: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(FMAP_VERSION, 2);
  bytes.writeUInt32LE(extType, 4);
  return bytes;
}

/** The special values by name, in the order of the dictionary. */
export function tokens({ limits }: Profile): Map<string, Buffer> {
  const found = new Map<string, Buffer>([
    ["begin_simple", beginning(EXT_SIMPLE)],
    ["begin_interleaved", beginning(EXT_INTERLEAVE)],
    ["u32_max", u32(2 ** 32 - 1)],
    ["u32_sign", u32(2 ** 31)],
    ["s64_max", u64(S64_MAX)],
    ["s64_sign", u64(TWO_TO_63)],
    ["u64_max", u64(-1n)],
  ]);
  const around = (name: string, limit: number | null) => {
    if (limit === null) return;
    found.set(`${name}_below`, u32(limit - 1));
    found.set(name, u32(limit));
    found.set(`${name}_above`, u32(limit + 1));
  };
  around("extents", limits.maxExtents);
  around("strips", limits.maxStrips);
  around("devindex", limits.devindexes);
  around("shift_width", 32);
  const aligned = BigInt(limits.alignment);
  for (const [name, n] of [
    ["aligned", aligned],
    ["aligned_twice", 2n * aligned],
    ["aligned_off", aligned + 1n],
    ["aligned_half", aligned / 2n],
    ["aligned_last", -aligned],
  ] as const)
    found.set(name, u64(n));
  return found;
}

/** The dictionary, in the format that libFuzzer and AFL++ share. */
export const dictionary = (profile: Profile): string =>
  [...tokens(profile)]
    .map(
      ([name, bytes]) =>
        `${name}="${[...bytes].map((b) => `\\x${b.toString(16).padStart(2, "0")}`).join("")}"\n`,
    )
    .join("");
