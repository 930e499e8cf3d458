import { ERROR_BOUND, OPCODES, outHeader, type RuleId, renderRc } from "../../spec/index.ts";
import type { Assembled, Header } from "./channel/reassembly.ts";
import { notificationFault } from "./notification.ts";
import { type Fault, Faults, type Reply, type RequestLabel } from "./reply.ts";
import { INTERRUPT_BIT, Uniques } from "./uniques.ts";

/** What a daemon may write that nobody asked for before it answers a request again; beyond it there is no use in listening. */
const FLOOD_BYTES = 4 << 20;
const FLOOD_MESSAGES = 1 << 16;

/** Milliseconds; setTimeout takes more for 1. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Replies to nobody that are kept until a request turns out to have none. */
const MOST_STRAYS = 100;

/** Replies in several writes, and writes of several replies, that are reported; a daemon that does so mostly does it always. */
const MOST_SPLIT = 3;

const NOTHING = new Uint8Array(0);

interface Waiting {
  readonly label: RequestLabel | undefined;
  readonly settle: (reply: Reply) => void;
  /** On the clock of performance.now(). */
  readonly deadline: number;
}

/** Replies that are no fault and answer nothing. */
export interface Counts {
  /** Came after the deadline of their request. */
  late: number;
  notifications: number;
  /** Replies that an INTERRUPT came too early or is not known: libfuse sends -EAGAIN, sometimes much later. */
  interruptReplies: number;
}

/** Matches replies with requests by `unique` and judges each reply's header as fuse_dev_do_write does. */
export class Exchange implements Assembled {
  readonly uniques = new Uniques();
  readonly faults = new Faults();
  readonly counts: Counts = { late: 0, notifications: 0, interruptReplies: 0 };
  /** Once set, the answer to every request. */
  ended: Reply | null = null;
  private readonly waiting = new Map<bigint, Waiting>();
  /** Replies under a unique that nobody asked with: where a request stays without an answer, one of them was meant for it. */
  private readonly strays: Fault[] = [];
  /** By the request that it was meant for, a reply that the kernel took for one to INTERRUPT. */
  private readonly swallowed = new Map<bigint, Fault>();
  private readonly onFlood: (detail: string) => void;
  private readonly fromSplice: (pieces: readonly number[]) => boolean;
  private split = 0;
  private timer: NodeJS.Timeout | null = null;
  private nextLook = 0;
  private unaskedBytes = 0;
  private unaskedMessages = 0;

  /** `fromSplice`: whether pieces of these bytes may come from one splice(2), as a pipe gives its buffers to a socket. */
  constructor(
    onFlood: (detail: string) => void,
    fromSplice: (pieces: readonly number[]) => boolean = () => true,
  ) {
    this.onFlood = onFlood;
    this.fromSplice = fromSplice;
  }

  isWaiting(unique: bigint): boolean {
    return this.waiting.has(unique);
  }

  get inFlight(): number {
    return this.waiting.size;
  }

  /** What becomes of a request that is sent now; `timeout` in milliseconds. */
  expect(unique: bigint, label: RequestLabel | undefined, timeout: number): Promise<Reply> {
    if (this.ended !== null) return Promise.resolve(this.ended);
    const deadline = performance.now() + timeout;
    if (this.timer === null || deadline < this.nextLook) this.lookAt(deadline);
    return new Promise((settle) => {
      this.waiting.set(unique, { label, settle, deadline });
    });
  }

  /** Remembers a request without a reply. To an INTERRUPT a daemon may say that it came too early. */
  posted({ opcode, unique }: RequestLabel): void {
    this.uniques.remember(unique, opcode === OPCODES.INTERRUPT ? "interrupt" : "unanswerable");
  }

  /** Settles everything that is in flight, and what comes later, with this. */
  end(reply: Reply): void {
    this.ended = reply;
    if (this.timer !== null) clearTimeout(this.timer);
    for (const { settle } of this.waiting.values()) settle(reply);
    this.waiting.clear();
  }

  onMessage(message: Uint8Array, { error, unique }: Header): void {
    const body = message.length - outHeader.size;
    if (!this.waiting.has(unique)) this.unasked(message, error, unique);
    else if (error > 0 || error <= -ERROR_BOUND)
      this.refuse(unique, "daemon/reply/error-range", `the header's error is ${error}`, message);
    else if (error !== 0 && body > 0)
      this.refuse(
        unique,
        "daemon/reply/no-body-with-error",
        `${body} bytes follow the error ${renderRc(error)}`,
        message,
      );
    else
      this.settle(unique, {
        kind: "reply",
        error,
        body: body === 0 ? NOTHING : message.slice(outHeader.size),
      });
  }

  onMalformed(bytes: number, detail: string, unique: bigint | null): void {
    if (unique !== null && this.waiting.has(unique)) {
      this.refuse(unique, "daemon/reply/length", detail);
      return;
    }
    this.faults.add({ rule: "daemon/reply/length", detail });
    this.tooMuch(bytes);
  }

  onPieces(pieces: readonly number[], { len, unique }: Header): void {
    if (this.split >= MOST_SPLIT || this.fromSplice(pieces)) return;
    const detail = `a reply of ${len} bytes came in ${pieces.length} writes, of ${pieces.join(", ")} bytes`;
    this.notOneWrite(detail, this.requestOf(unique));
  }

