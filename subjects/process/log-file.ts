import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";

/** Bytes of a log at which its beginning is thrown away, and milliseconds between two looks at it. */
const LARGEST = 1 << 20;
const LOOK_EVERY = 50;

/** Bytes of the end that outlive a cut. */
const KEPT = 4096;

/** What a subject writes where nobody listens: its end is kept, however much it is. */
export class LogFile {
  /** For the subject to write to. It appends, so that what comes after a cut stands at the file's new end. */
  readonly fd: number;
  private readonly timer: NodeJS.Timeout;
  private before: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.fd = openSync(path, "a+");
    this.timer = setInterval(() => this.cut(), LOOK_EVERY);
    this.timer.unref();
  }

  /** The last bytes, at most so many and at most KEPT. */
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
