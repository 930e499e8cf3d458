/** Requests that no kernel sends: for the map of a node without one, and about forgotten nodeids. */

import { smallRooms } from "../checks/small-room.ts";
import { forgottenNodeids } from "../checks/stability.ts";
import { notFiles } from "../phases.ts";
import type { Found } from "./found.ts";
import type { Step } from "./step.ts";

export const hostileSteps = (found: Found): Step[] => [
  {
    name: "GET_FMAP of what is no file",
    checks: ["daemon/fmap/directory", "daemon/fmap/unknown-nodeid", "daemon/fmap/symlink"],
    hostile: true,
    work: ({ kernel }) => notFiles(kernel, found.nodes),
  },
  {
    name: "GET_FMAP with too little room",
    checks: ["robustness/fmap-room"],
    hostile: true,
    work: ({ kernel }) => smallRooms(kernel, found.served),
  },
  {
    name: "GET_FMAP of forgotten nodeids",
    checks: ["daemon/fmap/forgotten-nodeid"],
    hostile: true,
    work: ({ kernel }) => forgottenNodeids(kernel, found.served),
  },
];
