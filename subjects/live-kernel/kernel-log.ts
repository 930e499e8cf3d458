import { closeSync, constants, openSync, readSync } from "node:fs";

/** Longest record of /dev/kmsg (CONSOLE_EXT_LOG_MAX). */
const RECORD = 8192;

/** The beginnings of lines that report a fault inside the kernel. */
const ALARM =
  /^(?:BUG: |kernel BUG |WARNING: |UBSAN: |Oops|general protection fault|divide error|Internal error|INFO: (?:task|rcu|possible)|unreferenced object|refcount_t: |list_(?:add|del) corruption|=+\[ cut here)/;

/** The headlines of all fault reports in the lines, for UBSAN with the line of explanation that follows. */
export function alarmsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line, i) => {
    if (!ALARM.test(line) || line.includes("cut here")) return [];
    const next = lines[i + 1];
    return [line.startsWith("UBSAN: ") && next !== undefined ? `${line}: ${next}` : line];
  });
}

/** The text of a record of /dev/kmsg: `6,339,5140900,-;text`, then lines of properties. */
const textOf = (record: string): string => record.slice(record.indexOf(";") + 1).replace(/\n.*$/s, "");

/** The kernel's log from now on. */
export class KernelLog {
  /** Why the log cannot be read; null: it can. */
  readonly why: string | null;
  private readonly fd: number | null;

  constructor(path = "/dev/kmsg") {
    let why: string | null = null;
    let fd: number | null = null;
    try {
      fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      why = `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`;
    }
    this.fd = fd;
    this.why = why;
    this.lines();
  }

  /** The lines since the last call. */
  lines(): string[] {
    const lines: string[] = [];
    if (this.fd === null) return lines;
    const record = Buffer.alloc(RECORD);
    for (;;) {
      try {
        const length = readSync(this.fd, record, 0, RECORD, null);
        if (length === 0) return lines;
        lines.push(textOf(record.subarray(0, length).toString("utf8")));
      } catch (error) {
        // Records were overwritten before they were read; the next read continues with the oldest one left.
        if ((error as NodeJS.ErrnoException).code === "EPIPE") continue;
        return lines;
      }
    }
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
  }
}
