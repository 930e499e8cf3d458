import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./files.ts";

/**
 * A file that says what a kernel is being asked: when the machine goes down over it, that is all that is left. It is written
 * in place, since a rename for each of thousands of messages takes longer than the message.
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

  /** Nothing is being asked any more. */
  done(): void {
    closeSync(this.fd);
    rmSync(this.path, { force: true });
  }
}
