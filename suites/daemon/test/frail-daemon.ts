import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../../base/package-root.ts";
import type { ManifestJson } from "../../../spec/index.ts";

/** What makes a daemon give up, and how: it dies by a signal, ends by itself, or answers nothing more. */
export interface Frailty {
  readonly how: "dies" | "leaves" | "hangs" | "keeps silent";
  /** Name of the request in OPCODES, or GET_FMAP, GET_DAXDEV; missing: any behind INIT. */
  readonly opcode?: string;
  /** What it is about; missing: anything. Of LOOKUP the path that it finds. */
  readonly path?: string;
  /** Only at each so many-th such request. */
  readonly each?: number;
  /** Only in each so many-th start, counted from 1. */
  readonly eachStart?: number;
}

const DIST = join(PACKAGE_ROOT, "dist");

const UNIT = 2 << 20;

/** Six files, two of them in a folder, and a symlink. */
export const SMALL: ManifestJson = {
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [{ index: 0, name: "/dev/dax0.0" }],
  files: ["/a", "/b", "/boom", "/c", "/dir/d", "/dir/e"].map((path, i) => ({
    path,
    fileSize: `${UNIT}`,
    extents: [{ devindex: "0", offset: `${i * UNIT}`, length: `${UNIT}` }],
  })),
  symlinks: [{ path: "/link", target: "a" }],
};

/** Writes a daemon that is the reference daemon with this frailty; returns its command. Needs what `npm run build` makes. */
export function frailDaemon(folder: string, name: string, frailty: Frailty | null): string[] {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { readFileSync, writeFileSync } from "node:fs";
import { manifestFromJson, DEFAULT_PROFILE, OPCODES } from "${DIST}/spec/index.js";
import { ReferenceDaemon } from "${DIST}/subjects/reference/daemon.js";
import { serve } from "${DIST}/subjects/reference/serve.js";
const frailty = ${JSON.stringify(frailty)};
const counter = ${JSON.stringify(join(folder, `${name}.starts`))};
let starts = 1;
try { starts += Number(readFileSync(counter, "utf8")); } catch {}
writeFileSync(counter, String(starts));
const { getFmap, getDaxdev } = DEFAULT_PROFILE.opcodes;
const opcode = { ...OPCODES, GET_FMAP: getFmap, GET_DAXDEV: getDaxdev }[frailty?.opcode ?? ""];
const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000);
const plant = ({ tree }) => {
  let times = 0;
  const pathOf = ({ opcode, nodeid, body }) => {
    const own = tree.nodes.get(nodeid)?.path ?? "";
    if (opcode !== OPCODES.LOOKUP) return own;
    return (own === "/" ? "" : own) + "/" + Buffer.from(body.subarray(0, body.indexOf(0))).toString();
  };
  const isMeant = (request) =>
    frailty !== null &&
    (opcode === undefined ? request.opcode !== OPCODES.INIT : request.opcode === opcode) &&
    (frailty.path === undefined || pathOf(request) === frailty.path) &&
    ++times % (frailty.each ?? 1) === 0 &&
    starts % (frailty.eachStart ?? 1) === 0;
  return {
    reply(request, own) {
      if (!isMeant(request)) return own();
      if (frailty.how === "dies") process.kill(process.pid, "SIGSEGV"), wait();
      if (frailty.how === "leaves") process.exit(0);
      if (frailty.how === "hangs") for (;;) wait();
      return null;
    },
  };
};
const daemon = new ReferenceDaemon(manifestFromJson(${JSON.stringify(SMALL)}), { plant });
await serve(Number(process.argv.at(-1).split("/").at(-1)), daemon);
`,
  );
  return [process.execPath, path, "{mountpoint}"];
}