  onTogether(messages: readonly number[]): void {
    if (this.split >= MOST_SPLIT) return;
    this.notOneWrite(`one write had ${messages.length} messages, of ${messages.join(", ")} bytes`);
  }

  private notOneWrite(detail: string, request: Pick<Fault, "request"> = {}): void {
    this.split++;
    this.faults.add({ rule: "daemon/reply/one-write", detail, ...request });
  }

  private settle(unique: bigint, reply: Reply): void {
    const { settle } = this.waiting.get(unique) as Waiting;
    this.waiting.delete(unique);
    this.swallowed.delete(unique);
    // Who answers is no flood, whatever it tells beside: replies to INTERRUPTs and notifications add up in time.
    if (reply.kind === "reply") {
      this.unaskedBytes = 0;
      this.unaskedMessages = 0;
    }
    this.uniques.remember(unique, reply.kind === "silent" ? "silent" : "answered");
    settle(reply);
  }

  /** One timer for all deadlines, which an answer does not stop: a timer for each request halves the speed. */
  private lookAt(when: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.nextLook = when;
    const wait = Math.min(Math.max(0, when - performance.now()), LONGEST_TIMER);
    this.timer = setTimeout(() => this.look(), wait);
  }

  private look(): void {
    this.timer = null;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [unique, { deadline }] of this.waiting)
      if (deadline <= now) this.settle(unique, this.unanswered(unique));
      else next = Math.min(next, deadline);
    if (next !== Number.POSITIVE_INFINITY) this.lookAt(next);
  }

  /** What became of a request whose deadline has passed. */
  private unanswered(unique: bigint): Reply {
    const swallowed = this.swallowed.get(unique);
    if (swallowed !== undefined) return { kind: "refused", fault: swallowed };
    const stray = this.strays.shift();
    if (stray === undefined) return { kind: "silent" };
    const fault: Fault = {
      rule: "daemon/reply/answered",
      detail: `unique ${unique} has no reply; there was one with another unique: ${stray.detail}`,
      ...this.requestOf(unique),
    };
    this.faults.replace(stray, fault);
    return { kind: "refused", fault };
  }

  private refuse(unique: bigint, rule: RuleId, detail: string, message?: Uint8Array): void {
    const fault = this.faults.add({
      rule,
      detail,
      ...this.requestOf(unique),
      // The buffer that it stands in is used again.
      ...(message === undefined ? {} : { reply: message.slice() }),
    });
    this.settle(unique, { kind: "refused", fault });
  }

  /** A message that no request waits for. */
  private unasked(message: Uint8Array, error: number, unique: bigint): void {
    const fate = this.uniques.fateOf(unique);
    if (fate === "silent") {
      this.counts.late++;
      this.uniques.remember(unique, "answered");
      return;
    }
    const fault = this.judgeUnasked(message, error, unique);
    if (fault !== null) this.faults.add(fault);
    this.tooMuch(message.length);
  }

  private judgeUnasked(message: Uint8Array, error: number, unique: bigint): Fault | null {
    const { length } = message;
    if (unique === 0n) {
      this.counts.notifications++;
      return notificationFault(error, message.subarray(outHeader.size));
    }
    const fate = this.uniques.fateOf(unique);
    if (fate === "interrupt") {
      // The kernel finds the interrupted request by this unique without INTERRUPT_BIT and heeds EAGAIN and ENOSYS.
      this.counts.interruptReplies++;
      if (length === outHeader.size) return null;
      return { rule: "daemon/reply/length", detail: `the reply to an INTERRUPT has ${length} bytes` };
    }
    if (fate === "answered")
      return { rule: "daemon/reply/once", detail: `unique ${unique} was answered before` };
    if (fate === "unanswerable")
      return { rule: "daemon/reply/unique", detail: `unique ${unique} is a request that has no reply` };
    return this.ofNobody(unique);
  }

  /** A reply under a unique that no request has had. */
  private ofNobody(unique: bigint): Fault {
    const target = unique & ~INTERRUPT_BIT;
    if (unique !== target && this.waiting.has(target)) {
      const detail = `a reply has unique ${unique}, which is that of an INTERRUPT of ${target}; there was none`;
      const fault: Fault = { rule: "daemon/reply/interrupt-bit", detail, ...this.requestOf(target) };
      this.swallowed.set(target, fault);
      return fault;
    }
    const fault: Fault = { rule: "daemon/reply/unique", detail: `nobody asked with unique ${unique}` };
    if (this.strays.length < MOST_STRAYS) this.strays.push(fault);
    return fault;
  }

  private requestOf(unique: bigint): Pick<Fault, "request"> {
    const request = this.waiting.get(unique)?.label;
    return request === undefined ? {} : { request };
  }

  private tooMuch(bytes: number): void {
    this.unaskedBytes += bytes;
    this.unaskedMessages++;
    if (this.unaskedBytes > FLOOD_BYTES || this.unaskedMessages > FLOOD_MESSAGES)
      this.onFlood(`it wrote ${this.unaskedBytes} bytes that nobody asked for`);
  }
}
