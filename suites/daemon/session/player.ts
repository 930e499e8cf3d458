import { UsageError } from "../../../base/errors.ts";
import type { Step } from "../../../generators/index.ts";
import { type Profile, ROOT_NODEID, type RuleId } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import { describeFetch, fetchFmap } from "../checks/fetch.ts";
import { describe, isRegular, Kernel, type Opened } from "../kernel.ts";
import { DaemonLedger } from "../ledger.ts";
import { Refinding } from "../refinding.ts";
import { DaemonGone } from "../starts/daemon-gone.ts";
import { type Act, Holding } from "./acts.ts";

/** A file that sessions play with, as it was before them. */
export interface PlayedFile {
  readonly path: string;
  /** Bytes, as LOOKUP and GETATTR gave them. */
  readonly size: bigint;
  /** The message that GET_FMAP was answered with. */
  readonly fmap: Uint8Array;
}

/** How a session broke a requirement. */
export interface SessionFault {
  readonly rule: RuleId;
  readonly detail: string;
}

/** A session as it was played, up to its fault. */
export interface Played {
  readonly acts: readonly Act[];
  /** Null: the daemon did all that it has to. */
  readonly fault: SessionFault | null;
}

/** Plays sessions on one connection: compares every answer with what the kernel knows at that point. */
export class Player {
  private readonly connection: FuseConnection;
  private readonly profile: Profile;
  private readonly files: ReadonlyMap<string, PlayedFile>;
  private readonly parents = new Map<string, bigint>();
  private holding = new Holding();
  private readonly nodeids = new Map<string, bigint>();
  private readonly handles = new Map<string, Opened[]>();
  private kernel: Kernel;

  constructor(connection: FuseConnection, profile: Profile, files: readonly PlayedFile[]) {
    this.connection = connection;
    this.profile = profile;
    this.files = new Map(files.map((f) => [f.path, f]));
    this.kernel = new Kernel(connection, new DaemonLedger(), profile);
  }

  /** Plays what the steps come to, and ends the session. */
  steps(steps: readonly Step[]): Promise<Played> {
    const paths = [...this.files.keys()];
    return this.play(steps, (step) => this.holding.choose(step, paths));
  }

  /** Plays these acts, and ends the session; throws UsageError for one that no kernel could do at that point. */
  acts(acts: readonly Act[]): Promise<Played> {
    return this.play(acts, (act) => {
      const paths = "path" in act ? [act.path] : "paths" in act ? act.paths : [];
      const unknown = paths.find((path) => !this.files.has(path));
      if (unknown !== undefined) throw new UsageError(`the session has no file ${unknown}`);
      if (!this.holding.allows(act))
        throw new UsageError(`no kernel does that at this point of a session: ${JSON.stringify(act)}`);
      return act;
    });
  }

  private async play<T>(plan: readonly T[], choose: (item: T) => Act | null): Promise<Played> {
    const ledger = new DaemonLedger();
    this.kernel = new Kernel(this.connection, ledger, this.profile);
    const before = this.connection.faults.length;
    const done: Act[] = [];
    let wrong: SessionFault | null = null;
    try {
      for (const item of plan) {
        const act = choose(item);
        if (act === null) continue;
        done.push(act);
        wrong = await this.perform(act);
        if (wrong !== null) break;
      }
      await this.end();
      // What the daemon writes twice has come when this is answered.
      await this.kernel.getattr(ROOT_NODEID);
    } catch (error) {
      if (!(error instanceof DaemonGone)) throw error;
      wrong ??= error.failure();
    }
    // A reply that no kernel accepts is why the rest fails.
    const fault = this.connection.faults[before] ?? ledger.failures[0] ?? wrong;
    return { acts: done, fault: fault === null ? null : { rule: fault.rule, detail: fault.detail } };
  }

