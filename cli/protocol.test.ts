/** Our oracle as a driver of our own suite, in each protocol; what goes over the wire fits the schemas. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import type { SchemaName } from "../spec/index.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { MAIN } from "./test/process.ts";

const folder = scratch();
const DRIVER = `"${process.execPath}" "${MAIN}" driver`;

it.each([
  ["ndjson", 800, 0],
  // A program for each message takes its time; so few do not reach every rule, which is inconclusive.
  ["exec", 6, 4],
])("does nothing wrong when it speaks %s", async (protocol, runs, status) => {
  const command = ["sh", "-c", `exec ${DRIVER} --protocol ${protocol}`];
  const options = ["--runs", `${runs}`, "--protocol", protocol, "--timeout", "30000"];
  const ran = await fmapspec("parser", "--out", join(folder, protocol), ...options, "--", ...command);
  expect(ran).toMatchObject({ status, stderr: "" });
  expect(ran.stdout).toMatch(/: \d+ rules passed, 0 failed, /);
  if (protocol === "ndjson") expect(ran.stdout).toMatch(/^resolve +4 +[1-9]/m);
});

it.skipIf(!available("tee", "coreutils"))(
  "is asked and answers in lines that fit their schemas",
  async () => {
    const command = ["sh", "-c", `tee asked | ${DRIVER} | tee answered`];
    const before = process.cwd();
    process.chdir(folder);
    try {
      const ran = await fmapspec(
        "parser",
        "--out",
        "wire",
        "--runs",
        "400",
        "--timeout",
        "30000",
        "--",
        ...command,
      );
      expect(ran.status).toBe(0);
    } finally {
      process.chdir(before);
    }
    const lines = (name: string) =>
      readFileSync(join(folder, name), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    const misfits = (schema: SchemaName, documents: unknown[]) =>
      documents.map((document) => misfit(schema, document)).filter((wrong) => wrong !== null);
    const [started, ...answers] = lines("answered");
    expect(misfit("driver-started", started)).toBeNull();
    expect(answers.length).toBeGreaterThan(400);
    expect(misfits("driver-reply", answers)).toEqual([]);
    const asked = lines("asked");
    expect(asked.map((request) => request.cmd)).toEqual(["start", ...answers.map(() => "parse"), "stop"]);
    expect(misfits("driver-request", asked)).toEqual([]);
  },
);
