import { homedir } from "node:os";
import { join } from "node:path";

/** Where this user's caches lie: what was built once is kept here under a digest of all that it was made of. */
export const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "fmapspec");
