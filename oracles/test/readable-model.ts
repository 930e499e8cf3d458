/**
 * A second famfs_fuse_meta_alloc of every revision, written from facts/revisions.md (sections 1 and 5) for reading, not for
 * speed: whole numbers are bigint, every sum is cut to the width of its C type, a check that returns throws, and memory
 * is a set of objects that are still allocated. It shares no code with kernel-parser.ts, and looks at no field of a profile.
 */
import type { DaxRange, ErrnoName, Fmap, InterleavedExtent, ProfileName, RuleId } from "../../spec/index.ts";

export interface ModelVerdict {
  readonly errno: ErrnoName | null;
  /** The check that returned, or the first that was counted; null: accepted. */
  readonly rule: RuleId | null;
  readonly map: Fmap | null;
  /** How often `1 << devindex` was undefined. */
  readonly shifts: number;
  /** Objects that are still allocated after the map was freed, at once or later. */
  readonly leaked: number;
  readonly allocations: number;
  readonly allocatedBytes: number;
  /** Whether what else is said rests on FUSE_FAMFS_MAX_STRIPS of dual-ext, which is not known. */
  readonly unspecified: boolean;
}

/** The revisions in the order of time. */
const ORDER: readonly ProfileName[] = [
  "rfc-v1",
  "rfc-v2",
  "v3",
  "v4",
  "v7",
  "v10",
  "simple-only",
  "dual-ext",
];
const PMD = 0x200000n;
const PAGE = 0x1000n;
const LLONG_MAX = (1n << 63n) - 1n;
const U64_MAX = (1n << 64n) - 1n;

const sizeT = (n: bigint) => BigInt.asUintN(64, n);
const s64 = (n: bigint) => BigInt.asIntN(64, n);

class Refusal extends Error {
  readonly errno: ErrnoName;
  readonly rule: RuleId;
  constructor(errno: ErrnoName, rule: RuleId) {
    super(rule);
    this.errno = errno;
    this.rule = rule;
  }
}

/** The slab allocator, which may be told to fail once. */
class Slab {
  readonly live = new Set<object>();
  requests = 0;
  granted = 0;
  bytes = 0;
  private readonly failing: number;
  constructor(failing: number) {
    this.failing = failing;
  }

  /** null: no memory. Nothing at all is asked for zero bytes. */
  alloc(count: bigint, each: bigint): object | null {
    const object = {};
    const bytes = count * each;
    if (bytes === 0n) return object;
    this.requests += 1;
    if (this.requests === this.failing || bytes > 4n * 1024n * 1024n) return null;
    this.live.add(object);
    this.granted += 1;
    this.bytes += Number(bytes);
    return object;
  }
}

/** What famfs_file_meta points to. */
interface Meta {
  type: "simple" | "interleaved" | "unknown";
  self: object;
  list: object | null;
  strips: (object | null)[];
}

/** __famfs_meta_free: up to v4 of all strips those of the first extent. */
function free(slab: Slab, meta: Meta, all: boolean): void {
  if (meta.type === "interleaved" && meta.list !== null)
    for (const strips of all ? meta.strips : meta.strips.slice(0, 1)) if (strips) slab.live.delete(strips);
  if (meta.type !== "unknown" && meta.list !== null) slab.live.delete(meta.list);
  slab.live.delete(meta.self);
}

/** Little-endian unsigned fields of a message. */
class Fields {
  readonly size: bigint;
  private readonly view: DataView;
  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.size = BigInt(bytes.length);
  }

  u8 = (offset: bigint): bigint => BigInt(this.view.getUint8(Number(offset)));
  u32 = (offset: bigint): bigint => BigInt(this.view.getUint32(Number(offset), true));
  u64 = (offset: bigint): bigint => this.view.getBigUint64(Number(offset), true);
}

export function readableModel(name: ProfileName, message: Uint8Array, failAllocation = 0): ModelVerdict {
  const slab = new Slab(failAllocation);
  const parse = new Parse(name, new Fields(message), slab);
  let refusal: Refusal | null = null;
  let map: Fmap | null = null;
  try {
    map = parse.message();
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    refusal = e;
  }
  if (parse.meta !== null) free(slab, parse.meta, parse.since("v7"));
  return {
    errno: refusal?.errno ?? null,
    rule: refusal?.rule ?? null,
    map,
    shifts: parse.shifts,
    leaked: slab.live.size,
    allocations: slab.granted,
    allocatedBytes: slab.bytes,
    // Refused with EINVAL it is refused with EINVAL, whatever the limit.
    unspecified: parse.guessed && refusal?.errno !== "EINVAL",
  };
}

