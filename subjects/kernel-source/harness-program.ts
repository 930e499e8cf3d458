import type { Needs, RuleId } from "../../spec/index.ts";
import { Garbage } from "../driver/conversation.ts";
import { FramesSubject } from "../driver/frames.ts";
import type { DetailedAnswer, Question, ResolvedAnswer } from "../driver/subject.ts";
import type { Cut } from "./cut.ts";
import { ask, EXTENDED, OOPS, observation, question, resolved, SCENES } from "./observation.ts";

/** Functions of the kernel that a source may lack, each with the rule that cannot be tested without it. */
const TESTED_BY_NAME: Readonly<Record<string, RuleId>> = {
  famfs_meta_set: "install/meta-set",
  famfs_meta_free: "install/meta-free",
};

const LENGTH = 4;
const RC = 4;

/** Which parts the source has. */
type Had = Pick<Cut, "hasResolver" | "standIns">;

/** Rules that cannot be tested because the source lacks a function, each with the reason. */
export function exemptions({ standIns }: Had): Map<RuleId, string> {
  const lacking = Object.entries(TESTED_BY_NAME).filter(([name]) => standIns.includes(name));
  return new Map(lacking.map(([name, rule]) => [rule, `the source does not have ${name}`]));
}

/** The abilities of a parser in the harness. */
export const abilitiesOf = ({ hasResolver }: Had): Set<Needs> =>
  new Set<Needs>([
    "message",
    "allocation",
    "install",
    "observation",
    ...(hasResolver ? ["resolution" as const] : []),
  ]);

/** A kernel's parser in the harness, in a process or in a kernel: extended frames (kernel-source/observation.ts). */
export abstract class HarnessSubject extends FramesSubject {
  protected override readonly trailer = observation.size;

  async site(number: number): Promise<string> {
    const answer = await this.text(SCENES.sites);
    return answer.split("\n")[number - 1] ?? `site ${number}`;
  }

  protected async text(scene: number): Promise<string> {
    let inbox = Buffer.alloc(0);
    const breakdown = await this.conversation.exchange(
      request({ message: new Uint8Array() }, scene),
      (chunk) => {
        inbox = Buffer.concat([inbox, chunk]);
        return inbox.length >= LENGTH && inbox.length >= LENGTH + inbox.readUInt32LE(0);
      },
    );
    return breakdown === null ? inbox.subarray(LENGTH).toString("utf8") : "";
  }

  protected override encode(q: Question): Uint8Array {
    return request(q, SCENES[q.scene ?? "plain"]);
  }

  protected override decode(reply: Uint8Array, q: Question): DetailedAnswer {
    const rc = new DataView(reply.buffer, reply.byteOffset, RC).getInt32(0, true);
    const questions = (q.resolve?.length ?? 0) * resolved.size;
    const observed = reply.length - questions - observation.size;
    if (observed < RC) throw new Garbage(`a reply of ${reply.length} bytes has no observation in it`);
    const answers: ResolvedAnswer[] = [];
    for (let at = observed + observation.size; at < reply.length; at += resolved.size)
      answers.push(resolution(resolved.read(reply, at)));
    return {
      rc,
      map: observed > RC ? reply.slice(RC, observed) : null,
      resolved: q.resolve === undefined || !this.abilities.has("resolution") ? null : answers,
      observation: observation.read(reply, observed),
    };
  }
}

function resolution(r: ReturnType<typeof resolved.read>): ResolvedAnswer {
  const rc = r.rc | 0;
  if (rc === OOPS) return { crashed: true };
  if (rc !== 0) return { errno: -rc };
  return r.mapped === 0 ? { length: 0n } : { devindex: r.devindex, offset: r.offset, length: r.length };
}

/** An extended request frame. */
function request(q: Question, scene: number): Uint8Array {
  const pairs = q.resolve ?? [];
  const size = ask.size + pairs.length * question.size + q.message.length;
  const bytes = new Uint8Array(LENGTH + size);
  new DataView(bytes.buffer).setUint32(0, (EXTENDED | size) >>> 0, true);
  ask.write(bytes, LENGTH, {
    failAllocation: q.failAllocation ?? 0,
    scene,
    nresolve: pairs.length,
    reserved: 0,
  });
  let at = LENGTH + ask.size;
  for (const [offset, length] of pairs) {
    question.write(bytes, at, { offset, length });
    at += question.size;
  }
  bytes.set(q.message, at);
  return bytes;
}
