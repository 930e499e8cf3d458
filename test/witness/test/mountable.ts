import { available, rootWith } from "../../tools.ts";

/** Whether a FUSE file system can be mounted here, and used as people do. */
export const mountable = (): boolean =>
  rootWith("/dev/fuse") &&
  available("mount", "mount") &&
  available("stat", "coreutils") &&
  available("find", "findutils") &&
  available("perl", "perl");
