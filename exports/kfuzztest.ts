import type { Profile } from "../spec/index.ts";
import { messagesOf } from "./corpus.ts";
import type { ExportFiles } from "./files.ts";
import { CORPUS } from "./vectors/set.ts";

/** include/linux/kfuzztest.h of the series as posted in 2025: the magic number of an input, and the format's version. */
const MAGIC = 0xbface;
const VERSION = 0;
/** KFUZZTEST_POISON_SIZE: least number of bytes behind each region, which KASAN poisons. */
const POISON = 8;
/** Every region begins at a multiple of this number of bytes. */
const ALIGNMENT = 16;

/** The argument of the target: `struct { void *data; size_t size; }`. */
const ARGUMENT = 16;
/** Bytes in front of the payload: prefix, two regions, one relocation, padding. */
const TABLES = 48;
const PADDING = 16;

const aligned = (n: number) => Math.ceil(n / ALIGNMENT) * ALIGNMENT;

/** The message as an input of a target that takes a pointer and a length. */
function kfuzztestInput(message: Uint8Array): Uint8Array {
  const data = aligned(ARGUMENT + POISON);
  const input = Buffer.alloc(TABLES + PADDING + data + message.length + POISON);
  const words = [
    ...[MAGIC, VERSION],
    // Two regions: offset into the payload and size of each.
    ...[2, 0, ARGUMENT, data, message.length],
    // One relocation: region 0 begins with a pointer to region 1.
    ...[1, PADDING, 0, 0, 1],
  ];
  for (const [i, word] of words.entries()) input.writeUInt32LE(word, 4 * i);
  input.writeBigUInt64LE(BigInt(message.length), TABLES + PADDING + 8);
  input.set(message, TABLES + PADDING + data);
  return input;
}

const README = (profile: Profile) => `Inputs of a KFuzzTest target, from the vectors of ${profile.name}.

Each file is one input in format version 0 of the KFuzzTest series as it was posted in 2025 (it is not in Linux 7.3), for a
target whose argument is

    struct fmap_arg {
            const void *data;
            size_t size;
    };

To give one to a kernel: cat inputs/NAME > /sys/kernel/debug/kfuzztest/TARGET/input
`;

export const kfuzztestInputs = (profile: Profile): ExportFiles =>
  new Map<string, string | Uint8Array>([
    ["README", README(profile)],
    ...[...messagesOf(profile)].map(
      ([path, message]) => [path.replace(CORPUS, "inputs"), kfuzztestInput(message)] as const,
    ),
  ]);
