/** What a kernel asks in the ordinary life of a mount, in the order in which one step needs what another found. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Manifest, ROOT_NODEID } from "../../../spec/index.ts";
import { daxdevs } from "../checks/daxdevs.ts";
import { checkDeviceEnds, checkIntent } from "../checks/intent-checks.ts";
import { checkFilesApart } from "../checks/map-checks.ts";
import { checkPlausible } from "../checks/plausibility.ts";
import { lookupCounts, stability } from "../checks/stability.ts";
import { fetchAll, interrupts, opens } from "../phases.ts";
import type { Starts } from "../starts/starts.ts";
import { excuseTree } from "../tree/excuses.ts";
import { checkLinks } from "../tree/links.ts";
import { checkUnknownNames } from "../tree/near-misses.ts";
import { checkOpening } from "../tree/opening.ts";
import { checkSeeking } from "../tree/seeking.ts";
import { checkIdentity } from "../tree/steadiness.ts";
import { Tree } from "../tree/walk.ts";
import type { Found } from "./found.ts";
import type { Step } from "./step.ts";

/** Milliseconds in which a daemon that nobody asks anything must not die. */
const IDLE = 50;

/** The tree, files that are opened, and requests that are interrupted. */
export const treeSteps = (found: Found, starts: Starts): Step[] => [
  {
    name: "the walk of the tree",
    checks: ["daemon/tree/", "daemon/directory/"],
    basic: true,
    walks: true,
    async work({ kernel }) {
      const tree = new Tree(kernel);
      // Of a walk that is never finished, what it came to is there as well.
      found.nodes = tree.nodes;
      await tree.walk();
      found.walked = true;
      found.plusCounts = tree.plusCounts;
      for (const { what, why } of tree.unchecked) starts.leaveOut(what, why);
      excuseTree(kernel, found.nodes, tree.nameMax);
    },
  },
  {
    name: "names that are not there",
    checks: ["daemon/tree/unknown-name", "daemon/tree/near-miss"],
    work: ({ kernel }) => checkUnknownNames(kernel, found.nodes),
  },
  {
    name: "READLINK",
    checks: ["daemon/tree/readlink", "daemon/tree/link-length"],
    work: ({ kernel }) => checkLinks(kernel, found.nodes),
  },
  {
    name: "directories in other pages, from other offsets, and again",
    checks: ["daemon/directory/offsets", "daemon/directory/small-pages", "daemon/directory/rewind"],
    work: ({ kernel }) => checkSeeking(kernel, found),
  },
  {
    name: "OPEN and RELEASE",
    checks: ["daemon/tree/open", "daemon/tree/release"],
    work: ({ kernel }) => opens(kernel, found.files),
  },
  {
    name: "INTERRUPT",
    checks: ["daemon/life/interrupt"],
    work: ({ kernel }) => interrupts(kernel, found.nodes),
  },
];

/** The maps of the files, and where they lie. */
export const mapSteps = (found: Found, starts: Starts, expect: Manifest | null): Step[] => [
  {
    name: "the maps of all files",
    checks: ["daemon/fmap/", "daemon/intent/"],
    basic: true,
    async work({ kernel }) {
      const left = found.files.filter((f) => !found.asked.has(f.path));
      await fetchAll(kernel, left, ({ path }, map) => {
        found.asked.add(path);
        if ("map" in map) found.served.push(map);
        else found.unmapped.push(map);
      });
      checkFilesApart(kernel.ledger, found.served);
    },
  },
  {
    name: "GET_DAXDEV",
    checks: ["daemon/daxdev/", "daemon/fmap/plausible-offset"],
    async work({ kernel }) {
      found.daxdevs = await daxdevs(kernel, found.served);
      checkPlausible(kernel.ledger, kernel.profile, found.served, found.daxdevs);
    },
  },
  {
    name: "what the manifest says",
    checks: ["daemon/intent/", "daemon/fmap/inside-device"],
    async work({ kernel: { ledger } }) {
      if (expect === null) return;
      const looked = found.within(expect, starts.deadly);
      checkIntent(ledger, looked, found.served, found.unmapped);
      checkDeviceEnds(ledger, expect, found.served);
    },
  },
  {
    name: "whether maps stay what they are",
    checks: ["daemon/fmap/stable-again", "daemon/fmap/stable-concurrent", "daemon/fmap/stable-after-forget"],
    work: ({ kernel }) => stability(kernel, found.served),
  },
];

/** What can leave a daemon behind that does not know its nodeids any more. */
export const lifeSteps = (found: Found, starts: Starts): Step[] => [
  {
    name: "whether LOOKUP and FORGET are counted",
    checks: ["daemon/tree/lookup-count"],
    work: ({ kernel }) => lookupCounts(kernel, found.nodes),
  },
  {
    name: "whether a nodeid stays the same inode",
    checks: ["daemon/tree/identity"],
    work: ({ kernel }) => checkIdentity(kernel, found.nodes),
  },
  {
    name: "1,100 times OPEN and RELEASE",
    checks: ["daemon/tree/open-many"],
    async work({ kernel }) {
      for (const { what, why } of await checkOpening(kernel, found.nodes)) starts.leaveOut(what, why);
    },
  },
  {
    name: "an idle time",
    checks: ["daemon/life/stays"],
    async work({ kernel }) {
      await sleep(IDLE);
      await kernel.getattr(ROOT_NODEID);
    },
  },
];