class Parse {
  meta: Meta | null = null;
  shifts = 0;
  /** A number of strips was taken that the limit may refuse. */
  guessed = false;
  private readonly counted: RuleId[] = [];
  private bitmap = 0n;
  private total = 0n;
  private readonly fields: Fields;
  private readonly slab: Slab;
  private readonly name: ProfileName;
  constructor(name: ProfileName, fields: Fields, slab: Slab) {
    this.name = name;
    this.fields = fields;
    this.slab = slab;
  }

  since(name: ProfileName): boolean {
    return ORDER.indexOf(this.name) >= ORDER.indexOf(name);
  }
  private get dual(): boolean {
    return this.name === "dual-ext";
  }

  message(): Fmap {
    const { fields, slab } = this;
    this.demand(fields.size >= 32n, "EINVAL", "fmap/header/underflow");
    const nextents = fields.u32(8n);
    this.demand(nextents >= 1n, this.since("v10") ? "ERANGE" : "EINVAL", "fmap/header/nextents-zero");
    if (!this.since("simple-only")) {
      const limit = this.name === "rfc-v1" ? 2n : 32n;
      this.demand(nextents <= limit, this.since("v10") ? "ERANGE" : "E2BIG", "fmap/header/nextents-limit");
    }
    const fileSize = fields.u64(16n);
    if (this.dual) this.demand(fileSize <= LLONG_MAX, "EINVAL", "fmap/header/file-size-limit");
    const self = this.got(slab.alloc(1n, 48n), "fmap/header/alloc-meta");

    const extType = fields.u32(4n);
    const interleaves = this.name !== "simple-only";
    const type = extType === 0n ? "simple" : extType === 1n && interleaves ? "interleaved" : "unknown";
    const meta: Meta = { type, self, list: null, strips: [] };
    this.meta = meta;
    const fileType = Number(fields.u8(0n));
    let extents:
      | { extType: "simple"; extents: DaxRange[] }
      | { extType: "interleaved"; extents: InterleavedExtent[] };
    if (type === "simple") extents = { extType: type, extents: this.simple(meta, nextents) };
    else if (type === "interleaved")
      extents = { extType: type, extents: this.interleaved(meta, nextents, fileSize) };
    else throw new Refusal("EINVAL", "fmap/header/ext-type");

    const [first] = this.counted;
    if (first !== undefined) throw new Refusal("EINVAL", first);
    this.demand(this.total >= fileSize, "EINVAL", "fmap/total/file-size");
    return { fileType, fileSize, devBitmap: this.bitmap, ...extents };
  }

  private simple(meta: Meta, nextents: bigint): DaxRange[] {
    const end = sizeT(32n + nextents * 24n);
    this.demand(end <= this.fields.size, "EINVAL", "fmap/simple/underflow");
    meta.list = this.got(this.slab.alloc(nextents, 24n), "fmap/simple/alloc-extents");
    return this.ranges(32n, nextents, "simple");
  }

