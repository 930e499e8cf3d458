/**
 * A second famfs_fuse_meta_alloc of rfc-v2, written from facts/revisions.md (sections 1 and 5) for reading, not for
 * speed: whole numbers are bigint, every sum is cut to the width of its C type, a check that returns throws, and memory
 * is a set of objects that are still allocated. It shares no code with kernel-parser.ts.
 */
import type { DaxRange, ErrnoName, Fmap, InterleavedExtent, RuleId } from "../../spec/index.ts";

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
}

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

/** __famfs_meta_free: of all strips those of the first extent. */
function free(slab: Slab, meta: Meta): void {
  if (meta.type === "interleaved" && meta.list !== null && meta.strips[0]) slab.live.delete(meta.strips[0]);
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

export function readableModel(message: Uint8Array, failAllocation = 0): ModelVerdict {
  const slab = new Slab(failAllocation);
  const parse = new Parse(new Fields(message), slab);
  let refusal: Refusal | null = null;
  let map: Fmap | null = null;
  try {
    map = parse.message();
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    refusal = e;
  }
  if (parse.meta !== null) free(slab, parse.meta);
  return {
    errno: refusal?.errno ?? null,
    rule: refusal?.rule ?? null,
    map,
    shifts: parse.shifts,
    leaked: slab.live.size,
    allocations: slab.granted,
    allocatedBytes: slab.bytes,
  };
}

class Parse {
  meta: Meta | null = null;
  shifts = 0;
  private readonly counted: RuleId[] = [];
  private bitmap = 0n;
  private total = 0n;
  private readonly fields: Fields;
  private readonly slab: Slab;
  constructor(fields: Fields, slab: Slab) {
    this.fields = fields;
    this.slab = slab;
  }

  message(): Fmap {
    const { fields, slab } = this;
    this.demand(fields.size >= 32n, "EINVAL", "fmap/header/underflow");
    const nextents = fields.u32(8n);
    this.demand(nextents >= 1n, "EINVAL", "fmap/header/nextents-zero");
    this.demand(nextents <= 32n, "E2BIG", "fmap/header/nextents-limit");
    const self = this.got(slab.alloc(1n, 48n), "fmap/header/alloc-meta");

    const extType = fields.u32(4n);
    const type = extType === 0n ? "simple" : extType === 1n ? "interleaved" : "unknown";
    const meta: Meta = { type, self, list: null, strips: [] };
    this.meta = meta;
    const fileSize = fields.u64(16n);
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
    let next = 32n;
    const extents: InterleavedExtent[] = [];
    for (let i = 0n; i < nextents; i++) {
      const head = next;
      next = sizeT(next + 24n);
      this.demand(next <= fields.size, "EINVAL", "fmap/interleaved/header-underflow");
      const nstrips = fields.u32(head);
      const chunkSize = fields.u32(head + 4n);
      const nbytes = fields.u64(head + 8n);
      this.demand(nbytes !== 0n, "EINVAL", "fmap/interleaved/nbytes-zero");
      const first = next;
      next = sizeT(next + nstrips * 24n);
      this.demand(next <= fields.size, "EINVAL", "fmap/interleaved/strips-underflow");
      if (nstrips < 1n) this.counted.push("fmap/interleaved/nstrips-zero");
      if (nstrips > 32n) this.counted.push("fmap/interleaved/nstrips-limit");
      meta.strips.push(this.got(slab.alloc(nstrips, 24n), "fmap/interleaved/alloc-strips"));
      const strips = this.ranges(first, nstrips, "strip");
      for (const strip of strips) remainder = s64(remainder - strip.length);
      extents.push({ chunkSize, nbytes, strips });
    }
    this.demand(remainder <= 0n, "EINVAL", "fmap/interleaved/remainder");
    return extents;
  }

  private ranges(from: bigint, count: bigint, kind: "simple" | "strip"): DaxRange[] {
    const ranges: DaxRange[] = [];
    for (let at = from; at < from + count * 24n; at += 24n) {
      const devindex = this.fields.u32(at);
      const offset = this.fields.u64(at + 8n);
      const length = this.fields.u64(at + 16n);
      ranges.push({ devindex, offset, length });
      if (devindex >= 31n) this.shifts += 1;
      // What x86-64 makes of it: the count modulo 32, and the int's sign in the upper half.
      this.bitmap |= sizeT(BigInt.asIntN(32, 1n << (devindex % 32n)));
      this.total = sizeT(this.total + length);
      if (devindex !== 0n) this.counted.push(`fmap/${kind}/devindex`);
      if (offset % 0x200000n !== 0n) this.counted.push(`fmap/${kind}/offset-alignment`);
      if (length % 0x200000n !== 0n) this.counted.push(`fmap/${kind}/length-alignment`);
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
