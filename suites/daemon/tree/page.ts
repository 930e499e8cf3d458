import { dirent, entryOut } from "../../../spec/index.ts";
import type { Entry } from "../kernel.ts";

/** One name of a directory. */
export interface Listed {
  readonly name: string;
  readonly ino: bigint;
  readonly type: number;
  /** Where the listing goes on behind it. */
  readonly off: bigint;
  /** The entry of READDIRPLUS. */
  readonly entry: Entry | null;
}

const NAME_ALIGNMENT = 8;

/** The names of one page, and the offset behind its last one. */
export function parsePage(page: Uint8Array, plus: boolean): { entries: Listed[]; last: bigint } {
  const entries: Listed[] = [];
  let last = 0n;
  const head = plus ? entryOut.size : 0;
  for (let at = 0; at + head + dirent.size <= page.length; ) {
    const entry = plus ? entryOut.read(page, at) : null;
    const d = dirent.read(page, at + head);
    const name = at + head + dirent.size;
    if (d.namelen === 0 || name + d.namelen > page.length) break;
    entries.push({
      name: Buffer.from(page.subarray(name, name + d.namelen)).toString("utf8"),
      ino: d.ino,
      type: d.type,
      off: d.off,
      entry,
    });
    last = d.off;
    at += Math.ceil((head + dirent.size + d.namelen) / NAME_ALIGNMENT) * NAME_ALIGNMENT;
  }
  return { entries, last };
}
