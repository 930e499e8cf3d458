/** What the suite asks of a daemon is what a kernel asks: every request of a certified run, up to the hostile part. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE, OPCODES, PROFILES, type Profile } from "../../spec/index.ts";
import { FuseConnection } from "../../subjects/daemon/channel/connection.ts";
import { VARIANTS } from "../../subjects/reference/variants.ts";
import { DaemonRun } from "../../suites/daemon/run.ts";
import { RequestJudge } from "./request-judge.ts";

const DAEMON = ["node", join(PACKAGE_ROOT, "dist/cli/main.js"), "reference-daemon"];

/** No daemon can be asked as the kernel of a revision whose INIT bit is not established. */
const ASKING = PROFILES.filter(({ open }) => !("initBit" in open));

/** The variants to which a kernel sends other requests. */
const ASKED_OTHERWISE = VARIANTS.filter(({ name }) => /^minor-8$|^readdirplus-|^without-/.test(name));

/** A run over the reference daemon, and a judge of each of its connections. */
async function judged(profile: Profile, ...options: string[]) {
  const judges: RequestJudge[] = [];
  const connect = async () => {
    const command = [...DAEMON, "--profile", profile.name, ...options, "{mountpoint}"];
    const connection = await FuseConnection.start(command);
    const judge = new RequestJudge(profile);
    judges.push(judge);
    // What follows a hostile request is no kernel's any more, whatever it is.
    let hostile = false;
    connection.taps.push((from, bytes) => {
      hostile ||= connection.hostile;
      if (hostile) return;
      if (from === "kernel") judge.request(bytes);
      else judge.reply(bytes);
    });
    return connection;
  };
  const { signal } = new AbortController();
  const run = new DaemonRun({ profile, level: "quick", seed: 1, expect: null, signal, connect });
  await run.go();
  const breaches = judges.flatMap((judge) => judge.breaches.map((b) => `${b.opcode} ${b.code}: ${b.detail}`));
  const heard = new Set(judges.flatMap((judge) => [...judge.heard.keys()]));
  return { run, heard, breaches: [...new Set(breaches)] };
}

describe.concurrent("a certified run makes no request that no kernel makes", () => {
  it.each(ASKING)("as $name", async (profile) => {
    const { run, heard, breaches } = await judged(profile);
    expect(run.ledger.failures).toEqual([]);
    expect(run.found.served.length).toBeGreaterThan(10);
    for (const opcode of [OPCODES.BATCH_FORGET, OPCODES.INTERRUPT, profile.opcodes.getFmap])
      expect(heard).toContain(opcode);
    expect(breaches).toEqual([]);
  });

  it.each(ASKED_OTHERWISE)("of a daemon that is $name", async ({ name }) => {
    const { run, breaches } = await judged(DEFAULT_PROFILE, "--variant", name);
    expect(run.ledger.failures).toEqual([]);
    expect(breaches).toEqual([]);
  });
});
