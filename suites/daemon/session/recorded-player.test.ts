/** Recorded requests on another start: what they need is done first, and what no kernel does is left out. */
import { expect, it } from "vitest";
import { PROFILES, type Profile } from "../../../spec/index.ts";
import { opcodeName } from "../../../subjects/daemon/opcode-name.ts";
import { getattrBody, readdirBody } from "../checks/request-bodies.ts";
import type { RecordedRequest } from "../starts/recording.ts";
import { inProcess } from "../test/in-process.ts";
import { RecordedPlayer } from "./recorded-player.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const on = (opcode: string, path: string, body?: string): RecordedRequest => ({
  opcode,
  path,
  ...(body === undefined ? {} : { body }),
});
const name = (text: string) => hex(Buffer.from(`${text}\0`));
const FORGET_ONE = "0100000000000000";

/** What the daemon is asked, beside what brings the path there. */
async function asked(requests: readonly RecordedRequest[], profile?: Profile): Promise<string[]> {
  const opcodes: string[] = [];
  const { kernel } = inProcess(({ opcode }) => {
    opcodes.push(opcodeName(opcode, kernel.profile));
    return null;
  }, profile);
  const player = new RecordedPlayer(kernel);
  for (const request of requests) await player.play(request);
  return opcodes;
}

it.each<[string, RecordedRequest[], string[]]>([
  ["a LOOKUP", [on("LOOKUP", "/data", name("byte"))], ["LOOKUP", "LOOKUP"]],
  [
    "a name that is not there",
    [on("LOOKUP", "/", name("nothing")), on("GETATTR", "/none/x")],
    ["LOOKUP", "LOOKUP"],
  ],
  ["what is known already", [on("GETATTR", "/data"), on("STATFS", "/data")], ["LOOKUP", "GETATTR", "STATFS"]],
  [
    "RELEASE",
    [on("RELEASE", "/data/byte"), on("FLUSH", "/data/byte")],
    ["LOOKUP", "LOOKUP", "OPEN", "RELEASE", "OPEN", "FLUSH"],
  ],
  ["fstat", [on("GETATTR", "/data/byte", hex(getattrBody(7n)))], ["LOOKUP", "LOOKUP", "OPEN", "GETATTR"]],
  [
    "a page",
    [on("READDIR", "/", hex(readdirBody(9n, 0n, 8))), on("RELEASEDIR", "/")],
    ["OPENDIR", "READDIR", "RELEASEDIR"],
  ],
  ["READLINK", [on("READLINK", "/link")], ["LOOKUP", "READLINK"]],
  [
    "FORGET",
    [on("GETATTR", "/data"), on("FORGET", "/data", FORGET_ONE), on("GETATTR", "/data")],
    ["LOOKUP", "GETATTR", "FORGET", "LOOKUP", "GETATTR"],
  ],
  [
    "FORGET of what is open",
    [on("OPEN", "/data/byte"), on("FORGET", "/data/byte", FORGET_ONE), on("FORGET", "/data", FORGET_ONE)],
    ["LOOKUP", "LOOKUP", "OPEN"],
  ],
  [
    "a request without a path",
    [{ opcode: "GETATTR", nodeid: "1", body: hex(getattrBody()) }, { opcode: "UNHEARD" }],
    ["GETATTR"],
  ],
  [
    "several FORGETs",
    [{ opcode: "BATCH_FORGET", nodeid: "0", paths: ["/data/byte", "/link", "/none"] }],
    ["LOOKUP", "LOOKUP", "LOOKUP", "LOOKUP", "BATCH_FORGET"],
  ],
])("%s", async (_, requests, opcodes) => {
  expect(await asked(requests)).toEqual(opcodes);
});

it.each(PROFILES.filter((p) => p.opcodes.getFmap !== null).map((p) => [p.name, p] as const))(
  "%s asks for a map where its kernel does",
  async (_, profile) => {
    const opens = profile.request.hook === "open" ? ["OPEN"] : [];
    expect(await asked([on("GET_FMAP", "/data/byte")], profile)).toEqual([
      "LOOKUP",
      "LOOKUP",
      ...opens,
      "GET_FMAP",
    ]);
  },
);
