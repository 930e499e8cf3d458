import { type KernelParser, PAID_ALLOCATION_FACTOR } from "../../../oracles/index.ts";
import type { RuleId } from "../../../spec/index.ts";
import type { Observation, ParserSubject } from "../../../subjects/driver/subject.ts";
import { observation } from "../../../subjects/kernel-source/observation.ts";

/** Undefined behaviour, a leak or the like, seen while one message was judged. */
export interface Anomaly {
  /** The hazard of the profile that predicts it; null: the oracle does not predict it for this message. */
  readonly rule: RuleId | null;
  readonly what: string;
  /** Site number in the subject's table, 0: no place in the source. */
  readonly site: number;
}

/** What is said of undefined behaviour that is no shift. */
export const UNDEFINED = "undefined behaviour";

/** What was seen, with its place in the source: it means the same in every process of the subject. */
export interface Sight {
  readonly rule: RuleId | null;
  readonly what: string;
}

/** What makes two sightings the same finding. */
export const sightKey = ({ rule, what }: Sight): string => `${rule}|${what}`;

/** What was seen, and where in the source. */
export async function sightText(
  subject: Pick<ParserSubject, "site">,
  { what, site }: Omit<Anomaly, "rule">,
): Promise<string> {
  return site > 0 ? `${what} at ${(await subject.site?.(site)) ?? `site ${site}`}` : what;
}

/** Turns what was seen into sights. Site numbers hold in one process of the subject, until it is started again. */
export class Sites {
  private readonly subject: Pick<ParserSubject, "site">;
  private readonly known = new Map<string, string>();

  constructor(subject: Pick<ParserSubject, "site">) {
    this.subject = subject;
  }

  forget(): void {
    this.known.clear();
  }

  async sight(anomaly: Anomaly): Promise<Sight> {
    const key = `${anomaly.site} ${anomaly.what}`;
    const what = this.known.get(key) ?? (await sightText(this.subject, anomaly));
    this.known.set(key, what);
    return { rule: anomaly.rule, what };
  }
}

const COUNTERS = [
  "leaked",
  "allocatedBytes",
  "shifts",
  "shiftSite",
  "otherUb",
  "otherUbSite",
  "asan",
  "asanSite",
] as const satisfies readonly (keyof Observation)[];

/** The part of an observation that every message is looked at for. */
export type Counters = Pick<Observation, (typeof COUNTERS)[number]>;

const AT = COUNTERS.map((name) => [name, observation.offsetOf(name)] as const);

const [LEAKED, ALLOCATED, SHIFTS, OTHER_UB, ASAN] = (
  ["leaked", "allocatedBytes", "shifts", "otherUb", "asan"] as const
).map((name) => observation.offsetOf(name)) as [number, number, number, number, number];

/** Whether the observation at byte `at`, of a message of `size` bytes, says nothing: almost all of them. */
export const isQuiet = (view: DataView, at: number, size: number): boolean =>
  view.getUint32(at + LEAKED, true) === 0 &&
  view.getUint32(at + SHIFTS, true) === 0 &&
  view.getUint32(at + OTHER_UB, true) === 0 &&
  view.getUint32(at + ASAN, true) === 0 &&
  view.getUint32(at + ALLOCATED, true) <= PAID_ALLOCATION_FACTOR * size;

/** The counters of the observation that begins at byte `at`. */
export function countersAt(bytes: Uint8Array, at: number): Counters {
  const counters = {} as Record<(typeof COUNTERS)[number], number>;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, observation.size);
  for (const [name, offset] of AT) counters[name] = view.getUint32(offset, true);
  return counters;
}

/** Everything in the observation that a sound parser would not do, each with the hazard that predicts it. */
export function anomaliesIn(oracle: KernelParser, size: number, o: Counters): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const add = (predicted: boolean, rule: RuleId, what: string, site = 0) =>
    anomalies.push({ rule: predicted ? rule : null, what, site });
  if (o.shifts > 0)
    add(
      oracle.shifts > 0,
      "hazard/devindex-shift",
      "shift of an int beyond its width or into its sign",
      o.shiftSite,
    );
  if (o.leaked > 0) add(o.leaked <= oracle.leaked, "hazard/strips-leak", leakText(o.leaked, oracle.leaked));
  if (o.allocatedBytes > PAID_ALLOCATION_FACTOR * size)
    add(
      oracle.allocatedBytes > PAID_ALLOCATION_FACTOR * size,
      "hazard/unpaid-allocation",
      "an allocation that the message does not pay for",
    );
  if (o.otherUb > 0) anomalies.push({ rule: null, what: UNDEFINED, site: o.otherUbSite });
  if (o.asan > 0)
    anomalies.push({ rule: null, what: "access to memory that is not the parser's", site: o.asanSite });
  return anomalies;
}

/** What every leak is said with. */
export const LEAK = "memory is never freed";

const leakText = (leaked: number, predicted: number) =>
  leaked <= predicted ? `${LEAK}: the strips of every interleaved extent but the first` : LEAK;
