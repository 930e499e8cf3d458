import type { Unchecked } from "../../run/verdict.ts";
import type { NamedRequest } from "./request-name.ts";

/** Unanswered requests of one kind, after which no more of that kind are made; each costs the time that an answer has. */
const HANGS_OF_A_KIND = 3;
/** Unanswered requests in all, after which nothing more is asked. */
const HANGS = 10;
/** Times that the daemon dies, after which nothing more is asked; each costs a start, and the same things again. */
const DEATHS = 20;

/** Requests that the daemon died of, or did not answer: none of them is made a second time. */
export class DeadlyRequests {
  private readonly reasons = new Map<string, string>();
  private readonly paths = new Set<string>();
  private readonly hangsOf = new Map<string, number>();
  private hangs = 0;
  private deaths = 0;

  /** Whether a request is not to be made. */
  bars({ kind, text }: NamedRequest): boolean {
    return this.reasons.has(text) || this.tooMany(kind);
  }

  /** Whether any request about this path is barred. */
  barsPath(path: string): boolean {
    return this.paths.has(path);
  }

  /** The daemon died of it; null: of no request that is known. */
  died(request: NamedRequest | null): void {
    this.deaths++;
    if (request !== null) this.bar(request, "the daemon died of it");
  }

  /** It was not answered; null: one of several was not. */
  hung(request: NamedRequest | null): void {
    this.hangs++;
    if (request === null) return;
    this.hangsOf.set(request.kind, (this.hangsOf.get(request.kind) ?? 0) + 1);
    this.bar(request, "it was not answered");
  }

  /** Why nothing more is asked; null: there is more to ask. */
  get exhausted(): string | null {
    if (this.deaths >= DEATHS) return `the daemon died ${this.deaths} times`;
    return this.hangs >= HANGS ? `${this.hangs} requests were not answered` : null;
  }

  /** What was not checked because of them. */
  unchecked(): Unchecked[] {
    const kinds = [...this.hangsOf.keys()].filter((kind) => this.tooMany(kind));
    return [
      ...[...this.reasons].map(([text, why]) => ({ what: `what ${text} leads to`, why })),
      ...kinds.map((kind) => ({
        what: `any further ${kind}`,
        why: `${this.hangsOf.get(kind)} of them were not answered`,
      })),
    ];
  }

  private tooMany(kind: string): boolean {
    return (this.hangsOf.get(kind) ?? 0) >= HANGS_OF_A_KIND;
  }

  private bar({ text, path }: NamedRequest, why: string): void {
    this.reasons.set(text, why);
    if (path !== undefined) this.paths.add(path);
  }
}
