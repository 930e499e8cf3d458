import { EXT_SIMPLE, type RuleId, readMapRecord } from "../../spec/index.ts";
import type { KernelParser } from "./kernel-parser.ts";
import { oddities } from "./oddities.ts";

export const mapRule = (oracle: KernelParser): RuleId =>
  oracle.extType === EXT_SIMPLE ? "fmap/map/simple" : "fmap/map/interleaved";

/** The rule that a difference on this message is reported under: the deciding rule, or the first unusual feature of an accepted message. */
export function blame(oracle: KernelParser, message: Uint8Array): RuleId {
  if (oracle.rc !== 0) return oracle.rule;
  return oddities(oracle.profile, message, readMapRecord(oracle.map()))[0] ?? mapRule(oracle);
}
