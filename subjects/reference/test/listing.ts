import { dirent, entryOut } from "../../../spec/index.ts";

/** The names of one page of a listing, with its entries. */
export function entriesOf(page: Uint8Array, plus: boolean) {
  const head = plus ? entryOut.size : 0;
  const entries = [];
  for (let at = 0; at < page.length; ) {
    const { ino, off, namelen, type } = dirent.read(page, at + head);
    const begin = at + head + dirent.size;
    const name = Buffer.from(page.subarray(begin, begin + namelen)).toString();
    entries.push({ ino, off, type, name, nodeid: plus ? entryOut.read(page, at).nodeid : null });
    at = begin + Math.ceil(namelen / 8) * 8;
  }
  return entries;
}
