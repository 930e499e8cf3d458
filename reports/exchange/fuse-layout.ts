/** FUSE's messages as records of fields, as fmap messages are (layout.ts): headers, then the body by its opcode. */
import { counted } from "../../base/counted.ts";
import {
  attrOut,
  batchForgetIn,
  daxdevOut,
  dirent,
  entryOut,
  errnoName,
  type Field,
  flagNames,
  flushIn,
  forgetIn,
  forgetOne,
  getattrIn,
  getFmapIn,
  inHeader,
  initIn,
  initOut,
  interruptIn,
  MODE,
  OPCODES,
  openIn,
  openOut,
  outHeader,
  type Profile,
  readIn,
  releaseIn,
  type Struct,
  statfsOut,
} from "../../spec/index.ts";
import { opcodeName } from "../../subjects/daemon/opcode-name.ts";
import { type LayoutField, type LayoutRecord, layout } from "../terminal/layout.ts";

/** What follows the header of a request, and of the reply to it, where it is one struct. */
const BODIES: Readonly<Record<number, { readonly in?: Struct; readonly out?: Struct }>> = {
  [OPCODES.LOOKUP]: { out: entryOut },
  [OPCODES.FORGET]: { in: forgetIn },
  [OPCODES.GETATTR]: { in: getattrIn, out: attrOut },
  [OPCODES.OPEN]: { in: openIn, out: openOut },
  [OPCODES.READ]: { in: readIn },
  [OPCODES.STATFS]: { out: statfsOut },
  [OPCODES.RELEASE]: { in: releaseIn },
  [OPCODES.FLUSH]: { in: flushIn },
  [OPCODES.INIT]: { in: initIn, out: initOut },
  [OPCODES.OPENDIR]: { in: openIn, out: openOut },
  [OPCODES.READDIR]: { in: readIn },
  [OPCODES.RELEASEDIR]: { in: releaseIn },
  [OPCODES.INTERRUPT]: { in: interruptIn },
  [OPCODES.READDIRPLUS]: { in: readIn },
};

/** Fields that a person reads in hex, whatever they hold. */
const IN_HEX: readonly string[] = ["flags", "flags2", "open_flags", "release_flags"];

const TYPES = new Map<number, string>([
  [MODE.directory, "directory"],
  [MODE.regular, "regular file"],
  [MODE.symlink, "symlink"],
]);

/** Directory entries of one page that are decoded; a page can hold a thousand. */
const MAX_ENTRIES = 12;

const hex = (n: number | bigint) => `0x${n.toString(16)}`;
/** Bytes of a name that are displayed: a broken length can make a name of a whole page. */
const MAX_NAME = 80;

function quoted(bytes: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(bytes.subarray(0, MAX_NAME)).toString("utf8"));
  return bytes.length > MAX_NAME ? `${text} and ${counted(bytes.length - MAX_NAME, "byte")} more` : text;
}

/** One message of a daemon's channel, laid out. `which`: a struct's name, so that INIT's flags are read as such. */
class FuseLayout {
  readonly records: LayoutRecord[] = [];
  private readonly message: Uint8Array;
  private readonly profile: Profile;
  private at = 0;

  constructor(message: Uint8Array, profile: Profile) {
    this.message = message;
    this.profile = profile;
  }

  /** Opcode of a request; 0 where its header is cut off. */
  request(): this {
    this.struct("request", inHeader);
    const { message } = this;
    if (message.length < inHeader.size) return this.rest();
    const { opcode } = inHeader.read(message);
    if (opcode === OPCODES.BATCH_FORGET) {
      this.struct("", batchForgetIn);
      while (this.left() >= forgetOne.size) this.struct("", forgetOne);
    } else if (opcode === OPCODES.LOOKUP) this.text("name");
    else if (opcode === this.profile.opcodes.getFmap && this.left() > 0) this.struct("", getFmapIn);
    else this.body(BODIES[opcode]?.in);
    return this.rest();
  }

  reply(opcode: number): this {
    this.struct("reply", outHeader);
    const { opcodes } = this.profile;
    if (opcode === opcodes.getFmap) this.fmap();
    else if (opcode === opcodes.getDaxdev) this.body(daxdevOut);
    else if (opcode === OPCODES.READDIR) this.entries(false);
    else if (opcode === OPCODES.READDIRPLUS) this.entries(true);
    else if (opcode === OPCODES.READLINK) this.text("target");
    else this.body(BODIES[opcode]?.out);
    return this.rest();
  }

  private left(): number {
    return this.message.length - this.at;
  }

  private body(s: Struct | undefined): void {
    if (s !== undefined && this.left() > 0) this.struct("", s);
  }

