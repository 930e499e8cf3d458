import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";

/** Bytes of a log at which its beginning is cut off, and milliseconds between two checks of its size. */
const LARGEST = 1 << 20;
const LOOK_EVERY = 50;

/** Bytes at the end that a cut keeps. */
const KEPT = 4096;

/** The file for a subject's unread output; it keeps the end, and its size is limited. */
export class LogFile {
  /** The subject writes to it. It appends, so output after a cut continues at the new end. */
  readonly fd: number;
  private readonly timer: NodeJS.Timeout;
  private before: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.fd = openSync(path, "a+");
    this.timer = setInterval(() => this.cut(), LOOK_EVERY);
    this.timer.unref();
  }

  /** The last `bytes` bytes, at most KEPT. */
  tail(bytes: number): string {
    return this.end().subarray(-bytes).toString("utf8");
  }

  close(): void {
    clearInterval(this.timer);
    closeSync(this.fd);
  }

  private cut(): void {
    if (fstatSync(this.fd).size <= LARGEST) return;
    this.before = this.end();
    ftruncateSync(this.fd);
  }

  private end(): Buffer {
    const { size } = fstatSync(this.fd);
    const end = Buffer.alloc(Math.min(size, KEPT));
    const read = readSync(this.fd, end, 0, end.length, size - end.length);
    return Buffer.concat([this.before, end.subarray(0, read)]).subarray(-KEPT);
  }
}
