import type { Profile } from "./profile.ts";

/** One field in which two profiles differ, both values as text. */
export interface ProfileDifference {
  /** Path in the profile: `limits/maxExtents`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The fields that name a profile and its source, and do not describe its kernel. */
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

/** All differences of the second profile from the first, in the order of their fields. */
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
