import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  FMAP_VERSION,
  fmapHeader,
  interleavedExt,
  simpleExt,
} from "../../spec/fmap.ts";
import type { Profile } from "../../spec/profiles/index.ts";
import { declareStruct } from "./c-struct.ts";
import type { SourceText } from "./source.ts";

/** The value of a limit that the revision does not have: any int passes. */
const NO_LIMIT = 2 ** 31 - 1;

/** The declarations of the famfs patches in include/uapi/linux/fuse.h, generated from spec/. */
export function uapiOf(profile: Profile): SourceText {
  const defines = {
    FAMFS_FMAP_VERSION: FMAP_VERSION,
    FAMFS_FMAP_MAX: profile.limits.fmapMax ?? profile.replySize.max,
    FUSE_FAMFS_MAX_EXTENTS: profile.limits.maxExtents ?? NO_LIMIT,
    FUSE_FAMFS_MAX_STRIPS: profile.limits.maxStrips ?? NO_LIMIT,
    FUSE_FAMFS_EXT_SIMPLE: EXT_SIMPLE,
    FUSE_FAMFS_EXT_INTERLEAVE: EXT_INTERLEAVE,
    MAX_DAXDEVS: profile.daxdevs.slots ?? profile.limits.devindexes,
  };
  const text = [
    ...Object.entries(defines).map(([name, value]) => `#define ${name} ${value}`),
    ...[fmapHeader, simpleExt, interleavedExt].map(declareStruct),
    "",
  ].join("\n");
  return { file: `${profile.name}.h`, line: 1, text };
}
