import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { misfit } from "../../base/schema-check.ts";
import { KernelParser, parseFmap, type Resolution, resolve } from "../../oracles/index.ts";
import { mapToJson, type Profile, profileNamed } from "../../spec/index.ts";
import type { Protocol } from "../driver/subject.ts";

/**
 * The suite's own oracle behind the driver protocol: the reference to compare a driver with.
 * Resolves with the exit status when the input ends or says stop.
 */
export function serveDriver(
  profile: Profile,
  protocol: Protocol,
  version: string,
  input: Readable,
  output: Writable,
): Promise<number> {
  if (protocol === "frames") return serveFrames(profile, input, output);
  if (protocol === "exec") return serveExec(profile, input, output);
  return serveLines(profile, version, input, output);
}

async function serveFrames(profile: Profile, input: Readable, output: Writable): Promise<number> {
  const oracle = new KernelParser(profile);
  let inbox = Buffer.alloc(0);
  for await (const chunk of input) {
    inbox = inbox.length === 0 ? chunk : Buffer.concat([inbox, chunk]);
    const view = new DataView(inbox.buffer, inbox.byteOffset, inbox.length);
    const replies: Uint8Array[] = [];
    let at = 0;
    while (inbox.length - at >= 4) {
      const end = at + 4 + view.getUint32(at, true);
      if (end > inbox.length) break;
      oracle.parse(view, at + 4, end);
      const map = oracle.map();
      const head = new DataView(new ArrayBuffer(8));
      head.setUint32(0, 4 + map.length, true);
      head.setInt32(4, oracle.rc, true);
      replies.push(new Uint8Array(head.buffer), map.slice());
      at = end;
    }
    inbox = inbox.subarray(at);
    if (replies.length > 0 && !output.write(Buffer.concat(replies))) await once(output, "drain");
  }
  return 0;
}

/** Exit status for what is left out. */
const NOT_IMPLEMENTED = 89;

async function serveExec(profile: Profile, input: Readable, output: Writable): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk);
  const verdict = parseFmap(profile, Buffer.concat(chunks));
  if (verdict.verdict === "accept") return 0;
  if (verdict.verdict === "unspecified") return NOT_IMPLEMENTED;
  output.write(`${verdict.errno}\n`);
  return 1;
}

interface ParseRequest {
  readonly cmd: "parse";
  readonly seq: number;
  readonly profile: string;
  readonly hex: string;
  readonly resolve?: readonly (readonly [string, string])[];
}
type Request = { readonly cmd: "start" } | { readonly cmd: "stop" } | ParseRequest;

async function serveLines(
  profile: Profile,
  version: string,
  input: Readable,
  output: Writable,
): Promise<number> {
  const say = (value: object) => output.write(`${JSON.stringify(value)}\n`);
  let rest = "";
  for await (const chunk of input) {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) {
      const request = readRequest(line);
      if (typeof request === "string") {
        process.stderr.write(`fmapspec driver: ${request}\n`);
        return 2;
      }
      if (request.cmd === "stop") return 0;
      say(
        request.cmd === "start"
          ? { version: 1, implementation: { name: "fmapspec", version, language: "TypeScript" } }
          : answer(profile, request),
      );
    }
    if (output.writableNeedDrain) await once(output, "drain");
  }
  return 0;
}

/** The request of a line, or its fault in words. */
function readRequest(line: string): Request | string {
  try {
    const request: Request = JSON.parse(line);
    const wrong = misfit("driver-request", request);
    return wrong === null ? request : `the request does not fit: ${wrong}`;
  } catch {
    return `'${line.slice(0, 80)}' is not JSON`;
  }
}

function answer(profile: Profile, { seq, profile: asked, hex, resolve: pairs }: ParseRequest): object {
  if (profileNamed(asked) !== profile)
    return { seq, skipped: `this driver was started for profile ${profile.name}` };
  const verdict = parseFmap(profile, Buffer.from(hex, "hex"));
  if (verdict.verdict === "reject") return { seq, verdict: "reject", errno: verdict.errno };
  if (verdict.verdict === "unspecified") return { seq, skipped: `unspecified: ${verdict.reason}` };
  const resolved = pairs?.map(([offset, want]) =>
    resolve(profile, verdict.map, BigInt(offset), BigInt(want)),
  );
  return {
    seq,
    verdict: "accept",
    map: mapToJson(verdict.map),
    ...(resolved === undefined ? {} : { resolved: resolved.map(resolutionJson) }),
  };
}

/**
 * A resolution in the driver protocol. What is unspecified has no answer there; EIO says at least that nothing is there.
 */
export function resolutionJson(r: Resolution): object {
  if (r.kind === "unspecified") return { errno: "EIO" };
  if (r.kind === "failed") return { errno: r.errno };
  if (r.kind === "empty") return { length: "0" };
  return { devindex: `${r.devindex}`, offset: `${r.offset}`, length: `${r.length}` };
}
