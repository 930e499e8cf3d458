/** A daemon that died or hung, with what it was asked before: played again, and made shorter. */

import type { Versions } from "../../base/versions.ts";
import { type Profile, ROOT_NODEID } from "../../spec/index.ts";
import type { FuseConnection } from "../../subjects/daemon/channel/connection.ts";
import { Kernel } from "../daemon/kernel.ts";
import { DaemonLedger } from "../daemon/ledger.ts";
import type { RequirementFailure } from "../daemon/outcome.ts";
import { shortenedFailure } from "../daemon/requirement-failure.ts";
import { RecordedPlayer } from "../daemon/session/recorded-player.ts";
import { shorten } from "../daemon/session/shorten.ts";
import { Asking } from "../daemon/starts/asking.ts";
import { DaemonGone } from "../daemon/starts/daemon-gone.ts";
import { DeadlyRequests } from "../daemon/starts/deadly-requests.ts";
import type { RecordedRequest } from "../daemon/starts/recording.ts";
import { sameness } from "../parser/failures/ledger.ts";

/** A failure that has its requests. */
export type StoredDeath = RequirementFailure & { readonly requests: readonly RecordedRequest[] };

/** Milliseconds in which it is made shorter. */
const SHORTENING = 30_000;

/** How the daemon went when it was asked these. */
interface Died {
  readonly gone: DaemonGone;
  readonly requests: readonly RecordedRequest[];
  /** Whether each FORGET was waited for, so that a death has one cause. */
  readonly oneAtATime: boolean;
}

/** Starts a daemon. */
type Connect = () => Promise<FuseConnection>;

/** Whether the failure has what it takes to play it again. */
export const isDeath = (stored: RequirementFailure): stored is StoredDeath => stored.requests !== undefined;

/** Asks a daemon of its own what the stored one was asked; null: it lives. */
export async function replayDeath(
  { requests }: StoredDeath,
  profile: Profile,
  connect: Connect,
): Promise<Died | null> {
  return (await ask(requests, true, profile, connect)) ?? ask(requests, false, profile, connect);
}

/** Whether the daemon went in the same way; where several requests can have done it, any of them is the same. */
export function isSameDeath(stored: StoredDeath, { gone }: Died): boolean {
  const { rule, path, detail } = gone.failure();
  if (rule !== stored.rule) return false;
  return (
    stored.request === undefined || (path === stored.path && sameness(detail) === sameness(stored.detail))
  );
}

/** Fewer requests of which the daemon goes in the same way, at the same request; null: none were found. */
export async function shortenDeath(
  stored: StoredDeath,
  died: Died,
  profile: Profile,
  connect: Connect,
  versions: Versions,
): Promise<StoredDeath | null> {
  const deadline = performance.now() + SHORTENING;
  const last = died.requests.at(-1) as RecordedRequest;
  const { hangs } = died.gone;
  const text = died.gone.inFlight.at(-1)?.text;
  let shortest = died;
  const shows = async (before: readonly RecordedRequest[]) => {
    if (performance.now() > deadline) return false;
    const again = await ask([...before, last], died.oneAtATime, profile, connect);
    if (again === null || again.gone.hangs !== hangs || again.gone.inFlight.at(-1)?.text !== text)
      return false;
    shortest = again;
    return true;
  };
  const before = died.requests.slice(0, -1);
  // What is of one kind is often enough, and is soon tried.
  const alike = before.filter(({ opcode }) => opcode === last.opcode);
  await shorten((await shows(alike)) ? alike : before, shows);
  const { gone, requests } = shortest;
  return requests.length < stored.requests.length
    ? { ...shortenedFailure(stored, gone.failure(), profile, versions), requests }
    : null;
}

/** From INIT on; what was asked behind the death is left out. */
async function ask(
  requests: readonly RecordedRequest[],
  oneAtATime: boolean,
  profile: Profile,
  connect: Connect,
): Promise<Died | null> {
  const connection = await connect();
  let played = 0;
  let died: Died | null = null;
  try {
    const init = await connection.init(profile, { offerFmap: true });
    if (init.kind === "failed") return null;
    const asking = new Asking(connection, profile, new DeadlyRequests(), oneAtATime);
    const kernel = new Kernel(connection, new DaemonLedger(), profile, asking);
    const player = new RecordedPlayer(kernel);
    for (const request of requests) {
      played++;
      await player.play(request);
    }
    played++;
    // What comes of a FORGET shows at the next request.
    await kernel.getattr(ROOT_NODEID);
  } catch (error) {
    if (!(error instanceof DaemonGone)) throw error;
    // It may have gone at a LOOKUP or OPEN that the request needed.
    const last = played > requests.length ? [] : error.requests.slice(-1);
    died = { gone: error, requests: [...requests.slice(0, played - 1), ...last], oneAtATime };
  } finally {
    await connection.close(died === null ? {} : { patience: 0 });
  }
  return died;
}
