import { type FileHandle, open } from "node:fs/promises";
import { SubjectError } from "../../base/errors.ts";
import type { Breakdown } from "../driver/breakdown.ts";
import { Garbage, PATIENCE, type Reader } from "../driver/conversation.ts";

const AT_ONCE = 1 << 20;

/** Exchanges over a character device: a write has whole requests, reads return the replies, and an empty read is the end. */
export class DeviceChannel {
  private readonly path: string;
  private readonly timeout: number;
  private readonly inbox = Buffer.alloc(AT_ONCE);
  private device: FileHandle | null = null;
  /** A call that does not return blocks the device; every later exchange reports it. */
  private broken: Breakdown | null = null;

  /** `timeout` in milliseconds, for one exchange. */
  constructor(path: string, timeout: number) {
    this.path = path;
    this.timeout = timeout;
  }

  async start(): Promise<void> {
    this.broken = null;
    this.device = await open(this.path, "r+").catch((error: NodeJS.ErrnoException) => {
      throw new SubjectError(`${this.path} cannot be opened: ${WHY[error.code ?? ""] ?? error.message}`);
    });
    if ((await this.device.stat()).isCharacterDevice()) return;
    await this.abandon();
    throw new SubjectError(`${this.path} is no device: ${WHY.ENOENT}`);
  }

  /** Sends the bytes and passes the replies to `read` until the exchange is complete. null: success. */
  async exchange(bytes: Uint8Array, read: Reader): Promise<Breakdown | null> {
    if (this.device === null || this.broken !== null)
      return this.broken ?? { kind: "exit", detail: "the device is not open" };
    let timer: NodeJS.Timeout | undefined;
    const limit = (1 + PATIENCE) * this.timeout;
    const late = new Promise<Breakdown>((settle) => {
      timer = setTimeout(() => settle({ kind: "hang", detail: `no answer in ${limit} ms` }), limit);
    });
    const breakdown = await Promise.race([this.talk(this.device, bytes, read), late]);
    clearTimeout(timer);
    this.broken = breakdown;
    return breakdown;
  }

  private async talk(device: FileHandle, bytes: Uint8Array, read: Reader): Promise<Breakdown | null> {
    try {
      const { bytesWritten } = await device.write(bytes);
      if (bytesWritten < bytes.length)
        return { kind: "garbage", detail: `the device took ${bytesWritten} of ${bytes.length} bytes` };
      for (;;) {
        const { bytesRead } = await device.read(this.inbox, 0, AT_ONCE, null);
        if (bytesRead === 0)
          return { kind: "garbage", detail: "the device has no more to say, and replies are missing" };
        if (read(this.inbox.subarray(0, bytesRead))) return null;
      }
    } catch (error) {
      if (error instanceof Garbage) return { kind: "garbage", detail: error.message };
      return { kind: "exit", detail: (error as Error).message };
    }
  }

  stop(): Promise<void> {
    return this.abandon();
  }

  /** Closes the device, which discards unread replies. Does not wait for a call that hangs in the kernel. */
  async abandon(): Promise<void> {
    const { device } = this;
    this.device = null;
    if (device !== null && this.broken?.kind !== "hang") await device.close();
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "load the module that `fmapspec export module` writes",
  EACCES: "only root may",
  EPERM: "only root may",
  EBUSY: "another process has it open",
  ENXIO: "the module is not loaded any more",
};
