import { readsPlus } from "../../../subjects/daemon/agreement.ts";
import type { Kernel } from "../kernel.ts";
import type { Given } from "./given.ts";
import { operation, SMALL } from "./listing.ts";
import { parsePage } from "./page.ts";

/** Offsets that lie as far behind each other as offsets can: the kernel asks from any that lseek(2) was given. */
const FAR: readonly bigint[] = [1n << 62n, (1n << 63n) - 4096n];

/**
 * Whether a listing that has gone beyond the limit has no end, or only a far one: it has none where there are names behind
 * every offset. Null where that is not certain.
 */
export async function hasNoEnd(
  kernel: Kernel,
  nodeid: bigint,
  fh: bigint,
  given: Given,
): Promise<string | null> {
  const names = new Set<string>();
  const plus = readsPlus(kernel.agreed, FAR[0] as bigint, true);
  for (const offset of FAR) {
    const page = await kernel.readdir(nodeid, fh, offset, plus, SMALL);
    const entries = "value" in page ? parsePage(page.value, plus).entries : [];
    given.take(nodeid, entries);
    const [first] = entries;
    if (first === undefined || names.has(first.name)) return null;
    for (const { name } of entries) names.add(name);
  }
  return `${operation(plus)} lists other names behind every offset, as behind ${FAR.join(" and ")}`;
}
