/** What only another start of the daemon can show: the same again, and kernels that are not the profile's own. */
import { hexOf, type Profile, type RuleId } from "../../../spec/index.ts";
import { askForFmap, describeFetch, fetchFmap, mapEvidence } from "../checks/fetch.ts";
import { fmapInFlags, hasTwin } from "../checks/fmap-placement.ts";
import { type Asker, type Negotiated, REQUEST_TIMEOUT } from "../checks/negotiation.ts";
import { Refinding } from "../refinding.ts";
import { sample } from "../session/sampling.ts";
import type { Found } from "./found.ts";
import type { Step } from "./step.ts";

/** The same maps from a daemon that was started again. */
export const restartedStep = (found: Found): Step => ({
  name: "maps after a restart",
  checks: ["daemon/fmap/stable-restarted"],
  asker: "famfs",
  walks: true,
  async work({ kernel }) {
    const { ledger } = kernel;
    if (ledger.hasFailed("daemon/fmap/stable-again")) return;
    const refinding = new Refinding(kernel);
    for (const { node, message } of sample(found.served)) {
      const { path } = node;
      const nodeid = await refinding.nodeid(path);
      if (nodeid === null) continue;
      const fetched = await fetchFmap(kernel, nodeid);
      const same = fetched.message !== null && Buffer.compare(fetched.message, message) === 0;
      const now = fetched.message === null ? describeFetch(fetched) : "another map";
      const detail = same ? null : `from a restarted daemon: ${now}`;
      ledger.check("daemon/fmap/stable-restarted", detail, { path }, () => ({
        ...mapEvidence(fetched),
        before: hexOf(message),
      }));
    }
  },
});

/** Whether the daemon put FUSE_DAX_FMAP where the kernel does not look: a second INIT tells that from a wish of its own. */
export const misplacedBitSteps = (profile: Profile, offered: Negotiated | null): Step[] =>
  offered === null || !hasTwin(offered, profile)
    ? []
    : [
        {
          name: "where INIT's answer has FUSE_DAX_FMAP",
          checks: ["daemon/init/fmap-bit-travels"],
          asker: "no-famfs",
          walks: true,
          async work({ kernel, negotiated }) {
            kernel.ledger.check("daemon/init/fmap-bit-travels", fmapInFlags(offered, negotiated, profile));
          },
        },
      ];

/** A kernel without famfs, and one that means something else by the bit: GET_FMAP is out of place. */
export function strangerSteps(profile: Profile, found: Found): Step[] {
  const step = (asker: Asker, rule: RuleId, why: string): Step => ({
    name: `a kernel ${why}`,
    checks: [rule],
    asker,
    walks: true,
    // A kernel that has not agreed on maps asks for none.
    hostile: true,
    async work({ kernel, negotiated }) {
      const [file] = found.served;
      if (file === undefined) return;
      const { path } = file.node;
      const nodeid = await new Refinding(kernel).nodeid(path);
      if (nodeid === null) return;
      const fetched = await askForFmap(kernel, nodeid);
      const answered = fetched.message !== null || fetched.sizeFault !== null;
      const wrong = answered && (negotiated.fmap || asker === "no-famfs");
      const detail = wrong ? `GET_FMAP is answered with ${describeFetch(fetched)}, to a kernel ${why}` : null;
      kernel.ledger.check(rule, detail, { path });
    },
  });
  return [
    step("no-famfs", "daemon/init/fmap-only-if-offered", "that does not offer FUSE_DAX_FMAP"),
    // Where the bit is another one there is no such requirement.
    ...(profile.initBit === REQUEST_TIMEOUT
      ? [step("newer", "daemon/init/newer-kernel", "that means something else by bit 42")]
      : []),
  ];
}
