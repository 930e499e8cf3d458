/** What may come of a faulty daemon on a mount. */
import { inHeader, OPCODES, outHeader } from "../../../spec/index.ts";
import type { Done } from "./action.ts";
import type { Passed } from "./mounted-daemon.ts";

type OpcodeName = keyof typeof OPCODES;

/** What the C library prints for an errno. */
const TEXTS = {
  EACCES: "Permission denied",
  ECONNREFUSED: "Connection refused",
  EINTR: "Interrupted system call",
  EIO: "Input/output error",
  ELOOP: "Too many levels of symbolic links",
  ENAMETOOLONG: "File name too long",
  ENFILE: "Too many open files in system",
  ENOENT: "No such file or directory",
  ENOSYS: "Function not implemented",
  ESTALE: "Stale file handle",
  ENOTCONN: "Transport endpoint is not connected",
} as const;

/** Errnos that the kernel has for a reply. */
const REFUSALS = { EINVAL: 22, ENOENT: 2 } as const;

export type Consequence =
  /** write(2) of a reply to such a request, or of one to no request, got this errno. */
  | { readonly write: keyof typeof REFUSALS; readonly to: OpcodeName | "nobody" }
  /** The action printed the text of this errno. */
  | { readonly fails: keyof typeof TEXTS }
  /** The action did not come back. */
  | { readonly hangs: true }
  /** The action printed something else than on a sound daemon. */
  | { readonly prints: "other" }
  /** The kernel made more of these requests than so many. */
  | { readonly more: OpcodeName; readonly than: number }
  /** The kernel handed out no request to so small a buffer. */
  | { readonly read: "EINVAL" };

/** What was observed on one mount. */
export interface Observed {
  readonly done: Done;
  readonly stream: readonly Passed[];
  readonly readRefused: boolean;
}

/** Which request each message of the daemon answers: its opcode, or undefined for none that is open. */
function refusedTo(stream: readonly Passed[], errno: number): (number | undefined)[] {
  const opcodes = new Map<bigint, number>();
  const refused: (number | undefined)[] = [];
  for (const { from, bytes, errno: got } of stream)
    if (from === "kernel") {
      const { unique, opcode } = inHeader.read(bytes);
      opcodes.set(unique, opcode);
    } else if (got === errno)
      refused.push(bytes.length < outHeader.size ? undefined : opcodes.get(outHeader.read(bytes).unique));
  return refused;
}

const requests = (stream: readonly Passed[], name: OpcodeName) =>
  stream.filter(({ from, bytes }) => from === "kernel" && inHeader.read(bytes).opcode === OPCODES[name])
    .length;

/** Whether that came of it; `sound`: what the same action came to on a daemon without the fault. */
export function happened(
  consequence: Consequence,
  { done, stream, readRefused }: Observed,
  sound: Done,
): boolean {
  if ("write" in consequence) {
    const { write, to } = consequence;
    const opcode = to === "nobody" ? undefined : OPCODES[to];
    return refusedTo(stream, REFUSALS[write]).includes(opcode);
  }
  if ("fails" in consequence) return done.err.includes(TEXTS[consequence.fails]);
  if ("hangs" in consequence) return done.hung;
  if ("prints" in consequence) return !done.hung && done.out !== sound.out;
  if ("more" in consequence) return requests(stream, consequence.more) > consequence.than;
  return readRefused;
}
