import { hexOf, type Profile, SCHEMAS } from "../../spec/index.ts";
import { choose } from "./choice.ts";
import { type Judged, judgeFor } from "./judged.ts";
import { type Note, noteOf } from "./notes.ts";

/** One message, and the result that the profile's kernel must give. */
export type Vector = {
  /** Number of the vector in the file, from 1. */
  readonly tcId: number;
  readonly id: string;
  readonly flags: readonly string[];
  /** Hex. */
  readonly msg: string;
} & Judged;

/** A file of vectors: schema `vectors`. */
export interface VectorFile {
  readonly algorithm: "GET_FMAP";
  readonly schema: string;
  readonly numberOfTests: number;
  readonly header: readonly string[];
  readonly notes: Readonly<Record<string, Note>>;
  readonly testGroups: readonly {
    readonly type: "FmapParse";
    readonly source: string;
    readonly profile: string;
    readonly tests: readonly Vector[];
  }[];
}

const SCHEMA_NAME = "vectors.schema.json";

/** The path of the schema in the folder of the vectors. All other JSON files there are vectors. */
export const SCHEMA_FILE = `schemas/${SCHEMA_NAME}`;

export const SCHEMA_TEXT = `${JSON.stringify(SCHEMAS.vectors, null, 2)}\n`;

const headerOf = ({ title }: Profile) => [
  `What the kernel of ${title} does with GET_FMAP replies of FUSE, message by message.`,
  "valid: it takes the message and keeps this map. invalid: it refuses it with this errno.",
  "acceptable: no source settles it, and both verdicts in allowed are right.",
];

/** Every flag and rule that the vectors name, once. */
export const namedIn = (tests: readonly Vector[]): Set<string> =>
  new Set(tests.flatMap((t) => [...t.flags, ...t.rules, ...t.hazards.map((h) => h.rule)]));

/** The vectors of a profile; the same in every run and on every machine. */
export function vectorFile(profile: Profile): VectorFile {
  const judge = judgeFor(profile);
  const tests = choose(profile).map(({ id, flags, message }, i) => ({
    tcId: i + 1,
    id,
    flags,
    msg: hexOf(message),
    ...judge(message),
  }));
  const notes = [...namedIn(tests)].sort().map((flag) => [flag, noteOf(profile, flag) as Note] as const);
  return {
    algorithm: "GET_FMAP",
    schema: SCHEMA_NAME,
    numberOfTests: tests.length,
    header: headerOf(profile),
    notes: Object.fromEntries(notes),
    testGroups: [{ type: "FmapParse", source: profile.source, profile: profile.name, tests }],
  };
}
