import { UsageError } from "../../base/errors.ts";
import type { Context } from "../context.ts";
import { put } from "../store/files.ts";
import { type Parsed, texts } from "./options.ts";

const OR = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** Where a document goes, for commands whose result is one: each `--report KIND=PATH` of the options. */
export interface DocumentTargets<D> {
  /** Writes it to every target; `shown`, what a person reads, goes to standard output unless one of them does. */
  write(document: D, shown: () => string, context: Pick<Context, "print">): void;
}

/** The targets that the options ask for, each of a kind that there is a writer for. Throws UsageError. */
export function documentTargets<D>(
  options: Parsed,
  writers: Readonly<Record<string, (document: D) => string>>,
): DocumentTargets<D> {
  const kinds = OR.format(Object.keys(writers).map((kind) => `${kind}=PATH`));
  const targets = texts(options, "report").map((spec) => {
    const [, kind = "", path] = /^([^=]*)=(.+)$/.exec(spec) ?? [];
    const render = Object.hasOwn(writers, kind) ? writers[kind] : undefined;
    if (render === undefined || path === undefined)
      throw new UsageError(`--report takes ${kinds}, not '${spec}'`);
    return { render, path };
  });
  return {
    write(document, shown, { print }) {
      for (const { render, path } of targets) put(path, render(document), print);
      if (!targets.some((t) => t.path === "-")) print(shown());
    },
  };
}
