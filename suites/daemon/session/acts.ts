import type { Step } from "../../../generators/index.ts";

/**
 * What a session does, by the paths of the files that it does it to. `getFmap` is open(2) and close(2) where the revision
 * asks for maps in open(2): OPEN, GET_FMAP, FLUSH, RELEASE.
 */
export type Act =
  | {
      readonly kind: "lookup" | "forget" | "forgetAll" | "getattr" | "open" | "release" | "getFmap";
      readonly path: string;
    }
  /** `getFmap` of several files, all in flight at once where the channel allows it. */
  | { readonly kind: "together"; readonly paths: readonly string[] }
  /** Everything is closed and forgotten, as at the end of a session: another may follow. */
  | { readonly kind: "end" };

interface Held {
  lookups: number;
  opened: number;
}

const pick = <T>(items: readonly T[], which: number): T | undefined =>
  items[which % Math.max(1, items.length)];

/** What the kernel holds in the course of a session: which files are looked up, how often, and which are open. */
export class Holding {
  private readonly held = new Map<string, Held>();

  /** What a step comes to here; null: nothing, it makes no sense at this point. */
  choose({ kind, which, ...rest }: Step, paths: readonly string[]): Act | null {
    const looked = [...this.held.keys()];
    if (kind === "together") {
      const n = "n" in rest ? Math.min(rest.n, 2 * looked.length) : 0;
      const together = Array.from({ length: n }, (_, i) => pick(looked, which + i) as string);
      return together.length < 2 ? null : { kind, paths: together };
    }
    const among =
      kind === "lookup" ? paths : looked.filter((path) => this.allows({ kind: actOf(kind), path }));
    const path = pick(among, which);
    return path === undefined ? null : { kind: actOf(kind), path };
  }

  /** Whether a kernel in this state can do it: it asks of what it has looked up, and forgets what is not open. */
  allows(act: Act): boolean {
    if (act.kind === "end" || act.kind === "lookup") return true;
    if (act.kind === "together") return act.paths.every((path) => this.held.has(path));
    const held = this.held.get(act.path);
    if (held === undefined) return false;
    if (act.kind === "release") return held.opened > 0;
    return act.kind === "forget" || act.kind === "forgetAll" ? held.opened === 0 : true;
  }

  /** Notes what was done; returns how many lookups of the file that leaves. */
  note(act: Act): number {
    if (act.kind === "end") this.held.clear();
    if (act.kind === "end" || act.kind === "together") return 0;
    const held = this.held.get(act.path) ?? { lookups: 0, opened: 0 };
    if (act.kind === "lookup") held.lookups++;
    else if (act.kind === "open") held.opened++;
    else if (act.kind === "release") held.opened--;
    else if (act.kind === "forget") held.lookups--;
    else if (act.kind === "forgetAll") held.lookups = 0;
    if (held.lookups === 0) this.held.delete(act.path);
    else this.held.set(act.path, held);
    return held.lookups;
  }

  lookups(path: string): number {
    return this.held.get(path)?.lookups ?? 0;
  }
}

const actOf = (kind: Exclude<Step["kind"], "together">) => (kind === "lookupAgain" ? "lookup" : kind);

/** Whether a kernel could do all of that in this order. */
export function possible(acts: readonly Act[]): boolean {
  const holding = new Holding();
  return acts.every((act) => {
    const allowed = holding.allows(act);
    if (allowed) holding.note(act);
    return allowed;
  });
}