  /** The fields that are there; old minors leave off the last ones. */
  private struct(title: string, s: Struct): void {
    const fields: LayoutField[] = [];
    for (const f of s.fields) {
      const bytes = this.message.subarray(this.at + f.offset, this.at + f.offset + f.size);
      if (bytes.length === 0) break;
      const value =
        bytes.length < f.size
          ? `cut off after ${bytes.length} of ${counted(f.size, "byte")}`
          : this.value(s, f, bytes);
      fields.push({ offset: this.at + f.offset, bytes, name: f.name, value });
    }
    if (fields.length > 0)
      this.records.push({ title: title === "" ? s.cName : `${title}, ${s.cName}`, fields });
    this.at = Math.min(this.message.length, this.at + s.size);
  }

  private value(s: Struct, f: Field, bytes: Uint8Array): string {
    if (f.type.startsWith("char["))
      return bytes.every((b) => b === 0) ? "" : f.name === "name" ? quoted(untilNul(bytes)) : "not zero";
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (f.type === "u64") {
      const n = view.getBigUint64(0, true);
      return n >= 1n << 32n ? `${hex(n)} (${n})` : `${n}`;
    }
    if (f.type === "i32") return this.signed(view.getInt32(0, true));
    const n = f.type === "u16" ? view.getUint16(0, true) : view.getUint32(0, true);
    const ofInit = s.cName === initIn.cName || s.cName === initOut.cName;
    if (ofInit && (f.name === "flags" || f.name === "flags2")) {
      const names = initBits(n, f.name === "flags" ? 0 : 32, this.profile);
      return names === "" ? hex(n) : `${hex(n)}: ${names}`;
    }
    if (s.cName === inHeader.cName && f.name === "opcode") return `${n} (${opcodeName(n, this.profile)})`;
    if (f.name === "mode") return modeText(n);
    return IN_HEX.includes(f.name) ? hex(n) : `${n}`;
  }

  private signed(n: number): string {
    const name = n === 0 ? undefined : errnoName(Math.abs(n));
    return name === undefined ? `${n}` : `${n} (${n > 0 ? "+" : "-"}${name})`;
  }

  /** The next bytes as a record of one field, if there are any. */
  private single(
    title: string,
    name: string,
    value: (bytes: Uint8Array) => string,
    length = this.left(),
  ): void {
    const bytes = this.message.subarray(this.at, this.at + length);
    if (bytes.length > 0)
      this.records.push({ title, fields: [{ offset: this.at, bytes, name, value: value(bytes) }] });
    this.at += bytes.length;
  }

  private text(name: string): void {
    this.single(name, name, (bytes) => quoted(untilNul(bytes)));
  }

  private fmap(): void {
    const start = this.at;
    const message = this.message.subarray(start);
    if (message.length === 0) return;
    // Before its map a daemon may answer with the size that it needs, alone.
    if (message.length === 4)
      this.single(
        "size that the map needs",
        "size",
        (b) => `${new DataView(b.buffer, b.byteOffset).getUint32(0, true)}`,
      );
    else
      for (const { title, fields } of layout(message, this.profile.name))
        this.records.push({ title, fields: fields.map((f) => ({ ...f, offset: f.offset + start })) });
    this.at = this.message.length;
  }

  private entries(plus: boolean): void {
    const head = plus ? entryOut.size : 0;
    for (let n = 0; n < MAX_ENTRIES && this.left() >= head + dirent.size; n++) {
      const start = this.at;
      const { namelen } = dirent.read(this.message, start + head);
      if (plus) this.struct(`entry ${n}`, entryOut);
      this.struct(`entry ${n}`, dirent);
      this.single(`entry ${n}, name`, "name", quoted, namelen);
      // The next entry begins at a multiple of 8 bytes.
      this.at = Math.min(this.message.length, start + head + dirent.size + Math.ceil(namelen / 8) * 8);
    }
  }

  private rest(): this {
    this.single(counted(this.left(), "byte more", "bytes more"), "", () => "");
    return this;
  }
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function modeText(mode: number): string {
  const type = TYPES.get(mode & MODE.typeMask) ?? `unknown type ${hex(mode & MODE.typeMask)}`;
  return `0${mode.toString(8)} (${type})`;
}

/** The set bits of a word of INIT's flags by name, the profile's FUSE_DAX_FMAP first. `low`: number of the word's bit 0. */
function initBits(word: number, low: 0 | 32, profile: Profile): string {
  const flags = BigInt(word >>> 0) << BigInt(low);
  const famfs = 1n << BigInt(profile.initBit);
  // A newer kernel may mean something else by this bit; to the kernel of this profile it is famfs's.
  const own = (flags & famfs) === 0n ? [] : ["FUSE_DAX_FMAP"];
  const others = flagNames(flags & ~famfs);
  return [...own, ...(others === "" ? [] : [others])].join(", ");
}

/** The records of a request, header first. */
export const requestLayout = (message: Uint8Array, profile: Profile): readonly LayoutRecord[] =>
  new FuseLayout(message, profile).request().records;

/** The records of a reply, header first; `opcode`: of the request that it answers. */
export const replyLayout = (message: Uint8Array, opcode: number, profile: Profile): readonly LayoutRecord[] =>
  new FuseLayout(message, profile).reply(opcode).records;
