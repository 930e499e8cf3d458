import type { KernelParser } from "../../../oracles/index.ts";
import { ERRNO, type Fmap, MapRecordError, mapToJson, readMapRecord, renderRc } from "../../../spec/index.ts";
import { REFUSED, SKIPPED } from "../../../subjects/driver/answers.ts";

/** Whether an answer agrees with what the oracle said of the message that it judged last. */
export function agrees(oracle: KernelParser, rc: number, map: Uint8Array | null): boolean {
  if (rc === SKIPPED) return true;
  if (rc === REFUSED) return oracle.rc !== 0 || oracle.open !== null;
  // The check that no source settles may have failed.
  if (oracle.open !== null && rc === -ERRNO.EINVAL) return true;
  if (rc !== oracle.rc) return false;
  if (rc !== 0 || map === null || map.length === 0) return true;
  const expected = oracle.map();
  return map.length === expected.length && Buffer.compare(map, expected) === 0;
}

/** In a few words how the answer differs, for an answer that does not agree. */
export function difference(oracle: KernelParser, rc: number, map: Uint8Array | null): string {
  if (rc === REFUSED) return "refused";
  if (rc !== 0 || oracle.rc !== 0 || map === null) return rc === 0 ? "accepted" : renderRc(rc);
  const expected = readMapRecord(oracle.map());
  let actual: Fmap;
  try {
    actual = readMapRecord(map);
  } catch (error) {
    if (!(error instanceof MapRecordError)) throw error;
    return `accepted, but its map cannot be read: ${error.message}`;
  }
  return `accepted with another map: ${firstDifference(mapToJson(expected), mapToJson(actual), "")}`;
}

/** The first place where two JSON values differ: `extents/1/length is 4096, expected 2097152`. */
function firstDifference(expected: unknown, actual: unknown, path: string): string | null {
  if (typeof expected === "object" && expected !== null && typeof actual === "object" && actual !== null) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = firstDifference(
        (expected as Record<string, unknown>)[key],
        (actual as Record<string, unknown>)[key],
        path === "" ? key : `${path}/${key}`,
      );
      if (found !== null) return found;
    }
    return null;
  }
  if (expected === actual) return null;
  const say = (v: unknown) => (v === undefined ? "missing" : typeof v === "object" ? "there" : String(v));
  return `${path} is ${say(actual)}, expected ${say(expected)}`;
}
