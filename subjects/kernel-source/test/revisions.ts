import type { ProfileName } from "../../../spec/index.ts";

/** FAMFS_REVISION of each profile, for test/revisions/famfs.c. */
export const REVISIONS = {
  "rfc-v1": 1,
  "rfc-v2": 2,
  v3: 3,
  v4: 4,
  v7: 7,
  v10: 10,
  "simple-only": 11,
  "dual-ext": 12,
} as const satisfies Record<ProfileName, number>;
