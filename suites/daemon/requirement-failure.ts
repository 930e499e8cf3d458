import type { Versions } from "../../base/versions.ts";
import {
  decodeMessage,
  errnoName,
  inHeader,
  type Manifest,
  manifestToJson,
  outHeader,
  type Profile,
  type RuleId,
} from "../../spec/index.ts";
import { opcodeName } from "../../subjects/daemon/opcode-name.ts";
import type { Mutation } from "./checks/mutation.ts";
import type { DaemonFailure, DaemonReport, DecodedHeader, RequirementFailure } from "./outcome.ts";

/** What the report does not say of its run. */
export interface RunBesides {
  readonly timeout: number;
  readonly expect: Manifest | null;
  readonly mutation?: Mutation;
  readonly versions: Versions;
}

/** A failure of a map is stored with the map's own message as its reply. */
export const isOfMap = (rule: RuleId): boolean =>
  ["daemon/fmap/", "daemon/intent/", "daemon/change/"].some((prefix) => rule.startsWith(prefix));

/** Requirements that compare with the manifest; one can be long, and the others do without. */
const needsManifest = (rule: RuleId) =>
  rule.startsWith("daemon/intent/") ||
  rule.startsWith("daemon/change/") ||
  rule === "daemon/fmap/inside-device";

/** The document of one failure of the report. */
export const requirementFailure = (
  failure: DaemonFailure,
  { seed, subject, level }: DaemonReport,
  profile: Profile,
  { timeout, expect, mutation, versions }: RunBesides,
): RequirementFailure => ({
  format: "fmapspec-requirement-failure",
  version: 1,
  profile: profile.name,
  seed,
  ...failure,
  decoded: decoded(failure, profile),
  subject,
  options: {
    level,
    timeout,
    ...(expect !== null && needsManifest(failure.rule) ? { expect: manifestToJson(expect) } : {}),
    ...(mutation !== undefined && failure.rule.startsWith("daemon/change/")
      ? { mutate: mutation.command, expectAfter: manifestToJson(mutation.after) }
      : {}),
  },
  versions,
});

/** The document of a failure that fewer requests show. */
export const shortenedFailure = (
  { format, version, profile: name, seed, subject, options }: RequirementFailure,
  failure: DaemonFailure,
  profile: Profile,
  versions: Versions,
): RequirementFailure => ({
  format,
  version,
  profile: name,
  seed,
  ...failure,
  shortened: true,
  decoded: decoded(failure, profile),
  subject,
  options,
  versions,
});

function decoded({ rule, request, reply }: DaemonFailure, profile: Profile): RequirementFailure["decoded"] {
  const asked = request === undefined ? null : requestHeader(Buffer.from(request, "hex"), profile);
  const answer = reply === undefined ? null : Buffer.from(reply, "hex");
  const header = answer === null || isOfMap(rule) ? null : replyHeader(answer);
  return {
    ...(asked === null ? {} : { request: asked }),
    ...(header === null ? {} : { reply: header }),
    ...(answer !== null && isOfMap(rule) ? { message: decodeMessage(answer, profile.fmapSizeField) } : {}),
  };
}

function requestHeader(bytes: Uint8Array, profile: Profile): DecodedHeader {
  const { len, opcode, unique, nodeid } = inHeader.read(bytes);
  return { len, opcode: opcodeName(opcode, profile), unique: `${unique}`, nodeid: `${nodeid}` };
}

function replyHeader(bytes: Uint8Array): DecodedHeader {
  const { len, error, unique } = outHeader.read(bytes);
  return { len, unique: `${unique}`, error: error === 0 ? "0" : (errnoName(-error) ?? `${error}`) };
}
