import type { Profile } from "./profile.ts";

/** One place where two profiles differ, each side as a person writes it. */
export interface ProfileDifference {
  /** Path in the profile: `limits/maxExtents`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What a profile is called and where it comes from: not what its kernel does. */
const LABELS: readonly string[] = ["name", "aliases", "title", "source", "open"] satisfies (keyof Profile)[];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function written(value: unknown, path: string, open: Profile["open"]): string {
  if (value === undefined) return "none";
  if (value === null) return path in open ? "not established" : "none";
  const text = Array.isArray(value)
    ? value.join(", ")
    : isRecord(value)
      ? Object.entries(value)
          .map(([key, v]) => `${key} ${written(v, `${path}/${key}`, open)}`)
          .join("; ")
      : String(value);
  return path in open ? `${text}, not established` : text;
}

/** Everything in which the second profile differs from the first, found by walking both, in the order of their fields. */
export function profileDifferences(first: Profile, second: Profile): ProfileDifference[] {
  const found: ProfileDifference[] = [];
  const walk = (a: unknown, b: unknown, path: string) => {
    if (isRecord(a) && isRecord(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        if (path !== "" || !LABELS.includes(key)) walk(a[key], b[key], path === "" ? key : `${path}/${key}`);
      return;
    }
    const [before, after] = [written(a, path, first.open), written(b, path, second.open)];
    if (before !== after) found.push({ path, before, after });
  };
  walk(first, second, "");
  return found;
}
