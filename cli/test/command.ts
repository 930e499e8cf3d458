import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { plain } from "../../reports/index.ts";
import { dispatch } from "../dispatch.ts";

/** What a command said and how it ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process as `fmapspec ARGS...` would. */
export async function fmapspec(...args: string[]): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const status = await dispatch(args, {
    paint: plain,
    signal: new AbortController().signal,
    print: (text) => {
      stdout += text;
    },
    say: (text) => {
      stderr += text;
    },
  });
  return { status, stdout, stderr };
}

/** A folder for one test file's own files. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
