/**
 * Judges the project's own tests: every small change of the sources that they ought to notice.
 *
 *     npm run mutation [PART...]
 *
 * In parts, because each takes its time, and each with the tests that are about it.
 */
import { spawnSync } from "node:child_process";

const inFolder =
  (folder) =>
  (...names) =>
    names.map((name) => `${folder}/${name}.ts`);
const oracles = inFolder("oracles");
const parser = inFolder("oracles/parser");
const strict = inFolder("oracles/strict");

const PARTS = {
  parser: {
    mutate: parser(
      "kernel-parser",
      "head-checks",
      "range-reader",
      "checks",
      "map-writer",
      "parse",
      "verdict",
    ),
    tests: [...parser("parse.test", "verdict.test", "kernel-parser.test"), ...oracles("profiles.test")],
  },
  kernel: {
    mutate: oracles("exchange", "install", "daxdevs", "resolve"),
    tests: oracles(
      "exchange.test",
      "exchange-profiles.test",
      "install.test",
      "install-profiles.test",
      "daxdevs.test",
      "resolve.test",
      "resolve-profiles.test",
    ),
  },
  strict: {
    mutate: [...strict("strict", "strict-checks", "strict-map", "wire-fmap"), ...parser("oddities")],
    tests: [...strict("strict.test", "strict-map.test"), ...parser("oddities.test")],
  },
  spec: {
    mutate: ["spec/**/*.ts", "!**/*.test.ts", "!**/test/**"],
    tests: ["spec/**/*.test.ts"],
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((part) => !Object.hasOwn(PARTS, part));
if (unknown !== undefined) {
  process.stderr.write(`mutation: there is no part '${unknown}', only ${Object.keys(PARTS).join(", ")}\n`);
  process.exit(2);
}
let failed = false;
for (const [part, { mutate, tests }] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(part)) continue;
  const stryker = "tools/mutation/node_modules/.bin/stryker";
  const { status } = spawnSync(
    stryker,
    ["run", "tools/mutation/stryker.config.json", "--mutate", mutate.join(",")],
    {
      stdio: "inherit",
      env: { ...process.env, FMAPSPEC_MUTATION_TESTS: tests.join(",") },
    },
  );
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
