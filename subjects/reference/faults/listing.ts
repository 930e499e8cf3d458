/** The shapes that faults of directories have. */
import {
  dirent,
  entryOut,
  type FieldTypes,
  OPCODES,
  type RecordOf,
  readIn,
  type Struct,
} from "../../../spec/index.ts";
import { padded } from "../directory-requests.ts";
import type { Hooks } from "../fault.ts";
import { granted } from "../reply.ts";
import { bodyOf, type Request } from "../request.ts";
import { edited } from "./hooking.ts";

/** One entry of a page, with its padding. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Bytes before the dirent of an entry. */
const headOf = (opcode: number) => (opcode === OPCODES.READDIRPLUS ? entryOut.size : 0);

function piecesOf(page: Uint8Array, opcode: number): Piece[] {
  const head = headOf(opcode);
  const pieces: Piece[] = [];
  for (let at = 0; at < page.length; ) {
    const { namelen } = dirent.read(page, at + head);
    const begin = at + head + dirent.size;
    const name = Buffer.from(page.subarray(begin, begin + namelen)).toString("latin1");
    const end = at + padded(head + dirent.size + namelen);
    pieces.push({ bytes: page.subarray(at, end), name });
    at = end;
  }
  return pieces;
}

export const isListing = ({ opcode }: Request) =>
  opcode === OPCODES.READDIR || opcode === OPCODES.READDIRPLUS;

/** What a request for a page asks for, and the bytes before the dirent of each of its entries. */
export interface Asked {
  readonly request: Request;
  readonly offset: bigint;
  readonly size: number;
  readonly head: number;
}

/** Changes the pages of READDIR and READDIRPLUS, also an empty one; errors stay errors. */
export const onPages = (change: (pieces: readonly Piece[], asked: Asked) => Uint8Array): Hooks => ({
  reply(request, own) {
    const reply = own();
    if (!isListing(request) || reply === null || reply.error !== 0) return reply;
    const { offset, size } = bodyOf(request, readIn);
    const head = headOf(request.opcode);
    return granted(change(piecesOf(reply.body, request.opcode), { request, offset, size, head }));
  },
});

/** Changes each entry of the pages of READDIR and READDIRPLUS, of which `page` has all. */
export const onPieces = (change: (piece: Piece, asked: Asked, page: readonly Piece[]) => Uint8Array): Hooks =>
  onPages((pieces, asked) => Buffer.concat(pieces.map((piece) => change(piece, asked, pieces))));

/** Changes one of the two structs of each entry of a listing. */
export const onListing = <F extends FieldTypes>(
  opcode: number,
  struct: Struct<F>,
  change: (record: RecordOf<F>) => Partial<RecordOf<F>>,
): Hooks =>
  onPieces(({ bytes }, { request, head }) =>
    request.opcode === opcode
      ? edited(struct, bytes, change, struct.cName === dirent.cName ? head : 0)
      : bytes,
  );

/** Changes each dirent of the pages, and how it is written behind the entry of READDIRPLUS. */
export const onDirents = (
  change: (record: ReturnType<typeof dirent.read>, name: string) => Partial<ReturnType<typeof dirent.read>>,
): Hooks =>
  onPieces(({ bytes, name }, { head }) => edited(dirent, bytes, (record) => change(record, name), head));

/** The piece with another name. */
export function renamed({ bytes }: Piece, name: Uint8Array, head: number): Uint8Array {
  const piece = new Uint8Array(padded(head + dirent.size + name.length));
  piece.set(bytes.subarray(0, head + dirent.size));
  piece.set(name, head + dirent.size);
  return edited(dirent, piece, () => ({ namelen: name.length }), head);
}
