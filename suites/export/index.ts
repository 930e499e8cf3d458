/** What other tools take: each kind of export as a set of files. */
import type { Profile } from "../../spec/index.ts";
import { fuzzingCorpus } from "./corpus.ts";
import { kfuzztestInputs } from "./kfuzztest.ts";
import { kselftestFolder } from "./kselftest.ts";
import { syzlang } from "./syzlang.ts";

/** Files by their path below the folder of the export. Those that end in `.sh` are programs. */
export type ExportFiles = ReadonlyMap<string, string | Uint8Array>;

export interface ExportRequest {
  readonly profile: Profile;
}

interface Kind {
  readonly summary: string;
  files(request: ExportRequest): ExportFiles | Promise<ExportFiles>;
}

export const KINDS = {
  corpus: {
    summary: "seeds and a dictionary for libFuzzer and AFL++",
    files: ({ profile }) => fuzzingCorpus(profile),
  },
  kfuzztest: {
    summary: "the messages as inputs of a KFuzzTest target",
    files: ({ profile }) => kfuzztestInputs(profile),
  },
  kselftest: {
    summary: "a folder for tools/testing/selftests that runs fmapspec kernel",
    files: ({ profile }) => kselftestFolder(profile),
  },
  syzlang: {
    summary: "the replies of GET_FMAP and GET_DAXDEV for syzkaller's sys/linux",
    files: ({ profile }) => syzlang(profile),
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
