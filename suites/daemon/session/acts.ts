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

interface LookedUp {
  lookups: number;
  opened: number;
}

const pick = <T>(items: readonly T[], which: number): T | undefined =>
  items[which % Math.max(1, items.length)];

/** What the kernel holds in the course of a session: which files are looked up, how often, and which are open. */
export class Holding {
  private readonly lookedUp = new Map<string, LookedUp>();

  /** What a step comes to here; null: nothing, it makes no sense at this point. */
  choose({ kind, which, ...rest }: Step, paths: readonly string[]): Act | null {
    const looked = [...this.lookedUp.keys()];
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
    if (act.kind === "together") return act.paths.every((path) => this.lookedUp.has(path));
    const lookedUp = this.lookedUp.get(act.path);
    if (lookedUp === undefined) return false;
    if (act.kind === "release") return lookedUp.opened > 0;
    return act.kind === "forget" || act.kind === "forgetAll" ? lookedUp.opened === 0 : true;
  }

  /** Notes what was done; returns how many lookups of the file that leaves. */
  note(act: Act): number {
    if (act.kind === "end") this.lookedUp.clear();
    if (act.kind === "end" || act.kind === "together") return 0;
    const lookedUp = this.lookedUp.get(act.path) ?? { lookups: 0, opened: 0 };
    if (act.kind === "lookup") lookedUp.lookups++;
    else if (act.kind === "open") lookedUp.opened++;
    else if (act.kind === "release") lookedUp.opened--;
    else if (act.kind === "forget") lookedUp.lookups--;
    else if (act.kind === "forgetAll") lookedUp.lookups = 0;
    if (lookedUp.lookups === 0) this.lookedUp.delete(act.path);
    else this.lookedUp.set(act.path, lookedUp);
    return lookedUp.lookups;
  }

  lookups(path: string): number {
    return this.lookedUp.get(path)?.lookups ?? 0;
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
