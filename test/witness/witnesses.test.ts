/** Faulty daemons mounted on the kernel that the tests run on. */
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, OPCODES, RULES, ruleNamed } from "../../spec/index.ts";
import { ReferenceDaemon } from "../../subjects/reference/daemon.ts";
import { defaultManifestOf } from "../../subjects/reference/default-manifest.ts";
import type { Fault, Variant } from "../../subjects/reference/fault.ts";
import { faultNamed } from "../../subjects/reference/faults.ts";
import { happened, type Observed } from "./test/consequence.ts";
import { mountable } from "./test/mountable.ts";
import { MountedDaemon, type MountedOptions } from "./test/mounted-daemon.ts";
import { forgetful, inSinglePages } from "./test/own-faults.ts";
import { BORNE } from "./test/witnesses/borne.ts";
import type { Witness, Witnesses } from "./test/witnesses/witness.ts";
import { isGeneric, READ_IN_SOURCE, SHOWN_ELSEWHERE, WITNESSES } from "./test/witnesses.ts";

const MANIFEST = defaultManifestOf(DEFAULT_PROFILE);

const faultOf = ({ fault }: Witness): Fault | undefined =>
  typeof fault === "string" ? faultNamed(fault) : fault;

const listOf = (table: Witnesses) =>
  Object.entries(table).flatMap(([rule, witnesses]) =>
    witnesses.map((witness) => ({ rule, witness, name: faultOf(witness)?.name })),
  );

const CASES = listOf(WITNESSES);

const served = ({ serving }: Witness, fault: Fault | null): Variant | null =>
  serving === undefined ? fault : serving === "forgetful" ? forgetful(fault) : inSinglePages(fault);

/** How the daemon of a witness is served. */
const optionsOf = ({ slow, pauseAfter }: Witness): MountedOptions => ({
  ...(slow === undefined ? {} : { slow: { ...slow, opcode: OPCODES[slow.opcode] } }),
  ...(pauseAfter === undefined ? {} : { pauseAfter: OPCODES[pauseAfter] }),
});

describe("every generic MUST", () => {
  const musts = RULES.filter(({ id, level }) => level === "MUST" && isGeneric(id)).map(({ id }) => id);

  it.each(musts)("%s has a witness, or its source", (id) => {
    const shown = [WITNESSES[id], SHOWN_ELSEWHERE[id], READ_IN_SOURCE[id]];
    expect(shown.filter((where) => where !== undefined)).toHaveLength(1);
  });

  it("and nothing else stands in the table", () => {
    for (const id of Object.keys({ ...WITNESSES, ...SHOWN_ELSEWHERE, ...READ_IN_SOURCE }))
      expect(musts).toContain(id);
  });

  it("is witnessed by a fault that breaks it", () => {
    for (const { rule, witness } of CASES) expect(faultOf(witness)?.rule, rule).toBe(rule);
  });
});

describe.skipIf(!mountable())("a faulty daemon on the running kernel", () => {
  const mounts: MountedDaemon[] = [];
  afterEach(async () => {
    await Promise.all(mounts.splice(0).map((mount) => mount.end()));
  });

  async function observed(witness: Witness, fault: Fault | null): Promise<Observed> {
    const daemon = new ReferenceDaemon(MANIFEST, served(witness, fault));
    const mount = await MountedDaemon.of(daemon, optionsOf(witness));
    mounts.push(mount);
    const done = await mount.run(witness.act, witness.patience);
    return { done, stream: mount.stream, readRefused: mount.readRefused };
  }

  it.each(CASES)("$rule: $name", async ({ witness }) => {
    const sound = await observed(witness, null);
    const faulty = await observed(witness, faultOf(witness) as Fault);
    for (const consequence of witness.sees) {
      const what = (of: string, { done }: Observed) => JSON.stringify({ of, consequence, done });
      expect(happened(consequence, sound, sound.done), what("sound", sound)).toBe(false);
      expect(happened(consequence, faulty, sound.done), what("faulty", faulty)).toBe(true);
    }
  });

  it.each(listOf(BORNE))("$rule is borne: $name", async ({ rule, witness }) => {
    expect(ruleNamed(rule)?.level).toBe("SHOULD");
    expect(faultOf(witness)?.rule).toBe(rule);
    const sound = await observed(witness, null);
    const faulty = await observed(witness, faultOf(witness) as Fault);
    expect(faulty.done).toMatchObject({ hung: false, out: sound.done.out });
    for (const consequence of witness.sees) expect(happened(consequence, faulty, sound.done)).toBe(true);
  });
});
