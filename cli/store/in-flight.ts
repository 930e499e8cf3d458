import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./files.ts";

/**
 * A file with the question that a kernel is asked: it is all that is left when the machine goes down over it. It is written
 * in place, because a rename for each of thousands of messages takes longer than the message.
 */
export class InFlight {
  private readonly path: string;
  private readonly fd: number;

  constructor(folder: string) {
    makeFolder(folder);
    this.path = join(folder, "in-flight.json");
    this.fd = openSync(this.path, "w");
  }

  note(question: object): void {
    const text = `${JSON.stringify(question)}\n`;
    ftruncateSync(this.fd);
    writeSync(this.fd, text, 0);
  }

  /** The last question is answered. */
  done(): void {
    closeSync(this.fd);
    rmSync(this.path, { force: true });
  }
}