  private interleaved(meta: Meta, nextents: bigint, fileSize: bigint): InterleavedExtent[] {
    const { fields, slab } = this;
    meta.list = this.got(slab.alloc(nextents, 32n), "fmap/interleaved/alloc-extents");
    let remainder = s64(fileSize);
    let served = 0n;
    let next = 32n;
    const extents: InterleavedExtent[] = [];
    for (let i = 0n; i < nextents; i++) {
      const head = next;
      next = sizeT(next + 24n);
      this.demand(next <= fields.size, "EINVAL", "fmap/interleaved/header-underflow");
      const nstrips = fields.u32(head);
      const chunkSize = fields.u32(head + 4n);
      const nbytes = fields.u64(head + 8n);
      if (this.dual)
        this.demand(chunkSize === PAGE || chunkSize === PMD, "EINVAL", "fmap/interleaved/chunk-size");
      else if (this.since("v7")) this.demand(chunkSize % PMD === 0n, "EINVAL", "fmap/interleaved/chunk-size");
      this.demand(nbytes !== 0n, "EINVAL", "fmap/interleaved/nbytes-zero");
      if (this.dual) {
        this.demand(nbytes <= LLONG_MAX, "EINVAL", "fmap/interleaved/nbytes-limit");
        this.demand(nstrips >= 1n, "EINVAL", "fmap/interleaved/nstrips-zero");
        this.guessed ||= nstrips > 1n;
      }
      const first = next;
      next = sizeT(next + nstrips * 24n);
      this.demand(next <= fields.size, "EINVAL", "fmap/interleaved/strips-underflow");
      if (!this.dual) {
        if (nstrips < 1n) this.counted.push("fmap/interleaved/nstrips-zero");
        if (nstrips > (this.name === "rfc-v1" ? 16n : 32n))
          this.counted.push("fmap/interleaved/nstrips-limit");
      }
      meta.strips.push(this.got(slab.alloc(nstrips, 24n), "fmap/interleaved/alloc-strips"));
      const strips = this.ranges(first, nstrips, "strip");
      for (const strip of strips) remainder = s64(remainder - strip.length);
      if (this.dual) {
        this.demand(holdsChunks(chunkSize, nbytes, strips), "EINVAL", "fmap/interleaved/strip-capacity");
        served += nbytes;
        this.demand(served <= U64_MAX, "EINVAL", "fmap/interleaved/nbytes-overflow");
      }
      extents.push({ chunkSize, nbytes, strips });
    }
    if (this.dual) this.demand(served >= fileSize, "EINVAL", "fmap/interleaved/nbytes-cover");
    else this.demand(remainder <= 0n, "EINVAL", "fmap/interleaved/remainder");
    return extents;
  }

  private ranges(from: bigint, count: bigint, kind: "simple" | "strip"): DaxRange[] {
    const ranges: DaxRange[] = [];
    for (let at = from; at < from + count * 24n; at += 24n) {
      const devindex = this.fields.u32(at);
      const offset = this.fields.u64(at + 8n);
      const length = this.fields.u64(at + 16n);
      ranges.push({ devindex, offset, length });
      const wide = this.since("simple-only");
      if (devindex >= (wide ? 64n : 31n)) this.shifts += 1;
      // What x86-64 makes of it: the count modulo 64, or modulo 32 with the int's sign in the upper half.
      this.bitmap |= wide ? 1n << (devindex % 64n) : sizeT(BigInt.asIntN(32, 1n << (devindex % 32n)));
      const unit = this.dual ? PAGE : PMD;
      if (devindex >= (this.dual ? 64n : 1n)) this.counted.push(`fmap/${kind}/devindex`);
      if (offset % unit !== 0n) this.counted.push(`fmap/${kind}/offset-alignment`);
      if (length % unit !== 0n) this.counted.push(`fmap/${kind}/length-alignment`);
      if (this.dual) {
        this.demand(offset + length <= U64_MAX, "EINVAL", `fmap/${kind}/end-overflow`);
        this.demand(this.total + length <= U64_MAX, "EINVAL", `fmap/${kind}/total-overflow`);
      }
      this.total = sizeT(this.total + length);
    }
    return ranges;
  }

  private demand(holds: boolean, errno: ErrnoName, rule: RuleId): void {
    if (!holds) throw new Refusal(errno, rule);
  }

  private got(object: object | null, rule: RuleId): object {
    if (object === null) throw new Refusal("ENOMEM", rule);
    return object;
  }
}

/** Whether the last byte that is dealt to each strip lies within it, chunk by chunk in turn. */
function holdsChunks(chunk: bigint, nbytes: bigint, strips: readonly DaxRange[]): boolean {
  const n = BigInt(strips.length);
  const whole = nbytes / chunk;
  const rest = nbytes % chunk;
  return strips.every(({ length }, j) => {
    // Whole chunks on strip j, and the rest, if its turn has come.
    const chunks = (whole + n - 1n - BigInt(j)) / n;
    return length >= chunks * chunk + (whole % n === BigInt(j) ? rest : 0n);
  });
}
