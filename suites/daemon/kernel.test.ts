/** What each revision's kernel asks for a map, and what is held against a daemon where it asks otherwise. */
import { describe, expect, it } from "vitest";
import { entryOut, OPCODES, PROFILES, type Profile, profileNamed, ROOT_NODEID } from "../../spec/index.ts";
import { opcodeName } from "../../subjects/daemon/opcode-name.ts";
import { daxdevs } from "./checks/daxdevs.ts";
import { fetchFmap } from "./checks/fetch.ts";
import { checkMap } from "./checks/map-checks.ts";
import { describe as told } from "./kernel.ts";
import { daemonOutcomes } from "./tally.ts";
import { altered, inProcess } from "./test/in-process.ts";
import type { TreeNode } from "./tree/node.ts";

const INO = 4711n;

/** Looks a file up whose ino is not its nodeid, asks for its map, and is answered with so many zeros. */
async function asked(profile: Profile, answered: number) {
  const requests: { nodeid: bigint; body: number }[] = [];
  const talk = inProcess(({ opcode, nodeid, body }, answer) => {
    if (opcode === OPCODES.LOOKUP && answer !== null) return altered(entryOut, answer, { ino: INO });
    if (opcode !== profile.opcodes.getFmap) return null;
    requests.push({ nodeid, body: body.length });
    return { kind: "reply", error: 0, body: new Uint8Array(answered) };
  }, profile);
  const found = await talk.kernel.lookup(ROOT_NODEID, "32 extents");
  if (!("value" in found)) throw new Error("there is no such file");
  const { nodeid } = found.value;
  const fetched = await fetchFmap(talk.kernel, nodeid);
  return { ...talk, nodeid, fetched, requests };
}

describe("GET_FMAP", () => {
  it.each(PROFILES.map((p) => [p.name, p] as const))(
    "of %s has the body and the nodeid of that revision",
    async (_, p) => {
      const { requests, nodeid } = await asked(p, 56);
      expect(requests[0]).toEqual({
        nodeid: p.request.nodeid === "nodeid" ? nodeid : INO,
        body: p.request.body === "none" ? 0 : 8,
      });
      expect(nodeid).not.toBe(INO);
    },
  );

  it.each([
    ["rfc-v1", 56, "daemon/fmap/accepted", "a reply of 56 bytes to a buffer of 4096"],
    ["rfc-v2", 5000, "daemon/fmap/size-reply", "a reply of 5000 bytes to a buffer of 4096"],
    ["v10", 5000, "daemon/fmap/accepted", "a reply of 5000 bytes to a buffer of 4096"],
    ["simple-only", 4, "daemon/fmap/size-reply", "a reply of 4 bytes, less than a header"],
  ])("of %s with a reply of %i bytes breaks %s", async (name, answered, rule, detail) => {
    const profile = profileNamed(name) as Profile;
    const { fetched, ledger, nodeid } = await asked(profile, answered);
    const node: TreeNode = {
      path: "/f",
      name: "f",
      parent: 1n,
      nodeid,
      kind: "file",
      lookupSize: 1n,
      attrSize: 1n,
      generation: 0n,
      mode: 0o100644,
      otherPaths: [],
    };
    expect(checkMap(profile, ledger, node, fetched)).toEqual({
      node,
      why: expect.stringMatching(/^GET_FMAP is answered with /),
    });
    expect(ledger.failures).toEqual([
      { rule, detail, path: "/f", request: expect.stringMatching(/^[0-9a-f]{80,}$/) },
    ]);
  });
});

it("GET_DAXDEV is asked of no daemon that names its daxdevs itself", async () => {
  const { kernel, ledger } = inProcess(undefined, profileNamed("simple-only"));
  await daxdevs(kernel, []);
  expect(
    daemonOutcomes(kernel.profile, ledger.tally(), { scope: "famfs" }).filter((o) => o.messages > 0),
  ).toEqual([]);
});

it("requests and results have names", () => {
  const profile = profileNamed("rfc-v2") as Profile;
  const { getFmap, getDaxdev } = profile.opcodes;
  expect([getFmap, getDaxdev as number, OPCODES.LOOKUP, 4095].map((o) => opcodeName(o, profile))).toEqual([
    "GET_FMAP",
    "GET_DAXDEV",
    "LOOKUP",
    "opcode 4095",
  ]);
  expect([{ errno: 2 }, { errno: 9999 }, { unusable: "why" }, { value: 1 }].map(told)).toEqual([
    "ENOENT",
    "errno 9999",
    "why",
    "success",
  ]);
});

it("what was looked up once is forgotten once", async () => {
  const { kernel } = inProcess();
  const found = await kernel.lookup(ROOT_NODEID, "data");
  const { nodeid } = (found as { value: { nodeid: bigint } }).value;
  kernel.forget(nodeid);
  kernel.forget(nodeid);
  expect(kernel.lookups.size).toBe(0);
  kernel.batchForget([nodeid]);
  expect(kernel.lookups.size).toBe(0);
});
