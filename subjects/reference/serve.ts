import { Channel } from "./channel.ts";
import type { ReferenceDaemon } from "./daemon.ts";
import type { Hooks } from "./fault.ts";

/** Answers what comes through the descriptor until DESTROY, or until the other end is closed. */
export async function serve(fd: number, daemon: ReferenceDaemon): Promise<void> {
  const { quiet, end, room } = daemon.hooks;
  const channel = new Channel(fd, undefined, room);
  if (quiet === undefined) serveAtOnce(channel, daemon);
  else await servePatiently(channel, daemon, quiet);
  end?.();
}

/** False: the channel was closed, or DESTROY came. */
function answerAll(channel: Channel, daemon: ReferenceDaemon, messages: readonly Uint8Array[]): boolean {
  for (const message of messages) {
    for (const reply of daemon.answer(message)) if (!channel.write(reply)) return false;
    if (daemon.ended) return false;
  }
  return true;
}

function serveAtOnce(channel: Channel, daemon: ReferenceDaemon): void {
  for (let messages = channel.read(); messages !== null; messages = channel.read())
    if (!answerAll(channel, daemon, messages)) return;
}

/** For faults that show when nothing comes; reads in the thread pool, at a quarter of the speed. */
async function servePatiently(
  channel: Channel,
  daemon: ReferenceDaemon,
  quiet: NonNullable<Hooks["quiet"]>,
): Promise<void> {
  const speak = () => {
    for (const reply of quiet.speak()) channel.write(reply);
  };
  let timer: NodeJS.Timeout | undefined;
  for (;;) {
    const messages = await channel.readLater();
    clearTimeout(timer);
    if (messages === null || !answerAll(channel, daemon, messages)) return;
    timer = setTimeout(speak, quiet.ms);
  }
}
