import {
  daxdevOut,
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  FILE_TYPES,
  FMAP_VERSION,
  fmapHeader,
  INIT_BITS,
  initOut,
  interleavedExt,
  type Profile,
  S64_MAX,
  type Struct,
  simpleExt,
  TWO_TO_63,
  TWO_TO_64,
} from "../spec/index.ts";
import type { ExportFiles } from "./files.ts";

const INTS = { u8: "int8", u16: "int16", u32: "int32", u64: "int64", i32: "int32" } as const;

const isReserved = (name: string) => /^(?:reserved\d*|padding|unused)$/.test(name);

/** Declares a struct in syzkaller's language; `kinds`: the type of each field that is not just a number. */
function declare(
  name: string,
  { fields }: Pick<Struct, "fields">,
  kinds: Readonly<Record<string, (int: string) => string>>,
  more: readonly string[] = [],
): string {
  const members = fields.map(({ name: field, type, size }) => {
    const int = INTS[type as keyof typeof INTS];
    if (int === undefined)
      return `\t${field}\t${kinds[field]?.(`${size}`) ?? `array[const[0, int8], ${size}]`}`;
    const kind = kinds[field] ?? (isReserved(field) ? (i: string) => `const[0, ${i}]` : (i: string) => i);
    return `\t${field}\t${kind(int)}`;
  });
  return `${name} {\n${[...members, ...more].join("\n")}\n}\n`;
}

const constant = (n: number | bigint) => (int: string) => `const[${n}, ${int}]`;
const flags = (set: string) => (int: string) => `flags[${set}, ${int}]`;
const write = (name: string, payload: string) =>
  `write$FUSE_${name}(fd fd_fuse, arg ptr[in, fuse_out[${payload}]], len bytesize[arg])`;

const hex = (n: bigint) => `0x${n.toString(16)}`;

/** The replies of a famfs server, for the folder of syzkaller's fs_fuse.txt, whose fd_fuse and fuse_out they use. */
export function syzlang(profile: Profile): ExportFiles {
  const { limits, parser, replySize, opcodes, initBit, fmapSizeField, name } = profile;
  const header = (extType: number): Parameters<typeof declare>[2] => ({
    file_type: flags("fuse_famfs_file_types"),
    fmap_version: constant(FMAP_VERSION),
    ext_type: constant(extType),
    nextents: (int) => `len[extents, ${int}]`,
    ...(fmapSizeField && { reserved0: (int: string) => `bytesize[parent, ${int}]` }),
    file_size: flags("fuse_famfs_sizes"),
  });
  const alignment = BigInt(limits.alignment);
  const sizes = [
    0n,
    1n,
    alignment,
    2n * alignment,
    alignment + 1n,
    S64_MAX,
    TWO_TO_63,
    TWO_TO_64 - alignment,
  ];
  const chunkSizes = [0, 1, 4096, limits.alignment, 2 * limits.alignment, 2 ** 32 - 1].map(BigInt);
  const hasInterleaved = parser.interleaved !== null;
  const text = [
    `# The replies of a famfs server as ${name} takes them: GET_FMAP is ${opcodes.getFmap}${opcodes.getDaxdev === null ? "" : `, GET_DAXDEV ${opcodes.getDaxdev}`}.`,
    "",
    write("INIT_FAMFS", "fuse_famfs_init_out"),
    write("GET_FMAP", "fuse_famfs_fmap"),
    ...(opcodes.getDaxdev === null ? [] : [write("GET_DAXDEV", "fuse_daxdev_out")]),
    "",
    declare("fuse_famfs_init_out", initOut, {
      major: () => "const[FUSE_KERNEL_VERSION, int32]",
      minor: () => "const[FUSE_KERNEL_MINOR_VERSION, int32]",
      flags: constant(1n << BigInt(INIT_BITS.INIT_EXT)),
      flags2: constant(1n << BigInt(initBit - 32)),
    }),
    `fuse_famfs_fmap [
	simple	fuse_famfs_fmap_simple
${hasInterleaved ? "\tinterleaved	fuse_famfs_fmap_interleaved\n" : ""}${replySize.kind === "retry-once" ? "\tsize	int32\n" : ""}] [varlen]
`,
    declare("fuse_famfs_fmap_simple", fmapHeader, header(EXT_SIMPLE), [
      "\textents\tarray[fuse_famfs_simple_ext]",
    ]),
    declare("fuse_famfs_simple_ext", simpleExt, {
      se_devindex: flags("fuse_famfs_devindexes"),
      se_offset: flags("fuse_famfs_sizes"),
      se_len: flags("fuse_famfs_sizes"),
    }),
    ...(hasInterleaved
      ? [
          declare("fuse_famfs_fmap_interleaved", fmapHeader, header(EXT_INTERLEAVE), [
            "\textents\tarray[fuse_famfs_iext]",
          ]),
          declare(
            "fuse_famfs_iext",
            interleavedExt,
            {
              ie_nstrips: (int) => `len[strips, ${int}]`,
              ie_chunk_size: flags("fuse_famfs_chunk_sizes"),
              ie_nbytes: flags("fuse_famfs_sizes"),
            },
            ["\tstrips\tarray[fuse_famfs_simple_ext]"],
          ),
        ]
      : []),
    ...(opcodes.getDaxdev === null
      ? []
      : [
          declare("fuse_daxdev_out", daxdevOut, {
            index: () => "int16[0:24]",
            name: (size) => `string["/dev/dax0.0", ${size}]`,
          }),
        ]),
    `fuse_famfs_file_types = ${FILE_TYPES.map((_, i) => i).join(", ")}, 255`,
    "fuse_famfs_devindexes = 0, 0, 0, 1, 31, 32, 63, 64",
    // Syzkaller's compiler refuses a value that does not fit its field.
    ...(hasInterleaved ? [`fuse_famfs_chunk_sizes = ${chunkSizes.map(hex).join(", ")}`] : []),
    `fuse_famfs_sizes = ${sizes.map(hex).join(", ")}`,
    "",
  ];
  return new Map([[`fs_fuse_famfs_${name.replaceAll("-", "_")}.txt`, text.join("\n")]]);
}
