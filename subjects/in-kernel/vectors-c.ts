import { PAID_ALLOCATION_FACTOR } from "../../oracles/index.ts";
import type { Profile } from "../../spec/index.ts";
import type { KernelCase, KernelCases } from "./cases.ts";

/** Name of the KUnit suite of a profile; the suite of its hazards has the suffix `_hazards`. */
export const kunitSuite = (profile: Profile): string => `fmapspec_${profile.name.replaceAll("-", "_")}`;

/** cases.h: the vectors as C tables, and the KUnit suites over them. */
export function casesHeader(profile: Profile, { requirements, hazards }: KernelCases): string {
  const suite = kunitSuite(profile);
  return [
    "/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */",
    `/* Written by fmapspec for profile ${profile.name}. */`,
    `enum { FMAPSPEC_PAID = ${PAID_ALLOCATION_FACTOR} };`,
    "",
    ...tables(requirements, "fmapspec_check"),
    ...tables(hazards, "fmapspec_hazard"),
    ...kunitSuiteText(suite, requirements),
    ...kunitSuiteText(`${suite}_hazards`, hazards),
    `kunit_test_suites(&${suite}${hazards.length > 0 ? `, &${suite}_hazards` : ""});`,
    "",
  ].join("\n");
}

const groupsOf = (cases: readonly KernelCase[]) => [...new Set(cases.map((c) => c.group))];

const tables = (cases: readonly KernelCase[], check: string): string[] =>
  groupsOf(cases).flatMap((group) => [
    `static const struct fmapspec_vector ${group}_vectors[] = {`,
    ...cases.filter((c) => c.group === group).map(entry),
    "};",
    `KUNIT_ARRAY_PARAM(${group}, ${group}_vectors, name_of);`,
    `static void ${group}(struct kunit *test) { ${check}(test); }`,
    "",
  ]);

function kunitSuiteText(suite: string, cases: readonly KernelCase[]): string[] {
  if (cases.length === 0) return [];
  return [
    `static struct kunit_case ${suite}_cases[] = {`,
    ...groupsOf(cases).map((group) => `\tKUNIT_CASE_PARAM(${group}, ${group}_gen_params),`),
    "\t{}",
    "};",
    `static struct kunit_suite ${suite} = { .name = "${suite}", .test_cases = ${suite}_cases };`,
    "",
  ];
}

function entry(c: KernelCase): string {
  const fields = {
    name: JSON.stringify(c.name),
    rule: JSON.stringify(c.rule),
    ...(c.failAllocation > 0 ? { fail_allocation: c.failAllocation } : {}),
    rc: c.rc,
    leaked: c.leaked,
    length: c.message.length,
    message: bytes(c.message),
    ...(c.map.length > 0 ? { map_length: c.map.length, map: bytes(c.map) } : {}),
  };
  return `\t{ ${Object.entries(fields)
    .map(([name, value]) => `.${name} = ${value}`)
    .join(", ")} },`;
}

/** Octal escapes of three digits, so that a following digit is not part of them; zeros, the most frequent, get one digit if it is safe. */
function bytes(values: Uint8Array): string {
  let text = "";
  for (const [i, value] of values.entries()) {
    if (i % 24 === 0) text += `${i === 0 ? "" : '"'}\n\t\t"`;
    const next = values[i + 1] ?? 0;
    const isLast = i % 24 === 23;
    text +=
      value === 0 && (isLast || next < 0x20 || next > 0x7e)
        ? "\\0"
        : `\\${value.toString(8).padStart(3, "0")}`;
  }
  return values.length === 0 ? '""' : `${text}"`;
}