  private async perform(act: Act): Promise<SessionFault | null> {
    const { kernel } = this;
    if (act.kind === "end") {
      await this.end();
      return null;
    }
    if (act.kind === "together") return this.together(act.paths);
    const { path } = act;
    if (act.kind === "lookup") return this.lookup(path);
    const nodeid = this.nodeids.get(path) as bigint;
    const lookups = this.holding.lookups(path);
    const left = this.holding.note(act);
    switch (act.kind) {
      case "forget":
      case "forgetAll":
        kernel.forget(nodeid, BigInt(lookups - left));
        return null;
      case "getattr": {
        const attr = await kernel.getattr(nodeid, this.handles.get(path)?.at(-1)?.fh);
        return "value" in attr
          ? this.sizeOf(path, attr.value.size, "GETATTR")
          : lost(`GETATTR of ${path}, looked up ${lookups} times: ${describe(attr)}`);
      }
      case "open": {
        const opened = await kernel.open(nodeid);
        if (!("value" in opened))
          return { rule: "daemon/tree/open", detail: `OPEN of ${path}: ${describe(opened)}` };
        this.handles.set(path, [...(this.handles.get(path) ?? []), opened.value]);
        return null;
      }
      case "release": {
        const opened = this.handles.get(path)?.pop();
        if (opened !== undefined) await kernel.release(nodeid, opened);
        return null;
      }
      case "getFmap": {
        const other = await this.otherMap(path);
        return other === null
          ? null
          : { rule: "daemon/fmap/stable-again", detail: `GET_FMAP of ${path}: ${other}` };
      }
    }
  }

  private async lookup(path: string): Promise<SessionFault | null> {
    const parent = await this.parent(path);
    if (parent === null) return lost(`the folder of ${path} cannot be looked up`);
    const found = await this.kernel.lookup(parent, path.slice(path.lastIndexOf("/") + 1));
    if (!("value" in found)) return lost(`LOOKUP of ${path}: ${describe(found)}`);
    const { nodeid, mode, size } = found.value;
    const before = this.holding.lookups(path) > 0 ? this.nodeids.get(path) : undefined;
    if (before !== undefined && before !== nodeid)
      return lost(`${path} was nodeid ${before}, and is ${nodeid} while it is still looked up`);
    for (const [other, id] of this.nodeids)
      if (id === nodeid && this.holding.lookups(other) > 0 && !this.areOne(path, other))
        return lost(`${path} and ${other} have the same nodeid and are different files`);
    this.nodeids.set(path, nodeid);
    this.holding.note({ kind: "lookup", path });
    return isRegular(mode)
      ? this.sizeOf(path, size, "LOOKUP")
      : { rule: "daemon/tree/lookup-getattr", detail: `${path} is no regular file any more` };
  }

  /** Whether two paths name one file, as hard links do: no byte of a daxdev belongs to two files. */
  private areOne(path: string, other: string): boolean {
    const [a, b] = [this.files.get(path) as PlayedFile, this.files.get(other) as PlayedFile];
    return a.size === b.size && Buffer.compare(a.fmap, b.fmap) === 0;
  }

  private async parent(path: string): Promise<bigint | null> {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const known = this.parents.get(folder) ?? (await new Refinding(this.kernel).parent(path));
    if (known !== null) this.parents.set(folder, known);
    return known;
  }

  private async together(paths: readonly string[]): Promise<SessionFault | null> {
    const others = await Promise.all(paths.map((path) => this.otherMap(path)));
    const at = others.findIndex((other) => other !== null);
    if (at < 0) return null;
    const path = paths[at] as string;
    // Ask again alone: if it still fails, concurrency is not the cause.
    const alone = await this.otherMap(path);
    return {
      rule: alone === null ? "daemon/fmap/stable-concurrent" : "daemon/fmap/stable-again",
      detail: `GET_FMAP of ${path}: ${others[at]}`,
    };
  }

  /** What GET_FMAP of the file is answered with in place of its map; null: its map. */
  private async otherMap(path: string): Promise<string | null> {
    const fetched = await fetchFmap(this.kernel, this.nodeids.get(path) as bigint);
    const { fmap } = this.files.get(path) as PlayedFile;
    if (fetched.message === null) return describeFetch(fetched);
    return Buffer.compare(fetched.message, fmap) === 0 ? null : "another map";
  }

  private sizeOf(path: string, size: bigint, who: string): SessionFault | null {
    const { size: expected } = this.files.get(path) as PlayedFile;
    return size === expected
      ? null
      : {
          rule: "daemon/tree/lookup-getattr",
          detail: `${who} of ${path} says ${size} bytes, LOOKUP said ${expected} before`,
        };
  }

  /** Closes and forgets everything. */
  private async end(): Promise<void> {
    for (const [path, nodeid] of this.nodeids) {
      for (const opened of this.handles.get(path)?.splice(0) ?? []) await this.kernel.release(nodeid, opened);
      this.kernel.forget(nodeid, BigInt(this.holding.lookups(path)));
    }
    this.nodeids.clear();
    this.holding.note({ kind: "end" });
  }
}

const lost = (detail: string): SessionFault => ({ rule: "daemon/tree/lookup-count", detail });
