import { closingOf, codeOf, lineAt } from "../c-text.ts";

/**
 * A translation unit in which each `if` leaves a mark for each way in the assembly. If the optimizer removes one of the two
 * marks, it has proven that the condition never has that value.
 *
 * An allocation gives new zeroed memory that the optimizer knows to be unshared, or NULL for an unknown reason. With an
 * opaque function it would have to assume that an allocation changes the message.
 */
export const MARKED = (unit: string): string =>
  unit.replace(
    '#include "kernel.h"\n',
    `#include "kernel.h"
static inline void *fmapspec_fresh(size_t n, size_t size)
{
	bool fails;
	asm volatile("" : "=r"(fails));
	return fails ? NULL : __builtin_calloc(n, size);
}
#define ledger_allocate(n, size, zeroed, limit) fmapspec_fresh(n, size)
#define FMAPSPEC_WAY(way) asm volatile("/* fmapspec-way " __FILE__ " %c0 " way " */" :: "i"(__LINE__))
#define if(...) if (({ \\
	bool fmapspec_way = (__VA_ARGS__); \\
	if (fmapspec_way) FMAPSPEC_WAY("true"); else FMAPSPEC_WAY("false"); \\
	fmapspec_way; }))
`,
  );

/** Options against conclusions from undefined behaviour, because this parser has undefined behaviour. */
export const PROVER = [
  "-std=gnu11",
  "-O2",
  "-w",
  "-S",
  "-fwrapv",
  "-fno-strict-aliasing",
  "-fno-delete-null-pointer-checks",
] as const;

/** `file line way` for each way of an `if`. */
export function marks(assembly: string): Set<string> {
  return new Set(
    [...assembly.matchAll(/fmapspec-way (\d+)\.source (\d+) (true|false)/g)].map((m) => m.slice(1).join(" ")),
  );
}

/** A condition that never has one of its values, and the lines that need that value. */
export interface DeadCondition {
  readonly never: "true" | "false";
  /** First and last line of the condition. */
  readonly from: number;
  readonly to: number;
  /** First and last line that it guards; none (0 to -1) if it is never false. */
  readonly bodyFrom: number;
  readonly bodyTo: number;
  /** Every missed branch of the condition is unreachable. */
  readonly explainsBranches: boolean;
}

/** The dead conditions of each text, by the marks in the assembly. `texts`: each file from its first line. */
export function deadConditions(marks: ReadonlySet<string>, texts: readonly string[]): DeadCondition[][] {
  return texts.map((text, file) => {
    const code = codeOf(text);
    const ifs = [...code.matchAll(/\bif\s*\(/g)].flatMap(({ index, 0: head }) => {
      const close = closingOf(code, index + head.length - 1);
      return close < 0 ? [] : [conditionAt(code, index, close)];
    });
    return ifs.flatMap((c) => {
      // gcc gives a macro its last line, clang its first one; two conditions on one line cannot be distinguished.
      const own = ifs.every((d) => d === c || d.to < c.from || d.from > c.to);
      const way = (w: string) => marks.has(`${file} ${c.from} ${w}`) || marks.has(`${file} ${c.to} ${w}`);
      // Neither way: the function or the `if` was not compiled.
      if (!own || way("true") === way("false")) return [];
      const never = way("true") ? "false" : "true";
      const body = never === "true" ? c.body : { bodyFrom: 0, bodyTo: -1 };
      // If `a && b` is never true, `a` may still have both values.
      const explainsBranches = !c.text.includes(never === "true" ? "&&" : "||");
      return [{ never, from: c.from, to: c.to, ...body, explainsBranches } as const];
    });
  });
}

function conditionAt(code: string, start: number, close: number) {
  const from = lineAt(code, start, 1);
  const to = lineAt(code, close, 1);
  const next = close + 1 + code.slice(close + 1).search(/\S/);
  const end = code.charAt(next) === "{" ? closingOf(code, next) : statementEnd(code, next);
  const body =
    end < 0
      ? { bodyFrom: 0, bodyTo: -1 }
      : { bodyFrom: Math.max(lineAt(code, next, 1), to + 1), bodyTo: lineAt(code, end, 1) };
  return { from, to, text: code.slice(start, close), body };
}

/** The end of a statement without braces; -1 for a statement with braces. */
function statementEnd(code: string, start: number): number {
  for (let at = start; at >= 0 && at < code.length; at++) {
    const character = code.charAt(at);
    if (character === ";") return at;
    if ("{}".includes(character)) return -1;
    if ("([".includes(character)) {
      at = closingOf(code, at);
      if (at < 0) return -1;
    }
  }
  return -1;
}
