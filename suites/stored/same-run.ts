import type { StoredDocument } from "./document.ts";

/** What two documents have to have in common to be of one run, by what messages call it. */
type Points = Readonly<Record<string, unknown>>;

function pointsOf(
  d: Pick<StoredDocument, "fmapspec" | "profile" | "level" | "seed" | "run" | "subject">,
): Points {
  const { shard, ...run } = d.run;
  return {
    "fmapspec version": d.fmapspec,
    ...("suite" in d && { suite: d.suite }),
    profile: d.profile,
    level: d.level,
    seed: d.seed,
    ...run,
    // `guided` is absent in ordinary runs; compare its presence, too.
    guided: "guided" in run,
    "number of shards": shard?.n ?? 1,
    // Each start of a run detects the way to attach the daemon, so `via` may differ.
    subject: "via" in d.subject ? { ...d.subject, via: null } : d.subject,
    ...("implementation" in d && { implementation: d.implementation }),
    ...("channel" in d && { channel: d.channel }),
  };
}

/** The first point in which two documents are of different runs, with both values; null: they are of one. */
export function otherRun(
  a: Parameters<typeof pointsOf>[0],
  b: Parameters<typeof pointsOf>[0],
): { readonly point: string; readonly values: readonly [string, string] } | null {
  const [of, than] = [pointsOf(a), pointsOf(b)];
  for (const [point, value] of Object.entries(of)) {
    const values = [JSON.stringify(value), JSON.stringify(than[point])] as const;
    if (point in than && values[0] !== values[1]) return { point, values };
  }
  return null;
}
